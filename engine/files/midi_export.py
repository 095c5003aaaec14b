"""A composition becomes a MIDI file of type 1, written by mido.

Tempo and meter stand at the head of track 0, where every reader looks for them, and track 0 is the
melody all the same: so the first track of the file is the first track of the composition. Chords
that were written above the music are markers beside them.
"""

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from operator import itemgetter

import mido

from engine.errors import FileError
from engine.files.midi_chunks import FULL_VOLUME
from engine.live.channels import assign_channels
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.mix import sounding_controls
from engine.music.track import DEFAULT_VOLUME, ControlEvent, ControlKind, Track

MAX_TICKS_PER_QUARTER = 0x7FFF
MAX_MICROSECONDS = 0xFFFFFF  # three bytes: 3.6 quarter notes a minute
MAX_DELTA = 0x0FFFFFFF
TEXT_CODING = "utf-8"
# By the number of sharps, from seven flats on, as mido spells them.
MAJOR_KEYS = ["Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#"]
MINOR_KEYS = [
    "Abm",
    "Ebm",
    "Bbm",
    "Fm",
    "Cm",
    "Gm",
    "Dm",
    "Am",
    "Em",
    "Bm",
    "F#m",
    "C#m",
    "G#m",
    "D#m",
    "A#m",
]

# A message: its tick, its place among those of one tick, itself. What ends comes before the
# controllers and what begins after them, so that a repeated note is not cut off as it starts.
_Event = tuple[int, int, mido.Message]
_FIRST, _ENDS, _CONTROLS, _BEGINS = range(4)

_CONTROL_MESSAGES: dict[ControlKind, Callable[[int, ControlEvent], mido.Message]] = {
    "control": lambda channel, event: mido.Message(
        "control_change", channel=channel, control=event.number, value=event.value
    ),
    "program": lambda channel, event: mido.Message(
        "program_change", channel=channel, program=event.value
    ),
    "bend": lambda channel, event: mido.Message("pitchwheel", channel=channel, pitch=event.value),
    "channel_pressure": lambda channel, event: mido.Message(
        "aftertouch", channel=channel, value=event.value
    ),
    "key_pressure": lambda channel, event: mido.Message(
        "polytouch", channel=channel, note=event.number, value=event.value
    ),
}


def midi_bytes(composition: Composition) -> bytes:
    """The whole file. Raises `FileError` for what MIDI cannot say."""
    if composition.ticks_per_quarter > MAX_TICKS_PER_QUARTER:
        raise FileError(f"A MIDI file has at most {MAX_TICKS_PER_QUARTER} ticks a quarter note.")
    file = mido.MidiFile(type=1, ticks_per_beat=composition.ticks_per_quarter, charset=TEXT_CODING)
    for index, (track, channel) in enumerate(
        zip(composition.tracks, assign_channels(composition), strict=True)
    ):
        heading = _conductor(composition) if index == 0 else ()
        file.tracks.append(mido.MidiTrack(_timed(_events(track, channel, heading))))
    content = BytesIO()
    file.save(file=content)
    return content.getvalue()


def _conductor(composition: Composition) -> Iterator[_Event]:
    for meter in composition.meters:
        yield meter.tick, _FIRST, _meter(meter)
    for tempo in composition.tempos:
        yield tempo.tick, _FIRST, _tempo(tempo)
    if composition.volume < DEFAULT_VOLUME:
        yield 0, _FIRST, _master_volume(composition.volume)
    for key in composition.keys:
        name = (MINOR_KEYS if key.minor else MAJOR_KEYS)[key.sharps + 7]
        yield key.tick, _FIRST, mido.MetaMessage("key_signature", key=name)
    for mark in composition.chords:
        if mark.symbol:
            yield mark.tick, _FIRST, mido.MetaMessage("marker", text=mark.symbol)
    for lyric in composition.lyrics:
        yield lyric.tick, _FIRST, mido.MetaMessage("lyrics", text=_encodable(lyric.text))


def _encodable(text: str) -> str:
    return text.encode(TEXT_CODING, errors="replace").decode(TEXT_CODING)


def _master_volume(volume: int) -> mido.Message:
    """The universal message by which a device lowers all it plays; none asks for more."""
    value = round(FULL_VOLUME * volume / DEFAULT_VOLUME)
    return mido.Message("sysex", data=(0x7F, 0x7F, 0x04, 0x01, value & 0x7F, value >> 7))


def _meter(change: MeterChange) -> mido.MetaMessage:
    power = change.denominator.bit_length() - 1
    if change.denominator != 1 << power or not 1 <= change.numerator <= 255:
        raise FileError(
            f"A MIDI file cannot hold the meter {change.numerator}/{change.denominator}."
        )
    return mido.MetaMessage(
        "time_signature", numerator=change.numerator, denominator=change.denominator
    )


def _tempo(change: TempoChange) -> mido.MetaMessage:
    if not 1 <= change.microseconds_per_quarter <= MAX_MICROSECONDS:
        raise FileError(
            f"A MIDI file cannot hold {change.beats_per_minute:.3g} beats a minute; "
            "choose a tempo from 4 up."
        )
    return mido.MetaMessage("set_tempo", tempo=change.microseconds_per_quarter)


def _events(track: Track, channel: int, heading: Iterable[_Event]) -> list[_Event]:
    name = mido.MetaMessage("track_name", name=_encodable(track.name))
    events: list[_Event] = [(0, _FIRST, name), *heading]
    for control in sounding_controls(track):
        message = _CONTROL_MESSAGES[control.kind](channel, control)
        events.append((control.tick, _CONTROLS, message))
    for note in track.notes:
        events.append((note.start, _BEGINS, _note("note_on", channel, note.pitch, note.velocity)))
        events.append((note.end, _ENDS, _note("note_off", channel, note.pitch, 0)))
    events.sort(key=itemgetter(0, 1))
    return events


def _note(kind: str, channel: int, pitch: int, velocity: int) -> mido.Message:
    # A `Note` is in MIDI's bounds already; mido's own checks would take most of the time.
    return mido.Message(kind, skip_checks=True, channel=channel, note=pitch, velocity=velocity)


def _timed(events: Iterable[_Event]) -> Iterator[mido.Message]:
    """The messages, each with the ticks since the one before; mido adds the track's end."""
    now = 0
    for tick, _, message in events:
        while tick - now > MAX_DELTA:  # too long for one number: an empty text on the way
            yield mido.MetaMessage("text", text="", time=MAX_DELTA)
            now += MAX_DELTA
        message.time = tick - now
        yield message
        now = tick
