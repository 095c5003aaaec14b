"""A list of lines: searched, renamed in place, opened by a double click or Return."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
    QUrl,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.library.lines import Line
from desktop.theme import CAPTION_SIZE, body_font, colour
from desktop.widgets.icons import icon

Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 52
SIDE = 12
ICON = 20
LINE_ROLE = Qt.ItemDataRole.UserRole
SEARCH_ROLE = LINE_ROLE + 1


class LineModel(QAbstractListModel):
    """Holds lines; a title that is edited is asked for, not changed here."""

    rename_asked = Signal(object, str)
    """A line and the title that is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()
        self.file_of: Callable[[Line], Path | None] = lambda line: line.file
        """The file that another program gets when a line is dragged there; it may be made now."""
        self.drags: Callable[[Line], bool] = lambda line: line.file is not None
        """Whether there is one."""

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Lines; none has lines of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, the line itself, and what a screen reader says."""
        line = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return line.title
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return line.problem or line.details
        if role == SEARCH_ROLE:
            return line.searched
        return line if role == LINE_ROLE else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another title."""
        line, title = self._lines[index.row()], str(value).strip()
        if title and title != line.title:
            self.rename_asked.emit(line, title)
        return False

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Lines can be chosen; some can be renamed, some dragged out as a file."""
        flags, line = super().flags(index), self._lines[index.row()]
        if line.editable:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.drags(line) else flags

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files of lines, for another program."""
        dragged = QMimeData()
        files = [self.file_of(self._lines[index.row()]) for index in indexes]
        dragged.setUrls([QUrl.fromLocalFile(str(file)) for file in files if file is not None])
        return dragged

    def supportedDragActions(self) -> Qt.DropAction:
        """What is dragged out stays here too."""
        return Qt.DropAction.CopyAction


class LineDelegate(QStyledItemDelegate):
    """Draws a line: icon, title, details under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icons: Mapping[str, str] = {}
        """A shelf's icon."""
        self.playing_id = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """All lines are equally high."""
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, icon, title, details."""
        line = index.data(LINE_ROLE)
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, option, area.adjusted(0, 1, 0, -1))
        playing = line.id == self.playing_id
        own = line.sign or self.icons.get(line.shelf, "music-note")
        name = "volume-high" if playing else "alert-outline" if line.problem else own
        role = "good" if playing else "warning" if line.problem else "quiet"
        place = QRect(area.left() + SIDE, area.center().y() - ICON // 2, ICON, ICON)
        icon(name, role).paint(painter, place)
        text = area.adjusted(SIDE + ICON + SIDE, 8, -SIDE, -8)
        self._paint_text(painter, text, line)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("hover" if chosen else "raised"))
            painter.drawRoundedRect(area, 6, 6)

    def _paint_text(self, painter: QPainter, area: QRect, line: Line) -> None:
        for text, font, role, place in (
            (line.title, body_font(bold=True), "text", Qt.AlignmentFlag.AlignTop),
            (
                line.problem or line.details,
                body_font(CAPTION_SIZE),
                "warning_text" if line.problem else "quiet",
                Qt.AlignmentFlag.AlignBottom,
            ),
        ):
            painter.setFont(font)
            painter.setPen(colour(role))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, place | Qt.AlignmentFlag.AlignLeft, shown)


class LineList(QListView):
    """The list itself. ``opened`` carries the id of the line."""

    opened = Signal(str)
    chosen_changed = Signal()
    delete_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines = LineModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self.lines)
        self._found.setFilterRole(SEARCH_ROLE)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._found)
        self.drawn = LineDelegate(self)
        self.setItemDelegate(self.drawn)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QListView.EditTrigger.EditKeyPressed)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setAccessibleName("Library")
        self.activated.connect(self._open)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self._found.modelReset.connect(self.chosen_changed)

    @property
    def chosen(self) -> Line | None:
        """The line that is chosen."""
        indexes = self.selectedIndexes()
        return indexes[0].data(LINE_ROLE) if indexes else None

    @property
    def found(self) -> tuple[str, ...]:
        """The titles that are shown."""
        rows = range(self._found.rowCount())
        return tuple(self._found.index(row, 0).data() for row in rows)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show other lines; the chosen one stays chosen where it is still there."""
        before, row = self.chosen, self.currentIndex().row()
        self.lines.show_lines(lines)
        if before is not None and not self.choose(before.id) and self._found.rowCount():
            # What was chosen is gone or has another name: stay near it.
            self.setCurrentIndex(self._found.index(min(row, self._found.rowCount() - 1), 0))

    def choose(self, line_id: str) -> bool:
        """Choose a line by its id; whether it is shown."""
        for row in range(self._found.rowCount()):
            index = self._found.index(row, 0)
            if index.data(LINE_ROLE).id == line_id:
                self.setCurrentIndex(index)
                return True
        return False

    def search(self, text: str) -> None:
        """Show only lines in which ``text`` stands, or in what is known of them."""
        self._found.setFilterFixedString(text)
        self.chosen_changed.emit()

    def rename_chosen(self) -> None:
        """Begin to edit the chosen title in place."""
        if self.chosen is not None and self.chosen.editable:
            self.edit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete asks for deletion."""
        if event.key() == Qt.Key.Key_Delete and self.chosen is not None:
            self.delete_asked.emit()
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(LINE_ROLE).id)
