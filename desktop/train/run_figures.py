"""The line of figures beside a run's name, and the sentence that stands below it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from desktop.messages import Level
from desktop.train.run_watch import ShownState
from desktop.training_words import span
from engine.store.curves import Curves

WORDS: dict[ShownState, str] = {
    "starting": "getting ready …",
    "pausing": "saving, then it pauses …",
    "stopping": "the model is being made …",
    "paused": "paused",
    "interrupted": "interrupted",
    "failed": "ended by itself",
    "stopped": "stopped",
    "finished": "finished",
    "reading": "being read …",
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a run; ``verb`` and ``text`` are its button, empty where it has none."""

    sentence: str
    level: Level
    verb: str = ""
    text: str = ""


def figures(
    curves: Curves, state: ShownState, seconds_left: Callable[[], float | None], own: bool
) -> str:
    """``epoch 118 of 200 · 1 min 46 s · 1 min 13 s left``."""
    words = [WORDS.get(state, "")]
    if curves.epochs:
        epoch = curves.epoch if state not in ("running", "pausing") else _current(curves)
        words.append(f"epoch {epoch:,} of {curves.epochs:,}")
    if curves.seconds:
        words.append(span(curves.seconds))
    if state == "running":
        left = seconds_left()
        words += [f"{span(left)} left"] if left is not None else []
        words += [] if own else ["trained without this window"]
    if state in ("stopped", "finished") and curves.best is not None:
        words.append(f"epoch {curves.best.epoch} is the best")
    return " · ".join(word for word in words if word)


def share_done(curves: Curves) -> float:
    """How much of the run is trained, 0 to 1."""
    return curves.last_step / curves.total_steps if curves.total_steps else 0.0


def remark(curves: Curves, state: ShownState, label: Callable[[str], str]) -> Remark | None:
    """What a person should know of a run now; ``label`` names a setting."""
    if state == "failed":
        verb, text = _offer(dict(curves.offer or {}), label)
        return Remark(curves.problem or "The run failed.", "error", verb, text)
    if state == "interrupted" and not curves.checkpoints:
        return Remark(
            "The trainer ended without a word, as by a power cut or for want of memory, before its "
            "first checkpoint. Resume begins the run again with the same settings.",
            "warning",
        )
    if state == "interrupted":
        return Remark(
            "The trainer ended without a word, as by a power cut or for want of memory. All up to "
            "the last checkpoint is kept; Resume goes on from there.",
            "warning",
        )
    if state == "running" and curves.plateaus:
        found = curves.plateaus[-1]
        said = found.reason or f"No longer learning since epoch {found.since_epoch}."
        return Remark(said, "info", "" if found.stops else "stop", "Stop and keep")
    return None


def _current(curves: Curves) -> int:
    """The epoch that is being trained: the one after those that are done."""
    return min(curves.epochs, curves.epoch + 1)


def _offer(offer: dict[str, Any], label: Callable[[str], str]) -> tuple[str, str]:
    if not offer.get("setting"):
        return "", ""
    value = offer.get("value")
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return "offer", f"Train again with {label(str(offer['setting'])).lower()} {shown}"
