"""The menus of runs: to choose another one, or to lay one over it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QMenu

from desktop.training_words import run_line
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row
from engine.store.runs import RunSummary

MOST_ROWS = 20
SIGNS = {
    "running": ("circle", "good"),
    "paused": ("pause", "quiet"),
    "stopped": ("stop", "quiet"),
    "finished": ("check", "quiet"),
    "failed": ("alert-outline", "warning"),
    "interrupted": ("alert-outline", "warning"),
}


def fill_runs(
    menu: QMenu,
    runs: Sequence[RunSummary],
    chosen: Path | None,
    choose: Callable[[RunSummary], None],
    all_runs: Callable[[], None],
) -> None:
    """A row for each run: those that train first, then the newest, then shipped ones."""
    menu.clear()
    for run in _shown(runs):
        shipped = "shipped, " if run.shipped else ""
        action = add_row(menu, f"{run.name} — {shipped}{run_line(run)}", _chooser(choose, run))
        name, role = SIGNS[run.state]
        action.setIcon(icon(name, role))
        if run.folder == chosen:
            font = action.font()
            font.setBold(True)
            action.setFont(font)
    if not runs:
        menu.addAction("No run yet").setEnabled(False)
    menu.addSeparator()
    add_row(menu, "All runs in the Library", all_runs)


def fill_compare(
    menu: QMenu,
    runs: Sequence[RunSummary],
    chosen: Path | None,
    compare: Callable[[RunSummary], None],
) -> None:
    """A row for each run that can be laid over the chosen one."""
    menu.clear()
    for run in _shown(runs):
        if run.folder != chosen:
            add_row(menu, run.name, _chooser(compare, run))
    menu.setEnabled(bool(menu.actions()))


def _shown(runs: Sequence[RunSummary]) -> list[RunSummary]:
    own = [run for run in runs if not run.shipped]
    return own[:MOST_ROWS] + [run for run in runs if run.shipped]


def _chooser(act: Callable[[RunSummary], None], run: RunSummary) -> Callable[[], None]:
    return lambda: act(run)
