"""A network's habits set by those of people, on music made by hand."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from engine.data.measures import Segment
from engine.data.segments import held_out
from engine.data.song import SongEntry
from engine.music.piano_roll import StepNote
from models.calibration import (
    FEWEST_KEPT,
    Playing,
    Wish,
    calibrated,
    evened,
    heeding,
    kept_for_habits,
    leaning,
)
from models.habits import DARINGS, DENSITY_POINTS, Habits, even_habits

BARS = 4


def playing(notes_a_bar: int, bars: int, soft: float, loud: float) -> Playing:
    """Two segments of one part that plays so many notes in its first bars, soft and loud."""
    steps = [16 * bar + 2 * note for bar in range(bars) for note in range(notes_a_bar)]
    part = tuple(StepNote(step, 60, 1) for step in steps)
    segment = Segment((StepNote(0, 72, 4),), (part,), 16 * BARS)
    velocities = np.zeros((1, 16 * BARS), np.float32)
    velocities[0, steps] = [soft if number % 2 else loud for number in range(len(steps))]
    return Playing([segment, segment], [velocities, velocities], np.ones((2, 1)))


def with_lengths(lengths: tuple[int, ...]) -> Playing:
    """A segment of one part with a note of each length, in steps."""
    part = tuple(StepNote(4 * place, 60, length) for place, length in enumerate(lengths))
    segment = Segment((StepNote(0, 72, 4),), (part,), 16 * BARS)
    return Playing([segment], [np.zeros((1, 16 * BARS), np.float32)], np.ones((1, 1)))


HUMAN = playing(6, 2, 0.5, 0.7)


def habits(played: Playing) -> Habits:
    return calibrated(even_habits(1), HUMAN, lambda _habits: played)


def test_who_plays_as_people_do_keeps_all_habits() -> None:
    found = habits(HUMAN)
    assert (found.rests, found.usual) == ((0.0,), (1.0,))
    assert found.deviation == pytest.approx((1.0,))


def test_who_never_rests_shall_rest_more() -> None:
    assert habits(playing(3, 4, 0.5, 0.7)).rests == (2.0,)


def test_who_plays_too_little_shall_play_more_until_it_is_as_much() -> None:
    """Asked for 1.2 times as much, this one plays 6 notes for 5; so it stays at that."""

    def play(found: Habits) -> Playing:
        return playing(round(5 * found.usual[0]), 2, 0.5, 0.7)

    assert calibrated(even_habits(1), HUMAN, play).usual == pytest.approx((1.2,))


def test_who_answers_too_much_to_being_asked_for_more_is_asked_for_less() -> None:
    def play(found: Habits) -> Playing:
        return playing(5 if found.usual[0] == 1 else 8, 2, 0.5, 0.7)

    assert calibrated(even_habits(1), HUMAN, play).usual == pytest.approx((1.2 * 6 / 8,))


def test_who_plays_short_notes_only_shall_play_longer_ones() -> None:
    def play(found: Habits) -> Playing:
        steps = 4 if found.lengths[0][3] > found.lengths[0][0] + 1 else 1
        return with_lengths((1, 1, 1, steps))

    found = calibrated(even_habits(1), with_lengths((1, 1, 4, 4)), play).lengths[0]
    assert found[3] > 1 > 0 > found[0]
    assert found[1] == found[7] == 0


def test_who_strikes_too_differently_shall_strike_more_evenly() -> None:
    assert habits(playing(6, 2, 0.3, 0.7)).deviation == pytest.approx((0.5,), rel=1e-3)


def test_how_much_is_played_is_judged_once_the_rests_are_right() -> None:
    asked: list[Habits] = []

    def play(found: Habits) -> Playing:
        asked.append(found)
        return playing(6, 4, 0.5, 0.7) if len(asked) == 1 else HUMAN

    found = calibrated(even_habits(1), HUMAN, play)
    assert [each.rests for each in asked] == [(0.0,), (2.0,), (2.0,)]
    assert found.usual == (1.0,)


def test_more_people_than_were_answered_to_count_alike() -> None:
    thrice = [*HUMAN.velocities] * 3
    many = Playing([*HUMAN.segments] * 3, thrice, np.ones((6, 1)))
    found = calibrated(even_habits(1), many, lambda _habits: HUMAN)
    assert (found.rests, found.usual) == ((0.0,), (1.0,))


def test_songs_without_the_part_say_nothing() -> None:
    silent = Playing(
        [HUMAN.segments[0], playing(0, 0, 0.5, 0.7).segments[0]],
        [HUMAN.velocities[0], np.zeros((1, 16 * BARS), np.float32)],
        np.array([[1.0], [0.0]]),
    )
    found = calibrated(even_habits(1), silent, lambda _habits: HUMAN)
    assert (found.rests, found.usual) == ((0.0,), (1.0,))


def test_where_songs_differ_in_their_parts_a_whole_silent_segment_is_no_rest() -> None:
    segments = [HUMAN.segments[0], playing(0, 0, 0.5, 0.7).segments[0]] * 2
    velocities = [HUMAN.velocities[0], np.zeros((1, 16 * BARS), np.float32)] * 2
    differing = Playing(segments, velocities, np.array([[1.0], [1.0], [1.0], [0.0]]))
    alike = Playing(segments, velocities, np.ones((4, 1)))
    rests = [
        calibrated(even_habits(1), human, lambda _habits: HUMAN).rests[0]
        for human in (differing, alike)
    ]
    assert rests == pytest.approx([0.0, float(np.log(3))])


def test_a_part_that_people_seldom_rest_carries_the_others() -> None:
    asked: list[tuple[bool, ...]] = []

    def play(found: Habits) -> Playing:
        asked.append(found.carrying)
        return HUMAN

    always = playing(3, 4, 0.5, 0.7)
    assert calibrated(even_habits(1), always, play).carrying == (True,)
    assert calibrated(even_habits(1), HUMAN, play).carrying == (False,)
    assert asked == [(True,)] * 3 + [(False,)] * 3


def test_who_plays_more_when_calm_and_less_when_daring_is_evened_out() -> None:
    """This one answers to half of what it is asked for, so that one look would not do."""
    asked: list[float] = []

    def play(found: Habits, size: float) -> Playing:
        asked.append(size)
        own = {1.0: 6, DARINGS[0]: 8, DARINGS[1]: 4}[size]
        told = 1.0 if size == 1.0 else found.daring[DARINGS.index(size)][0]
        return playing(round(own * (1 + told) / 2), 2, 0.5, 0.7)

    found = evened(even_habits(1), play)
    assert asked == [1.0, *DARINGS, *DARINGS]
    calm, wild = (each[0] for each in found.daring)
    assert calm == pytest.approx(0.75 * 6 / 7, abs=0.12)
    assert wild == pytest.approx(1.5 * 6 / 5, abs=0.12)


def test_who_plays_alike_however_daring_is_left_alone() -> None:
    assert evened(even_habits(1), lambda _habits, _size: HUMAN) == even_habits(1)


def answers(
    found: Habits, wishes: Sequence[Wish], notes: Callable[[float], float]
) -> list[Playing]:
    """What is played to wishes; ``notes`` says how many there are for what a part is asked for."""
    told = [
        1.0 if density < 0 else found.times[track][round(density * (DENSITY_POINTS - 1))]
        for track, density in wishes
    ]
    return [playing(round(notes(each)), 2, 0.5, 0.7) for each in told]


def test_who_heeds_a_density_too_much_is_asked_for_less_of_it() -> None:
    wanted = tuple(np.linspace(0.4, 1.6, DENSITY_POINTS).tolist())
    asked: list[Wish] = []

    def play(found: Habits, wishes: Sequence[Wish]) -> list[Playing]:
        asked.extend(wishes)
        return answers(found, wishes, lambda told: 8 * told**2)

    times = heeding(replace(even_habits(1), times=(wanted,)), play).times[0]
    assert asked == [(0, -1.0), (0, 0.1), (0, 0.9)] * 2
    assert times[1] == pytest.approx(wanted[1] ** 0.5, abs=0.08)
    assert times[9] == pytest.approx(wanted[9] ** 0.5, abs=0.08)
    assert times[5] == pytest.approx(1.0)
    assert list(times) == sorted(times)


def test_who_heeds_a_density_as_asked_is_left_alone() -> None:
    wanted = tuple(np.linspace(0.5, 1.5, DENSITY_POINTS).tolist())
    habits = replace(even_habits(1), times=(wanted,))

    def play(found: Habits, wishes: Sequence[Wish]) -> list[Playing]:
        return answers(found, wishes, lambda told: 10 * told)

    assert heeding(habits, play) == habits


def test_what_a_preset_adds_to_rests_comes_after_people_s_habit() -> None:
    habits = replace(even_habits(2), rests=(0.5, -1.0))
    assert leaning(habits, (-0.75, 1.0)).rests == (-0.25, 0.0)
    assert leaning(habits, ()) == habits
    assert leaning(habits, (1.0,)) == habits, "other parts than the preset's"


def test_of_many_songs_some_are_kept_that_nobody_learns_and_of_few_none() -> None:
    songs = [SongEntry(f"song-{number}", 0, 64, 4, 0) for number in range(1000)]
    rest, held = held_out(songs, 0.1)
    learned, kept = kept_for_habits(rest, 0.1)
    assert len(kept) >= FEWEST_KEPT
    assert not set(kept) & (set(learned) | set(held))
    assert set(learned) | set(kept) | set(held) == set(songs)
    few = held_out(songs[:200], 0.1)[0]
    assert kept_for_habits(few, 0.1) == (few, few)
