"""Training runs: how each was begun, how far it came, how it ended, and what can come of it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from desktop.jobs import JobControl
from desktop.library.lines import Line, ShelfName
from desktop.library.run_facts import run_facts, run_line
from desktop.library.shelf import LineAction, Lines, Shelf, Story
from desktop.library.small_curves import small_curves
from desktop.messages import MessageAction
from engine.store.curves import read_curves
from engine.store.paths import runs_folder
from engine.store.runs import RunSummary, rename, restore, runs, settings_of, trash

MOST_COMPARED = 20


class RunShelf(Shelf):
    """The user's runs, then those of the models that come with Tutti."""

    name: ClassVar[ShelfName] = "Training runs"
    icon = "chart-line"
    empty = "No training run yet. Begin one on the Train page."

    _known: tuple[RunSummary, ...] = ()

    def read(self, done: Callable[[Lines], None]) -> None:
        """Read the ends of the runs' files off the GUI thread."""

        def found(known: tuple[RunSummary, ...]) -> None:
            self._known = known
            now = time.time()
            done(tuple(run_line(run, now) for run in known))

        self._app.jobs.run(lambda control: runs(runs_folder()), found, title="Listing runs")

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """See it, go on with it, begin another one from it."""
        run = self._run(line)
        if run is None:
            return ()
        asked = self._requests
        found = [
            LineAction("open", "Show on the Train page", lambda: self.open(line), kind="primary")
        ]
        if run.can_go_on:
            found.append(
                LineAction("resume", "Continue", lambda: self._resume(run), "play",
                           tip="Goes on exactly where it was left")
            )  # fmt: skip
        if compared := self._compared(run):
            found.append(
                LineAction("compare", "Compare with …", lambda: None, "compare-horizontal",
                           tip="Lays the curves of another run over these", choices=compared)
            )  # fmt: skip
        found += [
            LineAction(
                "settings", "Use its settings …",
                lambda: asked.settings_asked.emit(run.folder), "content-copy",
                tip="Fills the form of the Train page for a new run",
            ),
            LineAction(
                "fine_tune", "Fine-tune …",
                lambda: asked.fine_tuning_asked.emit(run.folder), "school-outline",
                tip="A new run that begins with what this one has learned",
            ),
        ]  # fmt: skip
        if run.shipped:
            return tuple(each for each in found if each.id != "fine_tune")
        if line.editable:
            found += [self._rename_action(line), self._delete_action(line)]
        return tuple(found)

    def tell(self, line: Line, done: Callable[[Story], None]) -> None:
        """Settings, measures and curves, read off the GUI thread."""
        run = self._run(line)
        if run is None:
            done(Story())
            return

        def work(control: JobControl) -> Story:
            curves, _ = read_curves(run.folder / "events.jsonl", cancelled=control.cancelled)
            return Story(run_facts(run, settings_of(run.folder), curves), small_curves(curves))

        self._app.jobs.run(work, done, title=f"Reading {run.name}")

    def open(self, line: Line) -> None:
        """Its curves and samples on the Train page."""
        self._requests.run_asked.emit(Path(line.id))

    def rename(self, line: Line, title: str) -> None:
        """Another name for the run; its model keeps its own."""
        self._change(lambda: rename(Path(line.id), title), "Renaming a run")

    def delete(self, line: Line) -> None:
        """Put it aside, with all its samples and checkpoints."""
        if not line.editable:
            return

        def done(aside: Path) -> None:
            self.changed.emit()
            undo = MessageAction(
                "Undo", lambda: self._change(lambda: restore(aside), "Taking a run back")
            )
            self._app.messages.tell(f"{line.title} is deleted.", "info", undo)

        folder = Path(line.id)
        self._app.jobs.run(lambda control: trash(folder), done, title="Deleting a run")

    def _change(self, change: Callable[[], Path], title: str) -> None:
        self._app.jobs.run(
            lambda control: change(), lambda folder: self.changed.emit(), title=title
        )

    def _run(self, line: Line) -> RunSummary | None:
        return next((run for run in self._known if str(run.folder) == line.id), None)

    def _compared(self, run: RunSummary) -> tuple[LineAction, ...]:
        """The other runs, those of the same preset first."""
        others = [each for each in self._known if each.folder != run.folder]
        others.sort(key=lambda each: each.preset != run.preset)
        return tuple(
            LineAction(
                str(other.folder),
                other.name,
                lambda other=other: self._requests.comparison_asked.emit(  # type: ignore[misc]
                    run.folder, other.folder
                ),
            )
            for other in others[:MOST_COMPARED]
        )

    def _resume(self, run: RunSummary) -> None:
        self._app.training.resume(run.folder)
        self._requests.run_asked.emit(run.folder)
