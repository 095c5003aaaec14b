from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.music.harmony import (
    CHORD_CLASSES,
    MAJOR_SCALE,
    NO_CHORD,
    QUALITIES,
    Key,
    best_chord,
    chord_index,
    chord_name,
    chord_vector,
    estimate_key,
    implied_chords,
    pitch_class_name,
    pitch_class_weights,
    pitch_name,
)
from engine.music.note import Note

# A tune that stands on the tonic and its triad: semitones above the tonic, and lengths.
MAJOR_TUNE = ((0, 4), (4, 2), (7, 4), (5, 1), (4, 2), (2, 1), (0, 4), (11, 1), (9, 1), (0, 4))
MINOR_TUNE = ((0, 4), (3, 3), (7, 4), (5, 1), (3, 2), (2, 1), (0, 4), (11, 1), (8, 1), (0, 4))

NOTES = st.builds(Note, st.integers(0, 9000), st.integers(30, 90), st.integers(1, 6000))


def tune(shape: tuple[tuple[int, int], ...], tonic: int) -> list[Note]:
    return [Note(480 * i, 60 + tonic + p, 120 * length) for i, (p, length) in enumerate(shape)]


@pytest.mark.parametrize("tonic", range(12))
def test_the_key_of_a_tune_is_found_in_all_24_keys(tonic: int) -> None:
    assert estimate_key(tune(MAJOR_TUNE, tonic)) == Key(tonic)
    assert estimate_key(tune(MINOR_TUNE, tonic)) == Key(tonic, minor=True)


def test_silence_has_no_key() -> None:
    assert estimate_key([]) is None


def test_a_minor_key_shares_the_scale_of_its_relative_major() -> None:
    assert Key(9, minor=True).scale == Key(0).scale == frozenset(MAJOR_SCALE)
    assert Key(0, minor=True).scale_tonic == 3


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (Key(0), "C major"),
        (Key(9, True), "A minor"),
        (Key(6), "F♯ major"),
        (Key(10), "B♭ major"),
        (Key(7, True), "G minor"),
        (Key(3, True), "D♯ minor"),
        (Key(0, True), "C minor"),
    ],
)
def test_keys_are_named_as_they_are_written(key: Key, name: str) -> None:
    assert key.name == name


def test_pitches_are_spelled_by_their_scale() -> None:
    assert (pitch_class_name(10, 5), pitch_class_name(10, 2)) == ("B♭", "A♯")
    assert (pitch_name(60), pitch_name(21), pitch_name(70, 5)) == ("C4", "A0", "B♭4")


def test_weights_are_durations() -> None:
    weights = pitch_class_weights([Note(0, 60, 10), Note(5, 72, 4), Note(9, 61, 1)])
    assert weights.tolist() == [14, 1, *[0] * 10]


@pytest.mark.parametrize("quality", [name for name, _, _ in QUALITIES])
def test_a_chords_vector_is_its_root_and_its_pitch_classes(quality: str) -> None:
    intervals = next(each for name, _, each in QUALITIES if name == quality)
    for root in range(12):
        vector = chord_vector(chord_index(root, quality))
        assert [i for i, bit in enumerate(vector[:12]) if bit] == [root]
        assert {i for i, bit in enumerate(vector[12:]) if bit} == {
            (root + i) % 12 for i in intervals
        }


def test_chord_classes_are_all_different() -> None:
    vectors = {chord_vector(index) for index in range(CHORD_CLASSES)}
    assert len(vectors) == CHORD_CLASSES == 121
    assert chord_vector(NO_CHORD) == (0,) * 24


@pytest.mark.parametrize(
    ("root", "quality", "tonic", "name"),
    [
        (0, "maj", 0, "C"),
        (9, "min7", 0, "Am7"),
        (10, "maj7", 5, "B♭maj7"),
        (11, "hdim7", 0, "Bm7♭5"),
        (6, "7", 2, "F♯7"),
        (14, "sus4", 0, "Dsus4"),
        (10, "maj", 0, "B♭"),
        (3, "maj", 7, "E♭"),
        (8, "maj", 0, "A♭"),
        (8, "dim", 0, "G♯dim"),
        (6, "hdim7", 0, "F♯m7♭5"),
        (7, "maj", 9, "G"),
        (6, "dim", 5, "F♯dim"),
    ],
)
def test_chords_are_named_as_musicians_write_them(
    root: int, quality: str, tonic: int, name: str
) -> None:
    assert chord_name(chord_index(root, quality), tonic) == name
    assert chord_name(NO_CHORD) == ""


@pytest.mark.parametrize("quality", ["maj", "min", "7", "maj7", "dim", "hdim7"])
@pytest.mark.parametrize("root", [0, 5, 11])
def test_a_chord_that_sounds_is_recognised(root: int, quality: str) -> None:
    index = chord_index(root, quality)
    weights = np.array(chord_vector(index)[12:], float)
    assert best_chord(weights) == index


def test_the_bass_decides_between_chords_of_the_same_notes() -> None:
    weights = np.zeros(12)
    weights[[0, 2, 7]] = 1  # Csus2 or Gsus4
    assert best_chord(weights, bass=48) == chord_index(0, "sus2")
    assert best_chord(weights, bass=43) == chord_index(7, "sus4")


def test_fewer_than_two_pitch_classes_are_no_chord() -> None:
    assert best_chord(np.zeros(12)) == NO_CHORD
    assert best_chord([0, 0, 5, *[0] * 9]) == NO_CHORD


def test_chords_are_read_off_a_progression() -> None:
    roots = [(0, "maj"), (9, "min"), (5, "maj"), (7, "7"), (0, "maj")]
    piano, bass = [], []
    for bar, (root, quality) in enumerate(roots):
        index = chord_index(root, quality)
        bass.append(Note(1920 * bar, 36 + root, 1920))
        piano += [
            Note(1920 * bar + 960 * half, 60 + pitch, 960)
            for half in (0, 1)
            for pitch, bit in enumerate(chord_vector(index)[12:])
            if bit
        ]
    bars = [1920 * bar for bar in range(len(roots) + 2)]
    wanted = [*(chord_index(*root) for root in roots), NO_CHORD]
    assert list(implied_chords([piano, bass], bars)) == wanted


def test_a_held_note_counts_where_it_sounds() -> None:
    held = [Note(0, 48, 3840)]
    tops = [Note(0, 64, 1920), Note(0, 67, 1920), Note(1920, 65, 1920), Note(1920, 69, 1920)]
    chords = implied_chords([held, tops], [0, 1920, 3840])
    assert [chord_name(each) for each in chords] == ["C", "F"]


@given(notes=st.lists(NOTES))
def test_chords_are_the_best_ones_of_what_sounds_in_each_span(notes: list[Note]) -> None:
    edges = (0, 960, 1920, 4800, 9600)
    expected = []
    for start, end in pairwise(edges):
        inside = [note for note in notes if note.start < end and note.end > start]
        weights = np.zeros(12)
        for note in inside:
            weights[note.pitch % 12] += min(note.end, end) - max(note.start, start)
        expected.append(best_chord(weights, min((note.pitch for note in inside), default=None)))
    assert implied_chords([notes[::2], notes[1::2]], edges) == tuple(expected)


def test_no_boundaries_are_no_chords() -> None:
    assert implied_chords([[Note(0, 60, 1)]], []) == ()
    assert implied_chords([[Note(0, 60, 1)]], [0]) == ()
