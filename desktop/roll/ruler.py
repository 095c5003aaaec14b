"""The ruler above the lanes: loop brace, bar numbers; tempos and chords where there are any."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap, QPolygon

from desktop.roll.chord_row import CHORDS_HEIGHT, ChordRow, paint_chords
from desktop.roll.grid import LINE_ROLES, Grid
from desktop.roll.scrolling import ScrollingPicture
from desktop.roll.section_strip import paint_sections
from desktop.roll.tempo_row import TEMPO_HEIGHT, TempoMark, paint_tempo_row
from desktop.roll.transform import TimeAxis
from desktop.theme import colour, current_theme, tabular_font
from engine.music.sections import Section

LOOP_HEIGHT, NUMBERS_HEIGHT = 16, 24
TEMPO_TOP = LOOP_HEIGHT + NUMBERS_HEIGHT


def chords_top(*, tempos: bool) -> int:
    """Where the row of chords begins, below the marks of tempo where there are any."""
    return TEMPO_TOP + (TEMPO_HEIGHT if tempos else 0)


def ruler_height(*, chords: bool, tempos: bool) -> int:
    """Height in pixels of the whole ruler."""
    return chords_top(tempos=tempos) + (CHORDS_HEIGHT if chords else 0)


class Ruler:
    """Keeps the last picture of the ruler and brings it up to date."""

    def __init__(self) -> None:
        self._kept = ScrollingPicture()
        self._shown: tuple[object, ...] = ()

    def picture(
        self,
        axis: TimeAxis,
        grid: Grid,
        chords: ChordRow | None,
        loop: tuple[int, int] | None,
        width: int,
        scale: float,
        sections: tuple[Section, ...] = (),
        tempos: tuple[TempoMark, ...] = (),
    ) -> QPixmap:
        """The ruler at a device pixel ratio, as wide as ``width`` pixels."""
        look = current_theme().name
        shown = (axis.pixels_per_tick, id(grid), chords, loop, sections, tempos, look)
        anew, self._shown = shown != self._shown, shown

        def paint(painter: QPainter, span: QRect) -> None:
            painter.fillRect(span, colour("window"))
            paint_sections(painter, axis, sections, LOOP_HEIGHT, span)
            _paint_loop(painter, axis, loop, span)
            _paint_numbers(painter, axis, grid, span)
            if tempos:
                paint_tempo_row(painter, axis, tempos, TEMPO_TOP, span)
            if chords is not None:
                paint_chords(painter, axis, chords, chords_top(tempos=bool(tempos)), span)

        size = QSize(width, ruler_height(chords=chords is not None, tempos=bool(tempos)))
        return self._kept.shown(axis.offset, size, scale, paint, anew=anew)

    def forget(self) -> None:
        """Paint everything anew next time."""
        self._shown = ()


def _paint_loop(
    painter: QPainter, axis: TimeAxis, loop: tuple[int, int] | None, span: QRect
) -> None:
    painter.fillRect(span.left(), LOOP_HEIGHT - 1, span.width(), 1, colour("line"))
    if loop is None:
        return
    left, right = axis.x_at(loop[0]), axis.x_at(loop[1])
    painter.fillRect(left, 0, right - left, LOOP_HEIGHT - 1, colour("accent", 0.14))
    painter.fillRect(left, 0, right - left, 3, colour("accent"))
    for x, turn in ((left, 1), (right, -1)):
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        painter.drawPolygon(QPolygon([QPoint(x, 0), QPoint(x + 8 * turn, 0), QPoint(x, 11)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_numbers(painter: QPainter, axis: TimeAxis, grid: Grid, span: QRect) -> None:
    top, foot = LOOP_HEIGHT, LOOP_HEIGHT + NUMBERS_HEIGHT
    inks = {role: colour(role) for role in LINE_ROLES}
    for x, role in grid.lines(axis, span.left(), span.right() + 1):
        tall = NUMBERS_HEIGHT if role == "bar_line" else 5
        painter.fillRect(x, foot - tall, 1, tall, inks[role])
    labels = list(grid.labels(axis, span.left(), span.right() + 1))
    for bars, size, role in ((True, 12, "text"), (False, 10, "quiet")):
        painter.setFont(tabular_font(size))
        painter.setPen(colour(role))
        for x, text, is_bar in labels:
            if is_bar is bars:
                box = QRect(x + 6, top, 80, NUMBERS_HEIGHT)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
