"""Melodies of any meter and length lie on a model's steps with bar lines where it expects them."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MusicError
from engine.generation.frame import frame_of
from engine.generation.model_card import CardTrack, ModelCard
from engine.generation.windows import longest_run, windows_of
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import make_track

CARD = ModelCard("Test", (CardTrack("Bass"),), step_multiple=16, noise_size=4)


def piece(*meters: tuple[int, int, int], end: int = 7680, resolution: int = 480) -> Composition:
    melody = make_track("Melody", [Note(0, 60, end)])
    changes = tuple(MeterChange(*meter) for meter in meters or ((0, 4, 4),))
    return Composition(ticks_per_quarter=resolution, meters=changes, tracks=(melody,))


def test_four_bars_of_four_four_are_sixty_four_steps() -> None:
    frame = frame_of(piece(), CARD)
    assert (frame.steps, frame.end, frame.grid.origin) == (64, 7680, 0)
    assert frame.bars[:3] == (0, 16, 32)
    assert frame.beats[:5] == (0, 4, 8, 12, 16)


def test_a_melody_is_filled_up_to_its_last_bar_s_end() -> None:
    frame = frame_of(piece(end=7681), CARD)
    assert (frame.steps, frame.end) == (80, 9600)


def test_after_a_pick_up_the_bar_lines_fall_on_multiples() -> None:
    frame = frame_of(piece((0, 1, 4), (480, 4, 4), end=480 + 3 * 1920), CARD)
    assert frame.grid.origin == 480 - 1920
    assert frame.bars[:3] == (0, 16, 32)
    assert frame.steps == 64
    assert frame.used_meters() == {"4/4"}


def test_a_pick_up_in_three_four_belongs_to_a_bar_of_three() -> None:
    frame = frame_of(piece((0, 1, 4), (480, 3, 4), end=480 + 3 * 1440), CARD)
    assert frame.grid.origin == 480 - 1440
    assert frame.bars[:4] == (0, 12, 24, 36)
    assert frame.beats[:4] == (0, 4, 8, 12)


def test_a_pick_up_that_is_no_whole_number_of_steps_still_aligns_the_bars() -> None:
    frame = frame_of(piece((0, 1, 8), (160, 4, 4), end=160 + 1920), CARD)
    assert frame.grid.tick_at(16) == 160
    assert frame.bars[:2] == (0, 16)


def test_a_pick_up_in_a_resolution_that_eighths_do_not_divide_aligns_the_bars() -> None:
    frame = frame_of(piece((0, 1, 8), (7, 6, 8), end=7 + 4 * 45, resolution=15), CARD)
    assert frame.grid.origin == 7 - 45
    assert frame.bars[:5] == (0, 12, 24, 36, 48)


def test_a_short_bar_in_the_middle_shifts_the_grid_to_where_most_bar_lines_are() -> None:
    frame = frame_of(piece((0, 4, 4), (1920, 2, 4), (2880, 4, 4), end=2880 + 1920 * 6), CARD)
    later = [bar % 16 for bar in frame.bars if frame.grid.tick_at(bar) >= 2880]
    assert set(later[:6]) == {0}
    assert frame.grid.tick_at(0) <= 0


@pytest.mark.parametrize(
    ("meter", "bars", "beats"),
    [
        ((3, 4), (0, 12, 24), (0, 4, 8, 12, 16)),
        ((2, 4), (0, 8, 16), (0, 4, 8, 12, 16)),
        ((2, 2), (0, 16, 32), (0, 4, 8, 12, 16)),
        ((5, 4), (0, 20, 40), (0, 4, 8, 12, 16)),
        ((6, 8), (0, 12, 24), (0, 6, 12, 18, 24)),
        ((9, 8), (0, 18, 36), (0, 6, 12, 18, 24)),
        ((12, 8), (0, 24, 48), (0, 6, 12, 18, 24)),
        ((7, 8), (0, 14, 28), (0, 4, 8, 12, 14)),
        ((3, 8), (0, 6, 12), (0, 4, 6, 10, 12)),
    ],
)
def test_beats_are_quarters_and_in_compound_meters_dotted_quarters(
    meter: tuple[int, int], bars: tuple[int, ...], beats: tuple[int, ...]
) -> None:
    frame = frame_of(piece((0, *meter), end=7680), CARD)
    assert frame.bars[:3] == bars
    assert frame.beats[:5] == beats


def test_an_extension_goes_on_by_whole_bars_of_the_last_meter() -> None:
    frame = frame_of(piece((0, 4, 4), (1920, 3, 4), end=2000), CARD, extend_bars=2)
    assert frame.end == 1920 + 3 * 1440
    assert frame.steps == 16 + 36


def test_a_model_of_several_meters_is_given_the_music_as_it_is() -> None:
    several = replace(CARD, meters=("4/4", "2/4"))
    mixed = piece((0, 4, 4), (1920, 2, 4), (2880, 4, 4), end=2880 + 4 * 1920)
    assert frame_of(mixed, several).grid.origin == 0
    assert frame_of(mixed, CARD).grid.origin < 0


@pytest.mark.parametrize("meter", ["3/4", "6/8", "2/4", "5/4", "7/8"])
def test_whatever_the_bars_an_input_is_a_multiple_of_the_model_s_steps(meter: str) -> None:
    numerator, denominator = map(int, meter.split("/"))
    card = replace(CARD, meters=("4/4", meter))
    frame = frame_of(piece((0, numerator, denominator), end=5000), card)
    (window,) = windows_of(frame.steps, frame.bars, card)
    assert window.last % 16 == 0 and frame.steps <= window.last < frame.steps + 16


def test_an_empty_melody_is_refused_in_a_sentence() -> None:
    with pytest.raises(MusicError, match="There is no melody yet"):
        frame_of(Composition(), CARD)


def test_a_melody_of_many_hours_is_refused_in_a_sentence() -> None:
    far = make_track("Melody", [Note(0, 60, 1), Note(10**9, 60, 1)])
    with pytest.raises(MusicError, match="bars long"):
        frame_of(Composition(tracks=(far,)), CARD)


meters = st.tuples(st.integers(1, 12), st.sampled_from([2, 4, 8, 16]))


@given(
    st.lists(meters, min_size=1, max_size=4),
    st.integers(1, 60_000),
    st.integers(1, 1000),
    st.sampled_from([1, 4, 12, 16, 32]),
    st.none() | st.integers(1, 20),
)
def test_any_piece_lies_within_its_frame_and_its_windows(
    shapes: list[tuple[int, int]], end: int, resolution: int, multiple: int, most: int | None
) -> None:
    changes = [(index * 7 * resolution, *shape) for index, shape in enumerate(shapes)]
    card = replace(CARD, step_multiple=multiple, max_steps=most and most * multiple)
    try:
        frame = frame_of(piece(*changes, end=end, resolution=resolution), card)
    except MusicError:
        return  # refused for its length: small resolutions make an hour of few ticks
    assert frame.grid.origin <= 0
    assert frame.end >= end
    assert frame.grid.tick_at(frame.steps) >= frame.end
    assert frame.grid.tick_at(frame.steps - 1) < frame.end
    windows = windows_of(frame.steps, frame.bars, card)
    assert windows[0].first == 0
    assert windows[-1].last >= frame.steps
    assert frame.bars[-1] + 12 * 16 >= windows[-1].last - multiple
    for window in windows:
        assert (window.last - window.first) % multiple == 0
        assert window.last - window.first <= longest_run(card)
    for before, after in pairwise(windows):
        assert before.first < after.first <= before.last == after.fresh
