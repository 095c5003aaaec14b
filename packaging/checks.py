"""Every check of the project in one run: format, lint, types, import contracts, tests.

The later ones run though an earlier one failed: one run tells all there is to mend.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

_CONTRACTS = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())"

# What it is called, and the arguments of the environment's Python.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("format", ("-m", "ruff", "format", "--check", ".")),
    ("lint", ("-m", "ruff", "check", ".")),
    ("types", ("-m", "mypy")),
    ("imports", ("-c", _CONTRACTS)),
    # Last, so that its closing line ends the output but for our own summary.
    ("tests", ("-m", "pytest", "--durations=10")),
)


def run(python: Path, root: Path, arguments: list[str]) -> int:
    """Exit status: 0 when all passed. With arguments only pytest runs, with those."""
    if arguments:
        return _run(python, root, (*CHECKS[-1][1], *arguments))
    failed = [name for name, check in CHECKS if _timed(python, root, name, check)]
    verdict = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"\nChecks {verdict}.", flush=True)
    return 1 if failed else 0


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
