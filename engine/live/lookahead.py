"""Music handed to the sequencer ahead of time, in pieces that can be taken back.

A piece is some milliseconds of events with a source number of its own. So an edit that is heard at
once takes back exactly what has not sounded, and knows exactly what has.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass

from engine.live.channels import CLICK_CHANNEL, playback_channel
from engine.live.metronome import click_note, clicks, count_in
from engine.live.scheduler import (
    PROGRAM,
    ControlState,
    Schedule,
    ScheduledEvent,
    changes,
)
from engine.live.sequencer import Sequencer
from engine.live.timeline import Cursor, Stretch
from engine.music.take import TakeEventKind
from engine.music.ticks import meter_map, tempo_map

PIECE_SECONDS = 0.02
# In a piece: beats that follow each other faster, as in a broken file, are not clicked.
MOST_CLICKS = 2
# Enough for what is handed over but not yet heard, even in the shortest loop.
_STRETCHES_KEPT = 128
# Longer than any look-ahead: what is older cannot be taken back.
_PIECES_KEPT_SECONDS = 4.0
_SOURCES = 30_000
_COUNT_IN_SOURCE = 0
_RESET_CONTROLLERS = 121

# A key that sounds: the synthesizer's channel and the pitch.
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Events of one source, and how things stood before the first of them.

    ``laid`` is the music whose controllers stood then; None where nothing is known of them.
    """

    source: int
    cursor: Cursor
    stretches: tuple[Stretch, ...]
    sounding: Counter[Key]
    laid: Schedule | None


@dataclass(frozen=True, slots=True)
class Loop:
    """Repeat from ``start`` to ``end`` (ticks)."""

    start: int
    end: int


class LookAhead:
    """Lays a schedule along audio time, piece by piece. Not safe on several threads at once."""

    def __init__(self, sequencer: Sequencer, schedule: Schedule) -> None:
        self._sequencer = sequencer
        self._pieces: deque[Piece] = deque()
        self._source = _COUNT_IN_SOURCE
        self._sounding: Counter[Key] = Counter()
        self._laid: Schedule | None = None
        self.use(schedule)
        self.loop: Loop | None = None
        self.metronome = False
        self.cursor = Cursor(0.0, 0)
        self.stretches: tuple[Stretch, ...] = ()

    def use(self, schedule: Schedule) -> None:
        """The music that `begin` will lay out."""
        self.schedule = schedule
        self._meters = meter_map(schedule.composition)

    def begin(self, seconds: float, tick: int) -> None:
        """The music begins with ``tick`` at an audio time; nothing of before is known."""
        self._pieces.clear()
        self._sounding = Counter()
        self._laid = None
        self.cursor = Cursor(seconds, tick)
        self.stretches = ()
        self._settle()

    def count_in(self, bars: int) -> None:
        """Clicks before the music begins."""
        composition = self.schedule.composition
        for click in count_in(composition, bars, self.cursor.tick):
            at = self.cursor.seconds - click.seconds_before
            pitch, velocity = click_note(click.accent)
            self._sequencer.send(at, _COUNT_IN_SOURCE, CLICK_CHANNEL, "note_on", pitch, velocity)

    def fill(self, until_seconds: float, end_tick: int | None) -> None:
        """Hand over the music until an audio time or, where it ends, until ``end_tick``."""
        while self.cursor.seconds < until_seconds and not self.at_end(end_tick):
            self._next_piece(end_tick)
        while (
            len(self._pieces) > 1
            and self._pieces[1].cursor.seconds < until_seconds - _PIECES_KEPT_SECONDS
        ):
            self._pieces.popleft()

    def at_end(self, end_tick: int | None) -> bool:
        """Whether everything has been handed over."""
        return end_tick is not None and self.cursor.tick >= end_tick

    def cut(self, seconds: float) -> None:
        """Hand over anew what sounds at or after an audio time."""
        while self._pieces and self._pieces[-1].cursor.seconds >= seconds:
            piece = self._pieces.pop()
            self._sequencer.take_back(piece.source)
            self.cursor, self.stretches = piece.cursor, piece.stretches
            self._sounding, self._laid = piece.sounding, piece.laid
        self._settle()

    def replace(self, schedule: Schedule, seconds: float) -> None:
        """Go on with other music at an audio time: what both have goes on sounding."""
        self.use(schedule)
        self.cut(seconds)

    def _settle(self) -> None:
        """At the cursor, go over from the music laid so far to the music at hand."""
        piece = self._new_piece()
        tempos = tempo_map(self.schedule.composition)
        stretch = Stretch(self.cursor.seconds, self.cursor.tick, tempos)
        self.stretches = (*self.stretches[-_STRETCHES_KEPT:], stretch)
        if self._laid is None:
            self._send_all_states(piece)
        else:
            self._change_states(piece, self._laid)
        self._laid = self.schedule
        self._release_missing(piece)
        self._strike_sounding(piece)

    def _new_piece(self) -> Piece:
        self._source = self._source % _SOURCES + 1
        sounding = Counter(self._sounding)
        piece = Piece(self._source, self.cursor, self.stretches, sounding, self._laid)
        self._pieces.append(piece)
        return piece

    def _next_piece(self, end_tick: int | None) -> None:
        piece, cursor, stretch = self._new_piece(), self.cursor, self.stretches[-1]
        tick = max(cursor.tick + 1, int(stretch.tick_at(cursor.seconds + PIECE_SECONDS)))
        loop = self.loop if self.loop and cursor.tick < self.loop.end else None
        if loop is not None:
            tick = min(tick, loop.end)
        if end_tick is not None:
            tick = min(tick, end_tick)
        self._send_music(piece, stretch, cursor.tick, tick)
        self.cursor = Cursor(stretch.seconds_at(tick), tick)
        if loop is not None and tick == loop.end:
            self._jump(piece, loop)

    def _send_music(self, piece: Piece, stretch: Stretch, from_tick: int, to_tick: int) -> None:
        for event in self.schedule.due(from_tick, to_tick):
            self._send_event(piece, event, stretch.seconds_at(event.tick))
        if self.metronome and to_tick - from_tick <= MOST_CLICKS * self._meters.beat_ticks_at(
            from_tick
        ):
            for click in clicks(self._meters, from_tick, to_tick):
                at = stretch.seconds_at(click.tick)
                pitch, velocity = click_note(click.accent)
                self._sequencer.send(at, piece.source, CLICK_CHANNEL, "note_on", pitch, velocity)

    def _send_event(self, piece: Piece, event: ScheduledEvent, at: float) -> None:
        channel = playback_channel(event.track)
        key = (channel, event.number)
        if event.kind == "note_off":
            if self._sounding[key] > 1:
                self._sounding[key] -= 1
                return
            if self._sounding.pop(key, 0) == 0:
                return
        elif event.kind == "note_on":
            self._sounding[key] += 1
        self._sequencer.send(at, piece.source, channel, event.kind, event.number, event.value)

    def _jump(self, piece: Piece, loop: Loop) -> None:
        """From the loop's end to its start, without a gap."""
        for channel, pitch in self._sounding:
            self._send(piece, channel, "note_off", pitch, 0)
        self._sounding = Counter()
        for number, track in enumerate(self.schedule.tracks):
            difference = changes(track.state_at(loop.end), track.state_at(loop.start))
            self._send_state(piece, number, difference)
        self.cursor = Cursor(self.cursor.seconds, loop.start)
        tempos = tempo_map(self.schedule.composition)
        stretch = Stretch(self.cursor.seconds, loop.start, tempos)
        self.stretches = (*self.stretches[-_STRETCHES_KEPT:], stretch)
        self._strike_sounding(piece)

    def _send_all_states(self, piece: Piece) -> None:
        """Controllers as the music has them at the cursor, wherever they stood."""
        for number, track in enumerate(self.schedule.tracks):
            self._send(piece, playback_channel(number), "control", _RESET_CONTROLLERS, 0)
            self._send_state(piece, number, track.state_at(self.cursor.tick))

    def _change_states(self, piece: Piece, before: Schedule) -> None:
        """Controllers go from how the old music had them to how the new one has them."""
        if before is self.schedule:
            return
        tick = self.cursor.tick
        old = [track.state_at(tick) for track in before.tracks]
        new = [track.state_at(tick) for track in self.schedule.tracks]
        for number in range(max(len(old), len(new))):
            was: ControlState = old[number] if number < len(old) else {}
            becomes: ControlState = new[number] if number < len(new) else {}
            difference = changes(was, becomes)
            if PROGRAM in difference:
                self._release(piece, channel=playback_channel(number))
            self._send_state(piece, number, difference)

    def _release_missing(self, piece: Piece) -> None:
        """Let go of the keys that the music at hand does not hold here."""
        held = Counter(key for key, _, _ in self._held_notes())
        for key in [key for key in self._sounding if key not in held]:
            self._send(piece, key[0], "note_off", key[1], 0)
            del self._sounding[key]
        for key in self._sounding:
            self._sounding[key] = held[key]

    def _release(self, piece: Piece, channel: int) -> None:
        for key in [key for key in self._sounding if key[0] == channel]:
            self._send(piece, channel, "note_off", key[1], 0)
            del self._sounding[key]

    def _strike_sounding(self, piece: Piece) -> None:
        """Strike what began earlier and goes on, as far as it does not sound yet; but no drums."""
        struck: Counter[Key] = Counter()
        for key, velocity, is_drum in self._held_notes():
            if key in self._sounding or is_drum:
                continue
            self._send(piece, key[0], "note_on", key[1], velocity)
            struck[key] += 1
        self._sounding += struck

    def _held_notes(self) -> Iterator[tuple[Key, int, bool]]:
        """Key, velocity, whether it is a drum: what holds across the cursor."""
        for number, track in enumerate(self.schedule.tracks):
            for note in track.sounding_at(self.cursor.tick):
                key = (playback_channel(number), note.pitch)
                yield key, note.velocity, track.track.is_drum

    def _send_state(self, piece: Piece, number: int, state: ControlState) -> None:
        for (kind, control), value in state.items():
            self._send(piece, playback_channel(number), kind, control, value)

    def _send(
        self, piece: Piece, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        """An event at the cursor."""
        at = self.cursor.seconds
        self._sequencer.send(at, piece.source, channel, kind, number, value)
