"""How near "more like this" is, whether a path leads from one take to another, how loud takes are.

Note Jaccard (same part, pitch and onset) of takes by the shipped models over the sample melodies;
the loudness of their bands (LUFS) as they are mixed, and as they are auditioned.
"""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean

from engine.files.band_levels import band_loudness, gains_to_match, with_gain
from engine.files.melodies import sample_melodies
from engine.files.midi import read_midi
from engine.generation.flavours import Flavour, fresh, near, path
from engine.generation.generator import Accompaniment, Generator, Request
from engine.generation.models import available_models
from engine.live.sound_fonts import find_sound_font
from engine.music.composition import Composition
from tests.benchmarks.rows import Row

STEPS = 5
LOUDNESS_BUDGET = 0.5
"""LU: less than what ears tell apart."""
Notes = frozenset[tuple[str, int, int]]


def run() -> list[Row]:
    """Rows for each shipped model."""
    return [row for each in available_models() if each.shipped for row in _rows(each.name)]


def _rows(name: str) -> Iterator[Row]:
    path_of = next(each.path for each in available_models() if each.name == name)
    generator = Generator.load(path_of, "cpu")
    size = generator.card.noise_size
    ends = fresh(0, 0), fresh(0, 1)
    flavours = (
        *(fresh(0, take) for take in range(3)),
        *near(fresh(0, 0), 1, 3, size),
        *path(*ends, STEPS, size),
    )
    fresh_ones, near_ones, among_near, ways = [], [], [], []
    for sample in sample_melodies():
        melody = read_midi(sample.path).composition.with_accompaniment(())
        heard = [_notes(take) for take in _takes(generator, melody, flavours)]
        fresh_ones += [jaccard(heard[0], heard[1]), jaccard(heard[0], heard[2])]
        near_ones += [jaccard(heard[0], each) for each in heard[3:6]]
        among_near += [jaccard(heard[3], heard[4]), jaccard(heard[4], heard[5])]
        stations = (heard[0], *heard[6:], heard[1])
        ways.append([jaccard(heard[0], each) - jaccard(heard[1], each) for each in stations])
    yield Row(f"{name}: a fresh take and the first, Jaccard", 100 * fmean(fresh_ones), "%")
    yield Row(f"{name}: one more like the first and the first", 100 * fmean(near_ones), "%")
    yield Row(f"{name}: two more like the first", 100 * fmean(among_near), "%")
    way = [fmean(each) for each in zip(*ways, strict=True)]
    rising = sum(after < before for before, after in pairwise(way))
    yield Row(f"{name}: steps of a path that lead on, of {STEPS + 1}", rising, "steps")
    before, after = _loudness(generator)
    yield Row(f"{name}: between the loudest and the softest of three takes", before, "LU")
    yield Row(f"{name}: the same while they are auditioned", after, "LU", LOUDNESS_BUDGET)


def _loudness(generator: Generator) -> tuple[float, float]:
    """Over two melodies the mean range of three takes, as they are and at one loudness."""
    font, ranges = find_sound_font(), []
    for sample in sample_melodies()[:2]:
        melody = read_midi(sample.path).composition.with_accompaniment(())
        takes = generator.compose(melody, Request(takes=3))
        songs = [melody.with_accompaniment(take.tracks) for take in takes]
        loud = [band_loudness(song, font) or 0.0 for song in songs]
        gains = gains_to_match(loud)
        matched = [with_gain(song, gain) for song, gain in zip(songs, gains, strict=True)]
        levelled = [band_loudness(song, font) or 0.0 for song in matched]
        ranges.append((max(loud) - min(loud), max(levelled) - min(levelled)))
    return fmean(each[0] for each in ranges), fmean(each[1] for each in ranges)


def _takes(
    generator: Generator, melody: Composition, flavours: tuple[Flavour, ...]
) -> tuple[Accompaniment, ...]:
    request = Request(takes=len(flavours), flavours=flavours)
    return generator.compose(melody, request)


def _notes(take: Accompaniment) -> Notes:
    return frozenset((t.name, note.start, note.pitch) for t in take.tracks for note in t.notes)


def jaccard(first: Notes, second: Notes) -> float:
    """The share of notes that both have."""
    return len(first & second) / max(1, len(first | second))
