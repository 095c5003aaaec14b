"""Recording: count in, collect, journal, keep the take, then make it the melody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.studio.edits import tempo_of, with_faint_melody, without_melody
from desktop.studio.playback import Playback
from desktop.studio.take_edits import STEPS_PER_QUARTER, early_ticks, with_passes, with_take
from engine.live.recorder import RETROSPECTIVE_SECONDS
from engine.music.composition import Composition
from engine.music.loop_passes import passes_of
from engine.music.take import Take, played_notes, with_seconds
from engine.music.ticks import StepGrid, meter_map, tempo_map

if TYPE_CHECKING:
    from desktop.app import App

JOURNAL_MS = 500
PHRASE_GAP_SECONDS = 8.0
"""A silence that parts what was just played from what was tried before."""

State = Literal["idle", "counting", "recording"]
Within = Literal["on", "punch", "loop"]
LET_GO_SECONDS = 0.25
"""After a punch out: until then the sound of what was played in time has been heard."""
CAPTURE = "Keep what was played"
MARK_FIRST = (
    "Mark the bars to record in first: drag above the bar numbers. "
    "Or choose, beside the record button, to record from the playhead on."
)


@dataclass(frozen=True, slots=True)
class RecordMode:
    """Whether what is there stays, and where is recorded: on and on, or in the marked bars."""

    overdub: bool = False
    within: Within = "on"


class Recording(QObject):
    """Records a take into the melody at the playhead. Lives on the GUI thread."""

    state_changed = Signal(str)
    punched_out = Signal()
    """The marked bars are over: whoever listens ends the recording, and the music goes on."""
    kept = Signal()
    """A take that was recorded (not captured) is in the melody."""
    passes_kept = Signal(int)
    """So many passes of a loop were recorded."""

    def __init__(self, app: "App", playback: Playback, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._playback = playback
        self.count_in_bars = 1
        self.snap = True
        self.mode = RecordMode()
        self._span: tuple[int, int] | None = None
        self._lead = 0.0
        self._round = 0
        self._is_out = False
        self._state: State = "idle"
        self._id = ""
        self._of = ""  # the composition that is recorded into
        self._began = 0.0
        self._player = app.player
        self._start_tick = 0
        self._base = Composition()
        self._taken_until = 0.0
        self._journal = QTimer(self)
        self._journal.setInterval(JOURNAL_MS)
        self._journal.timeout.connect(self._write_journal)
        playback.moved.connect(self._follow)

    @property
    def state(self) -> State:
        """Whether a take is being recorded, or counted in."""
        return self._state

    @property
    def active(self) -> bool:
        """Counting in or recording."""
        return self._state != "idle"

    @property
    def start_tick(self) -> int:
        """Where the running take begins."""
        return self._start_tick

    def so_far(self) -> Composition:
        """The composition with the notes of the running take that have ended, as played.

        The melody that the take may replace is faint.
        """
        held = self._app.recorder.held_since
        events = tuple(
            event
            for event in self._app.recorder.snapshot()
            if not (event.kind == "note_on" and event.seconds == held.get(event.number))
        )
        take = Take(events, 120.0, max(0.0, perf_counter() - self._began))
        base, end = self._base, self._span[1] if self._span else None
        overdub = self.mode.overdub
        if not overdub:
            base = with_faint_melody(base, self._start_tick, end)
        if self.mode.within == "loop":
            passes = passes_of(take, self._round_seconds, self._early_seconds)
            passes = passes if overdub else passes[-1:]
            return with_passes(base, passes, self._start_tick, end, snap=False, overdub=overdub)
        return with_take(
            base, take, self._start_tick, False, make_room=False, overdub=overdub, until=end
        )

    def held_notes(self, velocities: Mapping[int, int]) -> list[tuple[int, int, int]]:
        """Start tick, pitch and velocity of the notes that are held now."""
        if self._state != "recording":
            return []
        tempos = tempo_map(self._base)
        offset = tempos.seconds_at(self._start_tick) - self._round * self._round_seconds
        first = tempos.seconds_at(self._start_tick)
        return [
            (round(tempos.tick_at(max(first, offset + seconds))), pitch, velocities.get(pitch, 80))
            for pitch, seconds in self._app.recorder.held_since.items()
        ]

    @property
    def beats_left(self) -> int:
        """Beats of the count-in that are still to come."""
        seconds = self._began - perf_counter()
        beat = 60.0 / tempo_of(self._base, self._start_tick).beats_per_minute
        quarter = self._base.ticks_per_quarter
        beat *= meter_map(self._base).beat_ticks_at(self._start_tick) / quarter
        return max(1, int(seconds / beat) + 1)

    def start(self, composition: Composition) -> None:
        """Count in and record into ``composition`` from the playhead on, or in the marked bars."""
        self._base = composition
        self._of = self._app.document.composition_id
        self._span = self._playback.chosen_loop if self.mode.within != "on" else None
        if self.mode.within != "on" and self._span is None:
            self._app.messages.tell(MARK_FIRST)
            return
        self._start_tick = self._punch_in_tick() if self._span is None else self._span[0]
        self._round, self._is_out = 0, False
        self._id = uuid4().hex
        bpm = tempo_of(composition, self._start_tick).beats_per_minute
        self._play_to(composition)
        self._app.recorder.start(self._began, bpm, perf_counter())
        self._journal.start()
        self._enter("counting" if perf_counter() < self._began else "recording")

    def _play_to(self, composition: Composition) -> None:
        """Let what is played to begin: a punch from the playhead on, where it stands before it."""
        at, begin = round(self._playback.position), self._start_tick
        if self.mode.within == "punch" and at < begin:
            begin = at
        tempos = tempo_map(composition)
        self._lead = tempos.seconds_at(self._start_tick) - tempos.seconds_at(begin)
        self._playback.set_straight(True, going_round=self.mode.within == "loop")
        self._playback.show(self.heard(composition))
        self._player = self._app.player
        self._began = self._playback.count_in(self.count_in_bars, begin) + self._lead

    @property
    def _round_seconds(self) -> float:
        """How long the marked bars last; 0 where none are recorded in."""
        if self._span is None:
            return 0.0
        tempos = tempo_map(self._base)
        return tempos.seconds_at(self._span[1]) - tempos.seconds_at(self._span[0])

    @property
    def _early_seconds(self) -> float:
        tempos = tempo_map(self._base)
        early = self._start_tick + early_ticks(self._base)
        return tempos.seconds_at(early) - tempos.seconds_at(self._start_tick)

    def heard(self, composition: Composition) -> Composition:
        """What of a composition sounds while recording: not the melody that is played anew.

        An overdub that goes round is played to its passes so far.
        """
        if not self.mode.overdub:
            return without_melody(composition, self._start_tick, self._span and self._span[1])
        return self.so_far() if self._round else composition

    def follow(self, composition: Composition) -> None:
        """The composition was edited meanwhile: record into what it is now."""
        self._base = composition

    def _punch_in_tick(self) -> int:
        tick = round(self._playback.position)
        if not self.snap:
            return tick
        grid = StepGrid(self._base.ticks_per_quarter, STEPS_PER_QUARTER)
        return grid.tick_at(grid.nearest_step(tick))

    def stop(self, *, plays_on: bool = False) -> None:
        """End the take: it is stored first, then becomes the melody as one edit.

        ``plays_on``: the music goes on to its end, as after a punch.
        """
        if self.active:
            self._keep(self._end(plays_on), self._start_tick, self._name)

    @property
    def _name(self) -> str:
        """What the edit is called in the Undo menu."""
        if self.mode.within == "punch":
            return "Punch in"
        return "Overdub" if self.mode.overdub else "Record"

    def _end(self, plays_on: bool = False) -> Take:
        self._journal.stop()
        take = self._by_the_sound(self._app.recorder.stop(perf_counter()))
        self._taken_until = perf_counter()
        if not plays_on:
            self._playback.stop()
        self._playback.set_straight(False)
        if plays_on:
            self._playback.end_with_music()
        self._enter("idle")
        return take

    def _by_the_sound(self, take: Take) -> Take:
        """The take in the time of the click, unless the sound was opened anew meanwhile.

        What the user found to come late is taken off, too.
        """
        player, late = self._app.player, self._app.settings.recorded_late_ms / 1000
        if player is not self._player:
            return with_seconds(take, lambda times: [seconds - late for seconds in times])
        off = late + self._lead

        def heard(times: Sequence[float]) -> list[float]:
            moments = [self._began + seconds for seconds in times]
            return [seconds - off for seconds in player.since_count_in(moments)]

        return with_seconds(take, heard)

    def abandon(self) -> None:
        """End the take without a melody, as another composition was opened: it is stored."""
        take = self._end()
        if played_notes(take):
            self._app.library.store_take(
                take, self._base.title, recording_id=self._id, composition_id=self._of or None
            )

    def capture(self, composition: Composition) -> None:
        """Make a melody of what was played last without recording, at the playhead."""
        now = perf_counter()
        self._base = composition
        seconds = min(RETROSPECTIVE_SECONDS, now - self._taken_until)
        tick = self._punch_in_tick()
        bpm = tempo_of(composition, tick).beats_per_minute
        take = self._app.recorder.capture_last(now, bpm, seconds)
        if take is None or not played_notes(take):
            self._app.messages.tell("Nothing was played in the last minutes.")
            return
        self._taken_until = now
        self._id = ""
        self._keep(last_phrase(take), tick, CAPTURE)

    def _keep(self, take: Take, tick: int, name: str) -> None:
        if not played_notes(take):
            self._app.messages.tell("Nothing was played, so the melody stays as it was.")
            self._app.library.discard_journal(self._id)
            return
        self._app.library.store_take(
            take,
            self._base.title,
            recording_id=self._id or None,
            composition_id=self._app.document.composition_id,
        )
        if name != CAPTURE and self.mode.within == "loop":
            self._keep_passes(take, tick)
            return
        until = self._span[1] if self._span and name != CAPTURE else None
        overdub = self.mode.overdub
        changed = with_take(self._base, take, tick, self.snap, overdub=overdub, until=until)
        self._app.document.edit(changed, name)
        if name != CAPTURE:
            self.kept.emit()

    def _keep_passes(self, take: Take, tick: int) -> None:
        assert self._span is not None
        rounds = passes_of(take, self._round_seconds, self._early_seconds)
        passes = [each for each in rounds if played_notes(each)]
        changed = with_passes(
            self._base, passes, tick, self._span[1], snap=self.snap, overdub=self.mode.overdub
        )
        self._app.document.edit(changed, "Record a loop")
        if len(passes) > 1:
            self.passes_kept.emit(len(passes))

    def _enter(self, state: State) -> None:
        if state != self._state:
            self._state = state
            self.state_changed.emit(state)

    @Slot(float)
    def _follow(self, _tick: float = 0.0) -> None:
        """The count-in ends by the clock, and so do the marked bars."""
        now = perf_counter()
        if self._state == "counting" and now >= self._began:
            self._enter("recording")
        if self._state != "recording" or self._span is None or self._is_out:
            return
        if self.mode.within == "loop":
            self._go_round(int((now - self._began) / self._round_seconds))
        elif now >= self._began + self._round_seconds + LET_GO_SECONDS:
            self._is_out = True
            self.punched_out.emit()

    def _go_round(self, number: int) -> None:
        if number != self._round:
            self._round = number
            if self.mode.overdub:
                self._playback.show(self.heard(self._base))

    @Slot()
    def _write_journal(self) -> None:
        self._follow()
        if not self.active:
            return  # over by now: written again, it would be offered as one that was cut off
        bpm = tempo_of(self._base, self._start_tick).beats_per_minute
        snapshot = self._app.recorder.snapshot()
        self._app.library.journal(self._id, snapshot, bpm, self._base.title)


def last_phrase(take: Take) -> Take:
    """The take from its last long silence on, its time counted from its first note."""
    notes = played_notes(take)
    begins, sounding_until = notes[0].start, notes[0].end
    for note in notes:
        if note.start - sounding_until >= PHRASE_GAP_SECONDS:
            begins = note.start
        sounding_until = max(sounding_until, note.end)
    events = tuple(
        type(event)(event.seconds - begins, event.kind, event.number, event.value)
        for event in take.events
        if event.seconds >= begins
    )
    return Take(events, take.beats_per_minute, max(0.0, sounding_until - begins))
