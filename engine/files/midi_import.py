"""Chunks of a MIDI file become a composition: tracks by channel, the melody first."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import TypeVar

from engine.errors import FileError
from engine.files.midi_chunks import FULL_VOLUME, MAX_TRACKS, MidiChunks, TrackChunk, too_large
from engine.files.midi_melody import melody_of
from engine.files.midi_notes import paired_notes
from engine.files.midi_voices import MAX_QUARTERS, Reading, Voice, sounding_voices
from engine.files.midi_words import lyrics_of
from engine.music.composition import (
    DEFAULT_TICKS_PER_QUARTER,
    Composition,
    KeySignature,
    MeterChange,
    TempoChange,
)
from engine.music.general_midi import instrument_name
from engine.music.mix import given_pan, given_program, given_volume
from engine.music.titles import one_line
from engine.music.track import CENTRE_PAN, DEFAULT_VOLUME, Track

DRUM_CHANNEL = 9
NAME_LENGTH = 120
FIRST_TEMPO, FIRST_METER = TempoChange(0, 500_000), MeterChange(0, 4, 4)  # the standard's own

# SMPTE: frames a second, as the header names them, to microseconds of so many frames.
SMPTE_SECONDS = {24: 1_000_000, 25: 1_000_000, 29: 1_001_000, 30: 1_000_000}

TURNED = (
    "The file turns its master volume while it plays; here the master keeps one volume, that of "
    "the first note."
)

Change = TypeVar("Change", TempoChange, MeterChange)


def composition_of(
    chunks: MidiChunks, title: str, name: str
) -> tuple[Composition, str, tuple[str, ...]]:
    """The composition, the sentence about its melody, and the remarks on what was mended.

    ``name`` is the file's in sentences. Raises `FileError` for a file without notes or with
    several independent pieces.
    """
    if chunks.kind not in (0, 1) and len(chunks.tracks) > 1:
        raise FileError(
            f"{name} holds {len(chunks.tracks)} separate pieces (MIDI type {chunks.kind}). "
            "Save the one you want as a file of type 0 or 1 in another program."
        )
    ticks_per_quarter, smpte_tempo = _resolution(chunks.division)
    reading = Reading(name, ticks_per_quarter)
    tracks = _tracks(chunks.tracks, chunks.kind, reading)
    if not tracks:
        raise FileError(_nothing(chunks, name))
    melody, choice = melody_of(tracks)
    first_note = min(track.notes[0].start for track in tracks if track.notes)
    composition = Composition(
        title=title,
        ticks_per_quarter=ticks_per_quarter,
        tempos=(smpte_tempo,) if smpte_tempo else _tempos(chunks.tracks, reading),
        meters=_meters(chunks.tracks, reading),
        keys=_keys(chunks.tracks, reading),
        lyrics=lyrics_of(chunks.tracks, reading.last_tick),
        volume=_volume(_masters(chunks.tracks), first_note),
        tracks=(tracks[melody], *tracks[:melody], *tracks[melody + 1 :]),
    )
    remarks = _remarks(chunks, reading, smpte_tempo)
    if any(tick > first_note for tick, _ in _masters(chunks.tracks)):
        remarks = (*remarks, TURNED)
    return composition, choice, remarks


def _nothing(chunks: MidiChunks, name: str) -> str:
    if any(chunk.cut for chunk in chunks.tracks):
        return f"{name} is damaged: it breaks off before its first note. Choose another copy of it."
    what = "notes" if chunks.tracks else "tracks"
    return f"{name} is a MIDI file without {what}. Choose one with a melody."


def _resolution(division: int) -> tuple[int, TempoChange | None]:
    """Ticks a quarter, and the tempo if the file counts frames of a second (SMPTE), not beats.

    Frames become quarters at 120 a minute where that comes out even, else at 60 (59.94 for 29.97
    frames): every tick keeps its place, and its moment is exact.
    """
    if division > 0:
        return division, None
    if division == 0:
        return DEFAULT_TICKS_PER_QUARTER, None
    frames, ticks_per_frame = -(division >> 8), max(1, division & 0xFF)
    second = SMPTE_SECONDS.get(frames, 1_000_000)
    ticks = (30 if frames == 29 else max(1, frames)) * ticks_per_frame
    if ticks % 2 == 0:
        return ticks // 2, TempoChange(0, second // 2)
    return ticks, TempoChange(0, second)


def _tracks(chunks: Sequence[TrackChunk], kind: int, reading: Reading) -> list[Track]:
    """All channels of all chunks that have notes, in the order of the file."""
    tracks: list[Track] = []
    for chunk, voices in zip(chunks, sounding_voices(chunks, reading), strict=True):
        if len(tracks) + len(voices) > MAX_TRACKS:
            raise too_large(reading.name)
        # A chunk of type 0 with several instruments bears the piece's name, not one of theirs.
        name = _text(chunk.name) if kind == 1 or len(voices) == 1 else ""
        for channel, voice in voices.items():
            track = _track(voice, channel, chunk.end, reading)
            tracks.append(replace(track, name=name or _instrument(track, tracks)))
            name = ""
    return tracks


def _instrument(track: Track, others: Iterable[Track]) -> str:
    """The instrument as the name of a track that has none, numbered if others bear it."""
    name = instrument_name(track.program, track.is_drum)
    taken = {other.name for other in others}
    numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return next(each for each in (name, *numbered) if each not in taken)


def _text(name: bytes) -> str:
    try:
        text = name.decode("utf-8")
    except UnicodeDecodeError:
        text = name.decode("cp1252", "replace")
    return one_line(text, NAME_LENGTH)


def _track(voice: Voice, channel: int, end: int, reading: Reading) -> Track:
    end = min(end, reading.last_tick)
    notes = paired_notes(voice.keys, end, reading.ticks_per_quarter, reading.mending)
    controls = tuple(sorted(voice.controls, key=attrgetter("tick")))
    first_note = notes[0].start if notes else 0
    volume, pan = given_volume(controls, first_note), given_pan(controls, first_note)
    program = given_program(controls, first_note) or 0
    return Track(
        name="",
        program=program,
        notes=notes,
        controls=controls,
        is_drum=channel == DRUM_CHANNEL,
        volume=DEFAULT_VOLUME if volume is None else volume,
        pan=CENTRE_PAN if pan is None else pan,
        channel=channel,
    )


def _tempos(chunks: Iterable[TrackChunk], reading: Reading) -> tuple[TempoChange, ...]:
    changes = [TempoChange(*tempo) for chunk in chunks for tempo in chunk.tempos]
    return _changes(changes, FIRST_TEMPO, reading.last_tick)


def _meters(chunks: Iterable[TrackChunk], reading: Reading) -> tuple[MeterChange, ...]:
    changes = [MeterChange(*meter) for chunk in chunks for meter in chunk.meters]
    return _changes(changes, FIRST_METER, reading.last_tick)


def _keys(chunks: Iterable[TrackChunk], reading: Reading) -> tuple[KeySignature, ...]:
    """In order, the last of several at one tick; many files repeat them in each track."""
    keys = [KeySignature(*key) for chunk in chunks for key in chunk.keys]
    latest = {key.tick: key for key in keys if key.tick <= reading.last_tick}
    return tuple(latest[tick] for tick in sorted(latest))


def _masters(chunks: Iterable[TrackChunk]) -> list[tuple[int, int]]:
    return sorted((each for chunk in chunks for each in chunk.masters), key=itemgetter(0))


def _volume(masters: Sequence[tuple[int, int]], first_note: int) -> int:
    """The master's volume when the first note sounds; a file that fades in has its loudest."""
    values = [value for tick, value in masters if tick <= first_note]
    value = values[-1] if values else FULL_VOLUME
    if value == 0:
        value = max(value for _, value in masters)
    return round(DEFAULT_VOLUME * value / FULL_VOLUME)


def _changes(changes: list[Change], first: Change, last_tick: int) -> tuple[Change, ...]:
    """In order, from tick 0 on, the last of several at one tick."""
    latest = {first.tick: first}
    for change in sorted(changes, key=attrgetter("tick")):
        if change.tick <= last_tick:
            latest[change.tick] = change
    return tuple(latest.values())


def _remarks(
    chunks: MidiChunks, reading: Reading, smpte_tempo: TempoChange | None
) -> tuple[str, ...]:
    mending = reading.mending
    cut = sum(chunk.cut for chunk in chunks.tracks)
    missing = chunks.declared_tracks - len(chunks.tracks)
    counted = (
        (cut, "track", "broke off or held damaged bytes; what came before was read."),
        (missing, "track", "that the file announces {were} not in it."),
        (reading.illegal, "message", "held values above 127 and {were} limited or left out."),
        (mending.hanging, "note", "had no end and {were} ended."),
        (mending.without_length, "note", "had no length and {were} given a short one."),
        (mending.doubled, "note", "stood twice and {were} joined with the other."),
        (mending.overlapping, "note", "overlapped another of the same pitch and {were} shortened."),
        (reading.beyond, "message", f"beyond quarter note {MAX_QUARTERS:,} {{were}} left out."),
    )
    said = [_counted(*each) for each in counted if each[0] > 0]
    if chunks.division == 0:
        said.append(
            "The file names no resolution: "
            f"{DEFAULT_TICKS_PER_QUARTER} ticks a quarter note were assumed."
        )
    if smpte_tempo:
        said.append(
            "The file counts seconds, not beats: its notes keep their time, its bars are "
            f"those of {smpte_tempo.beats_per_minute:.4g} beats a minute."
        )
    return tuple(said)


def _counted(number: int, word: str, what: str) -> str:
    one = number == 1
    return f"{number:,} {word}{'' if one else 's'} {what.format(were='was' if one else 'were')}"
