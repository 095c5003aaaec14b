"""Setting a trained network's habits by those of people: how often a part rests, how much it plays,
how long its notes are, how differently hard it strikes. Judged only where a song has the part, and
on songs that were kept for it where there are enough: of those that it learned from, a network
comes to know by heart when a part rests, and so to rest too seldom under any other melody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from engine.data.corpus import SongEntry
from engine.data.measures import Notes, Segment, empty_bars
from engine.data.segments import split_by_hash
from models.habits import DARINGS, DENSITY_POINTS, Habits
from models.layout import DURATIONS

FloatArray = npt.NDArray[np.float64]
Item = TypeVar("Item")
Wish = tuple[int, float]
"""A part's number and its density."""

# Of people many more than the network is asked for: how often they rest differs from song to song.
PEOPLE, SEGMENTS = 256, 64
# The share of the songs that is kept to judge habits by, and how many there must be of them.
KEPT, FEWEST_KEPT = 0.06, 30
FEWEST_STRUCK = 4  # steps, for a deviation
RARE = 0.002  # a share of notes too small to be told from none
# A part that people rest in fewer bars carries the others: it is not silenced for long, though the
# network's rests gather where a melody is simple. So it heeds but half of what it is told of rests.
CARRYING, OF_CARRYING = 0.15, 0.5
# Where fewer segments than that have some part, songs differ in which parts they have.
COMMON = 0.9
ASKED = (1, DENSITY_POINTS - 2)  # the densities at which a part is heard, by their place
# What is mended at once, and all that a density may ask for.
AMISS, ASKED_TIMES = (0.3, 3.0), (0.05, 5.0)
# The least and the most changed.
RESTS, TIMES, LENGTHS, DEVIATIONS = (-2.0, 2.0), (0.7, 2.0), (-1.5, 1.5), (0.2, 1.5)


@dataclass(frozen=True, slots=True)
class Playing:
    """Some music: segments, velocities 0 to 1 (part, step) of each, 0 where no note begins.

    ``present`` (segment, part) is 1 where the song has the part.
    """

    segments: Sequence[Segment]
    velocities: Sequence[npt.NDArray[np.float32]]
    present: FloatArray

    def parted(self, count: int) -> list["Playing"]:
        """The same in pieces of ``count`` segments."""
        return [
            Playing(
                self.segments[first : first + count],
                self.velocities[first : first + count],
                self.present[first : first + count],
            )
            for first in range(0, len(self.segments), count)
        ]


def kept_for_habits(
    songs: Sequence[SongEntry], held_out: float
) -> tuple[list[SongEntry], list[SongEntry]]:
    """Songs to learn from and songs to judge habits by, which of few songs are the same ones.

    ``songs`` are those that are not held out; the share of those that are is ``held_out``.
    """
    learned, kept = split_by_hash(songs, held_out + KEPT)
    return (learned, kept) if len(kept) >= FEWEST_KEPT else (list(songs), list(songs))


def evenly(items: Sequence[Item], count: int) -> list[Item]:
    """At most so many of them, from all places alike: the first songs may be of one set alone."""
    few = min(count, len(items))
    return [items[number * len(items) // few] for number in range(few)]


def calibrated(habits: Habits, human: Playing, play: Callable[[Habits], Playing]) -> Habits:
    """The habits with which the network plays as people do.

    ``play`` answers to melodies like those of ``human``. How much is played is looked at once the
    rests are right. Lengths and notes are looked at twice: notes end where others begin, and the
    more of them stand, the more the network expects.
    """
    rested = _rested(human)
    carrying = rested < CARRYING
    habits = replace(habits, carrying=tuple(carrying.tolist()))
    first = play(habits)
    rests = _logit(rested) - _logit(_silence(first))
    rests = np.where(carrying, OF_CARRYING * rests, rests)
    lengths = np.clip(_lengths(human) - _lengths(first), *LENGTHS)
    resting = replace(habits, rests=_within(rests, RESTS), lengths=_rows(lengths, LENGTHS))
    second = play(resting)
    times = np.clip(_notes(human) / _notes(second), *TIMES)
    lengths = lengths + _lengths(human) - _lengths(second)
    busy = replace(resting, usual=_within(times, TIMES), lengths=_rows(lengths, LENGTHS))
    third = play(busy)
    return replace(
        busy,
        usual=_within(times * _notes(human) / _notes(third), TIMES),
        deviation=_within(_deviation(human) / _deviation(third), DEVIATIONS),
    )


def leaning(habits: Habits, lean: Sequence[float]) -> Habits:
    """The habits with more added to each part's logit of a rest; ``lean`` may name no part."""
    if len(lean) != len(habits.rests):
        return habits
    return replace(habits, rests=tuple(np.add(habits.rests, lean).tolist()))


def evened(habits: Habits, play: Callable[[Habits, float], Playing]) -> Habits:
    """The habits with which as much is played however daring the music is.

    ``play`` takes the size of the noise, too. Looked at twice, for the same reason as above.
    """
    usual = _notes(play(habits, 1.0))
    times = np.ones((len(DARINGS), len(usual)))
    for _ in range(2):
        even = replace(habits, daring=_rows(times, TIMES))
        found = [_notes(play(even, size)) for size in DARINGS]
        times = np.clip(times * usual / np.array(found), *TIMES)
    return replace(habits, daring=_rows(times, TIMES))


def heeding(habits: Habits, play: Callable[[Habits, Sequence[Wish]], Sequence[Playing]]) -> Habits:
    """The habits with which a part that is asked for a density is as busy as such songs' parts are.

    The network heeds the density, too, and what stands of busy music makes the next note likelier;
    so ``times`` alone would ask for too much of it. ``play`` answers to a part's number and its
    density (none: −1). Looked at twice, half of what is amiss being mended each time.
    """
    wanted: FloatArray = np.array(habits.times, float)
    asked = [(track, place) for track in range(len(wanted)) for place in ASKED]
    wishes = [(0, -1.0), *((track, place / (DENSITY_POINTS - 1)) for track, place in asked)]
    for _ in range(2):
        times: FloatArray = np.array(habits.times, float)
        usual, *answers = (_notes(each) for each in play(habits, wishes))
        for (track, place), found in zip(asked, answers, strict=True):
            amiss = wanted[track, place] * usual[track] / found[track]
            times[track] *= np.clip(amiss**0.5, *AMISS) ** _nearness(place)
        habits = replace(habits, times=_rows(times, ASKED_TIMES))
    return habits


def _nearness(place: int) -> FloatArray:
    """How much each density's point has of what is mended at one: none on the other side."""
    middle = (DENSITY_POINTS - 1) / 2
    away: FloatArray = (np.arange(DENSITY_POINTS, dtype=np.float64) - middle) / (place - middle)
    return away.clip(0.0, 1.0)


def _within(values: FloatArray, limits: tuple[float, float]) -> tuple[float, ...]:
    return tuple(np.clip(values, *limits).tolist())


def _rows(values: FloatArray, limits: tuple[float, float]) -> tuple[tuple[float, ...], ...]:
    return tuple(_within(row, limits) for row in values)


def _silence(playing: Playing) -> FloatArray:
    """Share of the bars in which each part is silent."""
    rows = [[empty_bars(track, each) for track in each.tracks] for each in playing.segments]
    return _mean(np.array(rows, float) / 100, playing.present)


def _rested(human: Playing) -> FloatArray:
    """Share of the bars in which people rest each part.

    Where songs differ in which parts they have, one that is silent in a whole segment was left out
    of it, as others are of a song: that is no rest.
    """
    if human.present.mean(0).min() >= COMMON:
        return _silence(human)
    heard = [[len(track) > 0 for track in each.tracks] for each in human.segments]
    return _silence(replace(human, present=human.present * np.array(heard, float)))


def _notes(playing: Playing) -> FloatArray:
    """Notes of each part in a segment; one in all of them where there are none."""
    rows = np.array([[len(track) for track in each.tracks] for each in playing.segments], float)
    return np.maximum(_mean(rows, playing.present), 1 / max(1, len(rows)))


def _lengths(playing: Playing) -> FloatArray:
    """Logarithm of the share of each of `DURATIONS` in each part's notes (part, length).

    The mean of all segments with such notes, so that busy ones do not speak for the others.
    """
    counts = np.array([[_counted(part) for part in each.tracks] for each in playing.segments])
    notes = counts.sum(2, keepdims=True)
    counted = playing.present[..., None] * (notes > 0)
    shares: FloatArray = np.log(_mean(counts / np.maximum(notes, 1), counted) + RARE)
    return shares


def _counted(part: Notes) -> FloatArray:
    """Notes of each of `DURATIONS`, or nearest to it; between two of them the longer."""
    lengths = np.array([note.length for note in part])
    farther = np.abs(lengths[:, None] - np.array(DURATIONS[::-1])).argmin(1)
    counts = np.bincount(farther, minlength=len(DURATIONS))
    return counts[::-1].astype(np.float64)


def _deviation(playing: Playing) -> FloatArray:
    """Standard deviation of the velocities of each part within a segment, the mean of all."""
    rows = np.array([[_spread(part) for part in each] for each in playing.velocities], float)
    counted = playing.present * np.isfinite(rows)
    return np.maximum(_mean(np.nan_to_num(rows), counted), 1e-3)


def _spread(velocities: npt.NDArray[np.float32]) -> float:
    struck = velocities[velocities > 0]
    return float(struck.std()) if len(struck) >= FEWEST_STRUCK else float("nan")


def _mean(rows: FloatArray, counted: FloatArray) -> FloatArray:
    return (rows * counted).sum(0) / np.maximum(counted.sum(0), 1.0)


def _logit(share: FloatArray) -> FloatArray:
    inside = np.clip(share, 0.01, 0.99)
    return np.log(inside / (1 - inside))
