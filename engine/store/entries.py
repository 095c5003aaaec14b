"""Lines of the library: what is told of an item without reading it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Rows = Callable[..., list[Any]]
"""All rows of a statement with its values. Raises `StoreError`."""

LIST_ITEMS = """
SELECT id, title, created, changed, trashed IS NOT NULL, notes, seconds, parent FROM item
WHERE kind = ? AND (trashed IS NOT NULL) = ? AND (? IS NULL OR parent = ?)
ORDER BY changed DESC, rowid DESC
"""


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """One line of a list: times are seconds since 1970, ``seconds`` is how long it plays.

    ``parent`` is the composition that a take was recorded for, or a version is one of.
    """

    id: str
    title: str
    created: float
    changed: float
    trashed: bool
    notes: int
    seconds: float
    parent: str | None = None
    tags: tuple[str, ...] = ()


def entries(
    rows: Rows,
    kind: str,
    trashed: bool,
    parent: str | None = None,
    tags: Mapping[str, Sequence[str]] | None = None,
) -> tuple[LibraryEntry, ...]:
    """The items of a kind, the last changed first; ``tags`` by item. Raises `StoreError`."""
    known = tags or {}
    return tuple(
        LibraryEntry(
            each[0], each[1], each[2], each[3], bool(each[4]), each[5], each[6], each[7],
            tuple(known.get(each[0], ())),
        )
        for each in rows(LIST_ITEMS, kind, trashed, parent, parent)
    )  # fmt: skip
