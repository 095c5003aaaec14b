"""Run every benchmark module of this folder, or those named, and print one table.

    python -m tests.benchmarks [NAME …]

A module takes part when it has ``run() -> list[Row]``. Exit code 1 when a budget is not kept.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.rows import Row

NO_BENCHMARKS = {"rows", "__main__", "__init__"}


def benchmarks(names: list[str]) -> Iterator[tuple[str, Callable[[], list[Row]]]]:
    """The benchmarks of this folder by name, in alphabetical order; all when none is named."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")} - NO_BENCHMARKS
    for name in sorted(found & set(names) if names else found):
        module = importlib.import_module(f"tests.benchmarks.{name}")
        if hasattr(module, "run"):
            yield name, module.run


def print_row(row: Row) -> None:
    """One line of the table."""
    budget = "" if row.budget is None else f"{row.budget:.2f}"
    verdict = "" if row.budget is None else ("kept" if row.kept else "MISSED")
    print(f"  {row.name:60} {row.value:10.2f} {row.unit:6} {budget:>9}  {verdict}", flush=True)


def main(names: list[str]) -> int:
    """Run and print; 1 when a budget was missed."""
    missed = 0
    for name, run in benchmarks(names):
        print(name, flush=True)
        for row in run():
            print_row(row)
            missed += not row.kept
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
