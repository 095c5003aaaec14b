"""Files: samples to open, what is dropped, and where music is exported."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.studio.desk import Desk
from desktop.studio.exporting import Exporting
from desktop.studio.progress_strip import ProgressStrip
from desktop.widgets.menus import add_row
from engine.files.melodies import sample_melodies

if TYPE_CHECKING:
    from desktop.app import App

NOTHING_TO_EXPORT = "There is nothing to export yet. Play a melody or open one first."
SAVED = "Every change is saved by itself. You find this composition in the Library."
MIDI_SUFFIXES = (".mid", ".midi", ".kar", ".smf")


class Files(QObject):
    """Asks where to export, and fills the menu of what can be opened."""

    def __init__(
        self, app: "App", window: QWidget, desk: Desk, menu: QMenu, strip: ProgressStrip
    ) -> None:
        """``strip`` tells how far an export is; ``window`` is the dialogs' parent."""
        super().__init__(window)
        self._app = app
        self._window = window
        self._desk = desk
        self.exporting = Exporting(app, self)
        self.exporting.started.connect(strip.begin)
        self.exporting.progressed.connect(strip.set_progress)
        self.exporting.ended.connect(strip.hide)
        strip.cancel_asked.connect(self.exporting.cancel)
        self._connect_actions()
        self._fill(menu)

    def _connect_actions(self) -> None:
        actions = self._app.actions
        actions["save"].triggered.connect(self._tell_saved)
        actions["export_midi"].triggered.connect(self.ask_export_midi)
        actions["export_wav"].triggered.connect(self.ask_export_wav)

    def _fill(self, menu: QMenu) -> None:
        actions = self._app.actions
        menu.addAction(actions["new"])
        menu.addAction(actions["open"])
        samples = menu.addMenu("Samples")
        for sample in sample_melodies():
            add_row(samples, sample.name, partial(self._app.open_file, sample.path))

    @Slot()
    def ask_export_midi(self) -> None:
        """Ask where, then write a MIDI file."""
        path = self._ask_path("Export MIDI", ".mid", "MIDI files (*.mid)")
        if path is not None:
            self.exporting.export_midi(self._desk.shown, path)

    @Slot()
    def ask_export_wav(self) -> None:
        """Ask where, then render a WAV file."""
        path = self._ask_path("Export audio", ".wav", "WAV files (*.wav)")
        if path is not None:
            self.exporting.export_wav(self._desk.shown, path)

    @Slot()
    def _tell_saved(self) -> None:
        """Nobody needs to save, but hands do it by themselves."""
        self._app.messages.tell(SAVED, "good")

    def _ask_path(self, title: str, suffix: str, kinds: str) -> Path | None:
        if not any(track.notes for track in self._desk.shown.tracks):
            self._app.messages.tell(NOTHING_TO_EXPORT)
            return None
        folder = Path(self._app.settings.last_folder or Path.home())
        suggested = str(folder / f"{self._desk.shown.title.replace('/', '-')}{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, suggested, kinds)
        if not chosen:
            return None
        self._app.change_settings(last_folder=str(Path(chosen).parent))
        return Path(chosen)


def dropped_midi(event: QDropEvent) -> Path | None:
    """The first MIDI file of a drop."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() in MIDI_SUFFIXES), None)
