"""Learning by heart: a curve with too many bends."""

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import LEFT, Axes, FloatArray, paint_curve, write
from desktop.learn.picture import Picture
from desktop.theme import colour

SEEN, HELD_OUT = 9, 9
MOST_BENDS = 8
SCATTER = 0.22


class FitPicture(Picture):
    """Points that a curve was fitted to, points that it never saw, and its errors on both."""

    def build(self) -> None:
        """The degree of the polynomial."""
        self.bends = self.add_slider("Bends", 0, MOST_BENDS, 1, "How freely the curve may bend.")

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The fit, and the errors by the number of bends."""
        wide = box.width() * 0.62
        self._paint_fit(painter, QRectF(box.left(), box.top(), wide - 12, box.height()))
        self._paint_errors(
            painter, QRectF(box.left() + wide, box.top(), box.width() - wide, box.height())
        )

    def _paint_fit(self, painter: QPainter, box: QRectF) -> None:
        axes = Axes(box.adjusted(4, 24, -4, -6), -0.04, 1.04, -1.6, 1.6)
        write(
            painter,
            QRectF(box.left(), box.top(), box.width(), 18),
            "● seen   ○ held out",
            align=LEFT,
        )
        painter.save()
        painter.setClipRect(axes.box)
        xs = np.linspace(-0.02, 1.02, 160)
        ys = fitted(self.bends.value())(xs)
        paint_curve(painter, axes.line(xs, np.clip(ys, -3, 3)), "chords", 2)
        painter.restore()
        for index, (points, role) in enumerate(
            zip(points_drawn(), ("accent", "good"), strict=True)
        ):
            painter.setPen(colour(role))
            painter.setBrush(colour(role) if index == 0 else colour("surface"))
            for x, y in zip(*points, strict=True):
                painter.drawEllipse(axes.at(x, y), 4, 4)

    def _paint_errors(self, painter: QPainter, box: QRectF) -> None:
        inside = box.adjusted(4, 24, -4, -6)
        axes = Axes(inside, -0.5, MOST_BENDS + 0.5, 0, 1)
        write(painter, QRectF(box.left(), box.top(), box.width(), 18), "Error", align=LEFT)
        here = axes.at(self.bends.value(), 0).x()
        painter.fillRect(QRectF(here - 9, inside.top(), 18, inside.height()), colour("raised"))
        degrees = range(MOST_BENDS + 1)
        for kind, role in enumerate(("accent", "good")):
            found = [min(1.0, errors(degree)[kind]) for degree in degrees]
            paint_curve(painter, axes.line(degrees, found), role, 2, dashed=kind == 1)

    def told(self) -> str:
        """Both errors, and where the error on new points is smallest."""
        seen, new = errors(self.bends.value())
        bends = "bend" if self.bends.value() == 1 else "bends"
        best = min(range(MOST_BENDS + 1), key=lambda degree: errors(degree)[1])
        return (
            f"{self.bends.value()} {bends}: error {seen:.2f} on the points it has seen, "
            f"{new:.2f} on those held out (dashed). The best for new points: {best}."
        )


def points_drawn() -> tuple[tuple[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]:
    """Points that are seen and points that are held out, from one curve with some scatter."""
    rng = np.random.default_rng(11)
    found: list[tuple[FloatArray, FloatArray]] = []
    for count, shift in ((SEEN, 0.0), (HELD_OUT, 0.5)):
        x = (np.arange(count, dtype=np.float64) + shift) / (SEEN - 0.5)
        found.append((x, np.sin(2 * np.pi * x) + SCATTER * rng.standard_normal(count)))
    return found[0], found[1]


def fitted(degree: int) -> np.polynomial.Polynomial:
    """The best polynomial of this degree through the seen points."""
    seen, _ = points_drawn()
    return np.polynomial.Polynomial.fit(*seen, degree)


def errors(degree: int) -> tuple[float, float]:
    """Root of the mean squared error on seen and on held-out points."""
    curve = fitted(degree)
    one, two = (float(np.sqrt(np.mean((curve(x) - y) ** 2))) for x, y in points_drawn())
    return one, two
