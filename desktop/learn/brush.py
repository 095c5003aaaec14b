"""What all pictures of the tour are painted with: cells, words, arrows, axes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from desktop import theme
from desktop.learn.example import ONSET, SOUNDING, Example, Voice
from desktop.theme import colour, mixed

FloatArray = npt.NDArray[np.float64]
LEFT, TOP_LEFT, CENTRE, RIGHT = (
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop,
    Qt.AlignmentFlag.AlignCenter,
    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
)
ARROW_HEAD = 6.0


@dataclass(frozen=True, slots=True)
class RollFrame:
    """Where a roll lies: its box, its steps, and the pitches from ``low`` to ``high``."""

    box: QRectF
    steps: int
    low: int
    high: int

    @property
    def step_width(self) -> float:
        """Pixels a step."""
        return self.box.width() / self.steps

    @property
    def row_height(self) -> float:
        """Pixels a semitone."""
        return self.box.height() / (self.high - self.low + 1)

    def cell(self, step: float, pitch: float, length: float = 1) -> QRectF:
        """The box of one or more cells of a row."""
        left = self.box.left() + step * self.step_width
        top = self.box.top() + (self.high - pitch) * self.row_height
        return QRectF(left, top, length * self.step_width, self.row_height)


def paint_ground(painter: QPainter, frame: RollFrame, steps_per_bar: int = 16) -> None:
    """Rows of black keys, beats and bars under a roll."""
    painter.fillRect(frame.box, colour("surface"))
    dark = colour("black_row")
    for pitch in range(frame.low, frame.high + 1):
        if pitch % 12 in (1, 3, 6, 8, 10):
            row = frame.cell(0, pitch)
            painter.fillRect(
                QRectF(frame.box.left(), row.top(), frame.box.width(), row.height()), dark
            )
    for step in range(0, frame.steps + 1, 4):
        x = frame.box.left() + step * frame.step_width
        role = "bar_line" if step % steps_per_bar == 0 else "beat_line"
        painter.fillRect(QRectF(x, frame.box.top(), 1, frame.box.height()), colour(role))


def paint_notes(
    painter: QPainter, frame: RollFrame, voice: Voice, alpha: float = 1.0, height: float = 3.0
) -> None:
    """A voice as notes, each a bar; at least ``height`` pixels tall."""
    body = colour(voice.role, alpha)
    for note in voice.notes:
        if note.step >= frame.steps or not frame.low <= note.pitch <= frame.high:
            continue
        cell = frame.cell(note.step, note.pitch, min(note.length, frame.steps - note.step))
        tall = max(cell.height() - 1, height)
        top = cell.center().y() - tall / 2
        painter.fillRect(QRectF(cell.left(), top, max(2.0, cell.width() - 1), tall), body)


def paint_cells(
    painter: QPainter, frame: RollFrame, cells: npt.NDArray[np.bool_], paint: QColor, gap: float
) -> None:
    """Set cells (step, pitch) as boxes, ``gap`` pixels apart."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for step, pitch in zip(*np.nonzero(cells[: frame.steps]), strict=True):
        if frame.low <= pitch <= frame.high:
            painter.fillRect(frame.cell(int(step), int(pitch)).adjusted(0, 0, -gap, -gap), paint)


def paint_shades(
    painter: QPainter, frame: RollFrame, values: FloatArray, role: str = "melody"
) -> None:
    """Values 0 to 1 (step, pitch) as shades of a role's colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for step, pitch in zip(*np.nonzero(values[: frame.steps] > 0.004), strict=True):
        if frame.low <= pitch <= frame.high:
            shade = colour(role, float(min(1.0, values[step, pitch])))
            painter.fillRect(frame.cell(int(step), int(pitch)), shade)


def paint_example(painter: QPainter, frame: RollFrame, example: Example) -> None:
    """All voices over their ground, the melody on top."""
    paint_ground(painter, frame, example.steps_per_bar)
    for voice in (*example.parts, example.melody):
        paint_notes(painter, frame, voice)


def paint_planes(painter: QPainter, frame: RollFrame, voice: Voice, plane: str) -> None:
    """A voice as the network sees it: ``onset``, ``sounding`` or ``both`` planes."""
    body = mixed(voice.role, "surface", 0.45 if plane == "both" else 0.0)
    if plane != "onset":
        paint_cells(painter, frame, voice.planes[SOUNDING], body, 0.0)
    if plane != "sounding":
        paint_cells(painter, frame, voice.planes[ONSET], colour(voice.role), 1.0)


def write(
    painter: QPainter,
    box: QRectF,
    words: str,
    role: str = "quiet",
    align: Qt.AlignmentFlag = CENTRE,
    size: int = theme.CAPTION_SIZE,
    bold: bool = False,
) -> None:
    """Words in a box, wrapped."""
    painter.setFont(theme.tabular_font(size, bold=bold))
    painter.setPen(colour(role))
    painter.drawText(box, int(align.value | Qt.TextFlag.TextWordWrap.value), words)


def paint_box(
    painter: QPainter, box: QRectF, role: str = "bar_line", fill: str = "raised", radius: float = 6
) -> None:
    """A rounded box."""
    painter.setPen(QPen(colour(role), 1))
    painter.setBrush(colour(fill))
    painter.drawRoundedRect(box, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_arrow(painter: QPainter, start: QPointF, end: QPointF, role: str = "quiet") -> None:
    """A straight arrow."""
    painter.setPen(QPen(colour(role), 1.5))
    painter.drawLine(start, end)
    line = QLineF(end, start)
    line.setLength(ARROW_HEAD)
    head = QPolygonF([end])
    for turn in (28, -28):
        side = QLineF(line)
        side.setAngle(line.angle() + turn)
        head.append(side.p2())
    painter.setBrush(colour(role))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawPolygon(head)
    painter.setBrush(Qt.BrushStyle.NoBrush)


@dataclass(frozen=True, slots=True)
class Axes:
    """A small chart: its box and the values at its edges."""

    box: QRectF
    left: float
    right: float
    bottom: float
    top: float

    def at(self, x: float, y: float) -> QPointF:
        """Where a value lies; what is off the chart stays at its edge."""
        across = (x - self.left) / ((self.right - self.left) or 1)
        up = (y - self.bottom) / ((self.top - self.bottom) or 1)
        across, up = min(1.0, max(0.0, across)), min(1.0, max(0.0, up))
        return QPointF(
            self.box.left() + across * self.box.width(), self.box.bottom() - up * self.box.height()
        )

    def line(self, xs: Iterable[float], ys: Iterable[float]) -> QPolygonF:
        """A curve; what is not a number is left out."""
        pairs = zip(xs, ys, strict=True)
        return QPolygonF([self.at(float(x), float(y)) for x, y in pairs if np.isfinite(y)])


def paint_axes(painter: QPainter, axes: Axes, marks: Sequence[float], form: str = "{:g}") -> None:
    """A frame with lines at some values."""
    for value in marks:
        y = axes.at(axes.left, value).y()
        painter.fillRect(QRectF(axes.box.left(), y, axes.box.width(), 1), colour("line"))
        place = QRectF(axes.box.left() - 44, y - 8, 38, 16)
        write(painter, place, form.format(value).replace("-", "−"), "quiet", RIGHT)


def paint_curve(
    painter: QPainter, curve: QPolygonF, role: str, width: float = 1.5, dashed: bool = False
) -> None:
    """A curve in a role's colour."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(colour(role), width, style))
    painter.drawPolyline(curve)


def nice_marks(low: float, high: float, count: int = 4) -> list[float]:
    """Round values from ``low`` to ``high``, about ``count`` of them."""
    span = (high - low) or 1.0
    unit = 10 ** np.floor(np.log10(span / count))
    step = unit * min((1, 2, 5, 10), key=lambda each: abs(span / (each * unit) - count))
    return [
        float(v) + 0.0 for v in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    ]
