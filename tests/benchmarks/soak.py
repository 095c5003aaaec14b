"""Ten thousand random deeds of a user in the real window: no fault, an exact past, bounded memory.

    python -m tests.benchmarks soak [--actions 10000] [--seed 1] [--screen xvfb] [--sound none]

After a thousand of them, and at the end, every page, tab, menu, dialog and page of the manual is
opened once and a new song is begun: what the process takes then is compared, so that it is the same
things that are open.

The seed is printed: the same one does the same again, as far as threads let it. ``--screen`` is
``xvfb`` (an X server of its own) or ``offscreen``; ``--sound jack`` plays to a JACK server without
hardware.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.rows import Row
from tests.benchmarks.start import screen
from tests.jack_server import JackServer

ROOT = Path(__file__).resolve().parents[2]
WARM_UP = "1000"
MOST_GROWTH_MB = 50.0
LAST_TOLD = 30


def run() -> list[Row]:
    """One soak in a process of its own, and what it left."""
    options = parsed(sys.argv[2:])
    print(f"  seed {options.seed}, {options.actions} actions", flush=True)
    with tempfile.TemporaryDirectory() as home, around(options) as environment:
        command = [sys.executable, "-m", "tests.soak"]
        command += [f"--actions={options.actions}", f"--seed={options.seed}"]
        command += ["--look"] * options.look + ["--ledger"] * options.ledger
        within = {"TUTTI_HOME": home, "HOME": home, "PYTHONPATH": str(ROOT)}
        ended = subprocess.run(command, cwd=home, env={**environment, **within}, check=False)
        written = Path(home, "soak.json")
        found = json.loads(written.read_text()) if written.exists() else {}
        diary = Path(home, "files", "deeds.txt")
        if not found and diary.exists():
            print("It died after:", *diary.read_text().splitlines()[-LAST_TOLD:], sep="\n  ")
    return rows(found, ended.returncode)


def rows(found: dict[str, Any], code: int) -> list[Row]:
    """The figures; a soak that died has few."""
    memory: dict[str, float] = found.get("memory", {})
    at_rest: dict[str, float] = found.get("at_rest", {})
    last = max(at_rest, key=int, default=WARM_UP)
    growth = at_rest[last] - at_rest[WARM_UP] if WARM_UP in at_rest else 0.0
    return [
        Row("actions done", float(found.get("done", 0)), ""),
        Row("exit code", float(abs(code)), "", 0.0),
        Row("faults", float(bool(found.get("fault", "died"))), "", 0.0),
        Row("threads left", float(len(found.get("threads", []))), "", 0.0),
        Row("most memory while they were done", max(memory.values(), default=0.0), "MB"),
        Row("memory at rest after the warm-up, all opened once", at_rest.get(WARM_UP, 0.0), "MB"),
        Row("growth from there to the end, the same opened", growth, "MB", MOST_GROWTH_MB),
        Row("times the past was walked to its beginning and back", found.get("walks", 0.0), ""),
        Row("of these, to the song as it was opened", found.get("whole_walks", 0.0), ""),
        Row("single steps taken back and done again", found.get("steps_checked", 0.0), ""),
        Row("actions that blocked the window for 100 ms", sum(found.get("slow", {}).values()), ""),
    ]


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks soak", description=__doc__)
    parser.add_argument("--actions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--screen", choices=("xvfb", "offscreen"), default="xvfb")
    parser.add_argument("--look", action="store_true", help="tell what slow actions do")
    parser.add_argument("--ledger", action="store_true", help="tell what takes the memory")
    parser.add_argument("--sound", choices=("none", "jack"), default="none")
    return parser.parse_args([each for each in arguments if each != "soak"])


@contextmanager
def around(options: argparse.Namespace) -> Iterator[dict[str, str]]:
    """The environment with its screen and its sound."""
    here = {**os.environ, "JACK_NO_START_SERVER": "1", "QT_QPA_PLATFORM": "offscreen"}
    if options.sound == "jack":
        with JackServer("tutti-soak") as server, shown(options, here) as environment:
            yield {**environment, **server.environment}
    else:
        with shown(options, here) as environment:
            yield {**environment, "JACK_DEFAULT_SERVER": "none"}


@contextmanager
def shown(options: argparse.Namespace, here: dict[str, str]) -> Iterator[dict[str, str]]:
    """The environment with its screen."""
    if options.screen == "offscreen":
        yield here
    else:
        with screen() as environment:
            wanted = ("DISPLAY", "QT_QPA_PLATFORM")
            yield {**here, **{name: environment[name] for name in wanted}}
