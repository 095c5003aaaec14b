"""A sample melody as a person plays it: not quite in time, not quite even."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.files.melodies import sample_melodies
from engine.files.midi import read_midi
from engine.music.note import Note

JITTER_SECONDS = 0.012
NOTE_ON, NOTE_OFF = 0x90, 0x80

Messages = list[tuple[float, tuple[int, ...]]]


@dataclass(frozen=True)
class Performance:
    """What was played: pitches and velocities in order, and the messages with their seconds."""

    score: tuple[Note, ...]
    struck: tuple[tuple[int, int], ...]
    messages: Messages
    seconds: float


def played(title: str, beats_per_minute: float, notes: slice = slice(None)) -> Performance:
    """A sample melody with human timing; its second 0 is the first beat of its first bar."""
    composition = read_midi(sample(title)).composition
    chance = random.Random(title)
    score = composition.melody.notes[notes]
    second = 60 / beats_per_minute / composition.ticks_per_quarter
    struck, messages, free = [], Messages(), 0.0
    for note in score:
        start = max(free, note.start * second + chance.gauss(0, JITTER_SECONDS))
        end = start + max(0.03, 0.85 * note.duration * second - abs(chance.gauss(0, 0.01)))
        velocity = max(20, min(127, round(chance.gauss(84, 12))))
        struck.append((note.pitch, velocity))
        messages += [(start, (NOTE_ON, note.pitch, velocity)), (end, (NOTE_OFF, note.pitch, 64))]
        free = end + 0.002
    return Performance(tuple(score), tuple(struck), messages, free)


def sample(title: str) -> Path:
    """The file of a sample melody."""
    return next(each.path for each in sample_melodies() if each.name == title)


def struck(events: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """Pitch and velocity of the notes in events of kind, number and value."""
    return [(number, value) for kind, number, value in events if kind == "note_on"]
