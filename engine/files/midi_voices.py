"""The messages of a MIDI file by channel: which keys and which controllers each one had."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engine.files.midi_chunks import (
    BEND,
    CHANNEL_PRESSURE,
    CONTROL,
    KEY_PRESSURE,
    NOTE_ON,
    PROGRAM,
    Message,
    TrackChunk,
)
from engine.files.midi_notes import KeyEvent, Mending
from engine.music.track import PAN, VOLUME, ControlEvent, ControlKind

MAX_QUARTERS = 100_000  # 14 hours at 120: beyond lies damage, not music
BEND_CENTRE = 8192
BANK_SELECT = (0, 32)
REGISTERED_PARAMETERS = (6, 38, 98, 99, 100, 101)
EFFECT_DEPTHS = (91, 92, 93, 94, 95)
MODES = range(120, 128)  # reset, all notes off and their like
# How an instrument is set up, not how it is played.
SET_UP = frozenset((*BANK_SELECT, VOLUME, PAN, *REGISTERED_PARAMETERS, *EFFECT_DEPTHS, *MODES))

_CONTROL_KINDS: dict[int, ControlKind] = {
    KEY_PRESSURE: "key_pressure",
    CONTROL: "control",
    PROGRAM: "program",
    CHANNEL_PRESSURE: "channel_pressure",
    BEND: "bend",
}


@dataclass(slots=True)
class Voice:
    """What one channel of one chunk says; ``keys`` are each pitch's events."""

    keys: dict[int, list[KeyEvent]] = field(default_factory=lambda: defaultdict(list))
    controls: list[ControlEvent] = field(default_factory=list)


@dataclass(slots=True)
class Reading:
    """A reading in progress: the file's name, its resolution, and what had to be mended."""

    name: str
    ticks_per_quarter: int
    mending: Mending = field(default_factory=Mending)
    illegal: int = 0
    beyond: int = 0

    @property
    def last_tick(self) -> int:
        """No music stands after it."""
        return MAX_QUARTERS * self.ticks_per_quarter


def sounding_voices(chunks: Sequence[TrackChunk], reading: Reading) -> list[dict[int, Voice]]:
    """For each chunk the channels on which it has notes, in order.

    What a chunk says on a channel where it has no notes goes to the other chunks' notes on that
    channel, as an instrument would hear it: all of it from a first chunk without notes, which sets
    up the channels; else only how it is played (a pedal with a track of its own), since the empty
    tracks of many programs repeat the settings of channel 1.
    """
    voices = [_voices(chunk.messages, reading) for chunk in chunks]
    shared: dict[int, list[ControlEvent]] = defaultdict(list)
    for index, of_chunk in enumerate(voices):
        sets_up = index == 0 and not any(voice.keys for voice in of_chunk.values())
        for channel, voice in of_chunk.items():
            if not voice.keys:
                shared[channel] += [e for e in voice.controls if sets_up or _is_played(e)]
    return [
        {
            channel: Voice(voice.keys, shared[channel] + voice.controls)
            for channel, voice in sorted(of_chunk.items())
            if voice.keys
        }
        for of_chunk in voices
    ]


def _is_played(event: ControlEvent) -> bool:
    if event.kind == "control":
        return event.number not in SET_UP
    return event.kind != "program"


def _voices(messages: Iterable[Message], reading: Reading) -> dict[int, Voice]:
    voices: dict[int, Voice] = defaultdict(Voice)
    last_tick = reading.last_tick
    for tick, status, first, second in messages:
        if tick > last_tick:
            reading.beyond += 1
            continue
        if (first | second) > 127:
            reading.illegal += 1
            if first > 127:
                continue
            second = 127
        kind = status & 0xF0
        voice = voices[status & 0x0F]
        if kind == NOTE_ON and second:
            voice.keys[first].append((tick, second))
        elif kind > NOTE_ON:
            voice.controls.append(_control(tick, kind, first, second))
        elif first in voice.keys:
            voice.keys[first].append((tick, 0))
    return voices


def _control(tick: int, kind: int, first: int, second: int) -> ControlEvent:
    if kind in (PROGRAM, CHANNEL_PRESSURE):
        return ControlEvent(tick, _CONTROL_KINDS[kind], 0, first)
    if kind == BEND:
        return ControlEvent(tick, "bend", 0, (second << 7 | first) - BEND_CENTRE)
    return ControlEvent(tick, _CONTROL_KINDS[kind], first, second)
