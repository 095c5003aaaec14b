"""Music in 4/4 as a shuffle and in two, and the meters that a network has learned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import SongEntry, Stretch
from models.meters import (
    beats_before,
    in_commonest_meter,
    in_two,
    known_meters,
    shuffled,
)


def common_time(beats: int, seed: int = 0) -> Stretch:
    rng = np.random.default_rng(seed)
    planes = rng.random((2, 2, 4 * beats, 128)) < 0.02
    planes[:, 1] |= planes[:, 0]
    velocity = np.asarray(80 * planes[:, 0].any(-1), np.uint8)
    chords = np.arange(beats, dtype=np.int16)
    return Stretch(planes, velocity, chords, np.arange(beats) % 4 == 0, left=beats)


def test_quarters_become_dotted_and_second_eighths_long_ones() -> None:
    planes = np.zeros((1, 2, 16, 128), np.bool_)
    planes[0, :, (0, 2, 4, 8), 60] = True
    struck = np.asarray(planes[:, 0].any(-1), np.uint8)
    bars = np.array([True, False, False, False])
    source = Stretch(planes, struck, np.arange(4, dtype=np.int16), bars, left=4)
    made = shuffled(source, 6)
    assert np.flatnonzero(made.planes[0, 0, :, 60]).tolist() == [0, 4, 6, 12]
    assert np.flatnonzero(made.bar_starts).tolist() == [0, 3]
    assert (made.pulse, made.left) == (6, 6)
    assert made.chords.tolist() == [0, 0, 1, 2, 2, 3]


@given(st.integers(1, 12), st.integers(0, 100))
def test_a_shuffle_has_the_same_notes(bars: int, seed: int) -> None:
    beats = 3 * bars
    source = common_time(beats_before(beats), seed)
    made = shuffled(source, beats)
    assert made.planes.shape[2] == 4 * beats
    assert made.planes[:, 0].sum() == source.planes[:, 0, : 8 * bars].sum()
    assert (made.velocity > 0).tolist() == made.planes[:, 0].any(-1).tolist()


def test_in_two_every_half_bar_begins_one() -> None:
    assert np.flatnonzero(in_two(common_time(8)).bar_starts).tolist() == [0, 2, 4, 6]


def song(meter: str, beats: int) -> SongEntry:
    return SongEntry(meter, 0, beats, 3, 0, meter=meter)


@pytest.mark.parametrize(
    ("shuffles", "known"), [(False, ("4/4", "3/4")), (True, ("4/4", "3/4", "6/8", "2/4"))]
)
def test_meters_that_are_hardly_heard_are_not_known(shuffles: bool, known: tuple[str, ...]) -> None:
    songs = [song("3/4", 100), song("4/4", 900), song("5/4", 10)]
    assert known_meters(songs, shuffles) == known
    assert in_commonest_meter(songs) == [songs[1]]
