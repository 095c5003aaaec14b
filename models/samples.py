"""What a run plays at a moment, as a composition that can be looked at and listened to."""

from collections.abc import Sequence
from pathlib import Path

from engine.data.corpus import STEPS_PER_BEAT, Stretch
from engine.data.measures import Segment
from engine.errors import TrainingError
from engine.files.atomic import write_atomically
from engine.music.composition import (
    DEFAULT_TICKS_PER_QUARTER,
    Composition,
    MeterChange,
    tempo_from_bpm,
)
from engine.music.note import Note
from engine.music.piano_roll import StepNote
from engine.music.track import Track, make_track
from engine.store.codec import composition_to_json

TICKS_PER_STEP = DEFAULT_TICKS_PER_QUARTER // STEPS_PER_BEAT
TEMPO = 100.0  # data sets hold no tempo: bars are what counts in them
MELODY_VELOCITY = 90
BAR_VELOCITY, BEAT_VELOCITY, STEP_VELOCITY = 84, 76, 68  # a sample says nothing of loudness

Part = tuple[str, int]  # name, program


def sample_composition(
    title: str, segment: Segment, stretch: Stretch, parts: Sequence[Part]
) -> Composition:
    """The melody of a stretch with what was played to it."""
    melody = [
        _note(note, int(stretch.velocity[0, note.step]) or MELODY_VELOCITY)
        for note in segment.melody
    ]
    tracks = [
        _track(part, notes, segment.steps_per_bar)
        for part, notes in zip(parts, segment.tracks, strict=True)
    ]
    return Composition(
        title=title,
        tempos=(tempo_from_bpm(TEMPO),),
        meters=(MeterChange(0, max(1, segment.steps_per_bar // STEPS_PER_BEAT), 4),),
        tracks=(make_track("Melody", melody), *tracks),
    )


def _track(part: Part, notes: Sequence[StepNote], steps_per_bar: int) -> Track:
    name, program = part
    played = [_note(note, _accent(note.step, steps_per_bar)) for note in notes]
    return make_track(name, played, program=program, is_drum=name == "Drums")


def _accent(step: int, steps_per_bar: int) -> int:
    if step % steps_per_bar == 0:
        return BAR_VELOCITY
    return STEP_VELOCITY if step % STEPS_PER_BEAT else BEAT_VELOCITY


def _note(note: StepNote, velocity: int) -> Note:
    return Note(
        note.step * TICKS_PER_STEP, note.pitch, note.length * TICKS_PER_STEP, min(127, velocity)
    )


def write_sample(path: Path, composition: Composition) -> None:
    """Keep a sample in its run's folder. Raises `TrainingError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(f"{path.parent} cannot be made: {error.strerror}.") from error
    with write_atomically(path, TrainingError) as beside:
        beside.write_text(composition_to_json(composition), "utf-8")
