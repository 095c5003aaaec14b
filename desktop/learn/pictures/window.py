"""A convolution's window and what one cell of a deeper picture can see."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.learn.brush import (
    LEFT,
    FloatArray,
    RollFrame,
    paint_ground,
    paint_planes,
    paint_shades,
    write,
)
from desktop.learn.example import SOUNDING
from desktop.learn.material import Material
from desktop.learn.picture import Picture
from desktop.theme import colour

STEPS, PITCHES = 32, 128
"""Two bars and all pitches: what the network of `deepcomposer` is given."""
LAYERS = 4
KERNEL, STRIDE = 4, 2
SHOWN_LOW, SHOWN_HIGH = 40, 95
TITLE_HEIGHT = 18


class WindowPicture(Picture):
    """The melody above, a deeper picture of it below; a frame shows what one cell sees."""

    def build(self) -> None:
        """Which layer, and which of its cells along the time."""
        self._row = 0.5
        self.layer = self.add_slider("Layer", 1, LAYERS, 2, "How deep in the encoder.")
        self.place = self.add_slider("Place", 0, STEPS - 1, 12, "Slides the window.")
        self.canvas.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def cell(self) -> tuple[int, int]:
        """The chosen cell of the deep picture: its place in time and pitch."""
        size = 2 ** self.layer.value()
        pitch = round(SHOWN_LOW + self._row * (SHOWN_HIGH - SHOWN_LOW))
        return self.place.value() // size, pitch // size

    @property
    def seen(self) -> tuple[range, range]:
        """The steps and pitches of the roll that the chosen cell can see."""
        step, pitch = self.cell
        return field(self.layer.value(), step, STEPS), field(self.layer.value(), pitch, PITCHES)

    @property
    def _roll(self) -> FloatArray:
        planes = self.material.example.melody.planes[SOUNDING, :STEPS]
        return np.pad(planes, ((0, STEPS - len(planes)), (0, 0))).astype(float)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Both pictures and the two frames."""
        half = box.height() * 0.58
        top = QRectF(box.left(), box.top() + TITLE_HEIGHT, box.width(), half - TITLE_HEIGHT)
        write(
            painter,
            QRectF(box.left(), box.top(), box.width(), TITLE_HEIGHT),
            "The roll",
            align=LEFT,
        )
        frame = RollFrame(top, STEPS, SHOWN_LOW, SHOWN_HIGH)
        paint_ground(painter, frame)
        paint_planes(painter, frame, self.material.example.melody, "sounding")
        self._paint_seen(painter, frame)
        self._paint_deep(
            painter, QRectF(box.left(), top.bottom(), box.width(), box.bottom() - top.bottom())
        )

    def _paint_seen(self, painter: QPainter, frame: RollFrame) -> None:
        steps, pitches = self.seen
        corner = frame.cell(steps.start, pitches.stop - 1)
        size = QRectF(
            corner.left(),
            corner.top(),
            len(steps) * frame.step_width,
            len(pitches) * frame.row_height,
        )
        painter.save()
        painter.setClipRect(frame.box.adjusted(-1, -1, 1, 1))
        painter.fillRect(size, colour("bass", 0.14))
        painter.setPen(QPen(colour("bass"), 2))
        painter.drawRect(size)
        painter.restore()

    def _paint_deep(self, painter: QPainter, box: QRectF) -> None:
        layer = self.layer.value()
        deep = averaged(self._roll, layer)
        words = f"After layer {layer}: {deep.shape[0]} × {deep.shape[1]} cells"
        write(painter, QRectF(box.left(), box.top(), box.width(), TITLE_HEIGHT), words, align=LEFT)
        size = 2**layer
        inside = box.adjusted(0, TITLE_HEIGHT, 0, 0)
        frame = RollFrame(inside, len(deep), SHOWN_LOW // size, SHOWN_HIGH // size)
        painter.fillRect(inside, colour("surface"))
        paint_shades(painter, frame, deep / max(deep.max(), 1e-9))
        painter.setPen(QPen(colour("bass"), 2))
        painter.drawRect(frame.cell(*self.cell).adjusted(1, 1, -1, -1))

    def pointed(self, place: QPointF, pressed: bool) -> None:
        """The window follows the pointer."""
        canvas = self.canvas.rect()
        if canvas.contains(place.toPoint()):
            self._row = 1 - (place.y() / canvas.height()) % 1
            self.place.setValue(int(place.x() / canvas.width() * STEPS))
            self.refresh()

    def told(self) -> str:
        """The size of the receptive field."""
        reach = field_size(self.layer.value())
        steps, _ = self.seen
        rest = f"; {STEPS} steps are all there is" if reach > STEPS else ""
        return (
            f"One cell after layer {self.layer.value()} sees {reach} × {reach} cells{rest}. "
            f"Here it hears steps {steps.start + 1} to {steps.stop}. All weights are equal in this "
            "drawing; a network learns its own."
        )

    def take(self, material: Material) -> None:
        """Another melody; the place stays."""


def field_size(layer: int) -> int:
    """Cells across that one cell after ``layer`` layers can see: 4, 10, 22, 46."""
    size = 1
    for _ in range(layer):
        size = STRIDE * (size - 1) + KERNEL
    return size


def field(layer: int, place: int, length: int) -> range:
    """The cells that the cell at ``place`` can see, within 0 to ``length``; padding of 1."""
    first, size = place, 1
    for _ in range(layer):
        first, size = STRIDE * first - 1, STRIDE * (size - 1) + KERNEL
    return range(max(0, first), min(length, first + size))


def averaged(values: FloatArray, layers: int) -> FloatArray:
    """A roll after 4 × 4 convolutions of stride 2 whose weights are all equal."""
    for _ in range(layers):
        padded = np.pad(values, 1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (KERNEL, KERNEL))
        values = windows[::STRIDE, ::STRIDE].mean((2, 3))
    return values
