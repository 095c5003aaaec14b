"""``tutti evaluate``: a model's file measured on songs that it has not seen.

The file plays through the same generator as in the studio. Its figures stand beside the human
accompaniment (what can be reached), another song's accompaniment (the floor) and the melody an
octave lower, which cheats some measures.
"""

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.data.bootstrap import Figure, draws_of, figure, similarity_figure
from engine.data.collection import Collection
from engine.data.corpus import STEPS_PER_BEAT, Corpus, SongEntry
from engine.data.importing import packed_folder
from engine.data.measures import (
    FloatArray,
    Segment,
    each_measure,
    jaccard,
    melody_octave_below,
    other_song,
)
from engine.data.segments import draw_excerpts, held_out, segment_of
from engine.errors import DataError
from engine.generation.generator import Accompaniment, Generator, Request
from engine.generation.models import model_named
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.piano_roll import StepNote
from engine.music.track import make_track
from engine.store.paths import data_sets_folder

SEGMENTS = 48
HELD_OUT = 0.1  # where a card does not say what its training kept back
TICKS_PER_STEP = 120
TAKES = 2  # compared with each other
INTERVALS_FOR = ("human", "model")

Row = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model's measures: rows by name, how many segments and songs, and how they were played.

    ``parts`` names the parts that measures of single parts number.
    """

    model: str
    data: str
    segments: int
    songs: int
    provider: str
    parts: tuple[str, ...]
    rows: Mapping[str, Row]


def evaluate_command(options: argparse.Namespace) -> int:
    """Measure ``options.model`` on ``options.data`` and print the table, or JSON.

    Raises `ModelError`, `DataError` or `DeviceError`.
    """
    generator = Generator.load(model_named(options.model), getattr(options, "device", "auto"))
    corpus = _collected(packed_folder(options.data, data_sets_folder()), generator)
    wanted = getattr(options, "segments", None) or SEGMENTS
    found = evaluate(generator, corpus, segments=wanted, seed=getattr(options, "seed", 0))
    as_asked = _json_text if getattr(options, "json", False) else in_words
    sys.stdout.write(as_asked(found) + "\n")
    return 0


def _collected(folder: Path, generator: Generator) -> Collection:
    """The set's songs in 4/4, with the parts that the model plays where the set has them all."""
    played = tuple(track.name for track in generator.card.tracks if not track.is_drum)
    found = Corpus(folder).card.roles[1:]
    shared = set(played) <= set(found)
    roles = played if shared else tuple(role for role in found if role != "Drums")
    return Collection([folder], roles=roles)


def evaluate(
    generator: Generator, corpus: Corpus | Collection, *, segments: int = SEGMENTS, seed: int = 0
) -> Evaluation:
    """Play and measure. Raises `DataError` where no held-out song can be measured."""
    _, songs = held_out(corpus.songs, _held_out_share(generator, corpus))
    excerpts = draw_excerpts(corpus, songs, segments)
    if len(excerpts) < 2:
        raise DataError("The data set holds too few songs back for a model to be measured on.")
    whole = [segment_of(stretch) for _, stretch in excerpts]
    human = [cut(each, each) for each in whole]
    one, two = _played(generator, human, seed)
    samples = {
        "human": human,
        "other song": [cut(a, b) for a, b in zip(other_song(whole), human, strict=True)],
        "melody −8ve": melody_octave_below(human),
        "model": one,
    }
    song_of = _numbered([song for song, _ in excerpts])
    draws = draws_of(len(set(song_of)), seed=0)
    rows = {name: _row(sample, human, song_of, draws) for name, sample in samples.items()}
    takes = [jaccard(a, b) for a, b in zip(one, two, strict=True)]
    inputs = [*(jaccard(a, b) for a, b in pairwise(one)), jaccard(one[-1], one[0])]
    rows["model"] |= {
        "takes_jaccard": figure(takes, song_of, draws),
        "inputs_jaccard": figure(inputs, song_of, draws),
    }
    return Evaluation(
        model=generator.card.name,
        data=corpus.card.name,
        segments=len(human),
        songs=len(set(song_of)),
        provider=generator.provider,
        parts=_parts(generator, corpus),
        rows=rows,
    )


def _parts(generator: Generator, corpus: Corpus | Collection) -> tuple[str, ...]:
    """The parts' names, where the model plays those of the data set; else their numbers."""
    played = tuple(track.name for track in generator.card.tracks if not track.is_drum)
    if played == corpus.card.roles[1:]:
        return played
    return tuple(f"part {number + 1}" for number in range(len(played)))


def _held_out_share(generator: Generator, corpus: Corpus | Collection) -> float:
    """What the model's own training kept back of this data set, or the usual tenth."""
    names = {each.get("name") for each in generator.card.trained_on if isinstance(each, dict)}
    share = generator.card.training.get("held_out")
    if corpus.card.name in names and isinstance(share, float) and 0 < share < 1:
        return share
    return HELD_OUT


def _numbered(songs: Sequence[SongEntry]) -> list[int]:
    """The songs' numbers, in the order in which they first come."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(song.name, len(numbers)) for song in songs]


def cut(segment: Segment, asked: Segment) -> Segment:
    """The segment up to the last bar in which ``asked``'s melody sounds: what a model is asked."""
    end = max(note.step + note.length for note in asked.melody)
    bar = asked.steps_per_bar
    steps = min(asked.steps, -(-end // bar) * bar)
    tracks = tuple(_until(track, steps) for track in segment.tracks)
    chords = None if asked.chords is None else asked.chords[: steps // STEPS_PER_BEAT]
    return Segment(_until(asked.melody, steps), tracks, steps, bar, chords)


def _until(notes: Sequence[StepNote], steps: int) -> tuple[StepNote, ...]:
    return tuple(
        StepNote(note.step, note.pitch, min(note.length, steps - note.step))
        for note in notes
        if note.step < steps
    )


def _played(
    generator: Generator, asked: Sequence[Segment], seed: int
) -> tuple[list[Segment], list[Segment]]:
    """Two takes of every melody."""
    takes = [
        [_heard(each, take) for take in generator.compose(composition_of(each), request)]
        for each, request in ((each, Request(seed=seed, takes=TAKES)) for each in asked)
    ]
    return [first for first, _ in takes], [second for _, second in takes]


def composition_of(segment: Segment) -> Composition:
    """A segment's melody as the studio would hold it."""
    notes = [
        Note(note.step * TICKS_PER_STEP, note.pitch, note.length * TICKS_PER_STEP)
        for note in segment.melody
    ]
    meter = MeterChange(0, segment.steps_per_bar // STEPS_PER_BEAT, 4)
    return Composition(
        tracks=(make_track("Melody", notes),),
        ticks_per_quarter=TICKS_PER_STEP * STEPS_PER_BEAT,
        meters=(meter,),
    )


def _heard(asked: Segment, take: Accompaniment) -> Segment:
    """A take on the step grid; drums are no part of the accompaniment that is measured."""
    tracks = tuple(
        tuple(
            StepNote(
                round(note.start / TICKS_PER_STEP),
                note.pitch,
                max(1, round(note.duration / TICKS_PER_STEP)),
            )
            for note in track.notes
        )
        for track in take.tracks
        if not track.is_drum
    )
    played = Segment(asked.melody, tracks, asked.steps, asked.steps_per_bar, asked.chords)
    return cut(played, asked)


def _row(
    sample: Sequence[Segment], human: Sequence[Segment], song_of: Sequence[int], draws: FloatArray
) -> Row:
    found = each_measure(sample, human)
    row = {name: figure(values, song_of, draws) for name, values in found.items()}
    row["similarity_index"] = similarity_figure(sample, human, song_of, draws)
    return row


def _json_text(found: Evaluation) -> str:
    return json.dumps(as_json(found), ensure_ascii=False, indent=2)


def as_json(found: Evaluation) -> dict[str, Any]:
    """Plain values; what is unknown is null."""
    return {
        "model": found.model,
        "data": found.data,
        "segments": found.segments,
        "songs": found.songs,
        "provider": found.provider,
        "parts": list(found.parts),
        "rows": {
            row: {name: _plain(value) for name, value in values.items()}
            for row, values in found.rows.items()
        },
    }


def _plain(value: Figure) -> dict[str, float | None]:
    numbers = {"mean": value.mean, "low": value.low, "high": value.high}
    return {name: None if math.isnan(number) else number for name, number in numbers.items()}


def in_words(found: Evaluation) -> str:
    """The table: one line a measure, one column a row, intervals where songs were played."""
    names = list(dict.fromkeys(name for row in found.rows.values() for name in row))
    head = ["", *found.rows]
    body = [
        [_label(name, found.parts), *(_cell(row, name, found.rows) for row in found.rows)]
        for name in names
    ]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(len(head))]
    lines = [
        f"{found.model} on {found.segments} segments of {found.songs} held-out songs of "
        f"{found.data}, played on the {found.provider}.",
        "Means, with their 95 % interval over songs.",
        "",
        *("  ".join([line[0].ljust(widths[0]), *_right(line, widths)]) for line in (head, *body)),
    ]
    return "\n".join(line.rstrip() for line in lines)


def _label(name: str, parts: Sequence[str]) -> str:
    """Such as ``empty_bars, Bass`` for ``empty_bars_0``."""
    stem, _, number = name.rpartition("_")
    if not number.isdigit():
        return name
    index = int(number)
    return f"{stem}, {parts[index] if index < len(parts) else f'part {index + 1}'}"


def _right(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True)]


def _cell(row: str, name: str, rows: Mapping[str, Row]) -> str:
    value = rows[row].get(name)
    if value is None or math.isnan(value.mean):
        return "–"
    if row not in INTERVALS_FOR:
        return f"{value.mean:.2f}"
    return f"{value.mean:.2f} ({value.low:.2f} to {value.high:.2f})"
