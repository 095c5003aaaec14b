"""Scrolling while a gesture is held at an edge of the lanes, so that it can go on beyond."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Slot

_TICK_MS = 24
_REACH = 18.0
"""Pixels within the edges from which on the view scrolls."""
_FASTEST = 26


class EdgeScroll(QObject):
    """Scrolls by a step as long as the pointer stays at an edge; still elsewhere."""

    def __init__(self, scroll: Callable[[int, int], object], parent: QObject) -> None:
        super().__init__(parent)
        self._scroll = scroll
        self._across = self._down = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._step)

    def follow(self, point: QPointF, area: QRectF) -> None:
        """The pointer of a gesture is here; ``area`` is what is seen of the lanes."""
        self._across = _speed(point.x(), area.left(), area.right())
        self._down = _speed(point.y(), area.top(), area.bottom())
        if not self._across and not self._down:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """The gesture has ended."""
        self._timer.stop()

    @Slot()
    def _step(self) -> None:
        self._scroll(self._across, self._down)


def _speed(at: float, low: float, high: float) -> int:
    """Pixels a step: the further beyond an edge, the faster."""
    if high - low < 4 * _REACH:
        return 0
    if at < low + _REACH:
        return -min(_FASTEST, round((low + _REACH - at) / 3) + 1)
    if at > high - _REACH:
        return min(_FASTEST, round((at - high + _REACH) / 3) + 1)
    return 0
