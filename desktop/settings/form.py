"""Rows of a settings section: a name, a control, and a quiet sentence that explains."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QWidget,
)

NAME_WIDTH = 180
CONTROL_WIDTH = 360


class Section(QFrame):
    """A titled card of rows."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.setAccessibleName(title)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(20, 16, 20, 20)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        heading = QLabel(title)
        heading.setProperty("kind", "heading")
        heading.setContentsMargins(0, 0, 0, 8)
        self._grid.addWidget(heading, 0, 0, 1, 2)

    def minimumSizeHint(self) -> QSize:
        """No height: it follows from the width, and wrapped sentences would claim too much."""
        return QSize(super().minimumSizeHint().width(), 0)

    def add_row(self, name: str, control: QWidget, hint: str = "") -> QLabel:
        """Add a row; the label of its hint is given back, to be changed or left empty."""
        row = self._grid.rowCount()
        label = QLabel(name)
        label.setBuddy(control)
        control.setAccessibleName(control.accessibleName() or name)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        label.setFixedHeight(28)
        self._grid.addWidget(control, row, 1)
        quiet = quiet_label(hint)
        self._grid.addWidget(quiet, row + 1, 1)
        self._grid.setRowMinimumHeight(row + 2, 8)
        return quiet

    def add_wide(self, widget: QWidget) -> None:
        """Add something over the section's whole width."""
        row = self._grid.rowCount()
        self._grid.addWidget(widget, row, 0, 1, 2)
        self._grid.setRowMinimumHeight(row + 1, 4)


def quiet_label(text: str = "") -> QLabel:
    """A sentence in quiet text; takes no room while it is empty."""
    label = QLabel()
    label.setProperty("kind", "quiet")
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    say(label, text)
    return label


def say(label: QLabel, text: str) -> None:
    """Let a quiet label say something, or nothing."""
    label.setText(text)
    label.setVisible(bool(text))


class Choice(QComboBox):
    """A combo box of (text, value); the wheel scrolls the page, not the value."""

    def __init__(
        self, options: Iterable[tuple[str, object]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setMaximumWidth(CONTROL_WIDTH)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.offer(options)

    def offer(self, options: Iterable[tuple[str, object]]) -> None:
        """Replace what can be chosen."""
        self.clear()
        for text, value in options:
            self.addItem(text, value)

    def show_value(self, value: object) -> None:
        """Show a value; one that is not offered is added under its own name."""
        values = [self.itemData(index) for index in range(self.count())]
        if value not in values:
            self.addItem(str(value), value)
            values.append(value)
        self.setCurrentIndex(values.index(value))

    @property
    def value(self) -> object:
        """The chosen value."""
        return self.currentData()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that is scrolled must not change settings on its way."""
        event.ignore()


class StillSlider(QSlider):
    """A slider that the wheel scrolls past."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A page that is scrolled must not change settings on its way."""
        event.ignore()


def in_a_row(*widgets: QWidget) -> QWidget:
    """Controls side by side."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return row
