"""What the library's lists show: one line for each thing, whatever it is."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.generation.models import AvailableModel
from engine.store.library import LibraryEntry

Shelf = Literal["Compositions", "Takes", "Models"]
SHELVES: tuple[Shelf, ...] = ("Compositions", "Takes", "Models")
EMPTY: dict[Shelf, str] = {
    "Compositions": "No composition yet. What you play or open in the Studio is kept here.",
    "Takes": "No take yet. Every recording is kept here as it was played.",
    "Models": "No model was found. Put a model file (.onnx) into the models folder.",
}
ICONS: dict[Shelf, str] = {
    "Compositions": "music-clef-treble",
    "Takes": "record-circle-outline",
    "Models": "creation-outline",
}
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: ``details`` stand under the title, ``problem`` in place of them."""

    id: str
    title: str
    details: str
    problem: str = ""


def entry_lines(entries: Iterable[LibraryEntry], now: float) -> tuple[Line, ...]:
    """Lines of takes or compositions; ``now`` is seconds since 1970."""
    return tuple(
        Line(
            entry.id,
            entry.title,
            f"{counted(entry.notes, 'note')} · {length(entry.seconds)} · {day(entry.changed, now)}",
        )
        for entry in entries
    )


def model_lines(models: Iterable[AvailableModel]) -> tuple[Line, ...]:
    """Lines of models; one that cannot be used says why."""
    return tuple(_model_line(model) for model in models)


def _model_line(model: AvailableModel) -> Line:
    if model.card is None:
        return Line(model.name, model.name, "", model.problem or "")
    tracks = ", ".join(track.name.lower() for track in model.card.tracks)
    return Line(model.name, model.card.name, tracks, model.problem or "")


def counted(number: int, word: str) -> str:
    """A number with its word: "1 note", "2 notes"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def length(seconds: float) -> str:
    """A playing time: "0:42", "1:02:03"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def day(moment: float, now: float) -> str:
    """When something was: "today 14:03", "yesterday 9:30", "3 Mar 2026"."""
    then, today = time.localtime(moment), time.localtime(now)
    clock = time.strftime("%H:%M", then)
    if then[:3] == today[:3]:
        return f"today {clock}"
    if then[:3] == time.localtime(now - DAY_SECONDS)[:3]:
        return f"yesterday {clock}"
    return f"{then.tm_mday} {time.strftime('%b %Y', then)}"
