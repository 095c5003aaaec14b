"""A picture kept between frames: scrolling it paints only what comes into view."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

PaintSpan = Callable[[QPainter, QRect], None]
"""Paints a span of the picture; it is clipped to it."""


class ScrollingPicture:
    """Holds what was painted last and moves it along, with as little painting as it can."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()
        self._offset = 0
        self._down = 0

    def shown(
        self,
        offset: int,
        size: QSize,
        scale: float,
        paint: PaintSpan,
        *,
        anew: bool,
        down: int = 0,
        rows: int = 0,
    ) -> QPixmap:
        """The picture scrolled to ``offset`` pixels, at a device pixel ratio.

        The ``rows`` pixels at the top are scrolled ``down`` by themselves. ``anew`` when anything
        but these places differs from the last call.
        """
        whole = QRect(0, 0, size.width(), size.height())
        if self._begin(size, scale) or anew or (offset != self._offset and down != self._down):
            self._paint(paint, whole)
        elif offset != self._offset:
            self._scroll(offset - self._offset, whole, paint)
        elif down != self._down:
            self._scroll_rows(down - self._down, QRect(0, 0, size.width(), rows), paint)
        self._offset, self._down = offset, down
        return self._pixmap

    def copy(self) -> QPixmap:
        """What was painted last."""
        return QPixmap(self._pixmap)

    def _begin(self, size: QSize, scale: float) -> bool:
        """Whether the size or the scale differs, so that nothing can be kept."""
        wanted = QSize(round(size.width() * scale), round(size.height() * scale))
        if self._pixmap.size() == wanted and self._pixmap.devicePixelRatio() == scale:
            return False
        self._pixmap = QPixmap(wanted)
        self._pixmap.setDevicePixelRatio(scale)
        return True

    def _scroll(self, pixels: int, whole: QRect, paint: PaintSpan) -> None:
        moved = pixels * self._pixmap.devicePixelRatio()
        # At 1.25 or 1.5 a pixel of the window may be no whole pixel of the screen.
        if abs(pixels) >= whole.width() or moved != int(moved):
            self._paint(paint, whole)
            return
        self._pixmap.scroll(-int(moved), 0, self._pixmap.rect())
        strip = QRect(whole)
        if pixels > 0:
            strip.setLeft(whole.right() + 1 - pixels)
        else:
            strip.setWidth(-pixels)
        self._paint(paint, strip)

    def _scroll_rows(self, pixels: int, area: QRect, paint: PaintSpan) -> None:
        ratio = self._pixmap.devicePixelRatio()
        if abs(pixels) >= area.height() or ratio != int(ratio):
            self._paint(paint, area)
            return
        real = QRect(0, 0, self._pixmap.width(), area.height() * int(ratio))
        self._pixmap.scroll(0, -pixels * int(ratio), real)
        strip = QRect(area)
        if pixels > 0:
            strip.setTop(area.bottom() + 1 - pixels)
        else:
            strip.setHeight(-pixels)
        self._paint(paint, strip)

    def _paint(self, paint: PaintSpan, span: QRect) -> None:
        with QPainter(self._pixmap) as painter:
            painter.setClipRect(span)
            paint(painter, span)
