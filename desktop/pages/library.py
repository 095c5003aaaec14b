"""The Library page: compositions, takes and models, found again, heard and opened."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import JobControl
from desktop.keeping import composition_of
from desktop.library.details import Details
from desktop.library.line_list import LineList
from desktop.library.lines import EMPTY, ICONS, Line, Shelf, entry_lines, model_lines
from desktop.library.shelf_bar import ShelfBar
from desktop.messages import MessageAction
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App

REFRESH_MS = 150


class LibraryPage(QWidget):
    """One shelf at a time; what is chosen on it can be acted upon at the right."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self.bar = ShelfBar()
        self.list = LineList()
        self.details = Details()
        self._empty = QLabel()
        self._put_together()
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.read)
        self._connect()
        self._on_shelf()

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
        self.details.open_asked.connect(self._open_chosen)
        self.details.listen_asked.connect(self._listen)
        self.details.rename_asked.connect(self.list.rename_chosen)
        self.details.delete_asked.connect(self._delete_chosen)
        app.library_bridge.changed.connect(self._on_library_change)
        app.models_changed.connect(self._on_library_change)
        app.preview.ended.connect(self._show_chosen)

    @property
    def shelf(self) -> Shelf:
        """What is listed."""
        return self.bar.shelf

    @property
    def empty_sentence(self) -> str:
        """What stands in place of an empty list; empty while there is one."""
        return self._empty.text() if self._stack.currentIndex() else ""

    @property
    def _is_stored(self) -> bool:
        """Whether the shelf's lines lie in the library itself."""
        return self.shelf != "Models"

    def showEvent(self, event: QShowEvent) -> None:
        """The state of this moment."""
        self.read()
        super().showEvent(event)

    @Slot()
    def _on_library_change(self) -> None:
        if self.isVisible():
            self._refresh.start()

    @Slot()
    def _on_shelf(self) -> None:
        self.list.show_lines(())
        self.list.lines.editable = self._is_stored
        self.list.drawn.icon_name = ICONS[self.shelf]
        self.read()

    @Slot()
    def read(self) -> None:
        """Read the shelf off the GUI thread and show it."""
        shelf = self.shelf
        if shelf == "Models":
            self._show(shelf, model_lines(self._app.models))
            return
        library = self._app.library
        entries = library.takes if shelf == "Takes" else library.compositions
        self._app.jobs.run(
            lambda control: entry_lines(entries(), time.time()),
            lambda lines: self._show(shelf, lines),
            title="Reading the library",
        )

    def _show(self, shelf: Shelf, lines: tuple[Line, ...]) -> None:
        if shelf != self.shelf:
            return
        self.list.show_lines(lines)
        self._empty.setText(EMPTY[shelf])
        self._show_found()

    @Slot(str)
    def _search(self, text: str) -> None:
        self.list.search(text)
        self._show_found()

    def _show_found(self) -> None:
        nothing = not self.list.found
        searched = self.bar.search.text()
        if nothing and searched and self.list.lines.rowCount():
            self._empty.setText(f"Nothing here is called \u201c{searched}\u201d.")
        self._stack.setCurrentIndex(1 if nothing else 0)
        self.details.setVisible(not nothing)
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        line = self.list.chosen
        playing = self._app.preview.name
        self.list.drawn.playing_id = playing
        self.list.viewport().update()
        self.details.show_line(line, line is not None and line.id == playing, self._is_stored)

    def _with_music(self, line: Line, use: Callable[[Composition], None]) -> None:
        """Read the music of a line off the GUI thread, then use it."""
        library, snap = self._app.library, self._app.settings.snap

        def work(control: JobControl) -> Composition:
            if self.shelf == "Takes":
                return composition_of(library.load_take(line.id), line.title, snap)
            return library.load_composition(line.id)

        self._app.jobs.run(work, use, title=f"Opening {line.title}")

    @Slot()
    def _open_chosen(self) -> None:
        line = self.list.chosen
        if line is None or line.problem:
            return
        self._app.preview.stop()
        if self.shelf == "Models":
            self._app.choose_model(line.id)
        elif self.shelf == "Takes":
            self._with_music(line, self._app.document.load)
        else:
            self._app.keeping.open_composition(line.id)
        self._app.actions["page_studio"].trigger()

    @Slot()
    def _listen(self) -> None:
        line = self.list.chosen
        if line is None:
            return
        if self._app.preview.name == line.id:
            self._app.preview.stop()
            return
        self._with_music(line, lambda music: self._preview(line, music))

    def _preview(self, line: Line, music: Composition) -> None:
        if self._app.synth.problem is not None:
            self._app.messages.tell(self._app.synth.problem, "warning")
            return
        self._app.preview.start(music, line.id)
        self._show_chosen()

    @Slot(str, str)
    def _rename(self, line_id: str, title: str) -> None:
        document = self._app.document
        if line_id == document.composition_id:
            document.edit(replace(document.composition, title=title), "Rename")
        self._app.library.rename(line_id, title)

    @Slot()
    def _delete_chosen(self) -> None:
        line = self.list.chosen
        if line is None or not self._is_stored:
            return
        if self._app.preview.name == line.id:
            self._app.preview.stop()
        if line.id == self._app.document.composition_id:
            self._app.new_composition()
        self._app.library.delete(line.id)
        undo = MessageAction("Undo", lambda: self._app.library.restore(line.id))
        self._app.messages.tell(f"{line.title} is deleted.", "info", undo)


def framed(widget: QWidget) -> QFrame:
    """A list on a rounded ground."""
    frame = QFrame()
    frame.setProperty("kind", "section")
    column = QVBoxLayout(frame)
    column.setContentsMargins(8, 8, 8, 8)
    column.addWidget(widget)
    return frame
