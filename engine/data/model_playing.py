"""How a model is made to play what is measured: through the same generator as in the studio."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.data.corpus import STEPS_PER_BEAT
from engine.data.measures import Segment
from engine.data.played import Played, cut
from engine.errors import DataError
from engine.generation.generator import Accompaniment, ChordHint, Generator, Request
from engine.music.composition import Composition, MeterChange
from engine.music.harmony import NO_CHORD, PITCH_CLASSES, chord_vector
from engine.music.note import Note
from engine.music.piano_roll import StepNote
from engine.music.track import Track, make_track

TICKS_PER_STEP = 120
TELL_EVERY = 4  # segments

Tell = Callable[[str], None]


def untold(_words: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a model is asked to play; ``chords`` gives it those that the data names."""

    seed: int = 0
    takes: int = 1
    adventure: float = 1.0
    density: Mapping[str, float] = field(default_factory=dict)
    chords: bool = False


def played_by(
    generator: Generator,
    asked: Sequence[Played],
    wish: Wish,
    tell: Tell = untold,
    words: str = "Playing",
) -> list[list[Played]]:
    """The takes of every melody: one list a take. Raises `DataError` for chords nobody named."""
    if wish.chords and not any(each.segment.chords for each in asked):
        raise DataError("The data set names no chords that could be given as hints.")
    takes: list[list[Played]] = [[] for _ in range(wish.takes)]
    for number, each in enumerate(asked):
        if number % TELL_EVERY == 0:
            tell(f"{words}: {number:,} of {len(asked):,} segments")
        own = replace(wish, seed=wish.seed + number)  # or one lucky draw would be in all of them
        found = generator.compose(composition_of(each.segment), request_of(own, each.segment))
        for take, played in zip(takes, found, strict=True):
            take.append(heard(each, played))
    return takes


def request_of(wish: Wish, segment: Segment) -> Request:
    """What the studio would ask."""
    return Request(
        seed=wish.seed,
        takes=wish.takes,
        adventure=wish.adventure,
        density=wish.density,
        chords=chord_hints(segment) if wish.chords else (),
    )


def chord_hints(segment: Segment) -> tuple[ChordHint, ...]:
    """A segment's chords as hints, one where the chord changes."""
    hints = []
    before: int | None = None
    for beat, chord in enumerate(segment.chords or ()):
        if chord != before:
            hints.append(_hint(beat * STEPS_PER_BEAT * TICKS_PER_STEP, chord))
        before = chord
    return tuple(hints)


def _hint(tick: int, chord: int) -> ChordHint:
    if chord == NO_CHORD:
        return ChordHint(tick, None)
    vector = chord_vector(chord)
    classes = frozenset(np.flatnonzero(vector[PITCH_CLASSES:]).tolist())
    return ChordHint(tick, vector.index(1), classes)


def composition_of(segment: Segment) -> Composition:
    """A segment's melody as the studio would hold it."""
    notes = [
        Note(note.step * TICKS_PER_STEP, note.pitch, note.length * TICKS_PER_STEP)
        for note in segment.melody
    ]
    numerator, _, denominator = segment.meter.partition("/")
    meter = (
        MeterChange(0, int(numerator), int(denominator))
        if denominator
        else MeterChange(0, segment.steps_per_bar // STEPS_PER_BEAT, 4)
    )
    return Composition(
        tracks=(make_track("Melody", notes),),
        ticks_per_quarter=TICKS_PER_STEP * STEPS_PER_BEAT,
        meters=(meter,),
    )


def heard(asked: Played, take: Accompaniment) -> Played:
    """A take on the step grid, its drums for themselves."""
    pitched = [track for track in take.tracks if not track.is_drum]
    drums = [track for track in take.tracks if track.is_drum]
    segment = Segment(
        asked.segment.melody,
        tuple(_on_steps(track) for track in pitched),
        asked.segment.steps,
        asked.segment.steps_per_bar,
        asked.segment.chords,
        asked.segment.meter,
    )
    struck = tuple(sorted(note for track in drums for note in _on_steps(track)))
    steps = segment.steps
    loud = [_velocities([track], steps) for track in pitched] + [_velocities(drums, steps)]
    velocity = np.stack([asked.velocity[0, :steps], *loud])
    return cut(Played(segment, struck, velocity), asked.segment)


def _on_steps(track: Track) -> tuple[StepNote, ...]:
    return tuple(
        StepNote(_step(note), note.pitch, max(1, round(note.duration / TICKS_PER_STEP)))
        for note in track.notes
    )


def _step(note: Note) -> int:
    return round(note.start / TICKS_PER_STEP)


def _velocities(
    tracks: Sequence[Track], steps: int
) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    """The mean velocity of each step's onsets."""
    total, count = np.zeros(steps), np.zeros(steps)
    for note in (note for track in tracks for note in track.notes):
        if _step(note) < steps:
            total[_step(note)] += note.velocity
            count[_step(note)] += 1
    return np.round(total / np.maximum(count, 1)).astype(np.uint8)
