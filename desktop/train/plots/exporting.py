"""Curves to files: pictures, drawings, tables; written beside, then put in place."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject
from PySide6.QtGui import QImageWriter

from desktop.jobs import Job, JobControl, Jobs
from desktop.messages import Messages
from desktop.train.plots.curve_card import CurveCard
from desktop.train.plots.curves_bar import ExportKind
from desktop.train.plots.figure import figure_image, figure_svg
from desktop.train.plots.table import run_numbers, table_pieces
from engine.errors import FileError
from engine.files.atomic import write_atomically
from engine.store.curves import Curves


class CurvesExport(QObject):
    """Writes one file at a time, on a worker thread."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._messages = jobs, messages

    def picture(
        self, kind: ExportKind, cards: Sequence[CurveCard], name: str, path: Path
    ) -> Job[None]:
        """What is on the screen, as an image or as lines; drawn now, written by and by."""
        if kind == "svg":
            text = figure_svg(cards, name)
            return self._run(lambda _: _write(path, text), path)
        image = figure_image(cards, name)

        def work(_control: JobControl) -> None:
            with write_atomically(path) as beside:
                if not QImageWriter(str(beside), QByteArray(b"png")).write(image):
                    raise FileError(f"{path} could not be written. Choose another place.")

        return self._run(work, path)

    def table(self, runs: Sequence[tuple[str, Curves]], path: Path) -> Job[None]:
        """All numbers of the runs, as they are now."""
        numbers = [run_numbers(name, curves) for name, curves in runs]

        def work(control: JobControl) -> None:
            with write_atomically(path) as beside, beside.open("w", encoding="utf-8") as stream:
                for done, piece in table_pieces(numbers):
                    control.check()
                    stream.write(piece)
                    control.progress(done)

        return self._run(work, path)

    def _run(self, work: Callable[[JobControl], None], path: Path) -> Job[None]:
        return self._jobs.run(
            work,
            lambda _: self._messages.tell(f"Saved {path}.", "good"),
            self._messages.tell_error,
            f"Writing {path.name}",
        )


def _write(path: Path, content: bytes) -> None:
    with write_atomically(path) as beside:
        beside.write_bytes(content)


def suggested_name(curves: Curves, kind: ExportKind) -> str:
    """A file's name for a run."""
    plain = re.sub(r"[^\w\- ]+", "", curves.name).strip() or "curves"
    return f"{plain} curves.{kind}"
