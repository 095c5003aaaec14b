from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.data.parsing import ParsedFile, ParsedTrack
from engine.data.sections import Section, nearest_steps, sections
from engine.music.ticks import StepGrid

QUARTER = 480


def file_of(quarters: int, *meters: tuple[int, int, int]) -> ParsedFile:
    notes = np.array([[0, quarters * QUARTER, 60, 80]], np.int32)
    given_meters = tuple((quarter * QUARTER, above, below) for quarter, above, below in meters)
    return ParsedFile(QUARTER, (ParsedTrack("", 0, 1, False, notes),), given_meters)


def shapes(parsed: ParsedFile) -> list[tuple[float, float, str, int, int]]:
    """Start and end in quarters, meter, quarters a bar, first bar."""
    return [
        (s.start / QUARTER, s.end / QUARTER, s.meter, s.beats_per_bar, s.first_bar_beat)
        for s in sections(parsed)
    ]


def test_a_file_without_a_meter_is_in_four() -> None:
    assert shapes(file_of(16)) == [(0, 16, "4/4", 4, 0)]


def test_a_change_of_meter_begins_a_section() -> None:
    parsed = file_of(40, (0, 4, 4), (16, 3, 4), (28, 6, 8))
    assert shapes(parsed) == [(0, 16, "4/4", 4, 0), (16, 28, "3/4", 3, 0), (28, 40, "6/8", 3, 0)]


def test_a_meter_that_is_only_repeated_begins_none() -> None:
    assert shapes(file_of(40, (0, 4, 4), (0, 4, 4), (16, 4, 4))) == [(0, 40, "4/4", 4, 0)]


def test_a_repeated_meter_off_the_bar_line_moves_the_bars() -> None:
    assert len(shapes(file_of(40, (0, 4, 4), (17, 4, 4)))) == 2


def test_a_short_first_bar_is_a_pick_up() -> None:
    parsed = file_of(33, (0, 1, 4), (1, 4, 4))
    assert shapes(parsed) == [(0, 33, "4/4", 4, 1)]
    assert sections(parsed)[0].origin == 0


def test_a_pick_up_of_an_eighth_fills_the_end_of_a_beat() -> None:
    notes = np.array([[0, 20 * QUARTER, 60, 80]], np.int32)
    meters = ((0, 1, 8), (QUARTER // 2, 4, 4))
    (section,) = sections(ParsedFile(QUARTER, (ParsedTrack("", 0, 1, False, notes),), meters))
    assert (section.start, section.origin, section.first_bar_beat) == (0, -QUARTER // 2, 1)


def test_a_meter_that_comes_a_tick_late_holds_from_the_beginning() -> None:
    notes = np.array([[0, 12 * QUARTER, 60, 80]], np.int32)
    parsed = ParsedFile(QUARTER, (ParsedTrack("", 0, 1, False, notes),), ((0, 4, 4), (1, 3, 4)))
    assert shapes(parsed) == [(0, 12, "3/4", 3, 0)]


def test_bars_that_are_no_whole_quarters_cannot_be_packed() -> None:
    meters = [beats for *_, beats, _ in shapes(file_of(40, (0, 9, 8)))]
    assert meters == [0]
    assert [beats for *_, beats, _ in shapes(file_of(40, (0, 12, 8)))] == [6]


METERS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 12), st.sampled_from((2, 4, 8))), max_size=6
)


@given(st.integers(1, 60), METERS)
def test_sections_never_overlap_and_reach_the_end(
    quarters: int, meters: list[tuple[int, int, int]]
) -> None:
    found = sections(file_of(quarters, *meters))
    assert found[-1].end == quarters * QUARTER
    assert all(one.end <= two.start for one, two in pairwise(found))
    for section in found:
        assert section.start < section.end
        assert section.origin <= section.start
        if section.beats_per_bar:
            assert 0 <= section.first_bar_beat < section.beats_per_bar


@given(st.lists(st.integers(0, 10**6), max_size=8), st.integers(-960, 960), st.integers(1, 1000))
def test_steps_are_those_of_the_step_grid(ticks: list[int], origin: int, quarter: int) -> None:
    grid = StepGrid(quarter, 4, origin)
    steps = nearest_steps(np.array(ticks, np.int32), origin, quarter)
    assert steps.tolist() == [grid.nearest_step(tick) for tick in ticks]


def test_bars_are_counted_for_reports() -> None:
    assert Section(0, 40 * QUARTER, 0, "4/4", 4, 0).bars(QUARTER) == 10
    assert Section(0, 40 * QUARTER, 0, "9/8", 0, 0).bars(QUARTER) == 0
