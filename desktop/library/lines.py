"""What the library's lists show: one line for each thing, whatever it is."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.store.entries import LibraryEntry

ShelfName = Literal[
    "Compositions", "Takes", "Data sets", "Models", "Training runs", "Trash", "Everything"
]
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list: ``details`` stand under the title, ``problem`` in place of them.

    ``words`` are found by a search too, though they are not shown. ``file`` can be dragged out.
    """

    id: str
    title: str
    details: str
    problem: str = ""
    shelf: ShelfName = "Compositions"
    words: str = ""
    file: Path | None = None
    editable: bool = True
    sign: str = ""
    """The icon, where it is not the shelf's."""
    tags: tuple[str, ...] = ()

    @property
    def searched(self) -> str:
        """All that a search looks at."""
        return f"{self.title} {self.details} {self.words} {tag_words(self.tags)}"


def entry_lines(
    entries: Iterable[LibraryEntry], now: float, shelf: ShelfName = "Compositions"
) -> tuple[Line, ...]:
    """Lines of takes or compositions; ``now`` is seconds since 1970."""
    return tuple(_entry_line(entry, now, shelf) for entry in entries)


def _entry_line(entry: LibraryEntry, now: float, shelf: ShelfName) -> Line:
    told = (
        counted(entry.notes, "note"),
        length(entry.seconds),
        day(entry.changed, now),
        tag_words(entry.tags),
    )
    details = " · ".join(filter(None, told))
    return Line(entry.id, entry.title, details, shelf=shelf, tags=entry.tags)


def tag_words(tags: Iterable[str]) -> str:
    """Tags as they are shown and searched for."""
    return " ".join(f"#{tag}" for tag in tags)


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
