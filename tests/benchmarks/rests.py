"""How often each part of the shipped models is silent under simple tunes that nobody trained on.

Percent of the bars of the sample melodies, of four takes each, in which nothing sounds; and the
take in which it is most.
"""

from collections.abc import Iterator
from statistics import fmean

from engine.files.melodies import sample_melodies
from engine.files.midi import read_midi
from engine.generation.generator import Generator, Request
from engine.generation.models import available_models
from engine.music.composition import Composition
from engine.music.track import Track
from tests.benchmarks.rows import Row

TAKES = 4


def run() -> list[Row]:
    """Rows for each part of each shipped model."""
    return [row for each in available_models() if each.shipped for row in _rows(each.name)]


def _rows(name: str) -> Iterator[Row]:
    path = next(each.path for each in available_models() if each.name == name)
    generator = Generator.load(path, "cpu")
    silent: dict[str, list[float]] = {}
    for sample in sample_melodies():
        melody = read_midi(sample.path).composition.with_accompaniment(())
        for take in generator.compose(melody, Request(takes=TAKES)):
            for track in take.tracks:
                silent.setdefault(track.name, []).append(_silent(melody, track))
    for part, shares in silent.items():
        yield Row(f"{name}: bars without {part.lower()}", fmean(shares), "%")
        yield Row(f"{name}: the same in the emptiest take", max(shares), "%")


def _silent(melody: Composition, track: Track) -> float:
    """Percent of the whole bars of the melody in which a part is silent."""
    meter = melody.meters[-1]  # one before it is a pick-up
    bar = melody.ticks_per_quarter * 4 * meter.numerator // meter.denominator
    end = max(note.start + note.duration for note in melody.melody.notes)
    starts = range(meter.tick, end, bar)
    heard = sum(
        any(note.start < start + bar and note.start + note.duration > start for note in track.notes)
        for start in starts
    )
    return 100 * (1 - heard / len(starts))
