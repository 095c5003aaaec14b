"""Hearing samples: one epoch after the other from the same place, without a gap."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.train.samples.sample_files import Sample
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App

FRAME_MS = 33


class Listening(QObject):
    """Asks the preview to play; knows whether what is heard is ours."""

    changed = Signal()
    """It began, ended, or was taken by somebody else."""
    moved = Signal(object)
    """The tick that is heard, or None."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._name = ""
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._frame)
        app.preview.ended.connect(self._on_ended)

    @property
    def on(self) -> bool:
        """Whether a sample is heard."""
        return bool(self._name) and self._app.preview.name == self._name

    def hear(self, sample: Sample, music: Composition) -> None:
        """Play a sample; while another one is heard, from where that stands."""
        problem = self._app.synth.problem
        if problem is not None:
            self._app.messages.tell(problem, "warning")
            return
        name = f"sample {sample.path}"
        begin = self._app.preview.change if self.on else self._app.preview.start
        begin(music, name)
        self._name = name
        self._frames.start()
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Be silent, unless somebody else plays."""
        if self.on:
            self._app.preview.stop()

    @Slot()
    def _on_ended(self) -> None:
        if self._name:
            self._name = ""
            self._frames.stop()
            self.moved.emit(None)
            self.changed.emit()

    @Slot()
    def _frame(self) -> None:
        if self.on:
            self.moved.emit(self._app.preview.position_ticks)
        else:
            self._on_ended()
