"""Joins the studio and its window: pages, chips, menus, files, closing."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from desktop.about import about_dialog
from desktop.app import App
from desktop.bug_report import copy_report
from desktop.chips import ChipText, audio_chip, device_chip, keyboard_chip
from desktop.file_drop import FileDrop
from desktop.jobs import Job
from desktop.library.links import LibraryLinks
from desktop.library.storage_dialog import StorageDialog
from desktop.library.taking_in import take_in_models
from desktop.library.versions_dialog import show_versions
from desktop.main_window import MainWindow
from desktop.manual.guide import Guide
from desktop.opening import MUSIC_SUFFIXES
from desktop.pages.library import LibraryPage
from desktop.pages.settings import SettingsPage
from desktop.pages.studio import StudioPage
from desktop.pages.train import TrainPage
from desktop.palette import Palette
from desktop.settings.folders import open_folder
from desktop.shortcuts import ChosenKeys
from desktop.shortcuts_dialog import ShortcutsDialog
from desktop.studio.generation import TITLE as GENERATING
from desktop.train.closing import may_close as may_close_training
from desktop.welcome import FirstSong
from desktop.widgets.message_bell import MessageBell
from desktop.widgets.status_chip import StatusChip
from engine.generation.models import SUFFIX
from engine.music.composition import Composition
from engine.store.paths import data_folder

FLUSH_SECONDS = 1.0
NOT_STORED = "The library could not be written."
LOST = (
    "What changed since then is lost when Tutti closes. You can go back and export it, or make "
    "room on the disk."
)
ZOOM_STEP = 1.25
MUSIC_FILES = (
    "Music (*.mid *.midi *.kar *.smf *.tutti);;MIDI files (*.mid *.midi *.kar *.smf);;"
    "Songs of Tutti's (*.tutti);;All files (*)"
)


class Shell(QObject):
    """The window of an `App`. Nothing of the music is held here."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self._request_seconds: float | None = None
        self._asks = True
        self.window = MainWindow(
            app.actions,
            {
                "Studio": lambda: StudioPage(app),
                "Train": lambda: TrainPage(app),
                "Library": self._library,
                "Settings": lambda: SettingsPage(app),
            },
        )
        self._keys = ChosenKeys(app, self)
        Guide(app, self.window, self._keys)
        FileDrop(self.window, (SUFFIX,), lambda files: take_in_models(app, files))
        FileDrop(self.window, MUSIC_SUFFIXES, app.opening.drop)
        self.window.restore_geometry(app.settings.window_geometry or "")
        self._connect_chips()
        self._connect_actions()
        self._connect_document()
        self._connect_messages()
        self.window.page_changed.connect(self._on_page)
        gui = QGuiApplication.instance()
        assert isinstance(gui, QGuiApplication)
        gui.applicationStateChanged.connect(self._on_application_state)
        self.window.closing.connect(self._on_closing)
        self.window.may_close = self._may_close
        self._connect_studio()
        self._connect_training()

    def _connect_messages(self) -> None:
        messages, bar = self._app.messages, self.window.message_bar
        messages.told.connect(bar.show_message)
        messages.withdrawn.connect(bar.withdraw)
        bar.put_away.connect(messages.leave_unread)
        self.window.top_bar.add_at_end(MessageBell(messages, self._app.actions["messages"]))

    def _connect_training(self) -> None:
        training = self._app.training
        training.show_asked.connect(lambda folder: self._train_page().show_run(folder))

    def _train_page(self) -> TrainPage:
        """The Train page, shown."""
        self.window.show_page("Train")
        page = self.window.page_widget("Train")
        assert isinstance(page, TrainPage)
        return page

    def _library(self) -> LibraryPage:
        page = LibraryPage(self._app)
        LibraryLinks(page.requests, self.window)
        return page

    def _connect_studio(self) -> None:
        self.window.show_page("Studio")
        page = self.window.page_widget("Studio")
        assert isinstance(page, StudioPage)
        self._app.opening.song_opened.connect(page.files.remember)
        actions, lanes = self._app.actions, page.area.lanes
        actions["zoom_in"].triggered.connect(lambda: lanes.zoom(ZOOM_STEP))
        actions["zoom_out"].triggered.connect(lambda: lanes.zoom(1 / ZOOM_STEP))
        actions["zoom_fit"].triggered.connect(lanes.zoom_to_fit)
        self._app.closing.connect(page.recording.stop)
        FirstSong(self._app, page)

    def _connect_chips(self) -> None:
        app = self._app
        app.ports_changed.connect(self._show_keyboards)
        app.bridge.event.connect(self.window.top_bar.keyboard.blink)
        app.synth_changed.connect(self._show_audio)
        app.sound.problem_changed.connect(self._show_audio)
        app.jobs.started.connect(self._time_request)
        app.generator_changed.connect(self._show_device)
        self._show_keyboards()
        self._show_audio()
        self._show_device()

    def _connect_actions(self) -> None:
        actions = self._app.actions
        actions["new"].triggered.connect(self._app.new_composition)
        actions["open"].triggered.connect(self.ask_open)
        actions["versions"].triggered.connect(self._show_versions)
        actions["storage"].triggered.connect(self._show_storage)
        actions["quit"].triggered.connect(self.window.close)
        actions["log"].triggered.connect(self._open_log)
        actions["about"].triggered.connect(self._show_about)
        actions["shortcuts"].triggered.connect(self._show_shortcuts)
        actions["palette"].triggered.connect(self._show_palette)
        actions["report"].triggered.connect(lambda: copy_report(self._app))

    def _connect_document(self) -> None:
        stack = self._app.document.undo_stack
        undo, redo = self._app.actions["undo"], self._app.actions["redo"]
        stack.canUndoChanged.connect(undo.setEnabled)
        stack.canRedoChanged.connect(redo.setEnabled)
        stack.undoTextChanged.connect(self._name_undo)
        stack.redoTextChanged.connect(self._name_redo)
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())
        self._app.document.changed.connect(self._show_title)
        self._show_title(self._app.document.composition)

    @Slot()
    def _show_keyboards(self) -> None:
        inputs = self._app.inputs
        show(self.window.top_bar.keyboard, keyboard_chip(inputs.states(), inputs.problem))

    @Slot()
    def _show_audio(self) -> None:
        show(self.window.top_bar.audio, audio_chip(self._app.sound))

    @Slot()
    def _show_device(self) -> None:
        choice = self._app.model_choice
        if choice.generator is None:
            self._request_seconds = None
        show(self.window.top_bar.device, device_chip(choice, self._request_seconds))

    @Slot(object)
    def _time_request(self, job: Job[Any]) -> None:
        if job.title == GENERATING:
            job.ended.connect(lambda: self._show_request(job))

    def _show_request(self, job: Job[Any]) -> None:
        if job.seconds and not job.cancelled:
            self._request_seconds = job.seconds
            self._show_device()

    @Slot(str)
    def _name_undo(self, name: str) -> None:
        self._app.actions["undo"].setText(f"Undo {name}".strip())

    @Slot(str)
    def _name_redo(self, name: str) -> None:
        self._app.actions["redo"].setText(f"Redo {name}".strip())

    @Slot(object)
    def _show_title(self, composition: Composition) -> None:
        self.window.setWindowTitle(f"{composition.title} – Tutti")

    @Slot(str)
    def _on_page(self, page: str) -> None:
        if page != "Library":
            self._app.preview.stop()

    @Slot(Qt.ApplicationState)
    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        """Back from a terminal or a folder, where a model may have come to stand."""
        if state is Qt.ApplicationState.ApplicationActive and self._app.models:
            self._app.model_choice.list_again()

    @Slot()
    def ask_open(self) -> None:
        """Ask for a MIDI file or a song and open it."""
        folder = self._app.settings.last_folder or str(Path.home())
        name, _ = QFileDialog.getOpenFileName(self.window, "Open a MIDI file", folder, MUSIC_FILES)
        if name:
            self._app.change_settings(last_folder=str(Path(name).parent))
            self.window.show_page("Studio")
            self._app.open_file(Path(name))

    @Slot()
    def _show_versions(self) -> None:
        document = self._app.document
        title = document.composition.title
        show_versions(self._app, document.composition_id, title, self.window)

    @Slot()
    def _show_storage(self) -> None:
        dialog = StorageDialog(self._app, self.window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def _open_log(self) -> None:
        open_folder(data_folder(), self._app.messages)

    @Slot()
    def _show_about(self) -> None:
        about_dialog(self.window).open()

    @Slot()
    def _show_shortcuts(self) -> None:
        ShortcutsDialog(self._app, self._keys, self.window).open()

    @Slot()
    def _show_palette(self) -> None:
        Palette(self._app, self.window).open()

    def end(self) -> None:
        """The system asks the program to end: nobody may be there to answer a question.

        A run that trains stops and keeps.
        """
        self._asks = False
        self.window.close()

    def _may_close(self) -> bool:
        """Ask what becomes of a run that trains, and before work is lost."""
        if self._asks and not may_close_training(self.window, self._app.training):
            return False
        return self._may_lose()

    def _may_lose(self) -> bool:
        """Work that cannot be stored is in memory alone: ask before it is lost."""
        library = self._app.library
        if library.problem is None or library.flush(FLUSH_SECONDS):
            return True
        box = QMessageBox(self.window)
        box.setWindowTitle("Not everything is stored")
        box.setText(library.problem or NOT_STORED)
        box.setInformativeText(LOST)
        stay = box.addButton("Go back", QMessageBox.ButtonRole.RejectRole)
        box.addButton("Close without storing", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is not stay

    @Slot()
    def _on_closing(self) -> None:
        self._app.change_settings(window_geometry=self.window.geometry_text())


def show(chip: StatusChip, text: ChipText) -> None:
    """Let a chip show what was found."""
    chip.show_state(text.state, text.text, text.story)
