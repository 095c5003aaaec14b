"""Groups of facts as labels in a column."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.library.facts import FactGroup
from desktop.theme import CAPTION_SIZE, body_font, tabular_font

LABEL_WIDTH = 112


class FactTable(QWidget):
    """Shows groups under one another; made anew with each choice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        self._shown: tuple[FactGroup, ...] = ()

    @property
    def groups(self) -> tuple[FactGroup, ...]:
        """What is shown."""
        return self._shown

    def show_groups(self, groups: Sequence[FactGroup]) -> None:
        """Show other facts."""
        if tuple(groups) == self._shown:
            return
        self._shown = tuple(groups)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for group in self._shown:
            if group.rows or group.note:
                self._column.addWidget(_group(group))
        # At once: else a first picture shows the new labels squeezed into the old room.
        self.updateGeometry()
        above = self.parentWidget()
        if above is not None and (layout := above.layout()) is not None:
            layout.activate()


def _group(group: FactGroup) -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(3)
    columns = max((len(row) for row in group.rows), default=1)
    columns = max(columns, len(group.head), 1)
    if group.title:
        title = QLabel(group.title)
        title.setFont(body_font(bold=True))
        grid.addWidget(title, 0, 0, 1, 1 if group.head else columns)
    for place, name in enumerate(group.head):
        if name:
            grid.addWidget(_head(name), 0, place)
    for line, row in enumerate(group.rows, start=1):
        _add_row(grid, line, row, columns)
    if group.note:
        note = _label(group.note, "caption")
        note.setFont(body_font(CAPTION_SIZE))
        grid.addWidget(note, len(group.rows) + 1, 0, 1, columns)
    grid.setColumnStretch(0 if group.head else columns - 1, 1)
    return box


def _head(name: str) -> QLabel:
    label = _label(name, "caption")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _add_row(grid: QGridLayout, line: int, row: tuple[str, ...], columns: int) -> None:
    if len(row) == 1:
        grid.addWidget(_label(row[0], ""), line, 0, 1, columns)
        return
    name = _label(row[0], "quiet")
    name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    if columns == 2:
        name.setFixedWidth(LABEL_WIDTH)
    grid.addWidget(name, line, 0)
    for place, text in enumerate(row[1:], start=1):
        value = _label(text, "")
        if columns > 2:
            value.setFont(tabular_font())
            value.setWordWrap(False)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(value, line, place)


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if kind:
        label.setProperty("kind", kind)
    return label
