"""The names of the curves: line, mark, word and last value of each; a click hides a curve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.train.plots.marks import mark_path
from desktop.widgets.flow_layout import FlowLayout

SIGN_WIDTH, HEIGHT, LEAST_HEIGHT, GAP, MARK = 22, 22, 14, 6, 8
WIDEST_COLUMN = 170
MOST_WITH_VALUES = 5
WIDEST_NUMBER = "−0.000"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What one entry shows; ``value`` is its last value in words."""

    key: str
    label: str
    role: str
    mark: str
    dashed: bool = False
    value: str = ""


class Legend(QWidget):
    """Entries in rows, or one above the other; tells which curves are hidden."""

    hidden_changed = Signal()

    def __init__(self, *, column: bool = False, parent: QWidget | None = None) -> None:
        """``column``: one above the other, closer together where there is little height."""
        super().__init__(parent)
        self._entries = QVBoxLayout(self) if column else FlowLayout(self, gap=10, row_gap=0)
        self._buttons: dict[str, _EntryButton] = {}
        if isinstance(self._entries, QVBoxLayout):
            self._entries.setContentsMargins(0, 0, 0, 0)
            self._entries.setSpacing(0)
            self.setMaximumWidth(WIDEST_COLUMN)
        self.setAccessibleName("Curves")
        self.hide()

    @property
    def hidden(self) -> frozenset[str]:
        """Keys of the curves that the user does not want to see."""
        return frozenset(key for key, each in self._buttons.items() if not each.isChecked())

    @property
    def known(self) -> frozenset[str]:
        """Keys of all that was shown, hidden or not."""
        return frozenset(self._buttons)

    @property
    def entries_shown(self) -> tuple[LegendEntry, ...]:
        """The entries whose curves are not hidden."""
        return tuple(each.entry for each in self._buttons.values() if each.isChecked())

    @property
    def texts(self) -> tuple[str, ...]:
        """What the entries say."""
        return tuple(each.text() for each in self._buttons.values())

    def show_entries(self, entries: Sequence[LegendEntry], quiet: frozenset[str]) -> None:
        """Show entries, without their values where they are many; ``quiet`` are hidden at first."""
        if [entry.key for entry in entries] != list(self._buttons):
            self._rebuild(entries, quiet)
        self.setVisible(bool(entries))
        crowded = len(entries) > MOST_WITH_VALUES
        for entry in entries:
            self._buttons[entry.key].show_entry(replace(entry, value="") if crowded else entry)

    def button(self, key: str) -> QAbstractButton:
        """The button of a curve."""
        return self._buttons[key]

    def _rebuild(self, entries: Sequence[LegendEntry], quiet: frozenset[str]) -> None:
        known = {key: button.isChecked() for key, button in self._buttons.items()}
        while (item := self._entries.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # at once: it is deleted only when the window is idle again
                widget.deleteLater()
        self._buttons = {}
        for entry in entries:
            button = _EntryButton(self)
            button.setChecked(known.get(entry.key, entry.key not in quiet))
            button.toggled.connect(self.hidden_changed)
            self._entries.addWidget(button)
            self._buttons[entry.key] = button
            button.show()
        if isinstance(self._entries, QVBoxLayout):
            self._entries.addStretch(1)


class _EntryButton(QAbstractButton):
    """One entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMaximumHeight(HEIGHT)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFont(theme.tabular_font(theme.CAPTION_SIZE))
        self._entry = LegendEntry("", "", "text", "disc")
        self.toggled.connect(self._name)

    @property
    def entry(self) -> LegendEntry:
        """What is shown."""
        return self._entry

    def show_entry(self, entry: LegendEntry) -> None:
        """Show an entry."""
        if entry == self._entry:
            return
        wider = entry.label != self._entry.label
        self._entry = entry
        self.setText(f"{entry.label} {entry.value}".strip())
        self._name()
        self.setToolTip(f"Hide or show “{entry.label}”")
        if wider:
            self.updateGeometry()
        self.update()

    @Slot()
    def _name(self) -> None:
        state = "shown" if self.isChecked() else "hidden"
        self.setAccessibleName(f"{self.text()}, {state}")

    def sizeHint(self) -> QSize:
        """Sign, label, and room for any value, so that nothing moves when values do."""
        metrics = QFontMetrics(self.font())
        words = metrics.horizontalAdvance(f"{self._entry.label} ")
        value = metrics.horizontalAdvance(WIDEST_NUMBER) if self._entry.value else 0
        return QSize(SIGN_WIDTH + GAP + words + value, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Line and mark, label, value."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        entry, shown = self._entry, self.isChecked()
        self._paint_sign(painter, entry.role if shown else "disabled")
        painter.setPen(theme.colour("text" if shown else "disabled"))
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme.colour("accent_text"))
        words = QRectF(SIGN_WIDTH + GAP, 0, self.width() - SIGN_WIDTH - GAP, self.height())
        font = self.font()
        font.setStrikeOut(not shown)
        painter.setFont(font)
        fitting = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, fitting)

    def _paint_sign(self, painter: QPainter, role: str) -> None:
        middle = self.height() / 2
        ink = theme.colour(role)
        pen = QPen(ink, 1.6)
        if self._entry.dashed:
            pen.setDashPattern([4.0, 3.0])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, middle), QPointF(SIGN_WIDTH, middle))
        place = QTransform.fromTranslate(SIGN_WIDTH / 2, middle).scale(MARK, MARK)
        painter.setPen(QPen(ink if self._entry.dashed else theme.colour("surface"), 1.0))
        painter.setBrush(theme.colour("surface") if self._entry.dashed else ink)
        painter.drawPath(place.map(mark_path(self._entry.mark)))
