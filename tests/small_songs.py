"""Songs that the tests make themselves: scales over triads, in all keys, as a small data set."""

import random
from pathlib import Path

from engine.data.corpus import CorpusCard, RoleNote, Song, write_corpus
from engine.music.harmony import MAJOR_SCALE, chord_index

POP_CARD = CorpusCard(
    name="scales",
    version="1",
    licence="made by the tests",
    roles=("Melody", "Bass", "Chords", "Counter"),
    programs=(0, 33, 4, 71),
    tags=("test",),
)
PROGRESSIONS = ((0, 3, 4, 0), (0, 5, 3, 4), (0, 4, 5, 3), (0, 3, 0, 4))
MELODY, BASS, CHORDS, COUNTER = range(4)


def small_song(number: int, bars: int = 12) -> Song:
    """A song in 4/4: a wandering scale, its degree's triad every half bar, a bass and a line."""
    rng = random.Random(number)
    tonic = number * 5 % 12
    notes: list[RoleNote] = []
    chords: list[int] = []
    for half in range(2 * bars):
        degree = PROGRESSIONS[number % len(PROGRESSIONS)][half // 2 % 4]
        notes += _half_bar(8 * half, tonic, degree, rng)
        root = MAJOR_SCALE[degree] + tonic
        chords += 2 * [chord_index(root % 12, "min" if degree in (1, 2, 5) else "maj")]
    return Song(f"scales/song-{number:02d}", tuple(sorted(notes)), 4 * bars, 4, 0, tuple(chords))


def _half_bar(step: int, tonic: int, degree: int, rng: random.Random) -> list[RoleNote]:
    made = [
        RoleNote(MELODY, step + 4 * beat, _pitch(60, tonic, degree + place), 4, 90)
        for beat, place in enumerate((rng.choice((0, 2, 4)), rng.choice((0, 1, 2, 4))))
    ]
    made.append(RoleNote(BASS, step, _pitch(36, tonic, degree), 6, 80))
    made += [
        RoleNote(CHORDS, step, _pitch(48, tonic, degree + third), 8, 60) for third in (0, 2, 4)
    ]
    if step % 16 == 0:
        made.append(RoleNote(COUNTER, step, _pitch(72, tonic, degree + 4), 12, 70))
    return made


def _pitch(low: int, tonic: int, degree: int) -> int:
    return low + tonic % 12 + 12 * (degree // 7) + MAJOR_SCALE[degree % 7]


def write_small_corpus(folder: Path, songs: int = 24, card: CorpusCard = POP_CARD) -> Path:
    """Pack small songs and return the folder."""
    write_corpus(folder, card, [small_song(number) for number in range(songs)])
    return folder
