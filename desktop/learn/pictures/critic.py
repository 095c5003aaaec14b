"""The critic: who shows it what, and why its slope is held."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import (
    LEFT,
    RIGHT,
    Axes,
    FloatArray,
    paint_arrow,
    paint_axes,
    paint_box,
    paint_curve,
    write,
)
from desktop.learn.picture import Picture
from desktop.theme import colour

PENALTY_WEIGHT = 10.0
LARGEST_SLOPE = 2.0
DIAGRAM_SHARE = 0.48


class CriticPicture(Picture):
    """The loop of the two networks above, a critic with one weight below."""

    def build(self) -> None:
        """The critic's slope, in hundredths."""
        self.slope = self.add_slider(
            "Slope of the critic", 0, round(100 * LARGEST_SLOPE), 40, "How steeply it judges."
        )

    @property
    def loss(self) -> float:
        """The critic's loss at the chosen slope."""
        return critic_loss(self.slope.value() / 100)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The loop, then two charts side by side."""
        top = QRectF(box.left(), box.top(), box.width(), box.height() * DIAGRAM_SHARE)
        self._paint_loop(painter, top)
        below = QRectF(box.left(), top.bottom() + 8, box.width(), box.bottom() - top.bottom() - 8)
        half = below.width() / 2 - 8
        self._paint_scores(painter, QRectF(below.left(), below.top(), half, below.height()))
        self._paint_loss(painter, QRectF(below.right() - half, below.top(), half, below.height()))

    def _paint_loop(self, painter: QPainter, box: QRectF) -> None:
        wide, tall = min(116.0, box.width() / 3.6), min(44.0, box.height() / 3.2)
        columns = [box.left() + wide / 2, box.center().x(), box.right() - wide / 2]
        rows = [box.top() + tall / 2 + 4, box.bottom() - tall / 2 - 8]
        boxes = {
            "Played by people": (columns[0], rows[0], "good"),
            "Melody and noise": (columns[0], rows[1], "line"),
            "Generator": (columns[1], rows[1], "accent"),
            "Critic": (columns[2], sum(rows) / 2, "bass"),
        }
        places = {}
        for name, (x, y, role) in boxes.items():
            places[name] = QRectF(x - wide / 2, y - tall / 2, wide, tall)
            paint_box(painter, places[name], role)
            write(painter, places[name], name, "text", bold=role in ("accent", "bass"))
        people, given, maker, judge = places.values()
        paint_arrow(painter, _right(people), _left(judge, -0.22), "good")
        paint_arrow(painter, _right(given), _left(maker))
        paint_arrow(painter, _right(maker), _left(judge, 0.22), "accent")
        note = QRectF(judge.left() - 24, judge.bottom() + 4, wide + 24, 32)
        write(painter, note, self._updates(), align=RIGHT)

    def _updates(self) -> str:
        course = self.material.course
        if course is not None and not course.has_critic:
            return "The run that is shown has no critic yet"
        return "Both networks learn from its number"

    def _paint_scores(self, painter: QPainter, box: QRectF) -> None:
        inside = box.adjusted(34, 22, -8, -20)
        axes = Axes(inside, -0.2, 1.2, -0.2, LARGEST_SLOPE + 0.1)
        write(
            painter,
            QRectF(box.left(), box.top(), box.width(), 18),
            "The critic's number",
            align=LEFT,
        )
        paint_axes(painter, axes, (0, 1, 2))
        slope = self.slope.value() / 100
        paint_curve(painter, axes.line((-0.2, 1.2), (-0.2 * slope, 1.2 * slope)), "bass", 2)
        for x, name, role in ((0.0, "made", "accent"), (1.0, "real", "good")):
            dot = axes.at(x, slope * x)
            painter.setBrush(colour(role))
            painter.setPen(colour(role))
            painter.drawEllipse(dot, 4, 4)
            write(painter, QRectF(dot.x() - 30, inside.bottom() + 2, 60, 18), name, "text")

    def _paint_loss(self, painter: QPainter, box: QRectF) -> None:
        inside = box.adjusted(34, 22, -8, -20)
        axes = Axes(inside, 0, LARGEST_SLOPE, -2, 10)
        write(
            painter, QRectF(box.left(), box.top(), box.width(), 18), "The critic's loss", align=LEFT
        )
        paint_axes(painter, axes, (0, 5, 10))
        slopes: FloatArray = np.linspace(0, LARGEST_SLOPE, 60)
        paint_curve(painter, axes.line(slopes, [critic_loss(s) for s in slopes]), "quiet")
        dot = axes.at(self.slope.value() / 100, self.loss)
        painter.setBrush(colour("bass"))
        painter.setPen(colour("bass"))
        painter.drawEllipse(dot, 4, 4)
        write(
            painter, QRectF(inside.left(), inside.bottom() + 2, inside.width(), 18), "slope 0 to 2"
        )

    def told(self) -> str:
        """Distance, penalty and loss of a critic with one weight."""
        slope = self.slope.value() / 100
        penalty = (slope - 1) ** 2
        return (
            f"A critic with one weight. Distance {slope:.2f}, penalty (slope − 1)² = "
            f"{penalty:.2f}, loss = 10 × penalty − distance = {self.loss:.2f}.".replace(
                "= -", "= −"
            )
        )


def critic_loss(slope: float, weight: float = PENALTY_WEIGHT) -> float:
    """The loss of a critic that is a straight line, where made is at 0 and real at 1."""
    return float(weight * (slope - 1) ** 2 - slope)


def _right(box: QRectF) -> QPointF:
    return QPointF(box.right() + 2, box.center().y())


def _left(box: QRectF, up: float = 0.0) -> QPointF:
    return QPointF(box.left() - 2, box.center().y() + up * box.height())
