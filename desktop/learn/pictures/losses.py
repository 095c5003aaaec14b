"""What loss curves look like: the run's own, and drawn examples that say that they are drawn."""

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import (
    CENTRE,
    LEFT,
    Axes,
    FloatArray,
    nice_marks,
    paint_axes,
    paint_curve,
    write,
)
from desktop.learn.course import Course, Line
from desktop.learn.material import Material
from desktop.learn.picture import Picture
from desktop.theme import colour

POINTS = 300
ROLES = ("accent", "bass", "counter", "chords", "drums", "strings")
MOST_LINES = 4
LATE_SHARE = 0.1
"""Of the run so far: a critic that began after it has joined late."""
LEGEND_HEIGHT = 20.0
OUTLIERS = (1.0, 99.0)
"""Percentiles that the axis reaches: one wild step must not flatten all others."""
THIS_RUN = "This run"


class LossesPicture(Picture):
    """The run's losses, or an example of good or bad ones."""

    def build(self) -> None:
        """The run, then the examples."""
        self.names = (THIS_RUN, *EXAMPLES)
        self.chosen = self.add_list("Show", self.names)
        self.take(self.material)

    def take(self, material: Material) -> None:
        """With a run its own curves come first."""
        if material.course is not None and material.course.lines:
            self.chosen.setCurrentIndex(0)
        elif self.chosen.currentIndex() == 0:
            self.chosen.setCurrentIndex(1)

    @property
    def example(self) -> str:
        """The example's name; empty where the run is shown."""
        name = self.names[max(0, self.chosen.currentIndex())]
        return "" if name == THIS_RUN else name

    @property
    def course(self) -> Course | None:
        """What is drawn."""
        if self.example:
            return Course(self.example, EXAMPLES[self.example][1]())
        course = self.material.course
        return course if course is not None and course.lines else None

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The curves over their steps."""
        course = self.course
        if course is None:
            words = "Start a training, and its own curves are drawn here."
            write(painter, box.adjusted(40, 0, -40, 0), words, "quiet", CENTRE, 13)
            return
        lines = main_lines(course)
        axes = axes_for(lines, box.adjusted(46, LEGEND_HEIGHT + 4, -8, -LEGEND_HEIGHT))
        paint_axes(painter, axes, nice_marks(axes.bottom, axes.top))
        if axes.bottom < 0 < axes.top:
            zero = axes.at(axes.left, 0).y()
            painter.fillRect(QRectF(axes.box.left(), zero, axes.box.width(), 1), colour("bar_line"))
        self._paint_lines(painter, axes, lines, box)
        foot = QRectF(axes.box.left(), axes.box.bottom() + 2, axes.box.width(), LEGEND_HEIGHT)
        write(painter, foot, "drawn example" if self.example else f"steps of {course.name}")

    def _paint_lines(
        self, painter: QPainter, axes: Axes, lines: tuple[Line, ...], box: QRectF
    ) -> None:
        wide = (box.width() - 46) / max(1, len(lines))
        for index, (line, role) in enumerate(zip(lines, ROLES, strict=False)):
            left = axes.box.left() + index * wide
            painter.fillRect(QRectF(left, box.top() + 9, 12, 3), colour(role))
            label = f"{line.label}: {line.wanted}" if line.wanted else line.label
            place = QRectF(left + 18, box.top(), wide - 20, LEGEND_HEIGHT)
            painter.save()
            painter.setClipRect(place)
            write(painter, place, label, "quiet", LEFT)
            painter.restore()
            paint_curve(painter, axes.line(line.steps, line.values), role, 1.5)

    def told(self) -> str:
        """What to look for."""
        if self.example:
            return f"A drawn example, not a run. {EXAMPLES[self.example][0]}"
        course = self.material.course
        if course is None or not course.lines:
            return "No run is shown."
        if course.plateau:
            return f"{course.name}: {course.plateau}"
        return f"{course.name}: {len(course.lines)} losses, up to step {last_step(course):,}."


def main_lines(course: Course) -> tuple[Line, ...]:
    """The losses that say most: those of the game, unless a critic came late; else the first."""
    game = tuple(line for line in course.lines if line.name in ("generator", "critic", "penalty"))
    from_the_start = game and game[0].steps[0] <= LATE_SHARE * last_step(course)
    return game if from_the_start else course.lines[:MOST_LINES]


def last_step(course: Course) -> int:
    """The last step of any curve."""
    return int(max(line.steps[-1] for line in course.lines))


def axes_for(lines: tuple[Line, ...], box: QRectF) -> Axes:
    """Axes that hold the curves, 0 among their values."""
    values = np.concatenate([line.values[np.isfinite(line.values)] for line in lines])
    low, high = np.percentile(values, OUTLIERS) if len(values) else (0.0, 1.0)
    low, high = min(0.0, float(low)), max(0.0, float(high))
    room = 0.06 * ((high - low) or 1.0)
    right = max(float(line.steps[-1]) for line in lines)
    return Axes(box, 0, right or 1.0, low - (room if low else 0), high + room)


def _line(name: str, label: str, values: FloatArray) -> Line:
    return Line(name, label, "", np.arange(POINTS, dtype=float), values)


def _time() -> FloatArray:
    return np.linspace(0, 1, POINTS)


def _rough(seed: int, size: float) -> FloatArray:
    return np.random.default_rng(seed).standard_normal(POINTS) * size


def _filling_in() -> tuple[Line, ...]:
    t = _time()
    values = 1.1 + 3.2 * np.exp(-9 * t) + 0.5 * np.exp(-2 * t) + _rough(1, 0.14)
    return (_line("total", "filling in", values),)


def _healthy() -> tuple[Line, ...]:
    t = _time()
    critic = -4.2 * (1 - np.exp(-40 * t)) * np.exp(-3.2 * t) - 0.35 + _rough(2, 0.16)
    generator = 1.6 * np.exp(-5 * t) + 0.5 * np.sin(5 * t) * t + 0.3 + _rough(3, 0.14)
    return _line("critic", "critic", critic), _line("generator", "generator", generator)


def _too_strong() -> tuple[Line, ...]:
    t = _time()
    critic = -0.3 - 6.5 * (1 - np.exp(-4 * t)) + _rough(4, 0.2)
    generator = 0.3 + 5.4 * (1 - np.exp(-3 * t)) + _rough(5, 0.2)
    return _line("critic", "critic", critic), _line("generator", "generator", generator)


def _diverging() -> tuple[Line, ...]:
    t = _time()
    swing = np.exp(7.2 * np.maximum(0, t - 0.45)) - 1
    critic = -2.5 * np.exp(-3 * t) + swing * np.sin(70 * t) + _rough(6, 0.15)
    generator = 0.6 - 1.1 * swing * np.sin(70 * t + 1.4) + _rough(7, 0.15)
    return _line("critic", "critic", critic), _line("generator", "generator", generator)


def _by_heart() -> tuple[Line, ...]:
    t = _time()
    seen = 0.5 + 3.4 * np.exp(-5 * t) + _rough(8, 0.08)
    new = 1.3 + 2.6 * np.exp(-9 * t) + 0.9 * np.maximum(0, t - 0.35) + _rough(9, 0.08)
    return _line("seen", "training songs", seen), _line("new", "held-out songs", new)


EXAMPLES: Mapping[str, tuple[str, Callable[[], tuple[Line, ...]]]] = {
    "Filling in, as it should be": (
        "Down fast, then slowly, then flat and ragged above 0. When it is flat, the run is no "
        "longer learning.",
        _filling_in,
    ),
    "With a critic, as it should be": (
        "The critic's loss drops at first and comes back towards 0; the generator's may lie "
        "anywhere, but calmly.",
        _healthy,
    ),
    "A critic that is too strong": (
        "The curves part and stay apart: the critic tells the two groups apart ever better, and "
        "the generator cannot follow. Lower the update ratio, or make the critic smaller.",
        _too_strong,
    ),
    "Diverging": (
        "Swings that grow: the learning rate is too high. Tutti stops such a run and keeps its "
        "last good checkpoint.",
        _diverging,
    ),
    "Learning by heart": (
        "Good on the songs it knows, ever worse on the others. More songs, a smaller network or "
        "fewer epochs help; the measures on held-out songs show it.",
        _by_heart,
    ),
}
