"""Where a set stands, and what of the user's own is to become one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MOST_NAMED = 12
State = Literal["absent", "part", "fetching", "importing", "here", "failed"]


@dataclass(frozen=True, slots=True)
class Work:
    """Where a set stands. ``fraction`` None: how far is not known; ``words`` say it.

    ``remark`` is a sentence on what happened on the way, or why it failed; ``arrived`` counts the
    bytes of a download that can go on, ``fetched`` those of all that lies there of its files.
    """

    state: State = "absent"
    fraction: float | None = None
    words: str = ""
    remark: str = ""
    arrived: int = 0
    fetched: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether something is being done."""
        return self.state in ("fetching", "importing")


@dataclass(frozen=True, slots=True)
class OwnSongs:
    """Songs of the user's to be imported under a name and with tags.

    All of a folder, or only the ``chosen`` files and folders in it (`midi_folder.chosen_in`).
    """

    folder: Path
    name: str
    tags: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


def some_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """As many names as can be read at a glance, with a sign where there are more."""
    return names if len(names) <= MOST_NAMED else (*names[:MOST_NAMED], "…")
