"""The earlier versions of a song: heard, taken back, opened as a copy, named."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.document import new_composition_id
from desktop.jobs import Job, JobControl
from desktop.library.lines import counted, day, length
from desktop.widgets.icons import icon
from engine.music.composition import Composition
from engine.store.entries import LibraryEntry
from engine.store.versions import as_it_was

if TYPE_CHECKING:
    from desktop.app import App

SIZE = (560, 460)
EXPLAINED = (
    "Tutti keeps what a song was before large changes. Taking a version back changes nothing else: "
    "what the song is now is kept, too."
)
TAKEN_BACK = "The version is the song now; what it was is among its versions."
BEFORE_TAKING_BACK = "Before a version was taken back"
NONE_YET = "There is no earlier version yet."
ID = Qt.ItemDataRole.UserRole
Found = tuple[tuple[LibraryEntry, ...], frozenset[str]]


class VersionsDialog(QDialog):
    """Lists the versions of one composition, open in the Studio or not."""

    listed = Signal()

    def __init__(
        self, app: "App", composition_id: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._app, self._id, self._title = app, composition_id, title
        self._entries: tuple[LibraryEntry, ...] = ()
        self._reading: Job[Found] | None = None
        self.setWindowTitle(f"Versions of {title}")
        self.resize(*SIZE)
        self.list = QListWidget()
        self.list.setAccessibleName("Versions")
        self.list.itemSelectionChanged.connect(self._show_buttons)
        self.list.itemActivated.connect(lambda _item: self.take_back())
        self.buttons = {
            name: self._button(name, text, sign)
            for name, text, sign in (
                ("take_back", "Take it back", "history"),
                ("listen", "Listen", "play"),
                ("copy", "Open as a copy", "content-copy"),
                ("name", "Name it …", "pencil-outline"),
                ("forget", "Delete", "trash-can-outline"),
                ("keep", "Keep as it is now …", "content-save-outline"),
            )
        }
        self._put_together()
        app.library_bridge.changed.connect(self.read)
        app.preview.ended.connect(self._show_buttons)
        self.read()

    def _button(self, name: str, text: str, sign: str) -> QPushButton:
        button = QPushButton(icon(sign), text)
        if name == "take_back":
            button.setProperty("kind", "primary")
            button.setIcon(icon(sign, "on_accent"))
        button.setAutoDefault(False)
        button.clicked.connect(getattr(self, name))
        return button

    def _put_together(self) -> None:
        told = QLabel(EXPLAINED)
        told.setProperty("kind", "quiet")
        told.setWordWrap(True)
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, button in enumerate(self.buttons.values()):
            grid.addWidget(button, place // 3, place % 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(told)
        column.addWidget(self.list, 1)
        column.addLayout(grid)

    @property
    def chosen(self) -> str | None:
        """The id of the version that is chosen."""
        items = self.list.selectedItems()
        return items[0].data(ID) if items else None

    @property
    def is_open(self) -> bool:
        """Whether the song stands in the Studio."""
        return self._app.document.composition_id == self._id

    @Slot()
    def read(self) -> None:
        """Read the list off the GUI thread; what was read before comes to nothing."""
        versions = self._app.library.versions

        def work(control: JobControl) -> Found:
            return versions.of(self._id), versions.named(self._id)

        if self._reading is not None:
            self._reading.cancel()  # or it would come late and show what was
        self._reading = self._app.jobs.run(work, self._show, title="Reading versions")

    def _show(self, found: Found) -> None:
        self._reading, before = None, self.chosen
        self._entries, named = found
        self.list.clear()
        for entry in self._entries:
            item = QListWidgetItem(_words(entry))
            item.setData(ID, entry.id)
            item.setIcon(icon("bookmark-outline" if entry.id in named else "history", "quiet"))
            self.list.addItem(item)
            if entry.id == before:
                self.list.setCurrentItem(item)
        if not self._entries:
            item = QListWidgetItem(NONE_YET)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        elif self.chosen is None:
            self.list.setCurrentRow(0)
        self._show_buttons()
        self.listed.emit()

    @Slot()
    def _show_buttons(self) -> None:
        for name, button in self.buttons.items():
            button.setEnabled(name == "keep" or self.chosen is not None)
        heard = self.chosen is not None and self._app.preview.name == self.chosen
        self.buttons["listen"].setText("Stop" if heard else "Listen")
        self.buttons["listen"].setIcon(icon("stop" if heard else "play"))

    @Slot()
    def take_back(self) -> None:
        """Make a version the song; in the Studio as one step that Undo takes back."""

        def done(version: Composition) -> None:
            title = self._app.document.composition.title if self.is_open else self._title
            music = as_it_was(version, title)
            if self.is_open:
                self._app.document.edit(music, "Take a version back")
            else:
                self._app.library.autosave(self._id, music)
            self._app.messages.tell(TAKEN_BACK, "good")

        self._with_chosen(done, keeps=True)

    def _keep_stored(self, title: str) -> None:
        library = self._app.library
        self._app.jobs.run(
            lambda control: library.versions.keep(
                self._id, library.load_composition(self._id), title
            ),
            lambda _id: None,
            title="Keeping a version",
        )

    @Slot()
    def copy(self) -> None:
        """Open a version beside the song, under a name of its own."""

        def done(version: Composition) -> None:
            copied = replace(version, title=f"{version.title} (earlier)")
            copy_id = new_composition_id()
            self._app.library.autosave(copy_id, copied)
            self._app.document.load(copied, copy_id)
            self._app.actions["page_studio"].trigger()

        if self.chosen is not None:
            self._with_chosen(done)
            self.accept()

    @Slot()
    def listen(self) -> None:
        """Hear a version, or stop."""
        chosen, preview = self.chosen, self._app.preview
        if chosen is not None and preview.name == chosen:
            preview.stop()
        elif self._app.synth.problem is not None:
            self._app.messages.tell(self._app.synth.problem, "warning")
        elif chosen is not None:
            self._with_chosen(partial(self._hear, chosen))

    def _hear(self, chosen: str, music: Composition) -> None:
        self._app.preview.start(music, chosen)
        self._show_buttons()

    def _with_chosen(self, use: Callable[[Composition], None], *, keeps: bool = False) -> None:
        """Read the version that is chosen; ``keeps`` what the song is now before."""
        chosen, library = self.chosen, self._app.library
        if chosen is None:
            return
        # One without a note was never stored, and still can be open.
        here = self._app.document.composition if self.is_open else None

        def work(control: JobControl) -> Composition:
            version = library.versions.load(chosen)
            if keeps:
                now = here or library.load_composition(self._id)
                library.versions.keep(self._id, now, BEFORE_TAKING_BACK)
            return version

        self._app.jobs.run(work, use, title="Opening a version")

    @Slot()
    def name(self) -> None:
        """Give a version a name: it is never thinned out then."""
        chosen = self.chosen
        entry = next((each for each in self._entries if each.id == chosen), None)
        if entry is None:
            return
        text, taken = QInputDialog.getText(self, "Name the version", "Name", text=entry.title)
        if taken and text.strip():
            self._app.library.versions.rename(entry.id, text.strip())

    @Slot()
    def forget(self) -> None:
        """Delete a version for good."""
        if self.chosen is not None:
            self._app.library.versions.forget(self.chosen)

    @Slot()
    def keep(self) -> None:
        """Keep the song as it is now under a name."""
        text, taken = QInputDialog.getText(self, "Keep the song as it is now", "Name")
        title = text.strip() or "Kept by hand"
        if not taken:
            return
        if self.is_open:
            music = self._app.document.composition
            self._app.library.versions.keep(self._id, music, title, named=True)
        else:
            self._keep_stored(title)

    def hideEvent(self, event: QHideEvent) -> None:
        """What is listened to ends with the dialog."""
        if self._app.preview.name in {entry.id for entry in self._entries}:
            self._app.preview.stop()
        super().hideEvent(event)


def _words(entry: LibraryEntry) -> str:
    notes = f"{counted(entry.notes, 'note')} · {length(entry.seconds)}"
    return f"{entry.title}\n{day(entry.created, time.time())} · {notes}"


def show_versions(app: "App", composition_id: str, title: str, parent: QWidget | None) -> None:
    """Open the dialog; it is gone when it is closed."""
    dialog = VersionsDialog(app, composition_id, title, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
