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
from engine.generation.models import SUFFIX
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
        show = LineAction("open", "Show on the Train page", lambda: self.open(line), kind="primary")
        own = (self._rename_action(line), self._delete_action(line)) if line.editable else ()
        return (show, *self._going_on(run), *self._comparing(run), *self._beginning(run), *own)

    def _going_on(self, run: RunSummary) -> tuple[LineAction, ...]:
        """What makes more of the run itself."""
        if run.can_go_on:
            tip = "Goes on exactly where it was left"
            return (LineAction("resume", "Continue", lambda: self._resume(run), "play", tip=tip),)
        if run.state == "finished" and not run.shipped:
            more = self._requests.more_epochs_asked
            tip = "The same run with more epochs"
            return (
                LineAction(
                    "more", "Train longer …", lambda: more.emit(run.folder), "play", tip=tip
                ),
            )
        return ()

    def _beginning(self, run: RunSummary) -> tuple[LineAction, ...]:
        """What makes another run of it."""
        clone = LineAction(
            "settings",
            "Use its settings …",
            lambda: self._use_settings(run),
            "content-copy",
            tip="Fills the form of the Train page for a new run",
        )
        model = model_of(run)
        if model is None:
            return (clone,)
        tune = self._requests.fine_tuning_asked
        tip = "A new run that begins with what this one has learned"
        return (
            clone,
            LineAction(
                "fine_tune", "Fine-tune …", lambda: tune.emit(model), "school-outline", tip=tip
            ),
        )

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

    def _comparing(self, run: RunSummary) -> tuple[LineAction, ...]:
        """A menu of the other runs, those of the same preset first."""
        others = [each for each in self._known if each.folder != run.folder]
        others.sort(key=lambda each: each.preset != run.preset)
        choices = tuple(self._beside(run, other) for other in others[:MOST_COMPARED])
        if not choices:
            return ()
        tip = "Lays the curves of another run over these"
        return (
            LineAction(
                "compare", "Compare with …", lambda: None, "compare-horizontal",
                tip=tip, choices=choices,
            ),
        )  # fmt: skip

    def _beside(self, run: RunSummary, other: RunSummary) -> LineAction:
        compare = self._requests.comparison_asked
        return LineAction(str(other.folder), other.name, lambda: compare.emit(run.folder, other))

    def _use_settings(self, run: RunSummary) -> None:
        self._app.jobs.run(
            lambda control: settings_of(run.folder),
            self._requests.settings_asked.emit,
            title="Reading a run’s settings",
        )

    def _resume(self, run: RunSummary) -> None:
        self._app.training.resume(run.folder)
        self._requests.run_asked.emit(run.folder)


def model_of(run: RunSummary) -> Path | None:
    """The model that a run made, where it is still there."""
    model = run.folder.with_suffix(SUFFIX) if run.shipped else run.model
    return model if model is not None and model.is_file() else None
