"""Sets Tutti up where that is needed, then starts the world that was asked for.

    tutti                 the window            python -m desktop
    tutti FILE            the window with it    python -m desktop FILE
    tutti train …         the trainer           python -m models …
    tutti test …          every check           checks.py
    tutti benchmark …     the measurements      python -m tests.benchmarks …
    tutti anything else   the command line      python -m engine …

This folder is plain standard library: it runs before anything is installed. What it says goes
to stderr, so that the output of a command stays what a program may read.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import checks
import environment
import system_needs
from speech import SetUpError

ROOT = Path(__file__).resolve().parent.parent
MUSIC_FILES = {".mid", ".midi", ".kar", ".rmi", ".tutti"}
DEVELOPING = {"test": "checks", "benchmark": "tests.benchmarks"}
COMMANDS = {"generate", "evaluate", "data", "models", "devices"}


class Start(NamedTuple):
    """What to start: a module with its arguments, and what must be there for it."""

    module: str
    arguments: list[str]
    extras: tuple[str, ...] = ()
    occasion: str | None = None


def main(arguments: list[str]) -> int:
    """Exit status; 1 with one sentence on stderr where something known went wrong."""
    try:
        start = choose(arguments)
        python = set_up(start)
        return run(start, python)
    except SetUpError as error:
        print(f"Tutti: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nTutti: stopped. The next ./tutti goes on from here.", file=sys.stderr)
        return 130


def choose(arguments: list[str]) -> Start:
    """Which world the arguments ask for."""
    first = arguments[0] if arguments else ""
    if first in DEVELOPING:
        return Start(DEVELOPING[first], arguments[1:], ("test", "train"), "test")
    if first == "train":
        return Start("models", arguments[1:], ("train",))
    if not first or _is_music(first):
        return Start("desktop", arguments, (), "studio")
    return Start("engine", arguments)


def set_up(start: Start) -> Path:
    """The Python to start with, once everything is there for it."""
    stamp = environment.read_stamp(ROOT)
    if start.occasion and start.occasion not in stamp.occasions:
        all_there = system_needs.provide(start.occasion)
        stamp = environment.provide(ROOT, stamp, start.extras)
        if all_there:
            environment.note_occasion(ROOT, stamp, start.occasion)
    else:
        environment.provide(ROOT, stamp, start.extras)
    return environment.python_of(ROOT)


def run(start: Start, python: Path) -> int:
    """Becomes the program where the system can do that, else waits for it."""
    if start.module == "checks":
        return checks.run(python, ROOT, start.arguments)
    # -P: a folder named engine where the user happens to stand is not ours.
    command = [str(python), "-P", "-m", start.module, *start.arguments]
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(python, command)
    return subprocess.call(command)


def _is_music(argument: str) -> bool:
    if argument in COMMANDS or argument.startswith("-"):
        return False
    return Path(argument).suffix.lower() in MUSIC_FILES or Path(argument).is_file()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
