"""Why good moments pass: two players that pull at each other."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import CENTRE, LEFT, Axes, FloatArray, paint_axes, paint_curve, write
from desktop.learn.course import Course
from desktop.learn.picture import Picture
from desktop.theme import colour

RATE = 0.16
DAMPING = 0.7
MOST_STEPS = 60
REACH = 2.6
NAMES = ("Two players", "With a penalty", "This run")


class CirclePicture(Picture):
    """The way of two players round the middle, or the similarity index of the run."""

    def build(self) -> None:
        """What is shown, and how many steps are taken."""
        self.kind = self.add_choices(NAMES, 0)
        self.steps = self.add_slider("Steps", 0, MOST_STEPS, 24)

    @property
    def _course(self) -> Course | None:
        course = self.material.course
        return course if course is not None and len(course.epochs) > 1 else None

    @property
    def path(self) -> FloatArray:
        """The places (step, player) so far."""
        return orbit(self.steps.value(), DAMPING if self.kind.checkedId() == 1 else 0.0)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """One of the two."""
        if self.kind.checkedId() != 2:
            self._paint_orbit(painter, box)
        elif self._course is not None:
            self._paint_run(painter, box, self._course)
        else:
            words = "The run's similarity index appears here once it has been measured twice."
            write(painter, box.adjusted(40, 0, -40, 0), words, "quiet", CENTRE, 13)

    def _paint_orbit(self, painter: QPainter, box: QRectF) -> None:
        edge = min(box.width(), box.height() - 20)
        inside = QRectF(0, 0, edge, edge)
        inside.moveCenter(QPointF(box.center().x(), box.center().y() + 8))
        axes = Axes(inside, -REACH, REACH, -REACH, REACH)
        for start, end in (((-REACH, 0), (REACH, 0)), ((0, -REACH), (0, REACH))):
            paint_curve(painter, axes.line(*zip(start, end, strict=True)), "line", 1)
        write(
            painter,
            QRectF(inside.left(), inside.top(), 200, 18),
            "critic ↑  generator →",
            align=LEFT,
        )
        path = self.path
        paint_curve(painter, axes.line(path[:, 0], path[:, 1]), "bass", 1.5)
        for x, y in path:
            painter.setPen(colour("bass"))
            painter.setBrush(colour("bass"))
            painter.drawEllipse(axes.at(x, y), 2, 2)
        painter.setBrush(colour("accent"))
        painter.setPen(colour("accent"))
        painter.drawEllipse(axes.at(*path[-1]), 5, 5)
        painter.setBrush(colour("good"))
        painter.drawEllipse(axes.at(0, 0), 3, 3)

    def _paint_run(self, painter: QPainter, box: QRectF, course: Course) -> None:
        values = np.array([each.get("similarity", np.nan) for each in course.measures])
        axes = Axes(box.adjusted(44, 22, -8, -24), course.epochs[0], course.epochs[-1], 0, 1)
        write(
            painter, QRectF(box.left(), box.top(), box.width(), 18), "Similarity index", align=LEFT
        )
        paint_axes(painter, axes, (0, 0.25, 0.5, 0.75, 1))
        if course.ceiling is not None:
            ends = (axes.left, axes.right)
            paint_curve(painter, axes.line(ends, [course.ceiling] * 2), "good", 1, dashed=True)
        paint_curve(painter, axes.line(course.epochs, values), "chords", 2)
        if course.best_epoch in course.epochs:
            index = course.epochs.index(course.best_epoch)
            painter.setPen(colour("accent"))
            painter.setBrush(colour("accent"))
            painter.drawEllipse(axes.at(course.best_epoch, float(values[index])), 5, 5)

    def told(self) -> str:
        """How far from the middle, or which epoch was the best."""
        course = self._course
        if self.kind.checkedId() == 2:
            if course is None:
                return "No run with two measured epochs is shown."
            last = course.epochs[-1]
            if course.best_epoch is None:
                return f"{course.name}: {len(course.epochs)} measured epochs."
            after = "the last one" if course.best_epoch == last else f"not the last one, {last}"
            return f"{course.name}: epoch {course.best_epoch} measures best, {after}."
        far = float(np.hypot(*self.path[-1]))
        steps = self.steps.value()
        return f"After {steps} steps the pair is {far:.2f} from the middle; it began at 1."


def orbit(steps: int, damping: float) -> FloatArray:
    """Places of two players on x·y, one going down, one up, both at once; they begin at (1, 0).

    ``damping`` holds the second one back, as a penalty does with a critic (Mescheder and others,
    ICML 2018).
    """
    places = [(1.0, 0.0)]
    for _ in range(steps):
        x, y = places[-1]
        places.append((x - RATE * y, y + RATE * (x - damping * y)))
    return np.array(places)
