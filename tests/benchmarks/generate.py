"""Generate on the CPU with the model that comes with Tutti: from the request to notes.

Eight bars and three takes are what the Studio asks for by default; the budget is half a second.
What follows has no budget, and tells how a whole song fares.
"""

import random
import statistics
import time

from engine.generation.generator import Generator, Request
from engine.generation.models import DEFAULT_MODEL, model_named
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from tests.benchmarks.rows import Row

BUDGET_SECONDS = 0.5
REPEATS = 7
SCALE = (60, 62, 64, 65, 67, 69, 71, 72)


def melody(bars: int) -> Composition:
    """Eighth notes that wander on a scale, the same ones each time."""
    choose = random.Random(1)
    notes = [Note(index * 240, choose.choice(SCALE), 220) for index in range(8 * bars)]
    return Composition(tracks=(make_track("Melody", notes),))


def seconds_of(generator: Generator, bars: int, takes: int) -> float:
    """Seconds of one request, with a seed of its own."""
    piece = melody(bars)
    began = time.perf_counter()
    generator.compose(piece, Request(seed=bars, takes=takes), cancelled=lambda: False)
    return time.perf_counter() - began


def run() -> list[Row]:
    """Loading, the default request, and a whole song."""
    path = model_named(DEFAULT_MODEL)
    began = time.perf_counter()
    generator = Generator.load(path, "cpu")
    loaded = time.perf_counter()
    generator.warm()
    warmed = time.perf_counter()
    usual = [seconds_of(generator, 8, 3) for _ in range(REPEATS)]
    return [
        Row("load the model", loaded - began, "s"),
        Row("warm the model", warmed - loaded, "s"),
        Row("8 bars, 3 takes, median", statistics.median(usual), "s", BUDGET_SECONDS),
        Row("8 bars, 3 takes, slowest", max(usual), "s"),
        Row("32 bars, 3 takes", seconds_of(generator, 32, 3), "s"),
        Row("100 bars, 1 take", seconds_of(generator, 100, 1), "s"),
    ]
