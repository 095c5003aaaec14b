"""Exporting what is heard as a MIDI or a WAV file, off the GUI thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Job, JobControl
from engine.errors import TuttiError
from engine.files.audio import render_wav
from engine.files.midi import write_midi
from engine.live.sound_fonts import find_sound_font
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App


class Exporting(QObject):
    """Writes one file at a time; tells how far it is and how it ended."""

    started = Signal(str)
    progressed = Signal(float)
    ended = Signal()

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._job: Job[str] | None = None

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._job is not None

    def export_midi(self, composition: Composition, path: Path) -> None:
        """Write a MIDI file."""
        path = _with_suffix(path, ".mid")

        def work(_control: JobControl) -> str:
            write_midi(composition, path)
            return ""

        self._run(work, path)

    def export_wav(self, composition: Composition, path: Path) -> None:
        """Render to a WAV file, as loud as it is played."""
        path = _with_suffix(path, ".wav")
        settings = self._app.settings

        def work(control: JobControl) -> str:
            font = Path(settings.sound_font) if settings.sound_font else find_sound_font()
            made = render_wav(
                composition,
                path,
                font,
                gain=settings.gain,
                progress=control.progress,
                cancelled=control.cancelled,
            )
            return made.remark if made is not None else ""

        self._run(work, path)

    def _run(self, work: Callable[[JobControl], str], path: Path) -> None:
        if self.busy:
            self._app.messages.tell("One file is still being written. Wait for it, or cancel it.")
            return
        self.started.emit(f"Writing {path.name}")
        self._job = self._app.jobs.run(
            work, lambda remark: self._done(path, remark), self._failed, f"Writing {path.name}"
        )
        self._job.progressed.connect(self._on_progress)
        self._job.ended.connect(self._on_end)

    def cancel(self) -> None:
        """Give it up; nothing is left on disk."""
        if self._job is not None:
            self._job.cancel()

    def _done(self, path: Path, remark: str) -> None:
        self._app.messages.tell(f"Saved {path}. {remark}".strip(), "good")

    def _failed(self, error: TuttiError) -> None:
        self._app.messages.tell(str(error), "error")

    @Slot(float, str)
    def _on_progress(self, fraction: float, _text: str) -> None:
        self.progressed.emit(fraction)

    @Slot()
    def _on_end(self) -> None:
        self._job = None
        self.ended.emit()


def _with_suffix(path: Path, suffix: str) -> Path:
    known = {".mid", ".midi"} if suffix == ".mid" else {suffix}
    return path if path.suffix.lower() in known else path.with_name(path.name + suffix)
