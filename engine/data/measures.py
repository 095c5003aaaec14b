"""How well an accompaniment fits: measures over segments of music on a step grid.

Steps are sixteenths, four a beat. The accompaniment is every track but drums. Each measure is a
function of one segment (or a pair) and gives NaN where it says nothing, so that means over segments
skip it. Figures mean something only beside those of the human accompaniment and of another song's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.data.corpus import STEPS_PER_BEAT
from engine.music.harmony import MAJOR_SCALE, NO_CHORD, PITCH_CLASSES, TEMPLATES, chord_vector
from engine.music.piano_roll import StepNote

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Notes = tuple[StepNote, ...]

PITCHES = 128
LONG_NOTE = 2  # steps: an eighth
DISSONANT = (1, 6, 11)  # minor second, tritone, major seventh
STEPS_PER_COMPOUND_BEAT = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """Some bars of music: the melody, the pitched accompaniment tracks, annotated chords if any.

    ``steps`` is the length; ``steps_per_bar`` counts from step 0, a bar line. ``chords`` has one
    class of `engine.music.harmony` a beat, or is None. ``meter`` is as written (``6/8``), empty for
    ``n/4``.
    """

    melody: Notes
    tracks: tuple[Notes, ...]
    steps: int
    steps_per_bar: int = 16
    chords: tuple[int, ...] | None = None
    meter: str = ""

    @property
    def accompaniment(self) -> Notes:
        """All notes of all tracks."""
        return tuple(note for track in self.tracks for note in track)

    @property
    def bars(self) -> int:
        """Whole bars."""
        return self.steps // self.steps_per_bar

    @property
    def half_bar(self) -> int:
        """Steps of the bar's halves, over which a harmony is looked for.

        The whole bar where it has no half on a beat, as 3/4 has none; 6/8 has one of three eighths.
        """
        half = self.steps_per_bar // 2
        groups = self.meter.endswith("/8") and half % STEPS_PER_COMPOUND_BEAT == 0
        return half if groups or half % STEPS_PER_BEAT == 0 else self.steps_per_bar


def sounding(notes: Notes, steps: int) -> BoolArray:
    """Plane (step, pitch) of what sounds."""
    plane = np.zeros((steps, PITCHES), np.bool_)
    for note in notes:
        plane[note.step : note.step + note.length, note.pitch] = True
    return plane


def chroma(plane: BoolArray) -> FloatArray:
    """Plane (step, pitch) to counts (step, 12)."""
    padded = np.pad(plane, ((0, 0), (0, -PITCHES % PITCH_CLASSES)))
    counts: FloatArray = padded.reshape(len(plane), -1, PITCH_CLASSES).sum(1).astype(float)
    return counts


def _percent(part: float, whole: float) -> float:
    return 100.0 * part / whole if whole else float("nan")


def chord_tones(segment: Segment) -> float:
    """Percent of onsets whose pitch class is in the annotated chord of their beat."""
    if segment.chords is None:
        return float("nan")
    inside = total = 0
    for note in segment.accompaniment:
        chord = segment.chords[note.step // STEPS_PER_BEAT]
        if chord not in (NO_CHORD, -1):
            total += 1
            inside += chord_vector(chord)[PITCH_CLASSES + note.pitch % PITCH_CLASSES]
    return _percent(inside, total)


def best_scale(segment: Segment) -> frozenset[int]:
    """The diatonic scale that most of the sounding time of melody and accompaniment lies in."""
    plane = sounding(segment.melody, segment.steps), sounding(segment.accompaniment, segment.steps)
    weights = chroma(plane[0]).sum(0) + chroma(plane[1]).sum(0)
    fits = [sum(weights[(tonic + step) % 12] for step in MAJOR_SCALE) for tonic in range(12)]
    tonic = int(np.argmax(fits))
    return frozenset((tonic + step) % 12 for step in MAJOR_SCALE)


def out_of_key(segment: Segment, human: Segment) -> float:
    """Percent of onsets outside the best scale of the melody with its human accompaniment."""
    scale = best_scale(human)
    notes = segment.accompaniment
    return _percent(sum(note.pitch % 12 not in scale for note in notes), len(notes))


def _centroids(weights: FloatArray) -> FloatArray:
    """6-D tonal centroids of chroma rows (Harte, Sandler and Gasser, AMCMM 2006)."""
    place = np.arange(PITCH_CLASSES)
    rows = []
    for radius, angle in ((1.0, 7 * np.pi / 6), (1.0, 3 * np.pi / 2), (0.5, 2 * np.pi / 3)):
        rows += [radius * np.sin(place * angle), radius * np.cos(place * angle)]
    total = np.maximum(weights.sum(1, keepdims=True), 1e-9)
    centroids: FloatArray = (weights / total) @ np.array(rows).T
    return centroids


def _per_beat(weights: FloatArray) -> FloatArray:
    beats = len(weights) // STEPS_PER_BEAT
    whole = weights[: beats * STEPS_PER_BEAT].reshape(beats, STEPS_PER_BEAT, -1)
    summed: FloatArray = whole.sum(1)
    return summed


def tonal_distance(segment: Segment) -> float:
    """Mean distance per beat between the tonal centroids of melody and accompaniment."""
    melody = _per_beat(chroma(sounding(segment.melody, segment.steps)))
    band = _per_beat(chroma(sounding(segment.accompaniment, segment.steps)))
    both = (melody.sum(1) > 0) & (band.sum(1) > 0)
    if not both.any():
        return float("nan")
    gap = _centroids(melody[both]) - _centroids(band[both])
    return float(np.linalg.norm(gap, axis=1).mean())


def dissonant_steps(segment: Segment) -> float:
    """Percent of steps on which some accompaniment note grates against the melody."""
    melody: BoolArray = chroma(sounding(segment.melody, segment.steps)) > 0
    band: BoolArray = chroma(sounding(segment.accompaniment, segment.steps)) > 0
    both = melody.any(1) & band.any(1)
    clash = np.zeros(len(melody), np.bool_)
    for interval in DISSONANT:
        clash |= np.any(np.roll(melody, interval, axis=1) & band, axis=1)
    return _percent(float((clash & both).sum()), float(both.sum()))


def notes_per_bar(segment: Segment) -> float:
    """Notes of the accompaniment a bar."""
    return len(segment.accompaniment) / segment.bars if segment.bars else float("nan")


def polyphony(segment: Segment) -> float:
    """Mean number of notes sounding where any sounds."""
    plane = np.zeros((segment.steps, PITCHES))
    for track in segment.tracks:
        plane += sounding(track, segment.steps)
    counts = plane.sum(1)
    return float(counts[counts > 0].mean()) if (counts > 0).any() else float("nan")


def harmonic_clarity(segment: Segment) -> float:
    """Percent of sounding time inside the best triad or seventh chord of each half bar."""
    weights = chroma(sounding(segment.accompaniment, segment.steps))
    shares = []
    half = segment.half_bar
    for start in range(0, segment.steps - half + 1, half):
        span = weights[start : start + half].sum(0)
        if np.count_nonzero(span) >= 2:
            shares.append(float((TEMPLATES @ span).max() / span.sum()))
    return 100.0 * float(np.mean(shares)) if shares else float("nan")


def long_notes(segment: Segment) -> float:
    """Percent of notes at least an eighth long: few of them means fragments."""
    notes = segment.accompaniment
    return _percent(sum(note.length >= LONG_NOTE for note in notes), len(notes))


def empty_bars(notes: Notes, segment: Segment) -> float:
    """Percent of bars in which a track does not sound."""
    plane: BoolArray = np.any(sounding(notes, segment.steps), axis=1)
    bars = plane[: segment.bars * segment.steps_per_bar].reshape(-1, segment.steps_per_bar)
    return _percent(float((~bars.any(1)).sum()), segment.bars)


def used_pitch_classes(notes: Notes, segment: Segment) -> float:
    """Mean number of pitch classes in the bars where a track sounds (MuseGAN's UPC)."""
    weights = chroma(sounding(notes, segment.steps))[: segment.bars * segment.steps_per_bar]
    per_bar = weights.reshape(-1, segment.steps_per_bar, PITCH_CLASSES).sum(1) > 0
    counts = per_bar.sum(1)
    return float(counts[counts > 0].mean()) if (counts > 0).any() else float("nan")


def jaccard(first: Segment, second: Segment) -> float:
    """Shared notes (track, step, pitch) of two accompaniments over all of theirs; 1 = the same."""
    sets = [
        {
            (index, note.step, note.pitch)
            for index, track in enumerate(each.tracks)
            for note in track
        }
        for each in (first, second)
    ]
    union = sets[0] | sets[1]
    return len(sets[0] & sets[1]) / len(union) if union else float("nan")


ALONE: dict[str, Callable[[Segment], float]] = {
    "chord_tones": chord_tones,
    "tonal_distance": tonal_distance,
    "dissonant_steps": dissonant_steps,
    "notes_per_bar": notes_per_bar,
    "polyphony": polyphony,
    "harmonic_clarity": harmonic_clarity,
    "long_notes": long_notes,
}


def measure(segments: Sequence[Segment], human: Sequence[Segment]) -> dict[str, float]:
    """Means over segments; ``human`` are the same melodies with their own accompaniment."""
    found = {name: mean(values) for name, values in each_measure(segments, human).items()}
    found["similarity_index"] = similarity_index(segments, human)
    return found


def each_measure(segments: Sequence[Segment], human: Sequence[Segment]) -> dict[str, list[float]]:
    """Every measure of every segment, by the measure's name; the parts' are numbered."""
    rows = each_measure_overall(segments, human)
    for index in range(min((len(each.tracks) for each in segments), default=0)):
        rows[f"empty_bars_{index}"] = [empty_bars(s.tracks[index], s) for s in segments]
        rows[f"pitch_classes_{index}"] = [used_pitch_classes(s.tracks[index], s) for s in segments]
    return rows


def each_measure_overall(
    segments: Sequence[Segment], human: Sequence[Segment]
) -> dict[str, list[float]]:
    """The measures of the whole accompaniment alone."""
    rows = {name: [each(segment) for segment in segments] for name, each in ALONE.items()}
    rows["out_of_key"] = [out_of_key(a, b) for a, b in zip(segments, human, strict=True)]
    rows["empty_bars"] = [empty_bars(each.accompaniment, each) for each in segments]
    return rows


def mean(values: Sequence[float]) -> float:
    """The mean of what is known, NaN where nothing is."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def histograms(segments: Sequence[Segment]) -> dict[str, FloatArray]:
    """Counts of pitch classes, melodic intervals, durations, onset positions and polyphony."""
    pitch_class, position = np.zeros(12), np.zeros(16)
    interval, duration, voices = np.zeros(25), np.zeros(33), np.zeros(17)
    for segment in segments:
        for track in segment.tracks:
            ordered = sorted(track)
            for note in ordered:
                pitch_class[note.pitch % 12] += 1
                position[note.step % segment.steps_per_bar % 16] += 1
                duration[min(note.length, 32)] += 1
            for one, two in pairwise(ordered):
                interval[int(np.clip(two.pitch - one.pitch, -12, 12)) + 12] += 1
        counts = sounding(segment.accompaniment, segment.steps).sum(1)
        voices += np.bincount(np.minimum(counts, 16), minlength=17)
    return {
        "pitch_class": pitch_class,
        "interval": interval,
        "duration": duration,
        "onset_position": position,
        "polyphony": voices,
    }


def overlap(first: FloatArray, second: FloatArray) -> float:
    """Overlapped area of two histograms, 0 to 1; two empty ones are alike."""
    if not first.sum() or not second.sum():
        return float(not first.any() and not second.any())
    return float(np.minimum(first / first.sum(), second / second.sum()).sum())


def similarity_index(segments: Sequence[Segment], reference: Sequence[Segment]) -> float:
    """Mean overlapped area of five histograms, 0 to 1; two halves of the data give its ceiling."""
    ours, theirs = histograms(segments), histograms(reference)
    return float(np.mean([overlap(ours[name], theirs[name]) for name in ours]))


def other_song(segments: Sequence[Segment]) -> list[Segment]:
    """The floor: each melody with the accompaniment of the segment half the list further on."""
    half = max(1, len(segments) // 2)
    return [
        replace(each, tracks=segments[(i + half) % len(segments)].tracks)
        for i, each in enumerate(segments)
    ]


def melody_octave_below(segments: Sequence[Segment]) -> list[Segment]:
    """The melody itself an octave lower, in the first track: it cheats some measures."""
    return [
        replace(each, tracks=(octave_below(each.melody), *((),) * (len(each.tracks) - 1)))
        for each in segments
    ]


def octave_below(melody: Notes) -> Notes:
    """The melody an octave lower."""
    return tuple(replace(note, pitch=note.pitch - 12) for note in melody if note.pitch >= 12)


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Rows of measures as text: one line a measure, one column a row."""
    names = list(next(iter(rows.values())))
    width = max(len(name) for name in names)
    head = " " * width + "".join(f"{row:>14}" for row in rows)
    lines = [
        f"{name:<{width}}" + "".join(f"{rows[row].get(name, float('nan')):>14.2f}" for row in rows)
        for name in names
    ]
    return "\n".join([head, *lines])
