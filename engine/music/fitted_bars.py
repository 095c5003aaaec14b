"""A composition laid on other bars: what was played freely, on a grid that follows the playing."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

from engine.music.beats import Beats, covering, with_bar_line_at
from engine.music.composition import (
    MICROSECONDS_PER_MINUTE,
    Composition,
    MeterChange,
    TempoChange,
    tempo_from_bpm,
)
from engine.music.note import Note
from engine.music.recorded import PlayedPass, Recorded
from engine.music.ticks import tempo_map
from engine.music.track import ControlEvent, Track, without_overlaps

EARLY = 0.15
"""Of a beat: so much before bar 1 its first note may have been played."""
CATCH = 0.15
"""Of a beat: a bar line that is dragged so near to a note falls on it."""
Move = Callable[[int], int]
Placed = TypeVar("Placed")


def played_seconds(composition: Composition) -> list[tuple[float, float, int, int]]:
    """Start, end, pitch, velocity of the melody's notes, in seconds."""
    tempos = tempo_map(composition)
    return [
        (tempos.seconds_at(note.start), tempos.seconds_at(note.end), note.pitch, note.velocity)
        for note in composition.melody.notes
    ]


def fitted(composition: Composition, beats: Beats, *, steady: bool) -> Composition:
    """The composition with these bars: everything keeps its moment, and lies on other ticks.

    ``steady`` gives it one tempo, so that the beats are evened out; else the tempo follows them
    and it sounds as it was played. Bar 1 holds the first note.
    """
    if not any(track.notes for track in composition.tracks):
        return composition
    tempos, beats = tempo_map(composition), beats_over(composition, beats)
    ticks = ticks_of_beat(composition, beats)

    def move(tick: int) -> int:
        return max(0, round(ticks * beats.place_of(tempos.seconds_at(tick))))

    moved = _moved(composition, move)
    changes = _one_tempo(beats) if steady else _tempos(beats, ticks, composition.ticks_per_quarter)
    return replace(moved, tempos=changes, meters=(MeterChange(0, *beats.meter),))


def beats_over(composition: Composition, beats: Beats) -> Beats:
    """The beats from the bar line that `fitted` makes tick 0, to the end of the music.

    The composition needs a note.
    """
    tempos = tempo_map(composition)
    begins = min(note.start for track in composition.tracks for note in track.notes)
    # What begins just before a bar line begins with it.
    first = tempos.seconds_at(begins) + EARLY * beats.seconds_per_beat
    return covering(beats, first, tempos.seconds_at(composition.end))


def ticks_of_beat(composition: Composition, beats: Beats) -> int:
    """How long a beat is in the fitted composition."""
    quarter = composition.ticks_per_quarter
    return quarter * 3 // 2 if beats.compound else quarter


def with_line_dragged(
    composition: Composition, beats: Beats, tick: int, to_tick: int, *, exact: bool
) -> Beats:
    """The beats with a bar line of the fitted composition dragged from tick to tick there.

    Unless ``exact`` it falls on the note of the melody that begins close to where it is dragged.
    """
    over, ticks = beats_over(composition, beats), ticks_of_beat(composition, beats)
    at = over.seconds_of(to_tick / ticks)
    onsets = [start for start, *_ in played_seconds(composition)]
    nearest = min(onsets, key=lambda start: abs(start - at), default=at)
    if not exact and abs(nearest - at) <= CATCH * beats.seconds_per_beat:
        at = nearest
    line = min(round(tick / ticks), len(over.times) - 1)
    return with_bar_line_at(over, line, at)


def _one_tempo(beats: Beats) -> tuple[TempoChange, ...]:
    return (tempo_from_bpm(max(1, round(beats.beats_per_minute))),)


def _tempos(beats: Beats, ticks: int, quarter: int) -> tuple[TempoChange, ...]:
    """A tempo for each beat; those that are alike are one."""
    changes: list[TempoChange] = []
    for number, (before, after) in enumerate(pairwise(beats.times)):
        micros = max(1, round((after - before) * 1_000_000 * quarter / ticks))
        micros = min(micros, MICROSECONDS_PER_MINUTE)
        if not changes or micros != changes[-1].microseconds_per_quarter:
            changes.append(TempoChange(number * ticks, micros))
    return tuple(changes)


def _moved(composition: Composition, move: Move) -> Composition:
    """Everything that lies on a tick, moved in order."""
    return replace(
        composition,
        tracks=tuple(_moved_track(track, move) for track in composition.tracks),
        recorded=tuple(_moved_recorded(each, move) for each in composition.recorded),
        chords=_distinct(composition.chords, move),
        keys=_distinct(composition.keys, move),
        sections=_distinct(composition.sections, move),
        lyrics=tuple(replace(each, tick=move(each.tick)) for each in composition.lyrics),
    )


def _distinct(marks: Iterable[Placed], move: Move) -> tuple[Placed, ...]:
    """Marks moved; of several that fall on one tick the last holds."""
    by_tick = {}
    for mark in marks:
        tick = move(mark.tick)  # type: ignore[attr-defined]
        by_tick[tick] = replace(mark, tick=tick)  # type: ignore[type-var]
    return tuple(by_tick[tick] for tick in sorted(by_tick))


def _moved_track(track: Track, move: Move) -> Track:
    return replace(
        track,
        notes=_moved_notes(track.notes, move),
        controls=_moved_controls(track.controls, move),
    )


def _moved_notes(notes: Iterable[Note], move: Move) -> tuple[Note, ...]:
    moved = (
        replace(note, start=move(note.start), duration=max(1, move(note.end) - move(note.start)))
        for note in notes
    )
    return without_overlaps(moved)[0]


def _moved_controls(controls: Iterable[ControlEvent], move: Move) -> tuple[ControlEvent, ...]:
    return tuple(replace(event, tick=move(event.tick)) for event in controls)


def _moved_recorded(recorded: Recorded, move: Move) -> Recorded:
    passes = tuple(
        PlayedPass(_moved_notes(each.notes, move), _moved_controls(each.controls, move))
        for each in recorded.passes
    )
    under = None if recorded.under is None else _moved_notes(recorded.under, move)
    start = min([move(recorded.start), *(note.start for each in passes for note in each.notes)])
    end = max(move(recorded.end), start)
    return replace(recorded, start=start, end=end, passes=passes, under=under)
