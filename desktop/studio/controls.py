"""The transport at work: actions, buttons and keys that play, record, loop and set the tempo."""

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.studio.desk import Desk
from desktop.studio.edits import with_meter, with_tempo
from desktop.studio.playback import Playback
from desktop.studio.recording import Recording, RecordMode, Within
from desktop.studio.tap import LONGEST_GAP_SECONDS, TapTempo
from desktop.widgets.icons import icon
from desktop.widgets.transport import TransportBar
from engine.live.events import TransportCommand
from engine.music.composition import Composition
from engine.music.harmony import estimate_key
from engine.music.note import Note
from engine.music.ticks import MeterMap, TempoMap, meter_map, tempo_map

if TYPE_CHECKING:
    from desktop.app import App

WITHIN: dict[str, Within] = {"punch": "punch", "loop_takes": "loop"}
"""The switches for where is recorded."""
RECORD_ICONS: dict[Within, str] = {
    "on": "record",
    "punch": "arrow-collapse-horizontal",
    "loop": "sync-circle",
}


class Controls(QObject):
    """Connects the transport's bar, its actions and a keyboard's buttons with what they do."""

    def __init__(
        self,
        app: "App",
        bar: TransportBar,
        desk: Desk,
        playback: Playback,
        recording: Recording,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._bar = bar
        self._desk = desk
        self._playback = playback
        self._recording = recording
        self._tap = TapTempo()
        self._tempo_at = float("-inf")
        self._tempo_made: Composition | None = None
        self._keyed: tuple[Note, ...] | None = None
        self._meters: MeterMap = meter_map(desk.shown)
        self._tempos: TempoMap = tempo_map(desk.shown)
        self._connect_actions()
        self._connect_bar()

    def _connect_actions(self) -> None:
        actions = self._app.actions
        actions["to_start"].triggered.connect(self.to_start)
        actions["play"].triggered.connect(self.play_or_stop)
        actions["stop"].triggered.connect(self.stop)
        actions["record"].triggered.connect(self.record)
        actions["capture"].triggered.connect(self.capture)
        actions["tap"].triggered.connect(self.tap)
        actions["click"].toggled.connect(self._set_click)
        actions["loop"].toggled.connect(self._playback.set_looping)
        actions["snap"].toggled.connect(self._set_snap)
        actions["count_in"].toggled.connect(self._toggle_count_in)
        actions["capture"].setEnabled(False)
        self._take_up_settings()
        actions["overdub"].toggled.connect(self._choose_overdub)
        for action_id in WITHIN:
            actions[action_id].toggled.connect(partial(self._choose_within, action_id))

    def _take_up_settings(self) -> None:
        """As it was left last time."""
        settings, actions = self._app.settings, self._app.actions
        actions["click"].setChecked(settings.click)
        actions["snap"].setChecked(settings.snap)
        self._recording.snap = settings.snap
        self._playback.set_click(settings.click)
        self.set_count_in(settings.count_in_bars)
        actions["overdub"].setChecked(settings.record_overdub)
        for action_id, within in WITHIN.items():
            actions[action_id].setChecked(settings.record_within == within)
        self._use_mode(RecordMode(settings.record_overdub, settings.record_within))

    def _connect_bar(self) -> None:
        bar = self._bar
        bar.tempo_chosen.connect(self.set_tempo)
        bar.meter_chosen.connect(self.set_meter)
        bar.count_in_chosen.connect(self.set_count_in)
        self._desk.changed.connect(self._show_composition)
        self._playback.moved.connect(self._show_position)
        self._playback.playing_changed.connect(self._show_playing)
        self._playback.loop_changed.connect(self._show_loop)
        self._recording.state_changed.connect(self._show_recording)
        self._recording.punched_out.connect(self.punch_out)
        self._app.bridge.transport.connect(self._on_keyboard_button)
        self._show_composition(self._desk.shown)

    @Slot()
    def to_start(self) -> None:
        """Back to the first bar."""
        if not self._recording.active:
            self._playback.seek(0)

    @Slot()
    def play_or_stop(self) -> None:
        """Play, or stop what runs, a recording too."""
        if self._recording.active or self._playback.playing:
            self.stop()
        else:
            self._playback.play()

    @Slot()
    def stop(self) -> None:
        """Stop; a recording is kept. Stopping twice goes back to the start."""
        if self._recording.active:
            self._recording.stop()
            self.resume_shown()
        elif self._playback.playing:
            self._playback.stop()
        else:
            self._playback.seek(0)

    @Slot()
    def punch_out(self) -> None:
        """The marked bars are recorded; the music plays on after them."""
        self._recording.stop(plays_on=True)
        self.resume_shown()

    def resume_shown(self) -> None:
        """After a recording the player has the whole composition and its loop again."""
        self._playback.show(self._desk.shown)

    @Slot()
    def record(self) -> None:
        """Begin to record at the playhead, or end it."""
        if self._recording.active:
            self.stop()
            return
        self._playback.stop()
        self._recording.start(self._desk.shown)

    @Slot()
    def capture(self) -> None:
        """Keep what was just played."""
        if not self._recording.active:
            self._recording.capture(self._desk.shown)
            self._app.actions["capture"].setEnabled(False)

    @Slot()
    def note_played(self) -> None:
        """Something was played that could be kept."""
        self._app.actions["capture"].setEnabled(not self._recording.active)

    @Slot(object)
    def _on_keyboard_button(self, command: TransportCommand) -> None:
        """A button of a keyboard was pressed."""
        if command is TransportCommand.RECORD:
            self.record()
        elif command is TransportCommand.STOP:
            self.stop()
        elif not self._playback.playing:
            self._playback.play()

    @Slot()
    def tap(self) -> None:
        """Two taps or more make a tempo."""
        bpm = self._tap.tap(perf_counter())
        if bpm is not None and not self._recording.active:
            self.set_tempo(round(bpm))

    @Slot(float)
    def set_tempo(self, beats_per_minute: float) -> None:
        """Another tempo where the playhead stands; taps and notches of a wheel are one step."""
        position = self._playback.position
        changed = with_tempo(self._desk.shown, beats_per_minute, position)
        now, name = perf_counter(), "Tempo"
        goes_on = now - self._tempo_at < LONGEST_GAP_SECONDS and self._tempo_made is self._last()
        if goes_on:
            self._desk.edit_on(changed, name)
        else:
            self._desk.edit(changed, name)
        self._tempo_at, self._tempo_made = now, self._last()

    def _last(self) -> Composition:
        """The document as the last edit left it."""
        return self._app.document.composition

    @Slot(int, int)
    def set_meter(self, numerator: int, denominator: int) -> None:
        """Another meter where the playhead stands; in a pick-up that of the bars behind it."""
        position = self._playback.position
        if self._meters.has_pick_up:
            position = max(position, self._meters.bar_start(2))
        changed = with_meter(self._desk.shown, numerator, denominator, position)
        self._desk.edit(changed, f"Meter {numerator}/{denominator}")

    @Slot(int)
    def set_count_in(self, bars: int) -> None:
        """How many bars are counted in before recording."""
        self._recording.count_in_bars = bars
        self._bar.set_count_in(bars)
        action = self._app.actions["count_in"]
        action.blockSignals(True)
        action.setChecked(bars > 0)
        action.blockSignals(False)
        if bars != self._app.settings.count_in_bars:
            self._app.change_settings(count_in_bars=bars)

    @Slot(bool)
    def _toggle_count_in(self, on: bool) -> None:
        self.set_count_in(max(1, self._recording.count_in_bars) if on else 0)

    @Slot(bool)
    def _choose_overdub(self, on: bool) -> None:
        self._use_mode(replace(self._recording.mode, overdub=on))

    def _choose_within(self, chosen: str, on: bool) -> None:
        """Punch and loop take turns; without either it records on and on."""
        if on:
            for action_id in WITHIN.keys() - {chosen}:
                self._app.actions[action_id].setChecked(False)
            self._use_mode(replace(self._recording.mode, within=WITHIN[chosen]))
        elif self._recording.mode.within == WITHIN[chosen]:
            self._use_mode(replace(self._recording.mode, within="on"))

    def _use_mode(self, mode: RecordMode) -> None:
        """For what is recorded from now on; not for what is being recorded."""
        self._recording.mode = mode
        self._app.change_settings(record_overdub=mode.overdub, record_within=mode.within)
        self._show_record_icon()

    def _show_record_icon(self) -> None:
        mode = self._recording.mode
        name = RECORD_ICONS[mode.within]
        if mode.overdub and mode.within == "on":
            name = "plus-circle"
        if self._recording.active:
            name = "record-circle"
        self._app.actions["record"].setIcon(icon(name, "record"))

    @Slot(bool)
    def _set_snap(self, on: bool) -> None:
        self._recording.snap = on
        self._app.change_settings(snap=on)

    @Slot(bool)
    def _set_click(self, on: bool) -> None:
        self._playback.set_click(on)
        self._app.change_settings(click=on)

    @Slot(object)
    def _show_composition(self, composition: Composition) -> None:
        self._meters, self._tempos = meter_map(composition), tempo_map(composition)
        if composition.melody.notes is not self._keyed:
            self._keyed = composition.melody.notes
            key = estimate_key(self._keyed)
            self._bar.set_key(key.name if key is not None else "")
        self._show_position(self._playback.position)

    @Slot(float)
    def _show_position(self, tick: float) -> None:
        if self._recording.state == "counting":
            self._bar.set_count_down(self._recording.beats_left)
            return
        position = self._meters.position_at(int(tick))
        seconds = self._tempos.seconds_at(tick)
        self._bar.set_position(position.bar, position.beat, position.tick, seconds)
        self._bar.set_tempo(self._tempos.tempo_at(tick).beats_per_minute)
        meter = self._meters.full_meter_at(tick)
        self._bar.set_meter(meter.numerator, meter.denominator)

    @Slot(bool)
    def _show_playing(self, playing: bool) -> None:
        action = self._app.actions["play"]
        action.setIcon(icon("pause" if playing else "play"))

    @Slot(int, int)
    def _show_loop(self, start: int, end: int) -> None:
        if not end:
            self._bar.set_loop_bars(0, 0)
            return
        first, last = self._meters.position_at(start).bar, self._meters.position_at(end - 1).bar
        self._bar.set_loop_bars(first, last)

    @Slot(str)
    def _show_recording(self, state: str) -> None:
        active = state != "idle"
        self._bar.set_recording(active)
        self._show_record_icon()
        for action_id in ("overdub", *WITHIN):
            self._app.actions[action_id].setEnabled(not active)
        if active:
            self._app.actions["capture"].setEnabled(False)
        # A count-in that is broken off leaves no countdown behind.
        self._show_position(self._playback.position)
