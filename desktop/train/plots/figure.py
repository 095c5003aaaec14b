"""The charts as one figure: as an image, or as a drawing of lines and letters."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen, QTransform

from desktop import theme
from desktop.train.plots.curve_card import CurveCard
from desktop.train.plots.legend import LegendEntry
from desktop.train.plots.marks import mark_path

SCALE = 2
MARGIN, GAP, LINE = 20, 24, 20
SIGN = 24
WRAPPED = 0.92
"""Share of a chart's width for its sentence: whoever opens the drawing may have a wider font."""


def figure_size(cards: Sequence[CurveCard]) -> QSize:
    """Its size in device-independent pixels."""
    width = sum(card.area.width() for card in cards) + GAP * (len(cards) - 1)
    height = max(card.area.height() for card in cards)
    return QSize(width + 2 * MARGIN, height + 2 * MARGIN + LINE * (3 + _most_rows(cards)))


def _most_rows(cards: Sequence[CurveCard]) -> int:
    """In how many rows the names below the charts stand."""
    return max(len(_entry_rows(card)) for card in cards)


def _entry_rows(card: CurveCard) -> list[list[tuple[LegendEntry, float]]]:
    """A chart's names in rows of its width, each with its place from the left."""
    metrics = QFontMetrics(theme.tabular_font(theme.CAPTION_SIZE))
    rows: list[list[tuple[LegendEntry, float]]] = [[]]
    x = 0.0
    for entry in card.legend.entries_shown:
        words = metrics.horizontalAdvance(entry.label)
        if x + SIGN + words > card.area.width() and rows[-1]:
            rows.append([])
            x = 0.0
        rows[-1].append((entry, x))
        x += SIGN + 6 + words + 16
    return rows


def figure_image(cards: Sequence[CurveCard], name: str) -> QImage:
    """The figure at twice the screen's fineness."""
    size = figure_size(cards)
    image = QImage(size * SCALE, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(SCALE, SCALE)
        paint_figure(painter, cards, name)
    return image


def figure_svg(cards: Sequence[CurveCard], name: str) -> bytes:
    """The figure as the text of an SVG file."""
    from PySide6.QtSvg import QSvgGenerator  # a library of its own, which no start shall wait for

    size = figure_size(cards)
    text = QByteArray()
    buffer = QBuffer(text)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    # The axes are kept as pictures of the screen's fineness; another one would move them.
    generator.setResolution(cards[0].logicalDpiX())
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(name)
    with QPainter(generator) as painter:
        paint_figure(painter, cards, name)
    return bytes(text.data())


def paint_figure(painter: QPainter, cards: Sequence[CurveCard], name: str) -> None:
    """All charts side by side, each with its title, its names and its sentence."""
    size = figure_size(cards)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), theme.colour("surface"))
    left = float(MARGIN)
    for card in cards:
        height = max(each.area.height() for each in cards)
        _paint_card(painter, card, name, QRectF(left, 0, card.area.width(), height), cards)
        left += card.area.width() + GAP


def _paint_card(
    painter: QPainter, card: CurveCard, name: str, place: QRectF, cards: Sequence[CurveCard]
) -> None:
    left, width, height = place.left(), place.width(), place.height()
    painter.setFont(theme.body_font(bold=True))
    painter.setPen(theme.colour("text"))
    title = f"{name} · {card.title}" if name else card.title
    painter.drawText(QPointF(left, MARGIN + 13), title)
    card.area.paint_into(painter, QRectF(left, MARGIN + LINE, width, height))
    top = MARGIN + LINE + height + 6
    painter.setFont(theme.tabular_font(theme.CAPTION_SIZE))
    _paint_entries(painter, card, QPointF(left, top + LINE / 2))
    painter.setPen(theme.colour("quiet"))
    painter.drawText(
        QRectF(left, top + _most_rows(cards) * LINE, width * WRAPPED, 2 * LINE),
        Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap,
        card.sentence,
    )


def _paint_entries(painter: QPainter, card: CurveCard, start: QPointF) -> None:
    for number, row in enumerate(_entry_rows(card)):
        for entry, x in row:
            at = start + QPointF(x, number * LINE)
            _paint_sign(painter, entry, at)
            painter.setPen(theme.colour("text"))
            painter.drawText(at + QPointF(SIGN + 6, 4), entry.label)


def _paint_sign(painter: QPainter, entry: LegendEntry, at: QPointF) -> None:
    ink = theme.colour(entry.role)
    pen = QPen(ink, 1.6)
    if entry.dashed:
        pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawLine(at, at + QPointF(SIGN, 0))
    painter.setPen(QPen(ink, 1))
    painter.setBrush(theme.colour("surface") if entry.dashed else ink)
    place = QTransform.fromTranslate(at.x() + SIGN / 2, at.y()).scale(8, 8)
    painter.drawPath(place.map(mark_path(entry.mark)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
