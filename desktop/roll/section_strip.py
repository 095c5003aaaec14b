"""The song's sections, in the strip above the bar numbers: a letter and a band as long as it."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from desktop.roll.transform import TimeAxis
from desktop.theme import body_font, colour
from engine.music.sections import Section

_TOP = 3
VARIED = "′"


def paint_sections(
    painter: QPainter, axis: TimeAxis, sections: tuple[Section, ...], height: int, span: QRect
) -> None:
    """Paint those that reach into ``span``, ``height`` pixels high; a letter where it has room."""
    painter.setFont(body_font(10, bold=True))
    metrics = QFontMetrics(painter.font())
    for section in sections:
        left, right = axis.x_at(section.start), axis.x_at(section.end)
        if right < span.left() or left > span.right():
            continue
        band = QRect(left + 1, _TOP, max(2, right - left - 2), height - _TOP - 1)
        strong = section.first is None
        painter.fillRect(band, colour("raised" if strong else "surface"))
        painter.fillRect(band.left(), band.top(), 2, band.height(), colour("quiet"))
        letter = section.letter + (VARIED if section.varied else "")
        if metrics.horizontalAdvance(letter) + 8 <= band.width():
            painter.setPen(colour("text" if strong else "quiet"))
            box = band.adjusted(8, 0, 0, 0)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, letter)
