"""Tunes, and a tiny model to accompany them."""

from dataclasses import replace
from pathlib import Path

from engine.generation.generator import Accompaniment, Generator
from engine.generation.seeds import take_noise
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.tiny_models import INTERVALS, write_tiny_model

STEP = 120


def tune(bars: int = 4, *, low: int = 60, **changes: object) -> Composition:
    """Quarter notes up and down a scale."""
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    notes = [Note(i * 480, low + scale[(i * 3) % 8], 480) for i in range(4 * bars)]
    return replace(Composition(tracks=(make_track("Melody", notes),)), **changes)  # type: ignore[arg-type]


def model(folder: Path, **options: object) -> Generator:
    path = write_tiny_model(folder / "tiny.onnx", **options)  # type: ignore[arg-type]
    return Generator.load(path, "cpu")


def named(take: Accompaniment, name: str) -> Track:
    return next(track for track in take.tracks if track.name == name)


def interval(seed: int, take: int, track: int) -> int:
    low, high = INTERVALS[track]
    return high if take_noise(seed, take, 8)[track] > 0 else low
