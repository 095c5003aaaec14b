"""Every measure on music small enough to be measured by hand."""

import math

import numpy as np
import pytest

from engine.data.measures import (
    Segment,
    best_scale,
    chord_tones,
    chroma,
    dissonant_steps,
    each_measure,
    empty_bars,
    harmonic_clarity,
    histograms,
    jaccard,
    long_notes,
    mean,
    measure,
    melody_octave_below,
    notes_per_bar,
    other_song,
    out_of_key,
    overlap,
    polyphony,
    similarity_index,
    sounding,
    table,
    tonal_distance,
    used_pitch_classes,
)
from engine.music.harmony import NO_CHORD, chord_index
from engine.music.piano_roll import StepNote

N = StepNote
C_MAJOR, A_MINOR = chord_index(0, "maj"), chord_index(9, "min")


def segment(
    *tracks: tuple[StepNote, ...],
    melody: tuple[StepNote, ...] = (N(0, 72, 16),),
    steps: int = 16,
    chords: tuple[int, ...] | None = None,
    bar: int = 16,
) -> Segment:
    return Segment(melody, tracks, steps, bar, chords)


def test_sounding_and_chroma_count_what_sounds() -> None:
    plane = sounding((N(1, 60, 2), N(2, 72, 1), N(3, 61, 9)), 4)
    assert np.argwhere(plane).tolist() == [[1, 60], [2, 60], [2, 72], [3, 61]]
    assert chroma(plane).tolist() == [
        [0.0] * 12,
        [1.0] + [0.0] * 11,
        [2.0] + [0.0] * 11,
        [0.0, 1.0] + [0.0] * 10,
    ]


def test_chord_tones_are_counted_at_their_onsets() -> None:
    notes = (N(0, 48, 4), N(4, 52, 4), N(8, 52, 4), N(9, 50, 1))
    # C E under C major; E and D under A minor: three of four.
    assert chord_tones(segment(notes, chords=(C_MAJOR, C_MAJOR, A_MINOR, A_MINOR))) == 75.0


def test_beats_without_a_chord_say_nothing() -> None:
    notes = (N(0, 49, 4), N(4, 48, 4))
    assert chord_tones(segment(notes, chords=(NO_CHORD, C_MAJOR, -1, NO_CHORD))) == 100.0
    assert math.isnan(chord_tones(segment(notes)))
    assert math.isnan(chord_tones(segment(notes, chords=(NO_CHORD,) * 4)))


def test_the_best_scale_holds_most_of_the_sounding_time() -> None:
    scale = tuple(N(step, 60 + pitch, 1) for step, pitch in enumerate((2, 4, 6, 7, 9, 11, 13)))
    assert best_scale(segment((), melody=scale)) == {2, 4, 6, 7, 9, 11, 1}


def test_out_of_key_is_judged_by_the_human_music() -> None:
    scale = tuple(N(2 * i, 60 + pitch, 2) for i, pitch in enumerate((0, 2, 4, 5, 7, 9, 11)))
    human = segment((N(0, 48, 16),), melody=scale)
    played = segment((N(0, 48, 4), N(4, 49, 4), N(8, 54, 4), N(12, 55, 4)), melody=scale)
    assert out_of_key(played, human) == 50.0
    assert out_of_key(human, human) == 0.0
    assert math.isnan(out_of_key(segment((), melody=scale), human))


def test_the_same_pitch_classes_are_no_tonal_distance_apart() -> None:
    melody = (N(0, 72, 4), N(4, 76, 4))
    same = segment((N(0, 48, 4), N(4, 40, 4)), melody=melody)
    assert tonal_distance(same) == pytest.approx(0, abs=1e-9)


def test_tonal_distance_is_hartes() -> None:
    """C against F sharp: six fifths apart; the circles of fifths and minor thirds turn by half."""
    far = segment((N(0, 66, 16),))
    # Fifths: 7π/6 · 6 = 7π, opposite, 2. Minor thirds: 3π/2 · 6 = 9π, opposite, 2. Major: same.
    assert tonal_distance(far) == pytest.approx(math.sqrt(8))


def test_a_fifth_is_nearer_than_a_tritone_and_silence_says_nothing() -> None:
    fifth, tritone = segment((N(0, 67, 16),)), segment((N(0, 66, 16),))
    assert 0 < tonal_distance(fifth) < tonal_distance(tritone)
    assert math.isnan(tonal_distance(segment(())))


@pytest.mark.parametrize(
    ("pitch", "percent"),
    [
        (60, 0),
        (61, 100),
        (62, 0),
        (63, 0),
        (64, 0),
        (65, 0),
        (66, 100),
        (67, 0),
        (70, 0),
        (71, 100),
    ],
)
def test_minor_seconds_tritones_and_major_sevenths_grate(pitch: int, percent: float) -> None:
    assert dissonant_steps(segment((N(0, pitch, 16),))) == percent


def test_dissonance_counts_the_steps_on_which_both_sound() -> None:
    played = segment((N(0, 61, 2), N(8, 60, 8)), melody=(N(0, 72, 4), N(12, 72, 4)))
    # Both sound on steps 0, 1 and 12 to 15; on the first two they grate.
    assert dissonant_steps(played) == pytest.approx(100 / 3)
    assert math.isnan(dissonant_steps(segment(())))


def test_notes_a_bar_and_polyphony() -> None:
    played = segment((N(0, 40, 8),), (N(0, 60, 16), N(4, 64, 4), N(20, 64, 2)), steps=32)
    assert notes_per_bar(played) == 2.0
    # 4 steps of two, 4 of three, 8 of one, 2 of one.
    assert polyphony(played) == pytest.approx((8 + 12 + 8 + 2) / 18)
    assert math.isnan(polyphony(segment(())))
    assert math.isnan(notes_per_bar(segment((), steps=8)))


def test_two_parts_on_one_pitch_are_two_voices() -> None:
    assert polyphony(segment((N(0, 60, 4),), (N(0, 60, 4),))) == 2.0


def test_harmony_is_clear_when_each_half_bar_is_one_chord() -> None:
    clear = (N(0, 48, 8), N(0, 52, 8), N(0, 55, 8), N(8, 53, 8), N(8, 57, 8))
    assert harmonic_clarity(segment(clear)) == 100.0
    mush = (N(0, 48, 8), N(0, 49, 8), N(0, 50, 8), N(0, 51, 8))
    # Of four neighbouring semitones no chord holds more than two.
    assert harmonic_clarity(segment(mush)) == 50.0


def test_one_pitch_class_alone_has_no_clarity() -> None:
    assert math.isnan(harmonic_clarity(segment((N(0, 48, 8), N(4, 60, 4)))))


def test_long_notes_are_eighths_and_longer() -> None:
    assert long_notes(segment((N(0, 48, 1), N(1, 48, 2), N(3, 48, 9), N(12, 48, 1)))) == 50.0
    assert math.isnan(long_notes(segment(())))


def test_empty_bars_are_those_in_which_nothing_sounds() -> None:
    track = (N(0, 48, 20), N(60, 48, 1))
    whole = segment(track, steps=64)
    assert empty_bars(track, whole) == 25.0
    assert empty_bars((), whole) == 100.0
    assert math.isnan(empty_bars((), segment((), steps=8)))


def test_used_pitch_classes_are_counted_in_bars_that_sound() -> None:
    track = (N(0, 48, 1), N(1, 60, 1), N(2, 52, 1), N(40, 53, 1))
    assert used_pitch_classes(track, segment(track, steps=48)) == 1.5
    assert math.isnan(used_pitch_classes((), segment(track, steps=48)))


def test_jaccard_is_the_share_of_notes_in_common() -> None:
    one = segment((N(0, 48, 4), N(4, 50, 4)), (N(0, 60, 1),))
    assert jaccard(one, one) == 1.0
    assert jaccard(one, segment((N(0, 48, 1), N(4, 51, 4)), ())) == 0.25
    assert jaccard(one, segment((N(0, 60, 4),), (N(4, 50, 1),))) == 0.0
    assert math.isnan(jaccard(segment(()), segment(())))


def test_overlap_of_distributions() -> None:
    first, second = np.array([1.0, 1.0, 0.0]), np.array([0.0, 5.0, 5.0])
    assert overlap(first, first * 7) == 1.0
    assert overlap(first, second) == 0.5
    assert overlap(np.array([1.0, 0]), np.array([0, 1.0])) == 0.0
    nothing = np.zeros(3)
    assert overlap(first, nothing) == 0.0
    assert overlap(nothing, nothing) == 1.0


def test_histograms_count_each_note_once() -> None:
    found = histograms([segment((N(0, 48, 4), N(4, 55, 40)), (N(17, 60, 1),), steps=32)])
    assert found["pitch_class"].tolist() == [2.0, *[0.0] * 6, 1.0, *[0.0] * 4]
    assert np.flatnonzero(found["onset_position"]).tolist() == [0, 1, 4]
    assert np.flatnonzero(found["interval"]).tolist() == [12 + 7]
    assert np.flatnonzero(found["duration"]).tolist() == [1, 4, 32]
    assert found["polyphony"][:3].tolist() == [0.0, 31.0, 1.0]


def test_a_set_resembles_itself_wholly_and_others_less() -> None:
    ours = [segment((N(0, 48, 4), N(4, 52, 4)), (N(8, 60, 8),)), segment((N(0, 50, 2),), ())]
    other = [segment((N(1, 49, 1),), (N(3, 63, 1),))]
    assert similarity_index(ours, ours) == pytest.approx(1.0)
    assert similarity_index(ours[1:], ours[1:]) == pytest.approx(1.0)
    assert similarity_index(ours, other) < 0.5


def test_the_floor_is_another_songs_accompaniment() -> None:
    songs = [segment((N(i, 48 + i, 1),), melody=(N(0, 70 + i, 4),)) for i in range(4)]
    floor = other_song(songs)
    assert [each.melody for each in floor] == [each.melody for each in songs]
    assert [each.tracks for each in floor] == [songs[i].tracks for i in (2, 3, 0, 1)]
    assert all(math.isnan(jaccard(a, b)) or jaccard(a, b) < 1 for a, b in zip(songs, floor))  # noqa: B905


def test_the_melody_an_octave_lower_takes_the_first_part() -> None:
    (lower,) = melody_octave_below([segment((), (), melody=(N(0, 72, 4), N(4, 5, 4)))])
    assert lower.tracks == ((N(0, 60, 4),), ())


def test_all_measures_of_a_perfect_band() -> None:
    chord = tuple(N(0, pitch, 16) for pitch in (52, 55))
    human = [segment((N(0, 36, 16),), chord, chords=(C_MAJOR,) * 4) for _ in range(3)]
    found = measure(human, human)
    assert found["chord_tones"] == 100.0
    assert found["out_of_key"] == 0.0
    assert found["dissonant_steps"] == 0.0
    assert found["harmonic_clarity"] == 100.0
    assert found["long_notes"] == 100.0
    assert (found["notes_per_bar"], found["polyphony"]) == (3.0, 3.0)
    assert (found["empty_bars_0"], found["pitch_classes_1"]) == (0.0, 2.0)
    assert found["similarity_index"] == pytest.approx(1.0)
    each = each_measure(human, human)
    assert each["polyphony"] == [3.0] * 3


def test_means_skip_what_says_nothing() -> None:
    assert mean([1.0, math.nan, 3.0]) == 2.0
    assert math.isnan(mean([math.nan]))
    assert math.isnan(mean([]))


def test_the_table_has_a_line_for_each_measure() -> None:
    lines = table({"human": {"long": 1.0, "b": 2.5}, "model": {"long": 3.0}}).splitlines()
    assert lines[0].split() == ["human", "model"]
    assert lines[1].split() == ["long", "1.00", "3.00"]
    assert lines[2].split() == ["b", "2.50", "nan"]
