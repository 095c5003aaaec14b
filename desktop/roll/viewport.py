"""Which part of the lanes is seen: scale, scrolling, and the bars that show them."""

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QScrollBar, QWidget

from desktop.roll.transform import LEFT_MARGIN, MAX_PIXELS_PER_QUARTER, TimeAxis, fitting

BAR_THICKNESS = 10
_FURTHEST = 2**30
"""Pixels; a bar of Qt's counts no further than twice that."""


class Viewport(QObject):
    """Scale and place of the view; follows the music's length until the user zooms."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.axis = TimeAxis(0.1)
        self.width, self.height = 1, 1
        self._ticks_per_quarter = 480
        self._fit_ticks, self._end_tick, self._lanes_height = 1, 1, 0
        self._fits = True
        self.lanes_stand = False
        """Whether the lanes stand still, and the bar on the right scrolls what is in one."""
        self.across = QScrollBar(Qt.Orientation.Horizontal, parent)
        self.down = QScrollBar(Qt.Orientation.Vertical, parent)
        for bar in (self.across, self.down):
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            bar.setCursor(Qt.CursorShape.ArrowCursor)
            bar.hide()
        self.across.valueChanged.connect(self._scrolled_across)
        self.down.valueChanged.connect(self.changed)

    @property
    def scroll_y(self) -> int:
        """Pixels of lanes above the view."""
        return 0 if self.lanes_stand else self.down.value()

    def set_music(self, fit_ticks: int, end_tick: int, ticks_per_quarter: int) -> None:
        """The span shown by `fit`, the furthest tick that can be scrolled to, the resolution."""
        ratio = self._ticks_per_quarter / ticks_per_quarter
        if ratio != 1:
            self.axis = TimeAxis(self.axis.pixels_per_tick * ratio, self.axis.offset)
        self._ticks_per_quarter = ticks_per_quarter
        self._fit_ticks, self._end_tick = fit_ticks, end_tick
        self._refresh()

    def resize(self, width: int, height: int) -> None:
        """The lanes' visible size."""
        self.width, self.height = max(1, width), max(1, height)
        self._refresh()

    def set_lanes_height(self, height: int) -> None:
        """The height of all lanes together."""
        self._lanes_height = height
        self._set_ranges()

    def fit(self) -> None:
        """Show the music's span, now and whenever it or the window grows."""
        self._fits = True
        self.axis = fitting(self._fit_ticks, self.width)
        self._refresh()

    def zoom(self, factor: float, x: float) -> None:
        """Change the scale; what lies under ``x`` stays there."""
        self._fits = False
        # Never further out than all of the music.
        whole = fitting(self._end_tick, self.width).pixels_per_tick
        factor = max(factor, min(1.0, whole / self.axis.pixels_per_tick))
        self.axis = self.axis.zoomed(factor, x, self._ticks_per_quarter)
        self._set_ranges()
        self.changed.emit()

    def scroll_by(self, across: int, down: int) -> int:
        """Scroll by pixels; returns by how many the lanes went down."""
        before = self.scroll_y
        self.across.setValue(self.across.value() + across)
        self.down.setValue(self.down.value() + down)
        return self.scroll_y - before

    def show_span(self, first: float, last: float) -> None:
        """Let two ticks fill the view, with a little room beside them."""
        self._fits = False
        room = max(self._ticks_per_quarter / 2, (last - first) * 0.06)
        axis = fitting(round(last - first + 2 * room), self.width)
        most = MAX_PIXELS_PER_QUARTER / self._ticks_per_quarter
        scale = min(axis.pixels_per_tick, most)
        middle = (first + last) / 2 * scale
        self.axis = TimeAxis(scale).scrolled_to(round(middle - self.width / 2))
        self._set_ranges()
        self.changed.emit()

    def show_tick(self, tick: float, *, at_share: float = 0.08) -> None:
        """Scroll so that ``tick`` stands at a share of the width."""
        x = tick * self.axis.pixels_per_tick
        self.across.setValue(min(round(x - self.width * at_share), _FURTHEST))

    def _refresh(self) -> None:
        if self._fits:
            self.axis = TimeAxis(
                fitting(self._fit_ticks, self.width).pixels_per_tick, self.axis.offset
            )
        self._set_ranges()
        self.changed.emit()

    def _set_ranges(self) -> None:
        content = round(self._end_tick * self.axis.pixels_per_tick)
        most = max(-LEFT_MARGIN, content - self.width)
        offset = self.axis.offset
        _set_bar(self.across, -LEFT_MARGIN, most, self.width, min(offset, most))
        self.axis = self.axis.scrolled_to(self.across.value())
        spare = max(0, self._lanes_height - self.height)
        _set_bar(self.down, 0, spare, self.height, min(self.down.value(), spare))

    @Slot(int)
    def _scrolled_across(self, value: int) -> None:
        self.axis = self.axis.scrolled_to(value)
        self.changed.emit()


def _set_bar(bar: QScrollBar, least: int, most: int, page: int, value: int) -> None:
    most, value = min(most, _FURTHEST), min(value, _FURTHEST)
    # Blocked: one change of the view is told once, not once per property of a bar.
    blocked = bar.blockSignals(True)
    bar.setRange(least, most)
    bar.setPageStep(page)
    bar.setSingleStep(40)
    bar.setValue(value)
    bar.setVisible(most > least)
    bar.blockSignals(blocked)
