"""A parsed file as songs on the step grid, and the report on what was found in it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.data.parsing import DURATION, PITCH, START, VELOCITY, ParsedFile
from engine.data.roles import BASS, CHORDS, DRUMS, MELODY, Found, split_bass_array
from engine.data.sections import FEWEST_BARS, Section, nearest_steps, sections
from engine.data.song import STEPS_PER_BEAT, IntArray, Song
from engine.data.song_report import (
    METER,
    NO_ACCOMPANIMENT,
    NO_MELODY,
    OFF_THE_GRID,
    TOO_SHORT,
    FileReport,
)
from engine.music.harmony import NO_BASS, NO_CHORD, PITCH_CLASSES, best_chords

FEWEST_NOTES = 8  # in the melody and in the rest: less is no song
LOOSEST = 0.22  # mean distance of the notes from the grid in steps; 0.25 is what chance gives
MELODY_MARK_NOTES = 64
ROLE, STEP, KEY, LENGTH, LOUD = range(5)  # the fields of `RoleNote`
# Where they lie in one number, and the bits they take there.
FIELDS = ((54, 15), (34, 0xFFFFF), (27, 127), (7, 0xFFFFF), (0, 127))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gave: its report, its songs, and a mark that equal music shares."""

    report: FileReport
    songs: tuple[Song, ...] = ()
    content: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the roles of a layout are used.

    ``splits_bass``: where no track is a bass, the chords' lowest notes are. ``needs_melody`` is
    False for sets of drums alone. ``drums`` is the number of their role, −1 for none. ``loosest``
    is how far from the grid the notes may lie: drummers play triplets to a click.
    """

    splits_bass: bool = True
    needs_melody: bool = True
    drums: int = DRUMS
    loosest: float = LOOSEST


def arrange(
    parsed: ParsedFile, found: Found, path: str, name: str, kind: Kind, key: Callable[[str], str]
) -> Reading:
    """Songs of a file whose roles were found; ``key`` gives their shared name from the melody."""
    report = FileReport(path, kept=False, tracks=found.reports, remark=parsed.remark)
    notes = role_ticks(parsed, found)
    if kind.needs_melody and np.count_nonzero(notes[:, ROLE] == MELODY) < FEWEST_NOTES:
        return Reading(replace(report, reason=NO_MELODY))
    if np.count_nonzero(notes[:, ROLE] != MELODY) < FEWEST_NOTES:
        reason = NO_ACCOMPANIMENT if kind.needs_melody else TOO_SHORT
        return Reading(replace(report, reason=reason))
    if looseness(notes[:, STEP], parsed.ticks_per_quarter) > kind.loosest:
        return Reading(replace(report, reason=OFF_THE_GRID))
    parts = sections(parsed)
    fit = [part for part in parts if part.beats_per_bar]
    longest = max(fit or parts, key=lambda part: part.end - part.start)
    bars = longest.bars(parsed.ticks_per_quarter)
    report = replace(report, meter=longest.meter, bars=bars)
    if not fit:
        return Reading(replace(report, reason=METER))
    end, quarter = parts[-1].end, parsed.ticks_per_quarter
    whole = _on_grid(notes, Section(0, end, 0, "", 4, 0), quarter)
    melody = melody_mark(whole)
    songs = [
        # Most files are one section from their beginning to their end.
        _song(
            whole if _is_whole(part, end) else _on_grid(notes, part, quarter),
            part,
            quarter,
            kind,
            is_last=part.end == end,
        )
        for part in fit
    ]
    kept = [
        replace(song, melody=melody, song=key(melody)) for song in songs if isinstance(song, Song)
    ]
    if not kept:
        worst = next(song for song in songs if isinstance(song, str))
        return Reading(replace(report, reason=worst))
    report = replace(report, kept=True, bars=sum(song.beats // song.beats_per_bar for song in kept))
    return Reading(report, _named(kept, name), content_mark(whole, kind.drums))


def _is_whole(part: Section, end: int) -> bool:
    return (part.start, part.origin, part.end) == (0, 0, end)


def _named(songs: list[Song], name: str) -> tuple[Song, ...]:
    if len(songs) == 1:
        return (replace(songs[0], name=name),)
    return tuple(
        replace(song, name=f"{name}__{number}") for number, song in enumerate(songs, start=1)
    )


def role_ticks(parsed: ParsedFile, found: Found) -> IntArray:
    """All notes that have a role: (note, 5), as `RoleNote` but in ticks."""
    rows = [np.zeros((0, 5), np.int32)]
    for track, role in zip(parsed.tracks, found.roles, strict=True):
        if role >= 0:
            notes = track.notes
            column = np.full(len(notes), role, np.int32)
            fields = (notes[:, START], notes[:, PITCH], notes[:, DURATION], notes[:, VELOCITY])
            rows.append(np.stack((column, *fields), 1))
    return np.concatenate(rows)


def looseness(ticks: IntArray, ticks_per_quarter: int) -> float:
    """Mean distance from the nearest sixteenth, in sixteenths: 0 on the grid, 0.25 by chance."""
    steps = ticks * (STEPS_PER_BEAT / ticks_per_quarter)
    return float(np.abs(steps - np.round(steps)).mean()) if len(ticks) else 0.0


def _on_grid(notes: IntArray, part: Section, ticks_per_quarter: int) -> IntArray:
    """The section's notes on its steps, each once."""
    inside = notes[(notes[:, STEP] >= part.start) & (notes[:, STEP] < part.end)].copy()
    ends = np.minimum(inside[:, STEP] + inside[:, LENGTH], part.end)
    inside[:, STEP] = nearest_steps(inside[:, STEP], part.origin, ticks_per_quarter)
    last = nearest_steps(ends, part.origin, ticks_per_quarter)
    inside[:, LENGTH] = np.maximum(1, last - inside[:, STEP])
    inside[:, LOUD] = np.maximum(1, inside[:, LOUD])
    return unique_notes(inside)


def unique_notes(notes: IntArray) -> IntArray:
    """Each note once, in the order of their fields."""
    # One number a note sorts ten times as fast as five; bits: role 4, pitch and velocity 7 each.
    role, step, pitch, length, velocity = notes.T.astype(np.int64)
    numbers = _sorted_once(((role << 20 | step) << 7 | pitch) << 27 | length << 7 | velocity)
    unique = np.empty((len(numbers), 5), np.int32)
    for field, (shift, mask) in enumerate(FIELDS):
        unique[:, field] = numbers >> shift & mask
    return unique


def _sorted_once(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    ordered = numbers.copy()
    ordered.sort()
    fresh = np.empty(len(ordered), np.bool_)
    fresh[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return ordered if fresh.all() else ordered[fresh]


def _song(
    placed: IntArray, part: Section, quarter: int, kind: Kind, *, is_last: bool
) -> Song | str:
    """The section of these notes as a song, or the reason why it is none."""
    is_melody = placed[:, ROLE] == MELODY
    if (
        len(placed) < FEWEST_NOTES
        or part.end - part.start < FEWEST_BARS * part.beats_per_bar * quarter
    ):
        return TOO_SHORT
    if kind.needs_melody and np.count_nonzero(is_melody) < FEWEST_NOTES:
        return NO_MELODY
    if np.count_nonzero(~is_melody) < FEWEST_NOTES:
        return NO_ACCOMPANIMENT
    if kind.splits_bass and not (placed[:, ROLE] == BASS).any():
        placed = with_bass_split(placed)
    beats = int((placed[:, STEP] + placed[:, LENGTH]).max()) // STEPS_PER_BEAT + 1
    if not is_last:
        beats = min(beats, -(-(part.end - part.origin) // quarter))
        # A note just before the bar line may stand nearer to the first step behind it.
        placed = placed[placed[:, STEP] < beats * STEPS_PER_BEAT]
    return Song(
        name="",
        notes=placed,
        beats=beats,
        beats_per_bar=part.beats_per_bar,
        first_bar_beat=part.first_bar_beat,
        chords=grid_chords(placed[placed[:, ROLE] != kind.drums], beats),
        meter="" if part.meter == f"{part.beats_per_bar}/4" else part.meter,
    )


def with_bass_split(notes: IntArray) -> IntArray:
    """The notes with the chords' lowest line as a bass."""
    chords = notes[:, ROLE] == CHORDS
    bass, rest = split_bass_array(notes[chords], BASS)
    return unique_notes(np.concatenate([notes[~chords], bass, rest]))


def grid_chords(notes: IntArray, beats: int) -> npt.NDArray[np.int16]:
    """The chord that the notes imply on every beat."""
    if not len(notes):
        return np.full(beats, NO_CHORD, np.int16)
    # Every step of every note, counted by its beat and pitch class.
    key, length = notes[:, KEY].astype(np.int64), notes[:, LENGTH].astype(np.int64)
    offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    beat = (np.repeat(notes[:, STEP], length) + offset) // STEPS_PER_BEAT
    inside = beat < beats
    beat, sounding = beat[inside], np.repeat(key, length)[inside]
    cells = beat * PITCH_CLASSES + sounding % PITCH_CLASSES
    weights = np.bincount(cells, minlength=beats * PITCH_CLASSES).astype(np.float64)
    lowest = np.full(beats, NO_BASS)
    np.minimum.at(lowest, beat, sounding)
    return best_chords(weights.reshape(beats, PITCH_CLASSES), lowest).astype(np.int16)


def melody_mark(notes: IntArray) -> str:
    """A mark of the melody's beginning that transposition and what goes before do not change.

    ``notes`` are in the order of `unique_notes`.
    """
    melody = notes[notes[:, ROLE] == MELODY][: MELODY_MARK_NOTES + 1]
    if len(melody) < FEWEST_NOTES:
        return ""
    return _digest(melody[1:, STEP : KEY + 1] - melody[:-1, STEP : KEY + 1])


def content_mark(notes: IntArray, drums: int = DRUMS) -> str:
    """A mark of all notes, whatever their roles, that transposition does not change."""
    keys, step = notes[:, KEY].astype(np.int64), notes[:, STEP].astype(np.int64)
    pitched = notes[:, ROLE] != drums
    if pitched.all():
        keys -= keys.min()
    else:
        lowest = int(keys[pitched].min()) if pitched.any() else 0
        keys += np.where(pitched, -lowest, 256)
    step -= step.min()
    return _digest(_sorted_once(step << 9 | keys))


def _digest(numbers: npt.NDArray[np.integer]) -> str:
    content = np.ascontiguousarray(numbers, "<i8").tobytes()
    return hashlib.blake2b(content, digest_size=8).hexdigest()
