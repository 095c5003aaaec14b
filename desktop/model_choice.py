"""The model's life: listed, loaded and warmed off the GUI thread, chosen again at will."""

import logging
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Job, JobControl, Jobs
from engine.errors import TuttiError
from engine.generation.models import AvailableModel

if TYPE_CHECKING:
    from engine.generation.generator import Device, Generator

NO_MODEL = "No model was found. Put a model file (.onnx) into the models folder."

log = logging.getLogger(__name__)


class ModelChoice(QObject):
    """Knows the models there are and holds the one that is loaded."""

    models_changed = Signal(object)
    generator_changed = Signal(object)
    """The `Generator` that is ready, or None: while one loads, and where ``problem`` says why."""

    def __init__(
        self, jobs: Jobs, list_models: Callable[[], tuple[AvailableModel, ...]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._list_models = list_models
        self._job: Job[Generator] | None = None
        self._wish: tuple[str, Device] | None = None
        self.models: tuple[AvailableModel, ...] = ()
        self.generator: Generator | None = None
        self.problem = ""
        self.loading = ""
        """The name of the model that is being loaded."""

    def open(self, name: str, device: "Device") -> None:
        """List the models and load the one called ``name``, else the first that can be used."""

        def done(models: tuple[AvailableModel, ...]) -> None:
            self.models = models
            self.models_changed.emit(models)
            wish, self._wish = self._wish, None
            self.choose(*(wish or (name, device)))

        self.loading, self._wish = name, (name, device)
        self._jobs.run(lambda control: self._list_models(), done, self._on_failed, "Listing models")

    def list_again(self, then: Callable[[], None] | None = None) -> None:
        """Look into the folders again, where a model may have been put or trained meanwhile.

        ``then`` is called once they are listed.
        """

        def done(models: tuple[AvailableModel, ...]) -> None:
            if models != self.models:
                self.models = models
                self.models_changed.emit(models)
            if then is not None:
                then()

        self._jobs.run(lambda control: self._list_models(), done, title="Listing models")

    def choose(self, name: str, device: "Device") -> None:
        """Load a model; the last call wins. An unknown name takes the first usable model.

        While the models are being listed it is kept until they are.
        """
        if self._wish is not None:
            self.loading, self._wish = name, (name, device)
            return
        model = self._model(name)
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.generator, self.problem, self.loading = None, "", ""
        if model is None:
            self.problem = NO_MODEL
        else:
            self.loading = model.name
            self._job = self._load(model, device)
        self.generator_changed.emit(None)

    def _load(self, model: AvailableModel, device: "Device") -> "Job[Generator]":
        return self._jobs.run(
            lambda control: load(control, model, device),
            self._on_loaded,
            self._on_failed,
            f"Loading {model.name}",
        )

    def _model(self, name: str) -> AvailableModel | None:
        """A model of the user's goes before one of the same name that comes with Tutti."""
        named = [model for model in self.models if model.name == name]
        usable = [model for model in self.models if not model.problem]
        return named[-1] if named else usable[0] if usable else None

    def _on_loaded(self, generator: "Generator") -> None:
        self._job, self.loading = None, ""
        self.generator = generator
        self.generator_changed.emit(generator)

    def _on_failed(self, error: TuttiError) -> None:
        self._job, self._wish, self.loading = None, None, ""
        self.problem = str(error)
        self.generator_changed.emit(None)


def load(control: JobControl, model: AvailableModel, device: "Device") -> "Generator":
    """A generator, loaded and warm. Called on a worker thread."""
    # Here, so that the window need not wait for onnxruntime to be imported.
    from engine.generation.generator import Generator

    began = perf_counter()
    generator = Generator.load(model.path, device)
    control.check()
    generator.warm(cancelled=control.cancelled)
    control.check()
    log.info("%s on %s, ready after %.2f s", model.name, generator.provider, perf_counter() - began)
    return generator
