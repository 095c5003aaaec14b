"""Beats for a file whose notes keep time but not to its own beats, such as a recording's.

Its tempo is taken as it is written; what is fitted is by how much the beats come later. Most such
files begin somewhere in a bar that the program counted from the start of the recording.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.data.arrangement import KEY, LENGTH, ROLE, STEP, grid_chords, role_ticks
from engine.data.bars import FOUR, THREE, vote_bars
from engine.data.parsing import START, ParsedFile
from engine.data.roles import BASS, CHORDS, DRUMS, MELODY, Found, split_bass_array
from engine.data.song import STEPS_PER_BEAT, IntArray
from engine.data.song_report import BEATS_ESTIMATED

NEAR = 0.15  # of a sixteenth: chance alone puts 30 of 100 onsets so near to one
MELODY_NEAR = 0.9  # share of the melody's onsets that must be near
ALL_NEAR = 0.7  # of all onsets: accompaniments are rolled and ornamented
FEWEST_ONSETS = 32  # of the melody: fewer may lie on some grid by chance
LATE = 0.25  # of a sixteenth: a file that is no later than this keeps its own bars
LONGEST = 2  # quarters that a note counts for: what is held for longer tells no more
MOVED = "All its notes come a little late or early; they are moved onto its beats."

FloatArray = npt.NDArray[np.float64]


def with_estimated_beats(parsed: ParsedFile, found: Found) -> ParsedFile:
    """The file moved onto beats that fit its notes; as it is where its own fit, or none do.

    ``remark`` says what was estimated.
    """
    notes, quarter = role_ticks(parsed, found), parsed.ticks_per_quarter
    trusted = not _counts_no_bars(parsed)
    shift = fit_beats(notes, quarter, trusted=trusted)
    if shift is None or (trusted and not shift):
        return parsed
    ticks = round(shift * quarter / STEPS_PER_BEAT)
    if trusted and abs(shift) <= LATE:
        return _moved(parsed, -ticks, parsed.meters, MOVED)
    # A quarter later than they need be, so that what lies before the first beat stays.
    later = quarter - ticks
    notes[:, STEP] += later
    bar, first = _bars(notes, quarter)
    return _moved(parsed, later + (bar - first) * quarter, ((0, bar, 4),), BEATS_ESTIMATED)


def _counts_no_bars(parsed: ParsedFile) -> bool:
    """Whether the file says 1/4, as programs write that know beats alone."""
    return bool(parsed.meters) and parsed.meters[-1][1:] == (1, 4)


def _moved(
    parsed: ParsedFile, ticks: int, meters: tuple[tuple[int, int, int], ...], remark: str
) -> ParsedFile:
    tracks = []
    for track in parsed.tracks:
        notes = track.notes.copy()
        notes[:, START] = np.maximum(notes[:, START] + ticks, 0)
        tracks.append(replace(track, notes=notes))
    told = f"{parsed.remark} {remark}".strip()
    return replace(parsed, tracks=tuple(tracks), meters=meters, remark=told)


def fit_beats(notes: IntArray, ticks_per_quarter: int, *, trusted: bool = True) -> float | None:
    """By how many sixteenths, from −2 up to 2, the beats come later than the file's own.

    0 where its own fit, None where none do. ``notes`` (note, 5) are `RoleNote`s in ticks. Where
    the file's beats are not ``trusted``, they may be on another of its sixteenths.
    """
    steps = notes[:, STEP].astype(np.float64) * (STEPS_PER_BEAT / ticks_per_quarter)
    melody = np.unique(steps[notes[:, ROLE] == MELODY])
    if len(melody) < FEWEST_ONSETS:
        return None
    fits = _near(melody) >= MELODY_NEAR
    late = 0.0 if fits else _late(steps)
    if _near(melody - late) < MELODY_NEAR or _near(steps - late) < ALL_NEAR:
        return None
    if fits and trusted:
        return 0.0
    shift = late + _beat(notes, steps - late, ticks_per_quarter)
    return (shift + 2.0) % STEPS_PER_BEAT - 2.0


def _near(steps: FloatArray) -> float:
    """The share of the onsets that lie near a sixteenth."""
    return float((np.abs(steps - np.rint(steps)) <= NEAR).mean())


def _late(steps: FloatArray) -> float:
    """How much later than the sixteenths the onsets come, as the mean of a circle."""
    return float(np.angle(np.exp(2j * np.pi * steps).mean()) / (2 * np.pi))


def _beat(notes: IntArray, steps: FloatArray, ticks_per_quarter: int) -> int:
    """On which sixteenth of four the beats are: where most begins that is held."""
    held = np.minimum(notes[:, LENGTH] / ticks_per_quarter, LONGEST)
    place = np.rint(steps).astype(np.int64) % STEPS_PER_BEAT
    return int(np.bincount(place, held, STEPS_PER_BEAT).argmax())


def _bars(notes: IntArray, ticks_per_quarter: int) -> tuple[int, int]:
    """Quarters a bar, 3 or 4, and the beat on which the first whole bar begins."""
    placed = notes.copy()
    for field in (STEP, LENGTH):
        steps = placed[:, field] * (STEPS_PER_BEAT / ticks_per_quarter)
        placed[:, field] = np.rint(steps).astype(np.int32)
    placed[:, LENGTH] = np.maximum(placed[:, LENGTH], 1)
    placed = placed[placed[:, ROLE] != DRUMS]
    beats = int((placed[:, STEP] + placed[:, LENGTH]).max()) // STEPS_PER_BEAT + 1
    bass = placed[placed[:, ROLE] == BASS]
    if not len(bass):
        bass, _ = split_bass_array(placed[placed[:, ROLE] == CHORDS], BASS)
    bass = bass[np.argsort(bass[:, STEP].astype(np.int64) << 7 | bass[:, KEY], kind="stable")]
    return vote_bars((THREE, FOUR), grid_chords(placed, beats), bass)
