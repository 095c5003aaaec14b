"""What a start costs when nothing is to be set up: the command beside the bare interpreter."""

import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.rows import Row

ROOT = Path(__file__).resolve().parents[2]
TRIES = 5
BUDGET_MS = 1000.0


def _median_ms(command: list[str]) -> float:
    figures = []
    for _ in range(TRIES):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        figures.append(1000 * (time.perf_counter() - began))
    return sorted(figures)[TRIES // 2]


def run() -> list[Row]:
    """Median of some starts; the environment must be set up, as it is after any ``./tutti``."""
    return [
        Row(
            "./tutti --version, set up already",
            _median_ms(["./tutti", "--version"]),
            "ms",
            BUDGET_MS,
        ),
        Row("the bare interpreter", _median_ms([sys.executable, "-c", ""]), "ms"),
    ]
