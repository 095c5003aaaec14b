"""What the command line takes: the table of commands and options."""

import argparse
import re
from pathlib import Path

from engine.generation.models import DEFAULT_MODEL
from engine.generation.request import MAX_ADVENTURE, MAX_EXTENSION, MAX_SEED, MAX_TAKES
from engine.version import version

METER = re.compile(r"[1-9]\d?/(1|2|4|8|16|32)", re.ASCII)
CHORD_HELP = """
a chord sheet to keep to: lines “bar.beat chord” (1.1 C) or bars “| C | Am F | G |”
"""


def parser() -> argparse.ArgumentParser:
    """The parser of all headless commands; wrong usage ends the program with code 2."""
    top = argparse.ArgumentParser(
        prog="tutti",
        description="Play a melody; the whole band comes in. Without a command the studio opens.",
        epilog="tutti FILE.mid opens a file in the studio. For those who work on Tutti: tutti test "
        "runs all checks, tutti benchmark measures.",
    )
    top.add_argument("--version", action="version", version=f"Tutti {version()}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_generate(commands.add_parser("generate", help="accompany the melody of MIDI files"))
    models = commands.add_parser("models", help="list the models")
    devices = commands.add_parser("devices", help="list what models run on, and why not the GPU")
    for command in (models, devices):
        command.add_argument("--json", action="store_true", help="answer as JSON")
    _add_evaluate(commands.add_parser("evaluate", help="measure a model on held-out songs"))
    _add_data(commands.add_parser("data", help="fetch, add, list and remove data sets"))
    # Dispatched before parsing; listed here for --help.
    commands.add_parser("train", help="train a model (tutti train --help)", add_help=False)
    return top


def _add_generate(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("inputs", nargs="+", type=Path, metavar="IN.mid", help="a MIDI file with a melody")
    add("--out-dir", type=Path, required=True, metavar="DIR", help="where the results go")
    add("--model", default=DEFAULT_MODEL, metavar="NAME", help="a model's name or its .onnx file")
    add("--seed", type=_whole(0, MAX_SEED), default=0, metavar="N", help="default 0")
    add("--takes", type=_whole(1, MAX_TAKES), default=1, metavar="K", help="how many, default 1")
    add("--device", choices=("auto", "cuda", "cpu"), default="auto")
    add("--adventure", type=_number(0, MAX_ADVENTURE), default=1.0, metavar="F", help="default 1")
    add("--density", type=_density, action="append", default=[], metavar="TRACK=F",
        help="how busy a track is, 0 to 1; may be given for several")  # fmt: skip
    add("--extend", type=_whole(0, MAX_EXTENSION), default=0, metavar="BARS",
        help="bars that the band plays on beyond the melody's last, default 0")  # fmt: skip
    add("--chords", type=Path, metavar="FILE", help=CHORD_HELP.strip())
    add("--sections", default="", metavar="TEXT",
        help="such as A1-8 B9-16 A'17-24: repeats play the same, with ' varied")  # fmt: skip
    add("--json", action="store_true", help="answer as JSON")


def _add_evaluate(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--model", required=True, metavar="NAME", help="a model's name or its .onnx file")
    add("--data", required=True, action="append", metavar="NAME_OR_FOLDER",
        help="songs to measure it on; may be given several times")  # fmt: skip
    add("--segments", type=_whole(2, 10_000), default=48, metavar="N", help="default 48")
    add("--bars", type=_whole(1, 1024), default=8, metavar="N", help="of each, default 8")
    add("--meter", type=_meter, default="4/4", metavar="N/M", help="of the songs, default 4/4")
    add("--all-songs", action="store_true", help="of a set that no training saw, every song")
    add("--adventure", type=_number(0, MAX_ADVENTURE), default=1.0, metavar="F", help="default 1")
    add("--density", type=_density, action="append", default=[], metavar="TRACK=F",
        help="how busy a track is, 0 to 1; may be given for several")  # fmt: skip
    add("--chords", action="store_true", help="give it the data's own chords as hints")
    add("--keys", action="store_true", help="play each melody in all twelve keys too")
    add("--controls", action="store_true", help="measure what each control does too")
    add("--device", choices=("auto", "cuda", "cpu"), default="auto")
    add("--seed", type=_whole(0, MAX_SEED), default=0, metavar="N", help="default 0")
    add("--json", action="store_true", help="answer as JSON")


def _add_data(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    catalogue = actions.add_parser("catalogue", help="list the public data sets")
    get = actions.add_parser("get", help="fetch a public data set and import it")
    add = actions.add_parser("add", help="import MIDI files, or folders of them")
    add.add_argument("paths", nargs="+", type=Path, metavar="FOLDER_OR_FILE")
    add.add_argument("--name", required=True, metavar="NAME")
    add.add_argument("--tag", action="append", default=[], metavar="TAG")
    listing = actions.add_parser("list", help="list the data sets on this machine")
    remove = actions.add_parser("remove", help="remove a data set")
    report = actions.add_parser("report", help="what an import kept, what not and why")
    report.add_argument("--all", action="store_true", help="the files that were kept as well")
    for each in (get, remove, report):
        each.add_argument("name", metavar="NAME")
    for each in (catalogue, get, add, listing, report):
        each.add_argument("--json", action="store_true", help="answer as JSON")


class _whole:
    """Reads a whole number within bounds."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> int:
        try:
            value = int(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from error
        if not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(f"{value} is not from {self._low} to {self._high}")
        return value


class _number:
    """Reads a number within bounds."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high

    def __call__(self, text: str) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error
        if not self._low <= value <= self._high:
            raise argparse.ArgumentTypeError(
                f"{value:g} is not from {self._low:g} to {self._high:g}"
            )
        return value


def _meter(text: str) -> str:
    """``3/4``, as songs are marked."""
    if METER.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a meter such as 3/4")
    return text


def _density(text: str) -> tuple[str, float]:
    """``TRACK=F``; a name may hold a “=” itself."""
    name, equals, value = text.rpartition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(f"{text!r} is not written TRACK=F")
    return name, _number(0, 1)(value)
