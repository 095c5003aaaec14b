"""``tutti evaluate``: a model's file measured on songs that it has not seen."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.data.bootstrap import draws_of
from engine.data.controls_measured import ControlRow, Controls
from engine.data.evaluation import Scope, collected, evaluate, excerpts_of, frame_for
from engine.data.evaluation_table import as_json, controls_in_words, in_words, keys_in_words
from engine.data.importing import packed_folder
from engine.data.keys_measured import KeyRow, keys_measured
from engine.data.model_playing import Tell, Wish, untold
from engine.generation.generator import Generator
from engine.generation.models import model_named
from engine.store.paths import data_sets_folder

WHOLE_LINE = "\r\x1b[2K"


def evaluate_command(options: argparse.Namespace) -> int:
    """Measure ``options.model`` on ``options.data`` and print the tables, or JSON.

    Raises `ModelError`, `DataError` or `DeviceError`.
    """
    generator = Generator.load(model_named(options.model), options.device)
    scope, wish = _scope(options), _wish(options)
    corpus = collected(_folders(options.data), generator, scope.meter)
    keys: Sequence[KeyRow] = ()
    controls: Sequence[ControlRow] = ()
    with _progress() as tell:
        found = evaluate(generator, corpus, scope=scope, wish=wish, tell=tell)
        if options.keys or options.controls:
            excerpts = excerpts_of(generator, corpus, scope)
            draws = draws_of(found.songs)
            if options.keys:
                keys = keys_measured(generator, excerpts, draws, wish, tell)
            if options.controls:
                frame = frame_for(excerpts, generator, draws)
                controls = Controls(generator, excerpts, frame, wish, tell).measured()
    if options.json:
        text = json.dumps(as_json(found, keys, controls), indent=2)
    else:
        told = [in_words(found)]
        told += [keys_in_words(keys)] if keys else []
        told += [controls_in_words(controls)] if controls else []
        text = "\n\n".join(told)
    sys.stdout.write(text + "\n")
    return 0


def _folders(names: Sequence[str]) -> list[Path]:
    return [packed_folder(name, data_sets_folder()) for name in names]


def _scope(options: argparse.Namespace) -> Scope:
    return Scope(options.segments, options.bars, options.meter, options.all_songs)


def _wish(options: argparse.Namespace) -> Wish:
    return Wish(
        seed=options.seed,
        adventure=options.adventure,
        density=dict(options.density),
        chords=options.chords,
    )


@contextmanager
def _progress() -> Iterator[Tell]:
    """Tells on one line of a terminal, which is empty again in the end; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield untold
        return

    def tell(words: str) -> None:
        sys.stderr.write(WHOLE_LINE + words)
        sys.stderr.flush()

    try:
        yield tell
    finally:
        tell("")
