"""Every check of the project in one run: format, lint, types, import contracts, tests.

The later ones run though an earlier one failed: one run tells all there is to mend. Two go on at a
time, the longest first, and each tells what it found when it is done. Tests that listen to a sound
server come after that, with nothing beside them but what mostly waits and gives way: they measure
time.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import IO

_CONTRACTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
_PYTEST = ("-m", "pytest", "--durations=10")
_LOWER_PRIORITY = 10
_AT_A_TIME = 2


@dataclass(frozen=True)
class Check:
    """One check: what it is called, and the arguments of the environment's Python."""

    name: str
    arguments: tuple[str, ...]
    yields: bool = False
    """Whether it leaves the processor to the others: what only computes, and asks for no time."""


# What only computes, a part of it for each folder; the networks take the longest.
_NETWORKS = ("tests of the networks", "tests/models")
_COMPUTING = (
    ("tests of the data", "tests/engine/data"),
    ("tests of generation", "tests/engine/generation"),
    ("tests of the set-up", "tests/packaging"),
)
_WINDOW = ("tests of the window", "tests/desktop")
_HEARD = ("tests/engine/live", "tests/flows")
# A new folder of tests belongs to the others.
_APART = (*_HEARD, *(folder for _, folder in (_NETWORKS, _WINDOW, *_COMPUTING)))


def _tests(name: str, *where: str, yields: bool = False) -> Check:
    # Without pytest's memory of the last run: several run at once.
    return Check(name, (*_PYTEST, "-p", "no:cacheprovider", *where), yields)


QUICK = (
    Check("format", ("-m", "ruff", "format", "--check", ".")),
    Check("lint", ("-m", "ruff", "check", ".")),
    Check("imports", ("-c", _CONTRACTS)),
)
SIDE_BY_SIDE = (
    _tests(*_NETWORKS, yields=True),
    _tests(*_WINDOW),
    Check("types", ("-m", "mypy"), yields=True),
    *(_tests(*part, yields=True) for part in _COMPUTING),
    _tests("all other tests", *(f"--ignore={folder}" for folder in _APART)),
)
# Flows that measure no time: they wait for a trainer that runs only where the processor is idle,
# and for files. They have a screen and a sound server of their own.
_WAITING = tuple(f"tests/flows/test_{name}.py" for name in ("training", "bad_input", "headless"))


def _remembered(name: str, memory: str, *where: str, yields: bool = False) -> Check:
    # What failed is tried again, so it is kept; by each in a place of its own.
    kept = f"cache_dir=.pytest_cache/{memory}"
    return Check(name, (*_PYTEST, "-o", kept, *where), yields)


LISTENING = (
    _remembered(
        "tests that listen", "listening", *_HEARD, *(f"--ignore={path}" for path in _WAITING)
    ),
    _remembered("flows that wait", "waiting", *_WAITING, yields=True),
)
_FAILED = ("--last-failed", "--last-failed-no-failures=none")
_SOME_FAILED, _TRIES_MORE = 1, 2


def run(python: Path, root: Path, arguments: list[str]) -> int:
    """Exit status: 0 when all passed. With arguments only pytest runs, with those."""
    if arguments:
        return _run(python, root, Check("tests", (*_PYTEST, *arguments)), None)
    failed = [check.name for check in QUICK if _timed(python, root, check)]
    failed += [name for name, status in _side_by_side(python, root, SIDE_BY_SIDE) if status]
    failed += _listening(python, root)
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"\nChecks {verdict}.", flush=True)
    return 1 if failed else 0


def _side_by_side(python: Path, root: Path, checks: Sequence[Check]) -> list[tuple[str, int]]:
    """Each check's name and exit status."""
    with ThreadPoolExecutor(_AT_A_TIME) as workers:
        told = partial(_told, python, root, Lock())
        statuses = list(workers.map(told, checks))
    return [(check.name, status) for check, status in zip(checks, statuses, strict=True)]


def _told(python: Path, root: Path, turn: Lock, check: Check) -> int:
    """A check's exit status; what it says is printed at once, when it is done."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        status = _run(python, root, check, said)
        said.seek(0)
        with turn:
            print(f"\n== {check.name}\n{said.read()}", end="")
            _tell(check.name, status, began)
    return status


def _listening(python: Path, root: Path) -> list[str]:
    """The names of those that failed for good.

    A sound server goes on without a program that a busy machine holds up for a moment, and what was
    played then is lost: a test that failed is tried again alone, twice, and that is said. What is
    truly broken fails again.
    """
    statuses = dict(_side_by_side(python, root, LISTENING))
    for check in LISTENING:
        for _ in range(_TRIES_MORE):
            if statuses[check.name] == _SOME_FAILED:
                statuses[check.name] = _timed(python, root, _those_that_failed(check))
    return [name for name, status in statuses.items() if status]


def _those_that_failed(check: Check) -> Check:
    name = f"{check.name}, those that failed once more"
    return Check(name, (*check.arguments, *_FAILED))


def _timed(python: Path, root: Path, check: Check) -> int:
    print(f"\n== {check.name}", flush=True)
    began = time.monotonic()
    status = _run(python, root, check, None)
    _tell(check.name, status, began)
    return status


def _tell(name: str, status: int, began: float) -> None:
    verdict = f"failed (exit status {status})" if status else "passed"
    print(f"== {name} {verdict}, {time.monotonic() - began:.0f} s", flush=True)


def _run(python: Path, root: Path, check: Check, said: IO[str] | None) -> int:
    # A test must not hear of the user's own files, and mypy wants the environment it runs in.
    quiet = {name: value for name, value in os.environ.items() if name != "TUTTI_HOME"}
    if check.yields:
        quiet["OMP_NUM_THREADS"] = "1"
    sys.stdout.flush()
    with subprocess.Popen(
        [str(python), *check.arguments],
        cwd=root,
        env=quiet,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.STDOUT if said else None,
    ) as process:
        if check.yields and hasattr(os, "setpriority"):
            os.setpriority(os.PRIO_PROCESS, process.pid, _LOWER_PRIORITY)
        return process.wait()
