"""Every check of the project in one run: format, lint, types, import contracts, tests.

The later ones run though an earlier one failed: one run tells all there is to mend. Types and tests
that only compute run beside others, at a lower priority; what they say is told when they are done.
Tests that listen to a sound server come after that, alone: they measure time.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

_CONTRACTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"
_PYTEST = ("-m", "pytest", "--durations=10")
# What only computes, and what is heard; a new folder of tests belongs to neither.
_COMPUTING = ("tests/models", "tests/packaging", "tests/engine/data", "tests/engine/generation")
_HEARD = ("tests/engine/live", "tests/flows")
_LOWER_PRIORITY = 10

# What it is called, and the arguments of the environment's Python.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("lint", ("-m", "ruff", "check", ".")),
    ("imports", ("-c", _CONTRACTS)),
)
ASIDE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("types", ("-m", "mypy")),
    ("tests that compute", (*_PYTEST, "-p", "no:cacheprovider", *_COMPUTING)),
)
BESIDE = ("tests", (*_PYTEST, *(f"--ignore={folder}" for folder in (*_COMPUTING, *_HEARD))))
# Last, so that its closing line ends the output but for our own summary.
ALONE = ("tests that listen", (*_PYTEST, *_HEARD))


def run(python: Path, root: Path, arguments: list[str]) -> int:
    """Exit status: 0 when all passed. With arguments only pytest runs, with those."""
    if arguments:
        return _run(python, root, (*_PYTEST, *arguments))
    failed = [name for name, check in CHECKS if _timed(python, root, name, check)]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        aside = _start_aside(python, root, said)
        failed += [BESIDE[0]] if _timed(python, root, *BESIDE) else []
        failed += [] if aside.wait() == 0 else ["types or tests that compute"]
        said.seek(0)
        print(said.read(), flush=True)
    failed += [ALONE[0]] if _timed(python, root, *ALONE) else []
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"\nChecks {verdict}.", flush=True)
    return 1 if failed else 0


def run_aside(python: Path, root: Path) -> int:
    """What runs beside the tests that listen and look, one after the other."""
    if hasattr(os, "nice"):
        os.nice(_LOWER_PRIORITY)
    os.environ["OMP_NUM_THREADS"] = "1"
    failed = [name for name, check in ASIDE if _timed(python, root, name, check)]
    return 1 if failed else 0


def _start_aside(python: Path, root: Path, said: IO[str]) -> subprocess.Popen[bytes]:
    """This file in a process of its own, which tells what it found into a file."""
    command = [sys.executable, str(Path(__file__)), str(python), str(root)]
    return subprocess.Popen(
        command, stdout=said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
    )


def _timed(python: Path, root: Path, name: str, check: tuple[str, ...]) -> int:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    status = _run(python, root, check)
    verdict = f"failed (exit status {status})" if status else "passed"
    print(f"== {name} {verdict}, {time.monotonic() - began:.0f} s", flush=True)
    return status


def _run(python: Path, root: Path, check: tuple[str, ...]) -> int:
    # A test must not hear of the user's own files, and mypy wants the environment it runs in.
    quiet = {name: value for name, value in os.environ.items() if name != "TUTTI_HOME"}
    sys.stdout.flush()
    return subprocess.call([str(python), *check], cwd=root, env=quiet, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(run_aside(Path(sys.argv[1]), Path(sys.argv[2])))
