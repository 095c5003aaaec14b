"""Files: samples to open, and where music, its sound, a song or a page of it are written."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QWidget

from desktop.studio.desk import Desk
from desktop.studio.export_dialog import ExportDialog
from desktop.studio.exporting import Exporting
from desktop.studio.progress_strip import ProgressStrip
from desktop.widgets.menus import add_row
from engine.files.audio import AudioPlan
from engine.files.file_names import safe_name
from engine.files.melodies import sample_melodies
from engine.files.sound_file import audio_format
from engine.music.composition import Composition
from engine.music.mix import is_heard
from engine.store.settings import Settings
from engine.store.song_file import SUFFIX

if TYPE_CHECKING:
    from desktop.app import App

NOTHING_TO_EXPORT = "There is nothing to export yet. Play a melody or open one first."
SAVED = "Every change is saved by itself. You find “{}” in the Library."
LONGEST_NAME = 120
UNNAMED = Composition().title


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
        self.song_paths: dict[str, Path] = {}
        """Where a composition was saved as a song file, or opened from, by its id."""
        self.exporting = Exporting(app, self)
        self.exporting.started.connect(strip.begin)
        self.exporting.progressed.connect(strip.set_progress)
        self.exporting.ended.connect(strip.hide)
        self.exporting.song_saved.connect(self._on_song_saved)
        strip.cancel_asked.connect(self.exporting.cancel)
        self._connect_actions()
        self._fill(menu)

    def _connect_actions(self) -> None:
        actions = self._app.actions
        actions["save"].triggered.connect(self._save)
        actions["name_song"].triggered.connect(self.ask_name)
        actions["save_song"].triggered.connect(self.ask_save_song)
        actions["export_midi"].triggered.connect(self.ask_export_midi)
        actions["export_wav"].triggered.connect(self.ask_export_audio)
        actions["share_page"].triggered.connect(self.ask_share_page)

    def _fill(self, menu: QMenu) -> None:
        actions = self._app.actions
        for name in ("new", "open", "recent", "save_song", "versions"):
            menu.addAction(actions[name])
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
    def ask_export_audio(self) -> None:
        """Ask where and how, then render to an audio file."""
        if self._has_music(self._desk.shown) and not self.exporting.says_busy():
            plan = plan_of(self._app.settings)
            path = self._suggested(audio_format(plan.kind).suffix)
            on_ports = played_on_ports(self._desk.shown)
            dialog = ExportDialog(path, plan, self._window, on_ports=on_ports)
            dialog.asked.connect(self._export_audio)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    @Slot(object, object)
    def _export_audio(self, path: Path, plan: AudioPlan) -> None:
        self._app.change_settings(
            last_folder=str(path.parent),
            export_kind=plan.kind,
            export_rate=plan.sample_rate,
            export_level=plan.level,
            export_stems=plan.stems,
            export_rings_out=plan.rings_out,
            export_count_in=plan.count_in_bars > 0,
            export_click=plan.click,
        )
        self.exporting.export_audio(self._desk.shown, path, plan)

    @Slot()
    def ask_share_page(self) -> None:
        """Ask where, then make a page with sound."""
        if self.exporting.says_busy():
            return
        path = self._ask_path("Make a page to share", ".html", "Pages (*.html)")
        if path is not None:
            self.exporting.export_page(self._desk.shown, path)

    @Slot()
    def ask_save_song(self) -> None:
        """Ask where, then write the song with all that belongs to it."""
        if not self._has_music(self._app.document.composition):
            return
        path = self._ask_path("Save a song file", SUFFIX, f"Songs (*{SUFFIX})")
        if path is not None:
            self.exporting.save_song(self._app.document.composition_id, path)

    @Slot()
    def _save(self) -> None:
        """Into the song file where there is one; else nobody needs to, but hands do it.

        Who saves a song that has no name yet wants to give it one.
        """
        document = self._app.document
        path = self.song_paths.get(document.composition_id)
        has_notes = any(track.notes for track in document.composition.tracks)
        if path is None and has_notes and document.composition.title == UNNAMED:
            self.ask_name()
        elif path is None:
            self._app.messages.tell(SAVED.format(document.composition.title), "good")
        else:
            self.exporting.save_song(document.composition_id, path)

    @Slot()
    def ask_name(self) -> None:
        """Ask for the song's name."""
        if not self._has_music(self._desk.shown):
            return
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Name the song")
        dialog.setLabelText("It is saved by itself; this is what the Library and its files call it")
        title = self._app.document.composition.title
        dialog.setTextValue("" if title == UNNAMED else title)
        dialog.textValueSelected.connect(self._name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _name(self, text: str) -> None:
        title = " ".join(text.split())[:LONGEST_NAME]
        if title:
            document = self._app.document
            document.edit(replace(document.composition, title=title), "Name the song")
            self._app.messages.tell(SAVED.format(title), "good")

    @Slot(str, object)
    def remember(self, composition_id: str, path: Path) -> None:
        """A song stands in a file: Save writes it there again."""
        self.song_paths[composition_id] = path

    @Slot(str, object)
    def _on_song_saved(self, composition_id: str, path: Path) -> None:
        self.remember(composition_id, path)
        self._app.recent.add(path)

    def _has_music(self, composition: Composition) -> bool:
        if any(track.notes for track in composition.tracks):
            return True
        self._app.messages.tell(NOTHING_TO_EXPORT)
        return False

    def _suggested(self, suffix: str) -> Path:
        folder = Path(self._app.settings.last_folder or Path.home())
        return folder / f"{safe_name(self._desk.shown.title)}{suffix}"

    def _ask_path(self, title: str, suffix: str, kinds: str) -> Path | None:
        if not self._has_music(self._desk.shown):
            return None
        suggested = str(self._suggested(suffix))
        chosen, _ = QFileDialog.getSaveFileName(self._window, title, suggested, kinds)
        if not chosen:
            return None
        self._app.change_settings(last_folder=str(Path(chosen).parent))
        return Path(chosen)


def plan_of(settings: Settings) -> AudioPlan:
    """How audio was written last."""
    return AudioPlan(
        settings.export_kind,
        settings.export_rate,
        settings.export_level,
        settings.export_stems,
        settings.export_rings_out,
        1 if settings.export_count_in else 0,
        settings.export_click,
        settings.gain,
    )


def played_on_ports(composition: Composition) -> list[str]:
    """The names of the tracks that are heard, and by an instrument on a MIDI port."""
    heard = zip(composition.tracks, is_heard(composition), strict=True)
    return [track.name for track, on in heard if on and track.notes and track.output is not None]
