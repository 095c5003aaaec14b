"""Saving the film: one animated picture, or all pictures side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QByteArray, QObject, QRect, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.jobs import JobControl
from desktop.theme import body_font, colour
from desktop.train.samples.painting import Frame, paint_sheet
from desktop.train.samples.sample_files import Sample, read_sample
from desktop.train.samples.sheet import Extent, sheet_of
from engine.errors import FileError
from engine.files.atomic import write_atomically

if TYPE_CHECKING:
    from PIL.Image import Image

    from desktop.app import App

FRAME = (960, 420)
CELL = (320, 150)
CAPTION = 24
GAP = 8
MOST_FRAMES = 240
"""A longer film leaves epochs out, evenly: its file would have gigabytes otherwise."""
STANDS_MS, LAST_STANDS_MS = 300, 1600
ANIMATED = "Animated GIF (*.gif);;Animated PNG (*.png)"
STILL = "PNG picture (*.png)"


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """What is to be saved: samples in order, the room of all pictures, the best epoch."""

    samples: tuple[Sample, ...]
    extent: Extent
    best: int | None


class FilmExport(QObject):
    """Asks for a file and writes it off the GUI thread."""

    def __init__(self, app: "App", parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._window = parent

    def ask(self, plan: FilmPlan, *, animated: bool) -> None:
        """Ask where to save, then save."""
        if not plan.samples:
            return
        folder = self._app.settings.last_folder or str(Path.home())
        suffix, kinds = (".gif", ANIMATED) if animated else (".png", STILL)
        name, kind = QFileDialog.getSaveFileName(
            self._window, "Save the film", str(Path(folder, f"film{suffix}")), kinds
        )
        if not name:
            return
        path = Path(name)
        if not path.suffix:
            path = path.with_suffix(".png" if "png" in kind else ".gif")
        self._app.change_settings(last_folder=str(path.parent))
        self.save(path, plan, animated=animated)

    def save(self, path: Path, plan: FilmPlan, *, animated: bool) -> None:
        """Save, and say so."""
        write = save_animation if animated else save_strip

        def done(pictures: int) -> None:
            left_out = len(plan.samples) - pictures
            more = f" It shows {pictures} of {len(plan.samples)} epochs." if left_out else ""
            self._app.messages.tell(f"The film is saved as {path.name}.{more}", "good")

        self._app.jobs.run(
            lambda control: write(control, path, plan), done, title="Saving the film"
        )


def save_animation(control: JobControl, path: Path, plan: FilmPlan) -> int:
    """Write an animated GIF or PNG, by the file's name; how many pictures it has.

    Called on a worker thread. Raises `FileError`.
    """
    kind = {".gif": "GIF", ".png": "PNG"}.get(path.suffix.lower())
    if kind is None:
        raise FileError(f"{path.name} can be no animation. Let its name end in .gif or .png.")
    samples = thinned(plan.samples)
    frames = [_as_pillow(each) for each in _pictures(control, samples, plan, FRAME)]
    stands = [STANDS_MS] * (len(frames) - 1) + [LAST_STANDS_MS]
    with write_atomically(path) as beside, beside.open("wb") as stream:
        frames[0].save(
            stream, kind, save_all=True, append_images=frames[1:], duration=stands, loop=0
        )
    return len(frames)


def save_strip(control: JobControl, path: Path, plan: FilmPlan) -> int:
    """Write all pictures side by side, in rows, as one PNG; how many there are.

    Called on a worker thread. Raises `FileError`.
    """
    samples = thinned(plan.samples)
    wide = len(samples) if len(samples) <= 6 else ceil(sqrt(len(samples) * CELL[1] / CELL[0] * 1.6))
    high = ceil(len(samples) / wide)
    step_x, step_y = CELL[0] + GAP, CELL[1] + GAP
    whole = QImage(GAP + wide * step_x, GAP + high * step_y, QImage.Format.Format_RGB32)
    whole.fill(colour("surface"))
    with QPainter(whole) as painter:
        for i, picture in enumerate(_pictures(control, samples, plan, CELL)):
            painter.drawImage(GAP + i % wide * step_x, GAP + i // wide * step_y, picture)
    with write_atomically(path) as beside:
        writer = QImageWriter(str(beside), QByteArray(b"png"))
        if not writer.write(whole):
            raise FileError(f"{path} could not be written: {writer.errorString()}.")
    return len(samples)


def thinned(samples: Sequence[Sample]) -> tuple[Sample, ...]:
    """At most `MOST_FRAMES` of them, evenly, the first and the last among them."""
    if len(samples) <= MOST_FRAMES:
        return tuple(samples)
    places = np.linspace(0, len(samples) - 1, MOST_FRAMES).round().astype(int)
    return tuple(samples[place] for place in places)


def _pictures(
    control: JobControl, samples: Sequence[Sample], plan: FilmPlan, size: tuple[int, int]
) -> list[QImage]:
    pictures = []
    for i, sample in enumerate(samples):
        control.check()
        control.progress(i / len(samples), sample.name)
        pictures.append(_picture(sample, plan, size))
    return pictures


def _picture(sample: Sample, plan: FilmPlan, size: tuple[int, int]) -> QImage:
    """One sample with its epoch under it."""
    width, height = size
    picture = QImage(width, height, QImage.Format.Format_RGB32)
    picture.fill(colour("surface"))
    sheet = sheet_of(read_sample(sample))
    with QPainter(picture) as painter:
        box = QRect(0, 0, width, height - CAPTION)
        paint_sheet(painter, sheet, Frame(box, plan.extent, detailed=height > CELL[1]))
        is_best = sample.epoch is not None and sample.epoch == plan.best
        painter.setFont(body_font(bold=is_best))
        painter.setPen(colour("accent_text" if is_best else "text"))
        foot = QRect(0, height - CAPTION, width, CAPTION)
        words = f"{sample.name} · best" if is_best else sample.name
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, words)
    return picture


def _as_pillow(picture: QImage) -> "Image":
    # Here, so that the window need not wait for Pillow to be imported.
    from PIL import Image

    rgb = picture.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    pixels = rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3)
    # A copy: the picture's memory goes with it.
    return Image.fromarray(pixels.copy()).quantize(64)
