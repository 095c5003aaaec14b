import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.arrangement import Kind, Reading, arrange, role_ticks
from engine.data.estimated_beats import (
    FEWEST_ONSETS,
    MOVED,
    fit_beats,
    with_estimated_beats,
)
from engine.data.parsing import ParsedFile, ParsedTrack
from engine.data.roles import BASS, MELODY, find_roles
from engine.data.rules import NO_RULE
from engine.data.song import IntArray
from engine.data.song_report import BEATS_ESTIMATED

QUARTER = 480
STEP = QUARTER // 4
BARS = 16
ROOTS = (48, 41, 43, 45)
FOUR: tuple[tuple[int, int, int], ...] = ((0, 4, 4),)
NO_BARS = ((0, 1, 4),)


def recorded(
    shift: int, meters: tuple[tuple[int, int, int], ...] = FOUR, spread: int = 0, bar: int = 4
) -> ParsedFile:
    """Eighths over a bass and a chord a bar, all ``shift`` ticks late, played unevenly."""
    rng = random.Random(shift)
    melody = [
        (number * QUARTER // 2, QUARTER // 2, 72 + rng.randrange(12))
        for number in range(2 * bar * BARS)
    ]
    starts = [number * bar * QUARTER for number in range(BARS)]
    bass = [(start, bar * QUARTER, ROOTS[i % 4] - 12) for i, start in enumerate(starts)]
    chords = [
        (start, bar * QUARTER, ROOTS[i % 4] + above)
        for i, start in enumerate(starts)
        for above in (12, 16, 19)
    ]
    tracks = [
        ParsedTrack(name, 0, 0, False, _late(notes, shift, spread, rng))
        for name, notes in (("Melody", melody), ("Bass", bass), ("Chords", chords))
    ]
    return ParsedFile(QUARTER, tuple(tracks), meters)


def _late(
    notes: list[tuple[int, int, int]], shift: int, spread: int, rng: random.Random
) -> IntArray:
    rows = [
        (max(0, start + shift + rng.randint(-spread, spread)), length, pitch, 80)
        for start, length, pitch in notes
    ]
    return np.array(sorted(rows), np.int32)


def read(parsed: ParsedFile) -> Reading:
    found = find_roles(parsed, NO_RULE, "a.mid")
    moved = with_estimated_beats(parsed, found)
    return arrange(moved, found, "a.mid", "a", Kind(), str)


def from_bar_line(reading: Reading, role: int) -> list[int]:
    """Steps of a role's notes from the song's first bar line on."""
    (song,) = reading.songs
    assert isinstance(song.notes, np.ndarray)
    steps = song.notes[song.notes[:, 0] == role, 1] - 4 * song.first_bar_beat
    return [int(step) for step in steps]


@given(st.integers(QUARTER, 12 * QUARTER), st.sampled_from([3, 4]), st.integers(0, STEP // 9))
@settings(max_examples=25, deadline=None)
def test_however_late_a_recording_begins_its_beats_and_bars_are_found(
    shift: int, bar: int, spread: int
) -> None:
    # A file that says 1/4 tells no bars, whether its notes keep to its beats or not.
    reading = read(recorded(shift, NO_BARS, spread, bar))
    assert reading.report.kept
    assert reading.report.remark == BEATS_ESTIMATED
    assert reading.report.meter == f"{bar}/4"
    bass = from_bar_line(reading, BASS)
    assert [step % (4 * bar) for step in bass] == [0] * BARS
    melody = from_bar_line(reading, MELODY)
    assert [step - bass[0] for step in melody] == list(range(0, 4 * bar * BARS, 2))


@given(st.integers(1, 3), st.sampled_from([-36, 36, 48, 60]))
@settings(max_examples=10, deadline=None)
def test_notes_between_the_beats_are_never_taken_silently(quarters: int, off: int) -> None:
    reading = read(recorded(4 * quarters * QUARTER + off))
    assert reading.report.kept
    assert reading.report.remark == BEATS_ESTIMATED


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_notes_that_keep_no_time_get_no_beats(seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = np.zeros((4 * FEWEST_ONSETS, 5), np.int32)
    notes[:, 0] = np.arange(len(notes)) % 2 * BASS + MELODY
    notes[:, 1] = np.sort(rng.integers(0, 100 * QUARTER, len(notes)))
    notes[:, 3] = QUARTER
    assert fit_beats(notes, QUARTER) is None
    assert fit_beats(notes, QUARTER, trusted=False) is None


def test_a_file_that_keeps_to_its_beats_stays_as_it_is() -> None:
    parsed = recorded(4 * QUARTER, spread=8)
    assert with_estimated_beats(parsed, find_roles(parsed, NO_RULE, "a.mid")) is parsed


def test_a_file_that_is_hardly_late_keeps_its_own_bars() -> None:
    reading = read(recorded(6 * QUARTER + 24, ((0, 6, 4),), bar=3))
    assert reading.report.remark == MOVED
    assert reading.report.meter == "6/4"
    assert from_bar_line(reading, MELODY)[0] == 24


def test_too_few_notes_tell_no_beats() -> None:
    parsed = recorded(QUARTER + 50)
    found = find_roles(parsed, NO_RULE, "a.mid")
    notes = role_ticks(parsed, found)
    few = notes[notes[:, 1] < QUARTER * FEWEST_ONSETS // 2]
    assert fit_beats(notes, QUARTER) is not None
    assert fit_beats(few, QUARTER) is None
