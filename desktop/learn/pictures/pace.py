"""How far to step: a ball in a valley."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import LEFT, Axes, FloatArray, paint_arrow, paint_curve, write
from desktop.learn.picture import Picture
from desktop.theme import colour, mixed

STEPS = 12
START = -1.7
EDGE = 2.4
NEAR = 0.05


class ValleyPicture(Picture):
    """Gradient descent in a valley of one dimension."""

    def build(self) -> None:
        """The learning rate, in hundredths."""
        self.rate = self.add_slider("Learning rate", 2, 230, 8, "How far each step goes.")

    @property
    def places(self) -> FloatArray:
        """Where the ball is before the first step and after each one."""
        return descent(self.rate.value() / 100)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The valley and the ball's places, the later the brighter."""
        inside = box.adjusted(8, 22, -8, -22)
        axes = Axes(inside, -EDGE, EDGE, 0, EDGE**2 / 2)
        words = "Loss upwards, one parameter to the side"
        write(painter, QRectF(box.left(), box.top(), box.width(), 18), words, align=LEFT)
        xs = np.linspace(-EDGE, EDGE, 120)
        paint_curve(painter, axes.line(xs, xs**2 / 2), "bar_line", 2)
        spots = [axes.at(x, x**2 / 2) for x in np.clip(self.places, -EDGE, EDGE)]
        for before, after in pairwise(spots):
            if (after - before).manhattanLength() > 10:
                paint_arrow(painter, _above(before), _above(after), "disabled")
        for index, spot in enumerate(spots):
            painter.setPen(colour("window"))
            painter.setBrush(mixed("bar_line", "accent", 0.25 + 0.75 * index / STEPS))
            painter.drawEllipse(_above(spot), 6, 6)

    @property
    def fate(self) -> str:
        """What became of the ball, in words."""
        rate, rest = self.rate.value() / 100, abs(float(self.places[-1]))
        if rate > 2:
            return "It flies off: training diverges"
        if rate == 2:
            return "It swings from side to side for ever"
        if rest < NEAR:
            swings = " after swinging from side to side" if rate > 1 else ""
            return f"It arrives{swings}"
        return "It still swings" if rate > 1 else "It crawls"

    def told(self) -> str:
        """Rate, way and fate."""
        course = self.material.course
        run = f" {course.name} is at its own pace on the Run tab." if course and course.name else ""
        rest = abs(float(self.places[-1]))
        return (
            f"Rate {self.rate.value() / 100:.2f}: after {STEPS} steps {min(rest, 999):.2f} from "
            f"the goal. {self.fate}.{run}"
        )


def descent(rate: float) -> FloatArray:
    """The places of gradient descent on x²/2: each step goes ``rate`` times the slope there."""
    places: FloatArray = START * np.power(1.0 - rate, np.arange(STEPS + 1), dtype=np.float64)
    return places


def _above(spot: QPointF) -> QPointF:
    return QPointF(spot.x(), spot.y() - 7)
