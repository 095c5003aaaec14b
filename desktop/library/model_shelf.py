"""Models: those that come with Tutti, and the user's own."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop.jobs import JobControl
from desktop.library.lines import Line, ShelfName
from desktop.library.model_facts import card_facts
from desktop.library.requests import LibraryRequests
from desktop.library.shelf import LineAction, Lines, Shelf, Story
from desktop.library.small_curves import small_curves
from desktop.library.taking_in import take_in_models
from desktop.messages import MessageAction
from engine.generation.models import DEFAULT_MODEL, SUFFIX, AvailableModel
from engine.generation.own_models import delete_model, give_away, rename_model, restore_model
from engine.store.curves import read_curves
from engine.store.paths import runs_folder
from engine.store.runs import SHIPPED_SUFFIX, runs

if TYPE_CHECKING:
    from desktop.app import App

MODEL_FILES = f"Models (*{SUFFIX})"


class ModelShelf(Shelf):
    """What can be chosen in the Studio."""

    name: ClassVar[ShelfName] = "Models"
    icon = "creation-outline"
    empty = "No model was found. Import a model file (.onnx), or drop one onto the window."

    def __init__(
        self, app: "App", requests: LibraryRequests, parent: QObject | None = None
    ) -> None:
        super().__init__(app, requests, parent)
        self._models: dict[str, AvailableModel] = {}
        self._runs: dict[str, Path] = {}

    def read(self, done: Callable[[Lines], None]) -> None:
        """The models that the Studio knows; which run made each is looked up off the GUI thread."""
        self._models = {str(model.path): model for model in self._app.models}
        models = tuple(self._models.values())
        done(tuple(model_line(model) for model in models))

        def found(made_by: dict[str, Path]) -> None:
            if made_by != self._runs:
                self._runs = made_by
                self.told_anew.emit()

        self._app.jobs.run(lambda control: runs_of(models), found, title="Listing models")

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """Use it, see how it was trained, train on, give it away; change what is the user's."""
        model, run = self._models[line.id], self._runs.get(line.id)
        own = () if model.shipped else (self._delete_action(line),)
        if model.card is None:
            return own
        return (
            LineAction("open", "Use in the Studio", lambda: self.open(line), kind="primary"),
            *(
                (
                    LineAction(
                        "run",
                        "How it was trained",
                        lambda: self._requests.run_asked.emit(run),
                        "chart-line",
                    ),
                )
                if run is not None
                else ()
            ),
            LineAction(
                "fine_tune",
                "Fine-tune …",
                lambda: self._requests.fine_tuning_asked.emit(model.path),
                "school-outline",
                tip="Train on from this model with songs of yours: faster, and needs few of them",
            ),
            LineAction(
                "export",
                "Save a copy …",
                lambda: self._export(model),
                "export-variant",
                tip="The file carries its card. You can also drag the line out of the window.",
            ),
            *((self._rename_action(line),) if line.editable else ()),
            *own,
        )

    def tools(self) -> tuple[LineAction, ...]:
        """A model of somebody else's."""
        return (LineAction("import", "Import a model …", self._ask_import, "import"),)

    def tell(self, line: Line, done: Callable[[Story], None]) -> None:
        """The card, and the curves of the run that made it."""
        model, run = self._models[line.id], self._runs.get(line.id)
        if model.card is None:
            done(Story())
            return
        groups = card_facts(model.card, model.path.stat().st_size if model.path.exists() else 0)
        done(Story(groups))
        if run is None:
            return

        def work(control: JobControl) -> Story:
            curves, _ = read_curves(run / "events.jsonl", cancelled=control.cancelled)
            return Story(groups, small_curves(curves))

        self._app.jobs.run(work, done, title="Reading curves")

    def open(self, line: Line) -> None:
        """Generate with it from now on."""
        model = self._models[line.id]
        if model.problem:
            return
        self._app.choose_model(model.name)
        self._requests.studio_asked.emit()

    def rename(self, line: Line, title: str) -> None:
        """Another name for the file and on the card."""
        model = self._models[line.id]

        def done(path: Path) -> None:
            self._list_again(model, path.stem)

        self._app.jobs.run(
            lambda control: rename_model(model.path, title), done, title="Renaming a model"
        )

    def delete(self, line: Line) -> None:
        """Put it aside; the Studio goes on with the model that comes with Tutti."""
        model = self._models[line.id]
        if model.shipped:
            return

        def done(aside: Path) -> None:
            self._list_again(model, DEFAULT_MODEL)
            undo = MessageAction("Undo", lambda: self._restore(aside))
            self._app.messages.tell(f"{line.title} is deleted.", "info", undo)

        self._app.jobs.run(lambda control: delete_model(model.path), done, title="Deleting a model")

    def _list_again(self, gone: AvailableModel, instead: str) -> None:
        """Where the chosen model is gone, the Studio plays with another, once that is listed."""
        app, was_chosen = self._app, gone.name == self._app.settings.model

        def choose() -> None:
            if was_chosen and gone.name == instead:  # one of the user's that hid a shipped one
                app.model_choice.choose(instead, app.settings.device)
            elif was_chosen:
                app.choose_model(instead)

        app.model_choice.list_again(choose)

    def _restore(self, aside: Path) -> None:
        self._app.jobs.run(
            lambda control: restore_model(aside),
            lambda path: self._app.model_choice.list_again(),
            title="Taking a model back",
        )

    def _export(self, model: AvailableModel) -> None:
        folder = self._app.settings.last_folder or str(Path.home())
        name, _ = QFileDialog.getSaveFileName(
            QApplication.activeWindow(),
            "Save a copy of the model",
            str(Path(folder, model.path.name)),
            MODEL_FILES,
        )
        if name:
            self.export(model.path, Path(name))

    def export(self, model: Path, target: Path) -> None:
        """Copy a model's file to a place of the user's."""
        self._app.change_settings(last_folder=str(target.parent))
        self._app.jobs.run(
            lambda control: give_away(model, target),
            lambda path: self._app.messages.tell(f"Saved as {path.name}.", "good"),
            title="Saving a copy of a model",
        )

    def _ask_import(self) -> None:
        folder = self._app.settings.last_folder or str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(
            QApplication.activeWindow(), "Import a model", folder, MODEL_FILES
        )
        if names:
            self._app.change_settings(last_folder=str(Path(names[0]).parent))
            take_in_models(self._app, [Path(name) for name in names])


def model_line(model: AvailableModel) -> Line:
    """A model's line; one that cannot be used says why."""
    whose = "comes with Tutti" if model.shipped else "yours"
    if model.card is None:
        return Line(
            str(model.path), model.name, "", model.problem, "Models", file=model.path,
            editable=False,
        )  # fmt: skip
    card = model.card
    parts = ", ".join(track.name.lower() for track in card.tracks)
    sources = [each.get("name", "") for each in card.trained_on if isinstance(each, dict)]
    return Line(
        str(model.path),
        card.name,
        f"{parts} · {whose}",
        model.problem,
        "Models",
        " ".join(str(word) for word in (model.name, *card.tags, *sources)),
        model.path,
        editable=not model.shipped,
    )


def runs_of(models: tuple[AvailableModel, ...]) -> dict[str, Path]:
    """The run that made a model, by the model's path. Called on a worker thread."""
    made = {run.model: run.folder for run in runs(runs_folder(), with_shipped=False)}
    found = {}
    for model in models:
        beside = model.path.with_suffix(SHIPPED_SUFFIX)
        folder = beside if model.shipped and beside.is_dir() else made.get(model.path)
        if folder is not None:
            found[str(model.path)] = folder
    return found
