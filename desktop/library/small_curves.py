"""A run's curves at a glance: losses each in its own range, the similarity index from 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import CAPTION_SIZE, body_font, colour
from engine.store.curves import Curves

HEIGHT = 96
WORDS = 18
MOST_POINTS = 160
SMOOTHED = 1 / 8
"""Of a loss's points, how many each is the mean of: its course is to be seen, not its noise."""
COLOURS = ("accent", "bass", "chords")
FIRST = ("total", "generator", "critic")
"""The curves that tell most, where a run has them."""


@dataclass(frozen=True, slots=True, eq=False)
class SmallCurve:
    """A curve's name and its points; ``bounds`` where its range is not its own."""

    label: str
    values: npt.NDArray[np.float64]
    bounds: tuple[float, float] | None = None


def small_curves(curves: Curves) -> tuple[SmallCurve, ...]:
    """Up to two losses and the similarity index of a run. Called on any thread."""
    kinds = {kind.name: kind for kind in curves.kinds}
    names = [name for name in FIRST if name in kinds] or list(kinds)
    found = [_loss(kinds[name].label, curves.values(name)) for name in names[:2]]
    _, similar = curves.measure("similarity")
    if len(similar) > 1:
        found.append(SmallCurve("similarity index", np.asarray(similar, np.float64), (0.0, 1.0)))
    return tuple(curve for curve in found if len(curve.values) > 1)


def _loss(label: str, values: npt.ArrayLike) -> SmallCurve:
    """A loss in the range of its course."""
    return SmallCurve(label, _smoothed(_thinned(values)))


def _smoothed(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Means over some points on either side, fewer at the ends."""
    at = np.arange(len(values))
    reach = np.minimum(np.minimum(at, at[::-1]), int(len(values) * SMOOTHED / 2))
    sums = np.concatenate((np.zeros(1), np.cumsum(values)))
    means: npt.NDArray[np.float64] = (sums[at + reach + 1] - sums[at - reach]) / (2 * reach + 1)
    return means


def _thinned(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Means of equal pieces: what a picture of this width can show."""
    array = np.asarray(values, np.float64)
    array = array[np.isfinite(array)]
    if len(array) <= MOST_POINTS:
        return array
    edges = np.linspace(0, len(array), MOST_POINTS + 1).astype(np.int64)
    return np.add.reduceat(array, edges[:-1]) / np.diff(edges)


class SmallCurves(QWidget):
    """A few curves over one another, each named in its colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: tuple[SmallCurve, ...] = ()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the curves that are drawn."""
        return tuple(curve.label for curve in self._curves)

    def show_curves(self, curves: Sequence[SmallCurve]) -> None:
        """Draw other curves; nothing is shown where there are none."""
        self._curves = tuple(curves)
        self.setAccessibleName(f"Curves: {', '.join(self.labels)}")
        self.setVisible(bool(self._curves))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as its column."""
        return QSize(280, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, curves, names."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(colour("line"), 1))
            painter.setBrush(colour("window"))
            painter.drawRoundedRect(ground, 6, 6)
            area = ground.adjusted(8, 8, -8, -WORDS - 4)
            for curve, role in zip(self._curves, COLOURS, strict=False):
                painter.setPen(QPen(colour(role), 1.4))
                painter.drawPolyline(_line(curve, area))
            self._paint_words(painter)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(body_font(CAPTION_SIZE))
        x = 10
        for curve, role in zip(self._curves, COLOURS, strict=False):
            painter.fillRect(QRectF(x, self.height() - WORDS / 2 - 3, 10, 2), colour(role))
            wide = painter.fontMetrics().horizontalAdvance(curve.label)
            painter.setPen(colour("quiet"))
            box = QRectF(x + 14, self.height() - WORDS - 2, wide + 2, WORDS)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, curve.label)
            x += wide + 28


def _line(curve: SmallCurve, area: QRectF) -> QPolygonF:
    values = curve.values
    low, high = curve.bounds or (float(values.min()), float(values.max()))
    room = high - low or 1.0
    xs = np.linspace(area.left(), area.right(), len(values))
    ys = area.bottom() - (values - low) / room * area.height()
    return QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)])
