"""A training run in words."""

import time
from collections.abc import Mapping
from typing import Any

from desktop.library.facts import FactGroup, duration_words, size_words, told
from desktop.library.lines import Line, day
from desktop.library.measure_facts import measure_group
from desktop.library.model_facts import training_facts
from engine.store.curves import Curves
from engine.store.runs import RunSummary

SIGNS = {
    "running": "play-circle-outline",
    "paused": "pause-circle-outline",
    "stopped": "stop-circle-outline",
    "finished": "check-circle-outline",
    "failed": "alert-outline",
    "interrupted": "lightning-bolt-outline",
}


def run_line(run: RunSummary, now: float) -> Line:
    """A run's line; ``now`` is seconds since 1970."""
    where = "comes with Tutti" if run.shipped else day(run.changed, now)
    words = (state_words(run), epoch_words(run), duration_words(run.seconds), where)
    problem = f"failed · {run.problem}" if run.state == "failed" else ""
    return Line(
        str(run.folder),
        run.name,
        " · ".join(words),
        problem,
        "Training runs",
        " ".join((run.preset, *run.data, *run.tags)),
        editable=not run.shipped and run.state != "running",
        sign=SIGNS[run.state],
    )


def state_words(run: RunSummary) -> str:
    """How a run stands."""
    return {"stopped": "stopped and kept", "interrupted": "cut off"}.get(run.state, run.state)


def epoch_words(run: RunSummary) -> str:
    """How far a run has come."""
    if run.epochs and run.epoch < run.epochs:
        return f"epoch {run.epoch} of {run.epochs}"
    return f"{run.epoch} epoch{'' if run.epoch == 1 else 's'}"


def run_facts(
    run: RunSummary, settings: Mapping[str, Any], curves: Curves
) -> tuple[FactGroup, ...]:
    """Everything there is to say of a run."""
    latest = curves.best or (curves.measures[-1] if curves.measures else None)
    groups = [
        told("", (run.problem,)),
        told(
            "How it stands",
            ("State", state_words(run)),
            ("Trained", f"{epoch_words(run)}, {duration_words(run.seconds)}"),
            ("Best epoch", str(run.best_epoch) if run.best_epoch is not None else ""),
            ("Learned from", ", ".join(run.data)),
            ("Tags", ", ".join(run.tags)),
            ("Ran on", run.device),
            ("Samples", f"{len(curves.samples)} kept" if curves.samples else ""),
            ("Begun", "" if run.shipped else day(run.created, time.time())),
            ("On disk", size_words(run.bytes)),
        ),
        training_facts(settings),
    ]
    if latest is not None:
        groups.append(measure_group(latest.model, curves.references))
    note = curves.started.get("note")
    if isinstance(note, str):
        groups.append(FactGroup("", (), note=f"The curves are those of the real run. {note}"))
    return tuple(groups)
