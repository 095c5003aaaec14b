"""Figures of one accompaniment, for the eye beside the ear: what is told of each example song."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, pstdev

from engine.data.measures import Notes, Segment, dissonant_steps, out_of_key
from engine.data.part_measures import crossings
from engine.data.song import STEPS_PER_BEAT
from engine.music.composition import Composition
from engine.music.harmony import PITCH_CLASSES, estimate_key
from engine.music.piano_roll import StepNote
from engine.music.ticks import StepGrid, meter_map
from engine.music.track import Track

PERFECT = (0, 7)  # octave and fifth, in semitones above a lower voice


@dataclass(frozen=True, slots=True)
class PartFigures:
    """One part: notes a bar, bars without a sound, mean velocity and its standard deviation."""

    name: str
    notes_a_bar: float
    silent_bars: int
    velocity: float
    spread: float


@dataclass(frozen=True, slots=True)
class Figures:
    """An accompaniment: of ``bars`` bars; shares in percent, of onsets or of sounding steps.

    ``above_melody`` is the share of the melody's steps over which some part sounds higher;
    ``parallels`` are parallel fifths and octaves of neighbouring voices and ``crossed`` the steps
    on which such have crossed, None where a part has several notes at a time. ``tonic_at_end`` says
    whether the last note of the lowest part is the tonic.
    """

    bars: int
    parts: tuple[PartFigures, ...]
    out_of_key: float
    dissonant: float
    above_melody: float
    tonic_at_end: bool
    parallels: int | None
    crossed: float | None

    @property
    def line(self) -> str:
        """All in one line."""
        parts = "; ".join(
            f"{each.name} {each.notes_a_bar:.1f} a bar, {each.silent_bars} silent, "
            f"velocity {each.velocity:.0f} ± {each.spread:.0f}"
            for each in self.parts
        )
        said = [
            f"{self.bars} bars: {parts}",
            f"out of key {self.out_of_key:.1f} %",
            f"dissonant {self.dissonant:.1f} %",
            f"above the melody {self.above_melody:.1f} %",
            f"{'ends' if self.tonic_at_end else 'does not end'} on the tonic",
        ]
        if self.parallels is not None and self.crossed is not None:
            said.append(f"{self.parallels} parallels, {self.crossed:.1f} % crossed")
        return "; ".join(said)


def figures_of(music: Composition, people: Composition | None = None) -> Figures:
    """The figures of a composition's accompaniment.

    The key is that of the melody, with the accompaniment of ``people`` where there is one.
    """
    segment = _segment_of(music)
    lines = _lines_of(music)
    starts = meter_map(music).bar_starts(music.melody.end)
    return Figures(
        bars=len(starts),
        parts=tuple(_part(track, starts, music.melody.end) for track in music.accompaniment),
        out_of_key=out_of_key(segment, _segment_of(people or music.with_accompaniment(()))),
        dissonant=dissonant_steps(segment),
        above_melody=_above(lines[0], lines[1:]),
        tonic_at_end=_ends_on_tonic(music),
        parallels=parallels(lines) if _single(segment) else None,
        crossed=crossings(segment) if _single(segment) else None,
    )


def _segment_of(music: Composition) -> Segment:
    """The music on the step grid, without drums."""
    grid = StepGrid(music.ticks_per_quarter, STEPS_PER_BEAT)
    pitched = [track for track in music.accompaniment if not track.is_drum]
    end = max(music.melody.end, *(track.end for track in (music.melody, *pitched)))
    return Segment(
        melody=_on_steps(music.melody, grid),
        tracks=tuple(_on_steps(track, grid) for track in pitched),
        steps=grid.nearest_step(end) + 1,
    )


def _on_steps(track: Track, grid: StepGrid) -> Notes:
    found = []
    for note in track.notes:
        step = grid.nearest_step(note.start)
        found.append(StepNote(step, note.pitch, max(1, grid.nearest_step(note.end) - step)))
    return tuple(found)


def _single(segment: Segment) -> bool:
    """Whether every part is a voice: never two notes at once."""
    return bool(segment.tracks) and all(
        before.step + before.length <= after.step
        for track in segment.tracks
        for before, after in pairwise(track)
    )


def _part(track: Track, starts: Sequence[int], end: int) -> PartFigures:
    spans = list(pairwise((*starts, end)))
    silent = sum(
        not any(note.start < last and note.end > first for note in track.notes)
        for first, last in spans
    )
    loud = [note.velocity for note in track.notes] or [0]
    return PartFigures(
        track.name, len(track.notes) / max(1, len(spans)), silent, fmean(loud), pstdev(loud)
    )


Line = Sequence[int | None]
Pair = tuple[int | None, int | None]


def _lines_of(music: Composition) -> list[Line]:
    """The highest sounding pitch of the melody and of each pitched part at every step."""
    grid = StepGrid(music.ticks_per_quarter, STEPS_PER_BEAT)
    steps = range(grid.nearest_step(music.melody.end))
    tracks = [music.melody, *(track for track in music.accompaniment if not track.is_drum)]
    return [[_highest(track, grid.tick_at(step)) for step in steps] for track in tracks]


def _highest(track: Track, tick: int) -> int | None:
    return max((note.pitch for note in track.notes if note.start <= tick < note.end), default=None)


def _above(melody: Line, parts: Sequence[Line]) -> float:
    sung = [(step, pitch) for step, pitch in enumerate(melody) if pitch is not None]
    over = sum(any((line[step] or 0) > pitch for line in parts) for step, pitch in sung)
    return 100.0 * over / len(sung) if sung else math.nan


def parallels(lines: Sequence[Line]) -> int:
    """How often two voices move together from a fifth or octave to another one like it."""
    count = 0
    for index, upper in enumerate(lines):
        for lower in lines[index + 1 :]:
            both = list(zip(upper, lower, strict=True))
            count += sum(_is_parallel(before, after) for before, after in pairwise(both))
    return count


def _is_parallel(before: Pair, after: Pair) -> bool:
    (upper, lower), (next_upper, next_lower) = before, after
    if upper is None or lower is None or next_upper is None or next_lower is None:
        return False
    moved = (next_upper - upper) * (next_lower - lower) > 0
    interval = (upper - lower) % PITCH_CLASSES
    same = (next_upper - next_lower) % PITCH_CLASSES == interval
    return moved and same and interval in PERFECT


def _ends_on_tonic(music: Composition) -> bool:
    """Whether the lowest part's last note is the tonic; False without key or part."""
    key = estimate_key(music.melody.notes)
    parts = [track.notes for track in music.accompaniment if track.notes and not track.is_drum]
    if key is None or not parts:
        return False
    lowest = min(parts, key=lambda notes: fmean(note.pitch for note in notes))
    last = max(lowest, key=lambda note: (note.start, -note.pitch))
    return last.pitch % PITCH_CLASSES == key.tonic
