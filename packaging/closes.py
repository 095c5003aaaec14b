"""How songs that were held out close, and how a model closes them.

    python packaging/closes.py MODEL.onnx --data FOLDER … [--meter 6/8] [--training 3]

The last eight bars with melody of each song: how often the bass reaches its last note by a falling
fifth (or rising fourth), and how often by it the root under the melody's last note. With
``--training`` every so many songs that were not held out, in their place.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine.data.collection import Collection
from engine.data.corpus import STEPS_PER_BEAT, SongEntry
from engine.data.evaluation import collected, held_out_share
from engine.data.measures import Segment
from engine.data.model_playing import Wish, played_by
from engine.data.played import Played, cut, human_of
from engine.data.segments import held_out, is_full
from engine.data.song import DRUMS
from engine.generation.generator import Generator
from engine.music.harmony import PITCH_CLASSES

BARS = 8
FIFTH = 7


def main() -> None:
    """Read the arguments, print two rows."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", action="append", required=True, type=Path)
    parser.add_argument("--meter", default="4/4")
    parser.add_argument("--training", type=int, default=0)
    asked = parser.parse_args()
    generator = Generator.load(asked.model, "cpu")
    songs = collected(asked.data, generator, asked.meter)
    learned, kept = held_out(songs.songs, held_out_share(generator, songs))
    ends = list(endings(songs, learned[:: asked.training] if asked.training else kept))
    bass = [role for role in songs.card.roles[1:] if role != DRUMS].index("Bass")
    people = [cut(each, each.segment) for each in ends]
    for name, rows in (("people", people), ("model", played_by(generator, ends, Wish())[0])):
        by_fifth, to_root = np.mean([close_of(each.segment, bass) for each in rows], axis=0)
        print(f"{name:8}{len(rows):5} songs, by a fifth {by_fifth:.0%}, to the root {to_root:.0%}")


def endings(collection: Collection, songs: Sequence[SongEntry]) -> Iterator[Played]:
    """The last bars of each song that have melody."""
    for song in songs:
        beats = (song.beats - song.first_bar_beat) // song.beats_per_bar * song.beats_per_bar
        whole = collection.stretch(song, song.first_bar_beat, beats)
        begun = np.flatnonzero(whole.planes[0, 0].any(-1))
        if not len(begun):
            continue
        first = int(begun[-1]) // (song.beats_per_bar * STEPS_PER_BEAT) + 1 - BARS
        beat = song.first_bar_beat + first * song.beats_per_bar
        if first >= 0:
            stretch = collection.stretch(song, beat, BARS * song.beats_per_bar)
            if is_full(stretch, BARS):
                yield human_of(song, stretch, collection.card.roles)


def close_of(segment: Segment, bass: int) -> tuple[bool, bool]:
    """Whether the bass closes by a fifth, and so to the root under the melody's last note."""
    notes = sorted(segment.tracks[bass], key=lambda each: each.step)
    roots = [note.pitch % PITCH_CLASSES for note in notes]
    last = max(segment.melody, key=lambda each: each.step).pitch % PITCH_CLASSES
    before = [root for root in roots if root != roots[-1]]
    by_fifth = bool(before) and (before[-1] - roots[-1]) % PITCH_CLASSES == FIFTH
    return by_fifth, by_fifth and roots[-1] == last


if __name__ == "__main__":
    main()
