"""The Studio page: puts its parts together and connects them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QVBoxLayout, QWidget

from desktop.roll.tools import Tool
from desktop.studio.band import Band
from desktop.studio.bar_fitting import BarFitting
from desktop.studio.chord_writing import ChordWriting
from desktop.studio.chords import ChordLine
from desktop.studio.controls import Controls
from desktop.studio.desk import Desk
from desktop.studio.editor_choices import remember_choices
from desktop.studio.edits import with_melody, without_part
from desktop.studio.files import Files
from desktop.studio.generation import Generation
from desktop.studio.hand_split import HandSplit
from desktop.studio.instruments import Instruments
from desktop.studio.lanes_area import LanesArea, ghost_tracks
from desktop.studio.live_keys import LiveKeys
from desktop.studio.metering import Metering
from desktop.studio.mixing import Mixing
from desktop.studio.note_actions import connect_note_actions
from desktop.studio.note_work import NoteWork
from desktop.studio.passes import Passes
from desktop.studio.playback import Playback
from desktop.studio.progress_strip import ProgressStrip
from desktop.studio.recording import Recording
from desktop.studio.song_sections import SongSections
from desktop.studio.tempo_here import TempoHere
from desktop.studio.track_drag import TrackDrag
from desktop.widgets.band_panel import BandPanel
from desktop.widgets.keyboard import OnScreenKeyboard
from desktop.widgets.transport import TransportBar
from engine.live.midi_ports import PortState
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track

if TYPE_CHECKING:
    from desktop.app import App

PANEL_WIDTH = 292
TIMING = ("timing", "rhythm_assist", "as_played", "edit_notes")
"""What the menu of the notes offers besides its own commands."""
KEYBOARD_HEIGHTS = (96, 190)


class StudioPage(QWidget):
    """Record, generate, listen, keep, mix, export."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._chords = ChordLine()
        self._build()
        self.playback = Playback(app, self)
        self.generation = Generation(app, self)
        self.desk = Desk(app.document, self.generation, self)
        self.recording = Recording(app, self.playback, self)
        self.files = Files(app, self, self.desk, self.transport.file_menu, self.strip)
        self.exporting = self.files.exporting
        self.track_drag = TrackDrag(self, lambda: self.desk.shown, app.messages)
        self.band = Band(app, self.panel, self.generation, self.desk, self.playback, self)
        self.controls = Controls(
            app, self.transport, self.desk, self.playback, self.recording, self
        )
        self.mixing = Mixing(
            self.playback, lambda: self.desk.shown, self.desk.mix, app.document, self
        )
        self.instruments = Instruments(
            app, self.playback, self.mixing, lambda: self.desk.shown, self
        )
        self.metering = Metering(
            lambda: app.synth, lambda: self.desk.shown, self.area.column, app.outputs, self
        )
        self.chord_writing = ChordWriting(app, self.area, self.desk, self)
        self.sections = SongSections(self.area, self.desk, self.playback, self.chord_writing, self)
        self.note_work = NoteWork(app, self.area, self.desk, self.playback, self)
        self.passes = Passes(app, self.area, self.desk, self.playback, self.recording, self)
        self.bar_fitting = BarFitting(app, self.area, self.desk, self.recording, self)
        self.tempo_here = TempoHere(
            app, self.area, self.desk, self.playback, self.chord_writing, self
        )
        self.hand_split = HandSplit(app, self.desk, self)
        self.keys = LiveKeys(app.live_path.hear, self)
        self._connect()
        self.desk.refresh()

    def _build(self) -> None:
        actions = self._app.actions
        self.transport = TransportBar(actions)
        self.area = LanesArea(actions["capture"])
        self.area.bar.offer([actions[name] for name in TIMING])
        remember_choices(self._app, self.area.bar)
        self.keyboard = OnScreenKeyboard()
        self.strip = ProgressStrip()
        self.panel = BandPanel(actions)
        self.panel.setFixedWidth(PANEL_WIDTH)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.area, 1)
        left.addWidget(self.strip)
        keys = QVBoxLayout()
        keys.setContentsMargins(16, 12, 8, 12)
        keys.addWidget(self.keyboard)
        left.addLayout(keys)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addLayout(left, 1)
        middle.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addLayout(middle, 1)

    def _connect(self) -> None:
        self._connect_music()
        self._connect_lanes()
        self._connect_keys()

    def _connect_music(self) -> None:
        self.desk.changed.connect(self._show)
        self.playback.moved.connect(self._show_position)
        self.playback.loop_changed.connect(self._show_loop)
        self.generation.busy_changed.connect(self._show_lanes)
        self.band.loop_wanted.connect(lambda: self._app.actions["loop"].setChecked(True))
        self.band.place_wanted.connect(self.area.lanes.viewport.show_tick)
        self.recording.state_changed.connect(self._show_lanes)
        self._app.document.loaded.connect(self._on_loaded)
        self._app.closing.connect(self._finish)
        self._app.closing.connect(self.track_drag.clean)
        self._app.generator_changed.connect(self._show_lanes)
        self._app.actions["generate"].triggered.connect(self.band.generate)
        self._app.actions["dice"].triggered.connect(self.band.roll_dice)

    def _connect_lanes(self) -> None:
        lanes, column = self.area.lanes, self.area.column
        lanes.seek_requested.connect(self._seek)
        lanes.loop_changed.connect(self._choose_loop)
        lanes.edit_requested.connect(self.desk.edit)
        lanes.edit_continued.connect(self.desk.edit_on)
        lanes.opened_changed.connect(self._fit_keyboard)
        connect_note_actions(self._app.actions, lanes, self.area.bar)
        self.desk.take_kept.connect(self._tell_kept)
        self.area.empty.sample_asked.connect(self._app.open_file)
        self.area.empty.open_asked.connect(self._app.actions["open"].trigger)
        self.area.empty.draw_asked.connect(self._draw)
        lanes.audition_requested.connect(self._audition_note)
        column.moved.connect(self.mixing.move)
        column.settled.connect(self.mixing.settle)
        column.switched.connect(self.mixing.switch)
        column.instruments_asked.connect(self.instruments.open)
        column.master.moved.connect(self.mixing.move_master)
        column.master.settled.connect(self.mixing.settle_master)
        self.playback.playing_changed.connect(self.metering.wake)
        self.instruments.heard.connect(self.metering.wake)
        column.rename_asked.connect(self._rename)
        column.melody_asked.connect(self._make_melody)
        column.remove_asked.connect(self._remove_track)
        column.dragged.connect(self.track_drag.start)

    def _connect_keys(self) -> None:
        self.keyboard.note_pressed.connect(self.keys.press)
        self.keyboard.note_released.connect(self.keys.release)
        self._app.bridge.event.connect(self.keys.show_event)
        self._app.ports_changed.connect(self._show_ports)
        self.keys.changed.connect(self._show_keys)
        self.keys.released.connect(self._show_recorded)
        self.keys.played.connect(self.controls.note_played)

    @Slot(object)
    def _show(self, composition: Composition) -> None:
        """Another composition, or a changed one, is seen and heard."""
        if self.recording.active:
            self.recording.follow(composition)
            self.playback.show(self.recording.heard(composition))
        else:
            self.playback.show(composition)
        self.area.show_chords(*self._chords.row(composition))
        self._show_lanes()

    @Slot()
    def _show_lanes(self) -> None:
        generation, recording = self.generation, self.recording
        shown = recording.so_far() if recording.active else self.desk.shown
        generator = self._app.generator
        card = generator.card if generator is not None and generation.busy else None
        ghosts = ghost_tracks(shown, card)
        self.area.show_music(shown, ghosts, self.band.can_lock)
        self.area.lanes.set_busy(self._busy_lanes(ghosts))
        has_music = any(track.notes for track in shown.tracks)
        self.area.show_empty(not has_music and not recording.active and not generation.busy)

    def _busy_lanes(self, ghosts: tuple[Track, ...] | None) -> list[int]:
        """The lanes that the band is playing anew."""
        if not self.generation.busy:
            return []
        tracks = self.desk.shown.accompaniment if ghosts is None else ghosts
        locking = self.band.can_lock
        return [i for i, track in enumerate(tracks, 1) if not (locking and track.locked)]

    @Slot(float)
    def _show_position(self, tick: float) -> None:
        self.area.lanes.set_position(tick)
        if self.recording.active:
            self.area.lanes.set_live_notes(self.recording.held_notes(self.keys.down))
        self._show_keys()

    @Slot()
    def _show_keys(self) -> None:
        """Light the keys that sound, those held by hand above the rest."""
        playing = self.playback.sounding()
        lit = {note.pitch: role for _, role, note in playing if role != "drums"}
        lit.update(dict.fromkeys(self.keys.down, "melody"))
        self.keyboard.set_sounding(lit)
        self._show_levels(playing)

    def _show_levels(self, playing: list[tuple[int, str, Note]]) -> None:
        """How hard each track's notes are struck."""
        levels: dict[int, float] = {}
        for index, _, note in playing:
            levels[index] = max(levels.get(index, 0.0), note.velocity / 127)
        held = max(self.keys.down.values(), default=0) / 127
        levels[0] = max(levels.get(0, 0.0), held)
        self.metering.strike(levels)

    @Slot()
    def _show_recorded(self) -> None:
        """A note of the running take has ended and stands where it was played."""
        if self.recording.active:
            self._show_lanes()

    @Slot(object)
    def _show_ports(self, ports: tuple[PortState, ...]) -> None:
        here = [port.name for port in ports if port.connected]
        self.area.empty.tell_keyboard(here[0] if here else None)

    @Slot(int, int)
    def _show_loop(self, start: int, end: int) -> None:
        self.area.lanes.set_loop(start, end or None)

    @Slot(int)
    def _seek(self, tick: int) -> None:
        if not self.recording.active:
            self.playback.seek(tick)

    @Slot(int, int, int)
    def _audition_note(self, track: int, pitch: int, velocity: int) -> None:
        if not self.playback.playing:
            self.playback.audition(track, pitch, velocity)

    @Slot(int, int)
    def _choose_loop(self, start: int, end: int) -> None:
        self.playback.choose_loop(start, end)
        self._app.actions["loop"].setChecked(True)

    @Slot()
    def _finish(self) -> None:
        """The window closes: what is being recorded is kept like any other take."""
        if self.recording.active:
            self.controls.stop()

    @Slot(str)
    def _tell_kept(self, take: str) -> None:
        self._app.messages.tell(f"{take} is kept, since you changed it. Undo takes both back.")

    @Slot(object)
    def _on_loaded(self, composition: Composition) -> None:
        if self.recording.active:
            self.recording.abandon()
        self.playback.stop()
        self.playback.forget_loop()
        self.area.lanes.close_lane()
        if not composition.end:  # nothing to go round in
            self._app.actions["loop"].setChecked(False)
        self.playback.seek(0)

    @Slot()
    def _draw(self) -> None:
        self.area.lanes.open_track(0)
        self.area.lanes.set_tool(Tool.PENCIL)

    @Slot(int)
    def _make_melody(self, index: int) -> None:
        name = self.desk.shown.tracks[index].name
        self.desk.edit(with_melody(self.desk.shown, index), f"{name} as the melody")
        self._app.messages.tell(f"{name} is the melody now; the band goes with it. Undo goes back.")

    @Slot(int)
    def _remove_track(self, index: int) -> None:
        name = self.desk.shown.tracks[index].name
        self.desk.edit(without_part(self.desk.shown, index), f"Remove {name}")
        self._app.messages.tell(f"{name} is removed. Undo brings it back.")

    @Slot(int)
    def _rename(self, index: int) -> None:
        name, taken = QInputDialog.getText(
            self, "Rename track", "Name", text=self.desk.shown.tracks[index].name
        )
        if taken:
            self.mixing.rename(index, name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The keyboard has a fifth of the height, the lanes the rest."""
        super().resizeEvent(event)
        self._fit_keyboard()

    @Slot()
    def _fit_keyboard(self) -> None:
        """Low beside an open lane, which has keys of its own."""
        least, most = KEYBOARD_HEIGHTS
        share = 5 if self.area.lanes.opened is None else 9
        self.keyboard.setFixedHeight(min(most, max(least, self.height() // share)))

    def showEvent(self, event: QShowEvent) -> None:
        """Keys go to the lanes at first, not to a button."""
        super().showEvent(event)
        self.area.lanes.setFocus()
