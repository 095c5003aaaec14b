"""Run every benchmark module of this folder, or those named, and print one table.

    python -m tests.benchmarks [NAME …]

A module takes part when it has ``run() -> list[Row]``. Exit code 1 when a budget is not kept, above
when a benchmark crashed.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.rows import Row

NO_BENCHMARKS = {"rows", "__main__", "__init__"}


def benchmarks(names: list[str]) -> list[str]:
    """The benchmarks of this folder, in alphabetical order; all when none is named."""
    found = {path.stem for path in Path(__file__).parent.glob("*.py")} - NO_BENCHMARKS
    return sorted(found & set(names) if names else found)


def run_one(name: str) -> bool:
    """Run one benchmark in this process and print its rows; whether it kept its budgets."""
    print(name, flush=True)
    rows = list(importlib.import_module(f"tests.benchmarks.{name}").run())
    for row in rows:
        print_row(row)
    return all(row.kept for row in rows)


def print_row(row: Row) -> None:
    """One line of the table."""
    budget = "" if row.budget is None else f"{row.budget:.2f}"
    verdict = "" if row.budget is None else ("kept" if row.kept else "MISSED")
    print(f"  {row.name:60} {row.value:10.2f} {row.unit:6} {budget:>9}  {verdict}", flush=True)


def main(names: list[str]) -> int:
    """Run and print; 1 when a budget was missed."""
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # a machine without a screen
    wanted = benchmarks(names)
    if not wanted:
        print("There is no benchmark of that name. There are: " + ", ".join(benchmarks([])) + ".")
        return 2
    if len(wanted) == 1:
        return 0 if run_one(wanted[0]) else 1
    # Each in a process of its own: a window, a sound server and a model leave no trace on the next.
    commands = [[sys.executable, "-m", "tests.benchmarks", name] for name in wanted]
    return max(abs(subprocess.run(command, check=False).returncode) for command in commands)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
