"""Bars learned by heart, on bars that are known."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.corpus import Corpus, CorpusCard, RoleNote, Song, write_corpus
from engine.data.measures import Segment
from engine.data.memorisation import BarMarks, found_in, marks_of, steps_to_c, training_marks
from engine.data.played import Played, human_of, moved
from engine.music.harmony import estimate_key
from engine.music.note import Note
from engine.music.piano_roll import StepNote
from tests.small_songs import POP_CARD, small_song, write_small_corpus

N = StepNote
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
DRUM_CARD = CorpusCard("drums", "1", "own", ("Melody", "Bass", "Drums"), (0, 33, 0))


def bars(*basses: int | None, drums: tuple[StepNote, ...] = ()) -> Played:
    """A scale in C in each bar, over one note a bar or silence."""
    melody = tuple(
        N(16 * bar + 2 * place, 60 + step, 2)
        for bar in range(len(basses))
        for place, step in enumerate(SCALE)
    )
    bass = tuple(N(16 * bar, pitch, 4) for bar, pitch in enumerate(basses) if pitch is not None)
    segment = Segment(melody, (bass,), 16 * len(basses))
    return Played(segment, drums, np.zeros((3, segment.steps), np.uint8))


def heard(*marks: BarMarks) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    return np.unique(np.concatenate([each.marks.ravel() for each in marks]))


def test_the_share_of_bars_that_are_known() -> None:
    known = heard(marks_of(bars(36, 38)))
    plain, in_c, drums = marks_of(bars(36, 40, 38, None, 41)).known(known)
    assert (plain, in_c) == (50, 50)  # of the four that are not silent
    assert math.isnan(drums)
    assert math.isnan(marks_of(bars(None)).known(known)[0])


def test_length_does_not_matter_and_place_part_and_octave_do() -> None:
    segment = bars(36).segment
    known = heard(marks_of(bars(36)))
    for tracks, share in (
        (((N(0, 36, 9),),), 100),
        (((N(1, 36, 4),),), 0),
        (((), (N(0, 36, 4),)), 0),
        (((N(0, 48, 4),),), 0),
        (((N(0, 36, 4), N(4, 36, 4)),), 0),
    ):
        other = replace(bars(36), segment=replace(segment, tracks=tracks))
        assert marks_of(other).known(known)[0] == share


def test_drums_have_bars_of_their_own() -> None:
    known = heard(marks_of(bars(36, 36, drums=(N(0, 36, 1), N(20, 38, 1)))))
    assert marks_of(bars(50, 50, drums=(N(4, 38, 1), N(16, 36, 1)))).known(known)[2] == 100
    assert marks_of(bars(36, drums=(N(0, 38, 1),))).known(known)[::2] == (100, 0)


@given(st.integers(-24, 24))
@settings(max_examples=20, deadline=None)
def test_what_is_moved_to_another_key_is_known_in_c(semitones: int) -> None:
    known = heard(marks_of(bars(36)))
    plain, in_c, _ = marks_of(moved(bars(36), semitones)).known(known)
    assert plain == (100 if semitones == 0 else 0)
    # By the nearest way, so what was moved farther comes back in another octave.
    assert in_c == (100 if -6 < semitones <= 6 else 0)


@given(st.lists(st.integers(0, 11), min_size=3, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_key_is_the_one_that_the_whole_program_hears(classes: list[int]) -> None:
    key = estimate_key([Note(n, 60 + pitch, 100) for n, pitch in enumerate(classes)])
    weights = np.bincount(classes, minlength=12).astype(float)[None]
    shift = int(steps_to_c(weights)[0])
    assert -6 <= shift <= 5
    if weights.std() > 0:
        assert key is not None
        assert (key.scale_tonic + shift) % 12 == 0 or _is_a_draw(weights[0])


def _is_a_draw(weights: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> bool:
    """Whether two keys fit so alike that rounding decides."""
    from engine.data.memorisation import _PROFILES  # the question is about its rounding

    fits = np.sort(_PROFILES @ (weights - weights.mean()))
    return bool(fits[-1] - fits[-2] < 1e-9)


def test_a_key_is_heard_in_the_bars_around() -> None:
    major = np.zeros(12)
    major[[0, 2, 4, 5, 7, 9, 11]] = (4, 1, 2, 1, 3, 1, 1)
    weights = np.stack([major] * 20 + [np.roll(major, 2)] * 20)
    shifts = steps_to_c(weights)
    assert set(shifts[:12].tolist()) == {0}
    assert set(shifts[28:].tolist()) == {-2}
    assert steps_to_c(np.zeros((2, 12))).tolist() == [0, 0]


def test_a_songs_own_bars_are_found_and_no_others(tmp_path: Path) -> None:
    corpus = Corpus(write_small_corpus(tmp_path / "scales", 8))
    roles = corpus.card.roles
    song = corpus.songs[3]
    own = human_of(song, corpus.stretch(song, 8, 16), roles)
    marks = marks_of(own)
    assert np.array_equal(marks.marks, training_marks(corpus, song, roles).marks[:, 2:6])
    told: list[str] = []
    found = found_in(corpus, corpus.songs[:4], roles, [marks, marks_of(bars(1))], told.append)
    assert marks.known(found)[:2] == (100, 100)
    assert marks_of(bars(1)).known(found)[0] == 0
    assert told == ["Comparing with the training: 0 of 4 songs"]
    assert marks.known(found_in(corpus, [], roles, [marks]))[0] == 0


def test_songs_of_any_meter_and_with_a_pick_up_are_read_by_their_bars(tmp_path: Path) -> None:
    notes = [RoleNote(0, 4, 72, 24, 80), RoleNote(1, 4, 40, 4, 80), RoleNote(1, 16, 43, 4, 80)]
    notes += [RoleNote(2, 8, 36, 1, 80)]
    song = Song("waltz", tuple(sorted(notes)), 8, 3, 1, (-1,) * 8)
    write_corpus(tmp_path / "waltz", DRUM_CARD, [song])
    corpus = Corpus(tmp_path / "waltz")
    marks = training_marks(corpus, corpus.songs[0], corpus.card.roles)
    assert (marks.marks > 0).tolist() == [[True, True], [True, True], [True, False]]
    melody = (N(0, 72, 24),)
    segment = Segment(melody, ((N(0, 40, 4), N(12, 43, 4)),), 24, 12)
    drums = (N(4, 36, 1),)
    same = marks_of(Played(segment, drums, np.zeros((3, 24), np.uint8)))
    assert np.array_equal(same.marks, marks.marks)


def test_a_song_shorter_than_a_bar_has_no_bars(tmp_path: Path) -> None:
    short = replace(small_song(0), beats=3, notes=(RoleNote(0, 0, 60, 4, 80),), chords=(-1,) * 3)
    write_corpus(tmp_path / "short", POP_CARD, [short])
    corpus = Corpus(tmp_path / "short")
    assert training_marks(corpus, corpus.songs[0], corpus.card.roles).marks.shape == (3, 0)


@pytest.mark.parametrize("count", [1, 4])
def test_a_note_that_comes_twice_counts_once(count: int) -> None:
    segment = replace(bars(36).segment, tracks=((N(0, 36, 4),) * count,))
    assert np.array_equal(
        marks_of(replace(bars(36), segment=segment)).marks, marks_of(bars(36)).marks
    )
