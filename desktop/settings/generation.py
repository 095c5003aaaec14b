"""What the band's models run on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.chips import device_chip
from desktop.settings.folders import open_folder
from desktop.settings.form import Choice, Section, in_a_row, say
from engine.store.paths import models_folder

if TYPE_CHECKING:
    from desktop.app import App

DEVICES = (
    ("Graphics card, else processor", "auto"),
    ("Graphics card (NVIDIA)", "cuda"),
    ("Processor", "cpu"),
)
MODELS_HINT = "A model file (.onnx) that lies there can be chosen in the Studio."


class GenerationSection(Section):
    """The device asked for, what is truly used, and where models of one's own are put."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Generation", parent)
        self._app = app
        self._device = Choice(DEVICES)
        self._device.activated.connect(self._on_device)
        self._state = self.add_row("Processing device", self._device)
        folder = QPushButton("Open the models folder")
        folder.clicked.connect(self._open_folder)
        self.add_row("Own models", in_a_row(folder), MODELS_HINT)
        app.generator_changed.connect(self._show)
        app.settings_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        self._device.show_value(self._app.settings.device)
        say(self._state, device_chip(self._app.model_choice).story)

    @Slot()
    def _on_device(self) -> None:
        self._app.change_settings(device=self._device.value)

    @Slot()
    def _open_folder(self) -> None:
        open_folder(models_folder(), self._app.messages)
