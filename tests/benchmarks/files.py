"""MIDI files of 100,000 notes, in and out, and the library's text of one."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from engine.files.midi import read_midi, write_midi
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from engine.store.codec import composition_from_json, composition_to_json
from tests.benchmarks.rows import Row

NOTES = 100_000
READ_BUDGET_SECONDS = 2.0
Value = TypeVar("Value")


def timed(work: Callable[[], Value]) -> tuple[Value, float]:
    """What the work gives, and its seconds."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def run() -> list[Row]:
    """Writing, reading, storing."""
    notes = [Note(120 * (index // 4), 36 + 12 * (index % 4), 110) for index in range(NOTES)]
    piece = Composition(tracks=(make_track("Melody", notes),))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.mid"
        _, writing = timed(lambda: write_midi(piece, path))
        _, reading = timed(lambda: read_midi(path))
    text, storing = timed(lambda: composition_to_json(piece))
    _, loading = timed(lambda: composition_from_json(text))
    return [
        Row("100,000 notes from a MIDI file", reading, "s", READ_BUDGET_SECONDS),
        Row("100,000 notes to a MIDI file", writing, "s"),
        Row("100,000 notes to the library's text", storing, "s"),
        Row("100,000 notes from the library's text", loading, "s"),
    ]
