"""What a run has told, as values: its curves' names, measures, samples, plateaus."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_TEXT = 2000
LONGEST_NAME = 64
MOST_NAMES = 64


@dataclass(frozen=True, slots=True)
class CurveKind:
    """A curve of a run: its key in step events, its name for people, and what is wished of it.

    ``wanted`` is a few words such as "steady" or "towards 0".
    """

    name: str
    label: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The measures on held-out songs after an epoch; ``similarity`` is one of them."""

    step: int
    epoch: int
    model: Mapping[str, float]
    best: bool = False


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the network answers after an epoch; paths are relative to the run's folder."""

    step: int
    epoch: int
    file: str
    snapshot: str


@dataclass(frozen=True, slots=True)
class Plateau:
    """The run no longer learns since an epoch; ``stops`` says that it ends for it."""

    step: int
    epoch: int
    since_epoch: int
    reason: str
    stops: bool = False


# Runs from before the trainer named its curves.
KNOWN_KINDS: dict[str, CurveKind] = {
    kind.name: kind
    for kind in (
        CurveKind("total", "all together", "falling"),
        CurveKind("generator", "generator", "steady"),
        CurveKind("critic", "critic", "towards 0"),
        CurveKind("penalty", "gradient penalty", "near 0"),
        CurveKind("distance", "distance", "towards 0"),
        CurveKind("onset", "onsets", "falling"),
        CurveKind("sounding", "sounding", "falling"),
        CurveKind("duration", "lengths", "falling"),
        CurveKind("velocity", "loudness", "falling"),
        CurveKind("chord", "chords", "falling"),
        CurveKind("gradient", "Size of the gradient"),
    )
}


def kinds_told(told: Any) -> tuple[CurveKind, ...]:
    """The curves of a ``started`` event; what is no curve is left out."""
    if not isinstance(told, list):
        return ()
    found: dict[str, CurveKind] = {}
    for each in told[:MOST_NAMES]:
        if isinstance(each, Mapping) and (name := text_of(each, "name")[:LONGEST_NAME]):
            label = text_of(each, "label")[:LONGEST_NAME] or name
            found[name] = CurveKind(name, label, text_of(each, "wanted")[:LONGEST_NAME])
    return tuple(found.values())


def kinds_named(names: Iterable[str]) -> tuple[CurveKind, ...]:
    """Curves whose names were not explained: the known ones first, in their usual order."""
    found = list(names)
    known = tuple(kind for name, kind in KNOWN_KINDS.items() if name in found)
    others = (name for name in found if name not in KNOWN_KINDS)
    return known + tuple(CurveKind(name, name.replace("_", " ")) for name in others)


def text_of(event: Mapping[str, Any], name: str) -> str:
    """A field's text, "" where it holds none."""
    found = event.get(name)
    return found[:LONGEST_TEXT] if isinstance(found, str) else ""


def number_of(event: Mapping[str, Any], name: str) -> float | None:
    """A field's finite number."""
    return _number(event.get(name))


def whole_of(event: Mapping[str, Any], name: str) -> int | None:
    """A field's count, 0 or more."""
    found = event.get(name)
    if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 53:
        return found
    return None


def is_of_an_epoch(event: Mapping[str, Any]) -> bool:
    """Whether an event measures an epoch that can be kept, all of it as a trainer writes it."""
    whole = whole_of(event, "epoch") is not None and whole_of(event, "step") is not None
    judged = isinstance(event.get("model"), dict) and number_of(event, "score") is not None
    return event.get("event") == "measures" and whole and judged


def numbers_of(found: Any) -> dict[str, float]:
    """The finite numbers of an object by name; the similarity index is called ``similarity``."""
    if not isinstance(found, Mapping):
        return {}
    pairs = ((str(name)[:LONGEST_NAME], _number(value)) for name, value in found.items())
    known = {name: value for name, value in pairs if value is not None}
    if "similarity_index" in known:
        known.setdefault("similarity", known.pop("similarity_index"))
    return dict(list(known.items())[:MOST_NAMES])


def _number(found: Any) -> float | None:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        value = float(found)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None
