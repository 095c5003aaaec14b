"""A shelf of the Library: lists things of one kind, tells of them, and does what is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from PySide6.QtCore import QObject, Signal

from desktop.library.facts import FactGroup
from desktop.library.lines import Line, ShelfName
from desktop.library.requests import LibraryRequests
from desktop.library.small_curves import SmallCurve

if TYPE_CHECKING:
    from desktop.app import App

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class LineAction:
    """A button: ``choices`` make it a menu."""

    id: str
    text: str
    act: Callable[[], None]
    icon: str = ""
    kind: Literal["", "primary", "danger"] = ""
    tip: str = ""
    choices: tuple["LineAction", ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """All there is to tell of a thing."""

    groups: tuple[FactGroup, ...] = ()
    curves: tuple[SmallCurve, ...] = ()


class Shelf(QObject):
    """What every kind of thing has; a shelf without a body tells nothing more than its line."""

    changed = Signal()
    """Something on it is other than it was: read it again."""
    told_anew = Signal()
    """What can be done with a line is other than before, or what is told of it."""
    rename_asked = Signal(object)
    """A line whose title shall be edited in place."""
    name: ClassVar[ShelfName]
    icon: ClassVar[str]
    empty: ClassVar[str]

    def __init__(
        self, app: "App", requests: LibraryRequests, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._requests = requests

    def read(self, done: Callable[[Lines], None]) -> None:
        """Read the lines off the GUI thread."""
        raise NotImplementedError

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """What can be done with a line."""
        raise NotImplementedError

    def tools(self) -> tuple[LineAction, ...]:
        """What can be done with the shelf itself."""
        return ()

    def tell(self, line: Line, done: Callable[[Story], None]) -> None:
        """Tell of a line; ``done`` may be called later, and more than once."""
        done(Story())

    def open(self, line: Line) -> None:
        """What a double click does."""
        raise NotImplementedError

    def rename(self, line: Line, title: str) -> None:
        """Give a line another title."""
        raise NotImplementedError

    def delete(self, line: Line) -> None:
        """Delete a line, with a way back."""
        raise NotImplementedError

    def drags(self, line: Line) -> bool:
        """Whether a line can be dragged out as a file."""
        return line.file is not None

    def file_of(self, line: Line) -> Path | None:
        """The file of a line that is dragged out; None where it cannot be made, which is told."""
        return line.file

    def _rename_action(self, line: Line) -> LineAction:
        return LineAction(
            "rename", "Rename", lambda: self.rename_asked.emit(line), "pencil-outline"
        )

    def _delete_action(self, line: Line, text: str = "Delete") -> LineAction:
        return LineAction("delete", text, lambda: self.delete(line), "trash-can-outline", "danger")
