"""Bars in meters that a model does not know are laid onto its own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.generation.frame import frame_of
from engine.generation.layout import layout_of
from engine.generation.model_card import CardTrack, ModelCard
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.piano_roll import ONSET, SOUNDING, PianoRoll, decode
from engine.music.track import make_track

CARD = ModelCard("Test", (CardTrack("Bass"),), step_multiple=16, noise_size=4)


def piece(*meters: tuple[int, int, int], end: int = 5760) -> Composition:
    melody = make_track("Melody", [Note(0, 60, end)])
    return Composition(meters=tuple(MeterChange(*each) for each in meters), tracks=(melody,))


def columns_of(*meters: tuple[int, int, int], end: int = 5760) -> list[int]:
    frame = frame_of(piece(*meters, end=end), CARD)
    return layout_of(frame, CARD).columns.tolist()


def test_the_model_s_own_meter_needs_no_fitting() -> None:
    assert columns_of((0, 4, 4)) == list(range(48))


def test_three_four_leaves_the_fourth_beat_out() -> None:
    assert columns_of((0, 3, 4), end=2880) == [*range(12), *range(16, 28)]


def test_six_eight_puts_each_half_on_a_half_bar() -> None:
    assert columns_of((0, 6, 8), end=1440) == [*range(6), *range(8, 14)]


def test_two_bars_of_two_four_make_one() -> None:
    assert columns_of((0, 2, 4), end=2880) == list(range(24))


def test_a_pick_up_stands_at_the_end_of_its_bar() -> None:
    frame = frame_of(piece((0, 1, 4), (480, 3, 4), end=480 + 1440), CARD)
    layout = layout_of(frame, CARD)
    assert frame.grid.tick_at(8) == 0
    assert layout.columns.tolist() == [*range(12), *range(16, 28)]
    assert layout.bars[:2] == (0, 16)


def test_the_gap_before_the_first_step_is_silent() -> None:
    frame = frame_of(piece(*((index * 1900, 1, 2) for index in range(4)), end=18582), CARD)
    layout = layout_of(frame, CARD)
    held = np.zeros((2, frame.steps, 1), dtype=np.bool_)
    held[ONSET, 0] = held[SOUNDING, :] = True
    assert layout.columns[0] > 0
    assert not layout.spread_planes(held)[:, : layout.columns[0]].any()


meters = st.tuples(st.integers(1, 13), st.sampled_from([2, 4, 8, 16]))


@given(st.lists(meters, min_size=1, max_size=5), st.integers(1, 20_000))
def test_what_is_spread_comes_back_note_for_note(shapes: list[tuple[int, int]], end: int) -> None:
    changes = [(index * 1900, *shape) for index, shape in enumerate(shapes)]
    frame = frame_of(piece(*changes, end=end), CARD)
    layout = layout_of(frame, CARD)
    assert len(layout.columns) == frame.steps
    assert (np.diff(layout.columns) > 0).all()
    assert layout.length > layout.columns[-1]
    assert (layout.source[layout.columns] == np.arange(frame.steps)).all()
    rng = np.random.default_rng(end)
    planes = rng.random((2, frame.steps, 3)) < 0.4
    planes[SOUNDING] |= planes[ONSET]
    spread = layout.spread_planes(planes)
    assert (spread[:, layout.columns] == planes).all()
    assert not spread[ONSET, layout.gaps].any()
    notes = decode(PianoRoll(planes[None]))[0]
    assert len(decode(PianoRoll(spread[None]))[0]) == len(notes)
