"""Every measure of a sample on music small enough to be measured by hand, and its laws."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.measures import Segment
from engine.data.played import Played, melody_below, moved, other_songs
from engine.data.sample_measures import Frame, Sample, are_voices, row_of
from engine.music.harmony import chord_index
from engine.music.piano_roll import StepNote

N = StepNote
C_MAJOR, G_MAJOR = chord_index(0, "maj"), chord_index(7, "maj")
PARTS = ("Bass", "Chords")


def music(
    bass: tuple[StepNote, ...],
    chords: tuple[StepNote, ...],
    drums: tuple[StepNote, ...] = (),
    loud: Sequence[Sequence[int]] = (),
) -> Played:
    """Two bars: C over C major, then G over G major; ``loud`` are (part, step, velocity)."""
    velocity = np.zeros((4, 32), np.uint8)
    for part, step, value in loud:
        velocity[part, step] = value
    melody = (N(0, 72, 16), N(16, 74, 16))
    segment = Segment(melody, (bass, chords), 32, 16, (C_MAJOR,) * 4 + (G_MAJOR,) * 4)
    return Played(segment, drums, velocity)


DRAWS = np.ones((2, 4))  # intervals are no matter here
BEAT = (N(0, 36, 1), N(8, 38, 1), N(16, 36, 1), N(24, 38, 1))
HUMAN = music(
    (N(0, 36, 16), N(16, 43, 16)),
    tuple(N(0, p, 16) for p in (60, 64, 67)) + tuple(N(16, p, 16) for p in (59, 62, 67)),
    BEAT,
    [(0, 0, 90), (1, 0, 80), (1, 16, 100), (2, 0, 60), (2, 16, 60), (3, 0, 110)],
)
THIRDS = music((N(0, 40, 8), N(8, 36, 8), N(16, 47, 2)), (), (N(0, 36, 1), N(4, 42, 1)))


def frame(human: Sequence[Played], parts: Sequence[str] = ("Bass", "Chords", "Drums")) -> Frame:
    sample = Sample(human, PARTS)
    songs = list(range(len(human)))
    present = [frozenset(parts)] * len(human)
    return Frame(
        sample, songs, DRAWS[:, : len(human)], present, [[]] * len(human), are_voices(sample)
    )


def means(played: Played, human: Played = HUMAN) -> dict[str, float]:
    row = row_of(Sample([played], PARTS), frame([human]))
    return {name: value.mean for name, value in row.items()}


def test_people_beside_themselves() -> None:
    found = means(HUMAN)
    assert found["chord_tones"] == found["bass_on_root"] == found["harmonic_clarity"] == 100
    assert found["out_of_key"] == found["empty_bars"] == found["Bass.outside_range"] == 0
    assert (found["notes_per_bar"], found["polyphony"]) == (4, 4)
    assert found["similarity_index"] == found["pitch_overlap"] == 1
    assert found["onset_interval_overlap"] == found["duration_overlap"] == 1
    assert found["Drums.positions_overlap"] == found["Drums.kick_overlap"] == 1


def test_velocities_breathe_by_their_standard_deviation() -> None:
    found = means(HUMAN)
    assert (found["Bass.velocity"], found["Bass.velocity_spread"]) == (90, 10)
    assert (found["Chords.velocity"], found["Chords.velocity_spread"]) == (60, 0)
    assert found["velocity"] == 75
    assert found["velocity_spread"] == pytest.approx(np.std([80, 100, 60, 60]))
    assert (found["Drums.velocity"], found["Drums.velocity_spread"]) == (110, 0)


def test_a_part_is_measured_alone() -> None:
    found = means(THIRDS)
    assert (found["Bass.notes_per_bar"], found["Chords.notes_per_bar"]) == (1.5, 0)
    assert (found["Bass.empty_bars"], found["Chords.empty_bars"]) == (0, 100)
    assert found["Bass.silent_steps"] == pytest.approx(100 * 14 / 32)
    assert found["Bass.pitch_classes"] == 1.5
    assert (found["Bass.lowest"], found["Bass.highest"]) == (36, 47)
    assert found["Bass.outside_range"] == pytest.approx(100 / 3)  # 47 of 40, 36, 47
    assert math.isnan(found["Chords.lowest"])
    # In thirds, then on the root, then on the third; where it is silent nothing is said.
    assert found["bass_on_root"] == pytest.approx(100 / 3)


def test_drums_share_their_places_by_kind() -> None:
    found = means(THIRDS)
    assert found["Drums.notes_per_bar"] == 1
    assert found["Drums.empty_bars"] == 50
    assert found["Drums.kick_overlap"] == 1
    assert found["Drums.snare_overlap"] == found["Drums.hat_overlap"] == 0
    assert found["Drums.others_overlap"] == 1  # neither has any
    assert found["Drums.positions_overlap"] == 0.5  # half of both are kicks on 1


def test_drums_are_in_no_other_measure() -> None:
    found, without = (
        means(HUMAN),
        means(HUMAN, music(HUMAN.segment.tracks[0], HUMAN.segment.tracks[1])),
    )
    for name in ("notes_per_bar", "polyphony", "out_of_key", "similarity_index"):
        assert found[name] == without[name]


def test_a_part_that_the_song_has_not_says_nothing() -> None:
    row = row_of(Sample([THIRDS], PARTS), frame([HUMAN], ["Bass"]))
    assert row["Bass.empty_bars"].segments == 1
    assert row["Chords.empty_bars"].segments == row["Drums.notes_per_bar"].segments == 0
    assert "Drums.kick_overlap" not in row


def test_the_shared_areas_of_pitches_and_onset_intervals() -> None:
    found = means(THIRDS)
    # Of eight pitches of people's 36 is one; of three here, too.
    assert found["pitch_overlap"] == pytest.approx(1 / 8)
    # People play every 16 steps, this every 8.
    assert found["onset_interval_overlap"] == 0
    assert found["duration_overlap"] == 0


def test_the_melody_stands_for_each_part_in_turn() -> None:
    line = Sample([melody_below(HUMAN)], PARTS, is_line=True)
    row = row_of(line, frame([HUMAN]))
    for part in PARTS:
        assert row[f"{part}.notes_per_bar"].mean == 1
        assert row[f"{part}.silent_steps"].mean == 0
    assert row["Chords.outside_range"].mean == 0
    assert row["Bass.outside_range"].mean == 100
    assert not any(name.startswith("Drums") for name in row)


def test_voices_are_heard_against_the_soprano() -> None:
    alto, tenor = (N(0, 67, 32),), (N(0, 64, 16), N(16, 69, 16))
    human = music(alto, tenor)
    found = means(human, human)
    assert found["Bass.consonance"] == 100  # a fourth below C, a fifth below D
    assert found["Chords.consonance"] == 100
    assert found["crossings"] == 50
    assert "crossings" not in means(HUMAN)


PITCHES = st.integers(40, 80)
BARS = st.lists(st.tuples(st.integers(0, 31), PITCHES, st.integers(1, 8)), min_size=1, max_size=12)


def random_music(bass: list[tuple[int, int, int]], chords: list[tuple[int, int, int]]) -> Played:
    tracks = [
        tuple(sorted({(s, p): N(s, p, min(n, 32 - s)) for s, p, n in notes}.values()))
        for notes in (bass, chords)
    ]
    return music(
        tracks[0], tracks[1], BEAT, [(1, note.step, 60 + note.pitch // 2) for note in tracks[0]]
    )


INVARIANT = (
    "chord_tones", "tonal_distance", "dissonant_steps", "harmonic_clarity", "notes_per_bar",
    "polyphony", "long_notes", "empty_bars", "velocity_spread", "duration_overlap",
    "onset_interval_overlap", "repetition_equal", "repetition_unequal", "bar_lines",
    "bars_apart_1", "Bass.pitch_classes", "Bass.silent_steps", "Drums.positions_overlap",
)  # fmt: skip


@given(BARS, BARS, st.integers(-12, 12))
@settings(max_examples=15, deadline=None)
def test_moved_in_pitch_it_fits_its_melody_as_before(
    bass: list[tuple[int, int, int]], chords: list[tuple[int, int, int]], semitones: int
) -> None:
    played = random_music(bass, chords)
    before, after = means(played), means(moved(played, semitones), moved(HUMAN, semitones))
    for name in INVARIANT:
        assert after[name] == pytest.approx(before[name], nan_ok=True), name


@given(st.lists(st.tuples(BARS, BARS), min_size=2, max_size=4))
@settings(max_examples=8, deadline=None)
def test_any_sample_shares_all_with_itself(
    bars: list[tuple[list[tuple[int, int, int]], list[tuple[int, int, int]]]],
) -> None:
    human = [random_music(*each) for each in bars]
    row = row_of(Sample(human, PARTS), frame(human))
    for name, value in row.items():
        if name.endswith("_overlap") or name == "similarity_index":
            assert (value.mean, value.low, value.high) == pytest.approx((1, 1, 1)), name
        if name.endswith("outside_range"):
            assert value.mean == 0
    other = row_of(Sample(other_songs(human), PARTS), frame(human))
    assert other["notes_per_bar"].mean == pytest.approx(row["notes_per_bar"].mean)
