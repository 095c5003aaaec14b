"""Keys that change on the way: against a plain Viterbi, on tunes made by hand, and as played."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from models.decode import Accompanist
from models.key_changes import CHANGE_COSTS, OF_THE_WHOLE, keys_by_bar
from models.key_frame import KeyFrame, changes
from models.parity import example_request
from tests.models.conftest import tiny_accompanist

FRAME = KeyFrame(21, 88)
BAR = 16
# Four bars that tell their key, F and B included.
TUNE = (0, 4, 7, 4, 5, 9, 7, 5, 4, 2, 11, 2, 0, 4, 2, 0)
KEYS = 5


def plain_viterbi(fits: npt.NDArray[np.float64]) -> list[int]:
    """The best way through the keys of bars (bar, key), step by step."""
    value, came_from = fits[0], []
    for each in fits[1:]:
        ways = value[:, None] - CHANGE_COSTS * (1 - np.eye(len(value)))
        came_from.append(ways.argmax(0))
        value = ways.max(0) + each
    way = [int(value.argmax())]
    for before in reversed(came_from):
        way.append(int(before[way[-1]]))
    return way[::-1]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 4), st.integers(0, 3))
def test_the_way_is_that_of_a_plain_viterbi(seed: int, bars: int, beats: int, pickup: int) -> None:
    rng = np.random.default_rng(seed)
    pickup = min(pickup, beats - 1)
    count = bars + (pickup > 0)
    fits = np.repeat(rng.normal(size=(-(-count // 5), KEYS)), 5, 0)[:count] + rng.normal(
        size=(count, KEYS)
    )
    begins = torch.tensor([0.0] * pickup + [1.0, *[0.0] * (beats - 1)] * bars)[None]
    lengths = ([pickup] if pickup else []) + [beats] * bars
    local = torch.tensor(np.repeat(fits, lengths, 0))[None]
    whole = torch.tensor(rng.normal(size=(1, KEYS)))
    expected = plain_viterbi(fits)
    if len(set(expected)) == 1:
        best = fits.sum(0) + OF_THE_WHOLE * whole[0].numpy()
        expected = [int(best.argmax())] * count
    assert keys_by_bar(whole, local, begins)[0].tolist() == np.repeat(expected, lengths).tolist()


def melody(*keys: int, bars: int = 8) -> tuple[Tensor, Tensor]:
    """Planes and position of the tune for so many bars in each of the keys, one after the other."""
    pitches = [key + TUNE[beat % len(TUNE)] for key in keys for beat in range(4 * bars)]
    planes = torch.zeros(1, 2, 4 * len(pitches), 88)
    for beat, pitch in enumerate(pitches):
        planes[0, 0, 4 * beat, 60 + pitch - 21] = 1
        planes[0, 1, 4 * beat : 4 * beat + 4, 60 + pitch - 21] = 1
    position = torch.zeros(1, 2, planes.shape[2])
    position[:, 0, ::BAR], position[:, 1, ::4] = 1, 1
    return planes, position


def shifts(*keys: int, bars: int = 8) -> list[int]:
    """The shift of each bar."""
    return FRAME.shifts_to_c(*melody(*keys, bars=bars))[0, ::4].tolist()


@pytest.mark.parametrize("up", [1, 3, -1, -2])
def test_a_tune_that_climbs_is_read_in_both_keys_from_the_very_bar_on(up: int) -> None:
    assert shifts(0, up, bars=16) == [0] * 16 + [-up] * 16


def test_far_keys_are_told_apart_in_fewer_bars_than_near_ones() -> None:
    assert shifts(0, 1) == [0] * 8 + [-1] * 8
    assert len(set(shifts(0, 2))) == 1


def test_a_song_that_returns_is_read_in_the_first_key_again() -> None:
    assert shifts(2, 3, 2, bars=12) == [-2] * 12 + [-3] * 12 + [-2] * 12


def test_one_key_stays_one_key_wherever_the_tune_leans() -> None:
    assert shifts(0, bars=16) == [0] * 16
    assert shifts(0, 7, bars=2) == shifts(0, 7, bars=2)[:1] * 4  # two bars are no key


def test_the_next_key_lies_near_the_first_and_not_an_octave_away() -> None:
    """F sharp is moved down six semitones, so G is moved down seven, and not up five."""
    assert shifts(6, 7) == [-6] * 8 + [-7] * 8


def test_music_moved_beat_by_beat_and_back_is_what_it_was() -> None:
    rolls = torch.zeros(2, 3, 2, 32, 88)
    rolls[..., 12:76] = (torch.rand(2, 3, 2, 32, 64) < 0.2).float()
    shift = torch.randint(-12, 12, (2, 8))
    moved = FRAME.moved(rolls, shift)
    assert torch.equal(FRAME.moved(moved, -shift), rolls)
    for row in range(2):
        for beat in range(8):
            steps = slice(4 * beat, 4 * beat + 4)
            wanted = torch.roll(rolls[row, ..., steps, :], int(shift[row, beat]), -1)
            assert torch.equal(moved[row, ..., steps, :], wanted)


def test_the_steps_of_a_change_are_those_with_which_its_beat_begins() -> None:
    found = changes(torch.tensor([[0, 0, -1, -1], [2, 2, 2, 2]]))
    assert found.nonzero().tolist() == [[0, 8]]


def played(accompanist: Accompanist, **given: Tensor) -> Tensor:
    """Planes (track, plane, step, pitch) of the answer to a song that climbs a semitone."""
    planes, position = melody(0, 1)
    asked = example_request(accompanist, 1, 16) | {"melody": planes, "position": position} | given
    with torch.no_grad():
        return accompanist(**asked)[0][0].unflatten(0, (accompanist.layout.tracks, 2))


def test_no_drawn_note_goes_on_into_another_key_and_each_note_has_its_onset() -> None:
    found = played(tiny_accompanist(2))
    onset, sounding = found[:, 0], found[:, 1]
    border = 8 * BAR
    assert float(sounding[:, border - 1].sum()) > 0
    assert torch.equal(sounding[:, border], onset[:, border])
    begun = sounding[:, 1:] * (1 - sounding[:, :-1])
    assert torch.equal(begun * onset[:, 1:], begun)


def test_what_is_kept_rings_on_over_a_change_of_key() -> None:
    accompanist = tiny_accompanist(2)
    known, keep = torch.zeros(1, 3, 2, 256, 88), torch.zeros(1, 3, 256)
    known[0, 1, 0, 120, 30] = 1
    known[0, 1, 1, 120:140, 30] = 1
    keep[0, 1] = 1
    found = played(accompanist, known=known.flatten(1, 2), keep=keep)
    assert torch.equal(found[1], known[0, 1])


def test_a_verse_that_comes_again_higher_is_heard_as_the_same_verse() -> None:
    """Bars with the same melody draw the same noise; in C the second verse is the first."""
    accompanist = tiny_accompanist(2)
    planes, position = melody(0, 1)
    asked = example_request(accompanist, 1, 16)
    heard, shift = accompanist.hear(
        planes, asked["known"], asked["keep"], asked["chords"], asked["density"], position
    )
    assert torch.equal(heard.melody[:, :, :128], heard.melody[:, :, 128:256])
    assert [a != b for a, b in pairwise(shift[0].tolist())].count(True) == 1
