"""Every measure of a sample of music, as figures with their intervals over songs.

A sample is the same melodies with one kind of accompaniment: people's, another song's, the melody
itself, a model's. Measures of one part are named ``Bass.empty_bars``, those of drums
``Drums.notes_per_bar``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.bootstrap import Figure, by_song, figure, overlap_figure
from engine.data.cadences import led_ends
from engine.data.measures import (
    BoolArray,
    FloatArray,
    Notes,
    Segment,
    each_measure_overall,
    empty_bars,
    histograms,
    notes_per_bar,
    polyphony,
    sounding,
    used_pitch_classes,
)
from engine.data.part_measures import (
    DRUM_GROUPS,
    bass_on_own_root,
    bass_on_root,
    consonance,
    crossings,
    drum_positions,
    silent_steps,
)
from engine.data.played import Played
from engine.data.song import DRUMS
from engine.data.structure import APART, echoes, repetition, seams

LONGEST_GAP = 32  # steps between two onsets; what is longer counts as that
ONE_VOICE = 0.98  # of its steps on which a part of one voice plays one note

IntArray = npt.NDArray[np.int64]
Row = dict[str, Figure]
Values = dict[str, list[float]]
Counts = dict[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Sample:
    """Music to the same melodies; ``parts`` names the segments' tracks.

    ``is_line``: the first track alone plays and stands for each of the parts.
    """

    played: Sequence[Played]
    parts: tuple[str, ...]
    is_line: bool = False

    @property
    def segments(self) -> list[Segment]:
        """The pitched parts."""
        return [each.segment for each in self.played]


@dataclass(frozen=True, slots=True)
class Frame:
    """What samples are measured by.

    ``song_of`` numbers each segment's song, ``draws`` are the resamplings, ``present`` the parts
    that sound in each segment's song at all, ``borders`` the bars where a model's window ends,
    ``are_voices`` says that each of people's parts is one voice, as in a chorale.
    """

    human: Sample
    song_of: Sequence[int]
    draws: FloatArray
    present: Sequence[frozenset[str]]
    borders: Sequence[Sequence[int]]
    are_voices: bool = False

    def figure(self, values: Sequence[float]) -> Figure:
        """The mean of one value a segment."""
        return figure(values, self.song_of, self.draws)


def row_of(sample: Sample, frame: Frame) -> Row:
    """All measures of one sample."""
    values = overall(sample, frame) | of_parts(sample, frame) | of_drums(sample, frame)
    row = {name: frame.figure(each) for name, each in values.items()}
    return row | _overlaps(sample, frame) | _drum_overlaps(sample, frame)


def overall(sample: Sample, frame: Frame) -> Values:
    """Measures of the whole accompaniment, one value a segment."""
    segments, human = sample.segments, frame.human.segments
    found = each_measure_overall(segments, human)
    found["bass_on_root"] = [bass_on_root(a, b) for a, b in zip(segments, human, strict=True)]
    found["bass_on_own_root"] = [bass_on_own_root(each) for each in segments]
    loudness = [_loudness(each, range(1, len(each.velocity) - 1)) for each in sample.played]
    found |= _named(("velocity", "velocity_spread"), loudness)
    found |= _named(("repetition_equal", "repetition_unequal"), map(repetition, segments))
    changes = [seams(a, b) for a, b in zip(segments, frame.borders, strict=True)]
    found |= _named(("window_borders", "bar_lines"), changes)
    for apart, each in _echoes(segments):
        found[f"bars_apart_{apart}"] = each
    if frame.are_voices and not sample.is_line:
        found["crossings"] = [crossings(each) for each in segments]
        found |= _named(("led_ends", "led_ends_risen"), map(led_ends, segments))
    return found


def _named(
    names: tuple[str, str], pairs: "Sequence[tuple[float, float]] | map[tuple[float, float]]"
) -> Values:
    first, second = zip(*pairs, strict=True)
    return {names[0]: list(first), names[1]: list(second)}


def _echoes(segments: Sequence[Segment]) -> Iterator[tuple[int, list[float]]]:
    found = [echoes(each) for each in segments]
    for apart in APART:
        if any(apart in each for each in found):
            yield apart, [each.get(apart, float("nan")) for each in found]


def _loudness(played: Played, parts: Sequence[int] | range) -> tuple[float, float]:
    """Mean and standard deviation of the velocities of some parts (0: the melody)."""
    rows = played.velocity[list(parts)]
    struck = rows[rows > 0].astype(float)
    if not len(struck):
        return float("nan"), float("nan")
    return float(struck.mean()), float(struck.std())


def are_voices(human: Sample) -> bool:
    """Whether each of several parts is one voice: nearly always one note at a time."""
    if len(human.parts) < 2:
        return False
    return all(_is_one_voice(human.segments, index) for index in range(len(human.parts)))


def _is_one_voice(segments: Sequence[Segment], index: int) -> bool:
    counts = np.concatenate([sounding(each.tracks[index], each.steps).sum(1) for each in segments])
    return bool((counts > 1).sum() <= (1 - ONE_VOICE) * (counts > 0).sum())


def of_parts(sample: Sample, frame: Frame) -> Values:
    """Measures of each part, NaN in songs that do not have it."""
    found: Values = {}
    line: Values | None = None
    names = frame.human.parts if sample.is_line else sample.parts
    for number, part in enumerate(names):
        index = 0 if sample.is_line else number
        if line is None or not sample.is_line:
            line = _of_part(sample, index, frame)
        for name, values in (line | _range(sample, index, frame, part)).items():
            found[f"{part}.{name}"] = [
                value if part in present else float("nan")
                for value, present in zip(values, frame.present, strict=True)
            ]
    return found


PART_MEASURES: dict[str, Callable[[Notes, Segment], float]] = {
    "empty_bars": empty_bars,
    "silent_steps": silent_steps,
    "pitch_classes": used_pitch_classes,
    "notes_per_bar": lambda notes, segment: notes_per_bar(_alone(notes, segment)),
    "polyphony": lambda notes, segment: polyphony(_alone(notes, segment)),
}


def _alone(notes: Notes, segment: Segment) -> Segment:
    return Segment(segment.melody, (notes,), segment.steps, segment.steps_per_bar)


def _of_part(sample: Sample, index: int, frame: Frame) -> Values:
    tracks = [(each.tracks[index], each) for each in sample.segments]
    found = {name: [of(*each) for each in tracks] for name, of in PART_MEASURES.items()}
    loudness = [_loudness(each, [1 + index]) for each in sample.played]
    found |= _named(("velocity", "velocity_spread"), loudness)
    found["lowest"] = [_edge(notes, min) for notes, _ in tracks]
    found["highest"] = [_edge(notes, max) for notes, _ in tracks]
    if frame.are_voices:
        found["consonance"] = [consonance(*each) for each in tracks]
    return found


def _edge(notes: Notes, which: Callable[[Iterator[int]], int]) -> float:
    return float(which(note.pitch for note in notes)) if notes else float("nan")


def _range(sample: Sample, index: int, frame: Frame, part: str) -> Values:
    """Percent of a part's notes beyond the lowest and the highest that people play in it."""
    if part not in frame.human.parts:
        return {}
    at = frame.human.parts.index(part)
    pitches = [note.pitch for each in frame.human.segments for note in each.tracks[at]]
    if not pitches:
        return {}
    low, high = min(pitches), max(pitches)
    return {
        "outside_range": [
            100.0 * float(np.mean([not low <= note.pitch <= high for note in each.tracks[index]]))
            if each.tracks[index]
            else float("nan")
            for each in sample.segments
        ]
    }


def of_drums(sample: Sample, frame: Frame) -> Values:
    """Measures of the drums, where the song has some."""
    if not any(each.drums for each in sample.played):
        return {}
    found: Values = {
        "notes_per_bar": [len(each.drums) / max(1, each.segment.bars) for each in sample.played],
        "empty_bars": [empty_bars(each.drums, each.segment) for each in sample.played],
    }
    loudness = [_loudness(each, [len(each.velocity) - 1]) for each in sample.played]
    found |= _named(("velocity", "velocity_spread"), loudness)
    return {
        f"{DRUMS}.{name}": [
            value if DRUMS in present else float("nan")
            for value, present in zip(values, frame.present, strict=True)
        ]
        for name, values in found.items()
    }


def _overlaps(sample: Sample, frame: Frame) -> Row:
    """What the histograms of a sample share with people's, pooled over segments."""
    songs = frame.draws.shape[1]
    ours, theirs = (
        (
            by_song([histograms([each]) for each in segments], frame.song_of, songs),
            by_song([_more_histograms(each) for each in segments], frame.song_of, songs),
        )
        for segments in (sample.segments, frame.human.segments)
    )
    count = len(sample.played)
    row = {"similarity_index": overlap_figure(ours[0], theirs[0], frame.draws, count)}
    for mine, other in zip(ours, theirs, strict=True):
        for name in mine:
            one, two = {name: mine[name]}, {name: other[name]}
            row[f"{name}_overlap"] = overlap_figure(one, two, frame.draws, count)
    return row


def _more_histograms(segment: Segment) -> Counts:
    """Pitches, and steps from one onset of a part to its next."""
    pitch, gap = np.zeros(128), np.zeros(LONGEST_GAP + 1)
    for track in segment.tracks:
        pitch += _counted([note.pitch for note in track], 128)
        gap += _counted(np.diff(sorted({note.step for note in track})), LONGEST_GAP + 1)
    return {"pitch": pitch, "onset_interval": gap}


def _counted(values: Sequence[int] | IntArray, bins: int) -> FloatArray:
    """How often each number from 0 comes; beyond the last bin is in the last."""
    whole = np.minimum(np.asarray(values, np.int64), bins - 1)
    return np.bincount(whole, minlength=bins).astype(float)


def _drum_overlaps(sample: Sample, frame: Frame) -> Row:
    """Shared area of the drums' onset positions: of all, and of kick, snare, hat and the others."""
    mask: BoolArray = np.array([DRUMS in present for present in frame.present])
    if not mask.any() or not any(each.drums for each in sample.played):
        return {}
    songs = frame.draws.shape[1]
    ours, theirs = (
        by_song(
            [_drum_counts(each, use) for each, use in zip(played, mask, strict=True)],
            frame.song_of,
            songs,
        )
        for played in (sample.played, frame.human.played)
    )
    row = {}
    for name in ours:
        one, two = {name: ours[name]}, {name: theirs[name]}
        row[f"{DRUMS}.{name}_overlap"] = overlap_figure(one, two, frame.draws, int(mask.sum()))
    return row


def _drum_counts(played: Played, use: bool) -> Counts:
    counts = drum_positions([played.drums], played.segment.steps_per_bar) * use
    groups: Mapping[str, FloatArray] = dict(zip(DRUM_GROUPS, counts, strict=True))
    return {"positions": counts.ravel(), **groups}
