"""The habits of the melodies that models learned from, and how well they tell whose a melody is.

    python -m engine.data.melody_habits Pop=FOLDER Folk=FOLDER,FOLDER …

prints ``resources/melody_habits.json`` from packed data sets, and, with the habits of every other
song only, what suggestions made of the remaining songs would be: how many, how many name the song's
own model, and how many lead away from it.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import fmean, pstdev
from typing import Any

from engine.data.corpus import Corpus, SongEntry, meter_of
from engine.generation.melody_traits import TRAITS, MelodyTraits, traits_of
from engine.generation.suitability import CLEARLY, Habits, likelihood_of
from engine.music.note import Note
from engine.music.piano_roll import PianoRoll, decode

MELODY = "Melody"
LONGEST = 128
"""Quarters of each song that are heard."""
SONGS = 70
"""Of each set, drawn by chance; their meters are counted in all."""
FEWEST = 8
"""Melodies that tell habits."""
LEAST_SPREAD = {"busyness": 0.2, "off_beat": 0.05, "leaps": 0.3, "chromatic": 0.03}
STEP = 120


@dataclass(frozen=True, slots=True)
class HeardMelody:
    """A song's traits and meter, such as ``3/4``."""

    traits: MelodyTraits
    meter: str


def heard_melodies(folders: Sequence[Path]) -> tuple[list[HeardMelody], Counter[str]]:
    """Some songs of each folder, and the meters of all."""
    heard: list[HeardMelody] = []
    meters: Counter[str] = Counter()
    for folder in folders:
        corpus = Corpus(folder)
        meters.update(str(meter_of(song)) for song in corpus.songs)
        songs = list(corpus.songs)
        Random(0).shuffle(songs)
        for song in songs[:SONGS]:
            traits = traits_of(_line(corpus, song), 4 * STEP)
            if traits is not None:
                heard.append(HeardMelody(traits, str(meter_of(song))))
    return heard, meters


def _line(corpus: Corpus, song: SongEntry) -> list[Note]:
    """The highest of the notes that begin together."""
    role = corpus.card.roles.index(MELODY) if MELODY in corpus.card.roles else 0
    planes = corpus.stretch(song, 0, min(song.beats, LONGEST), roles=[role]).planes
    top: dict[int, Note] = {}
    for each in decode(PianoRoll(planes, 0))[0]:
        note = Note(each.step * STEP, each.pitch, each.length * STEP)
        if note.start not in top or top[note.start].pitch < note.pitch:
            top[note.start] = note
    return [top[start] for start in sorted(top)]


def habits_from(heard: Sequence[HeardMelody], meters: Counter[str]) -> Habits:
    """Mean, spread and shares."""
    columns = {trait: [getattr(each.traits, trait) for each in heard] for trait in TRAITS}
    traits = {
        trait: (round(fmean(column), 3), round(max(LEAST_SPREAD[trait], pstdev(column)), 3))
        for trait, column in columns.items()
    }
    total = meters.total()
    return Habits(traits, {meter: round(n / total, 3) for meter, n in meters.most_common(6)})


def told_habits(folders: Sequence[Path]) -> dict[str, Any] | None:
    """The habits of some data sets as a model's card tells them.

    None where a set is no longer there, or where too few melodies are.
    """
    if not all(folder.is_dir() for folder in folders):
        return None
    heard, meters = heard_melodies(folders)
    if len(heard) < FEWEST:
        return None
    found = habits_from(heard, meters)
    return {"traits": found.traits, "meters": found.meters}


def suggestions(sets: Mapping[str, tuple[list[HeardMelody], Counter[str]]]) -> dict[str, float]:
    """What suggestions would be, of the half of the songs that the habits do not know."""
    habits = {name: habits_from(heard[::2], meters) for name, (heard, meters) in sets.items()}
    made = list(_made({name: heard[1::2] for name, (heard, _) in sets.items()}, habits))
    shown = [(own, now, best) for own, now, best in made if best]
    return {
        "asked": len(made),
        "made": len(shown),
        "own": sum(own == best for own, _now, best in shown),
        "away": sum(own == now for own, now, _best in shown),
    }


def _made(
    songs: Mapping[str, Sequence[HeardMelody]], habits: Mapping[str, Habits]
) -> Iterator[tuple[str, str, str]]:
    """Own model, model in use, suggested model or nothing."""
    for own, each in ((own, each) for own, heard in songs.items() for each in heard):
        scores = {
            name: sum(likelihood_of(each.traits, {each.meter}, habits[name]).values())
            for name in habits
        }
        best = max(scores, key=scores.__getitem__)
        for now in habits:
            yield own, now, best if scores[best] - scores[now] >= CLEARLY else ""


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    sets = {}
    for argument in arguments:
        name, _, folders = argument.partition("=")
        sets[name] = heard_melodies([Path(folder) for folder in folders.split(",")])
    values: dict[str, Any] = {
        name: {"traits": found.traits, "meters": found.meters}
        for name, found in ((name, habits_from(*each)) for name, each in sets.items())
    }
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stderr.write(json.dumps(suggestions(sets)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
