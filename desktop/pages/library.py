"""The Library page: all that is kept, found again, heard, shown, shared and begun anew."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.library.data_shelf import DataShelf
from desktop.library.details import Details
from desktop.library.line_list import LineList
from desktop.library.lines import Line, ShelfName
from desktop.library.model_shelf import ModelShelf
from desktop.library.music_shelves import CompositionShelf, TakeShelf
from desktop.library.requests import LibraryRequests
from desktop.library.run_shelf import RunShelf
from desktop.library.shelf import Shelf, Story
from desktop.library.shelf_bar import ShelfBar
from desktop.library.trash_shelf import TrashShelf
from engine.store.paths import data_sets_folder, models_folder
from engine.store.trash import empty_trash

if TYPE_CHECKING:
    from desktop.app import App

REFRESH_MS = 150
STALE_MS = 150
"""After which nothing stands below a title rather than what belongs to another."""
KINDS: tuple[type[Shelf], ...] = (
    CompositionShelf,
    TakeShelf,
    DataShelf,
    ModelShelf,
    RunShelf,
    TrashShelf,
)
EVERYTHING: ShelfName = "Everything"
TRASH = TrashShelf.name
KEPT_DAYS, DATA_KEPT_DAYS = 30.0, 1.0
"""How long deleted models and data sets can be taken back; the latter can be fetched again."""


class LibraryPage(QWidget):
    """One shelf at a time, or all of them; what is chosen is told of at the right."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.requests = LibraryRequests(self)
        self.shelves = {kind.name: kind(app, self.requests, self) for kind in KINDS}
        self._lines: dict[ShelfName, tuple[Line, ...]] = {}
        self._told: Line | None = None
        kept = (name for name in self.shelves if name != TRASH)
        self.bar = ShelfBar((*kept, EVERYTHING, TRASH))
        self.list = LineList()
        self.list.drawn.icons = {name: shelf.icon for name, shelf in self.shelves.items()}
        self.list.lines.drags = lambda line: self.shelves[line.shelf].drags(line)
        self.list.lines.file_of = lambda line: self.shelves[line.shelf].file_of(line)
        self.details = Details()
        self._empty = QLabel()
        self._put_together()
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.read)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(STALE_MS)
        self._stale.timeout.connect(self._tell_nothing)
        self._connect()
        self._on_shelf()
        app.library.empty_trash(KEPT_DAYS)
        app.jobs.run(lambda control: tidy(), lambda _none: None, title="Emptying the trash")

    def _put_together(self) -> None:
        self._empty.setProperty("kind", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(framed(self.list))
        self._stack.addWidget(self._empty)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(self.bar)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        app = self._app
        self.bar.shelf_changed.connect(self._on_shelf)
        self.bar.searched.connect(self._search)
        self.list.opened.connect(self._open_chosen)
        self.list.chosen_changed.connect(self._show_chosen)
        self.list.delete_asked.connect(self._delete_chosen)
        self.list.lines.rename_asked.connect(self._rename)
        for shelf in self.shelves.values():
            shelf.changed.connect(self._on_change)
            shelf.told_anew.connect(self._tell_anew)
            shelf.rename_asked.connect(self.list.rename_chosen)
        self.requests.search_asked.connect(self.bar.search.setText)
        self.requests.studio_asked.connect(app.actions["page_studio"].trigger)
        app.library_bridge.changed.connect(self._on_change)
        app.models_changed.connect(self._on_change)
        app.training.runs_changed.connect(self._on_change)
        app.preview.ended.connect(self._tell_anew)

    @property
    def shelf(self) -> ShelfName:
        """What is listed."""
        return self.bar.shelf

    @property
    def empty_sentence(self) -> str:
        """What stands in place of an empty list; empty while there is one."""
        return self._empty.text() if self._stack.currentIndex() else ""

    def showEvent(self, event: QShowEvent) -> None:
        """The state of this moment."""
        self.read()
        super().showEvent(event)

    @Slot()
    def _on_change(self) -> None:
        if self.isVisible():
            self._refresh.start()

    @Slot()
    def _on_shelf(self) -> None:
        self._show_tools()
        self._show()

    def _show_tools(self) -> None:
        shelf = self.shelves.get(self.shelf)
        self.bar.show_tools(shelf.tools() if shelf is not None else ())

    def _shown(self) -> tuple[ShelfName, ...]:
        """The shelves whose lines are listed."""
        kept = tuple(name for name in self.shelves if name != TRASH)
        return kept if self.shelf == EVERYTHING else (self.shelf,)

    @Slot()
    def read(self) -> None:
        """Read all shelves off the GUI thread; what a search looks through is then at hand."""
        for name, shelf in self.shelves.items():
            shelf.read(lambda lines, name=name: self._put(name, lines))  # type: ignore[misc]

    def _put(self, name: ShelfName, lines: tuple[Line, ...]) -> None:
        known = self._lines.get(name)
        self._lines[name] = lines
        if name in self._shown() and lines != known:
            self._show()
            self._show_tools()
        else:
            self._show_counts()

    def _show(self) -> None:
        self.list.show_lines(
            tuple(line for name in self._shown() for line in self._lines.get(name, ()))
        )
        self._show_found()

    @Slot(str)
    def _search(self, text: str) -> None:
        self.list.search(text)
        self._show_found()

    def _show_found(self) -> None:
        nothing = not self.list.found
        self._empty.setText(self._why_nothing())
        self._stack.setCurrentIndex(1 if nothing else 0)
        self.details.setVisible(not nothing)
        self._show_counts()
        self._show_chosen()

    def _why_nothing(self) -> str:
        searched = self.bar.search.text()
        if not searched:
            if not all(name in self._lines for name in self._shown()):
                return ""
            return self.shelves[self._shown()[0]].empty
        words = f"Nothing here is called \u201c{searched}\u201d."
        counts = self._counts()
        elsewhere = [f"{name} ({counts[name]})" for name in self.shelves if counts[name]]
        return f"{words} Elsewhere: {', '.join(elsewhere)}." if elsewhere else words

    def _counts(self) -> dict[ShelfName, int]:
        """How many lines of each shelf a search finds."""
        text = self.bar.search.text().casefold()
        counts: dict[ShelfName, int] = {
            name: sum(text in line.searched.casefold() for line in self._lines.get(name, ()))
            for name in self.shelves
        }
        return {**counts, EVERYTHING: sum(counts.values()) - counts[TRASH]}

    def _show_counts(self) -> None:
        self.bar.show_counts(self._counts() if self.bar.search.text() else {})

    @Slot()
    def _tell_anew(self) -> None:
        self._told = None
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        line = self.list.chosen
        self.list.drawn.playing_id = self._app.preview.name
        self.list.viewport().update()
        actions = self.shelves[line.shelf].actions(line) if line is not None else ()
        self.details.show_line(line, actions)
        if line == self._told and line is not None:
            return
        is_other = self._told is None or line is None or self._told.id != line.id
        self._told = line
        if line is None or not self.isVisible():
            self._tell_nothing()
            return
        if is_other:
            self._stale.start()
        self.shelves[line.shelf].tell(line, lambda story: self._show_story(line, story))

    def _show_story(self, line: Line, story: Story) -> None:
        if line == self.list.chosen:
            self._stale.stop()
            self.details.show_story(story)

    @Slot()
    def _tell_nothing(self) -> None:
        self._stale.stop()
        self.details.show_story(Story())

    @Slot()
    def _open_chosen(self) -> None:
        line = self.list.chosen
        if line is not None and not line.problem:
            self.shelves[line.shelf].open(line)

    @Slot(object, str)
    def _rename(self, line: Line, title: str) -> None:
        self.shelves[line.shelf].rename(line, title)

    @Slot()
    def _delete_chosen(self) -> None:
        line = self.list.chosen
        if line is None:
            return
        for action in self.shelves[line.shelf].actions(line):
            if action.id == "delete":
                action.act()


def tidy() -> None:
    """Remove for good what was deleted long ago. Called on a worker thread."""
    empty_trash(models_folder(), KEPT_DAYS)
    empty_trash(data_sets_folder(), DATA_KEPT_DAYS)


def framed(widget: QWidget) -> QFrame:
    """A list on a rounded ground."""
    frame = QFrame()
    frame.setProperty("kind", "section")
    column = QVBoxLayout(frame)
    column.setContentsMargins(8, 8, 8, 8)
    column.addWidget(widget)
    return frame
