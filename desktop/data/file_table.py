"""The files of a set in a table: what each is and what became of it."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.theme import colour, tabular_font
from engine.data.song_report import FileReport

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("File", "Meter", "Bars", "Tracks", "Became")
FILE, METER, BARS, TRACKS, BECAME = range(5)
NUMBERS = (BARS, TRACKS)
TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
KEPT = "kept"
FILE_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 28
WIDTHS = ((METER, 56), (BARS, 56), (TRACKS, 64), (BECAME, 148))
FILE_WIDTH = 160
"""Where a file's name would have less, the columns that tell least give way."""
GIVE_WAY = (TRACKS, BARS, METER)


class FileModel(QAbstractTableModel):
    """Holds reports; finds and orders them itself, for a proxy would ask 20,000 times for a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[FileReport, ...] = ()
        self._files: list[FileReport] = []
        self._fate = self._text = ""
        self._column, self._order = FILE, Qt.SortOrder.AscendingOrder

    def show_files(self, files: tuple[FileReport, ...]) -> None:
        """Show other files."""
        self._all = files
        self._find()

    def search(self, fate: str, text: str) -> None:
        """Show only the files of one fate (empty: any) whose paths hold a text."""
        self._fate, self._text = fate, text.casefold()
        self._find()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order them by a column, then by path."""
        self._column, self._order = column, order
        self._find()

    def _find(self) -> None:
        self.beginResetModel()
        fate, text = self._fate, self._text
        found = [
            file
            for file in self._all
            if fate in ("", _became(file)) and (not text or text in file.path.casefold())
        ]
        found.sort(key=lambda file: file.path)
        if self._column != FILE:
            found.sort(key=ORDERS[self._column])
        if self._order == Qt.SortOrder.DescendingOrder:
            found.reverse()
        self._files = found
        self.endResetModel()

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths that are shown, in their order."""
        return tuple(file.path for file in self._files)

    def rowCount(self, parent: Index | None = None) -> int:
        """Files; none has files of its own."""
        return 0 if parent is not None and parent.isValid() else len(self._files)

    def columnCount(self, parent: Index | None = None) -> int:
        """The same for every file."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        numbers = role == Qt.ItemDataRole.TextAlignmentRole and section in NUMBERS
        return TO_THE_RIGHT if numbers else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell, or the report itself."""
        file, column = self._files[index.row()], index.column()
        if role == FILE_ROLE:
            return file
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(file, column)
        if role == Qt.ItemDataRole.ForegroundRole and column != FILE:
            return colour("warning_text" if column == BECAME and not file.kept else "quiet")
        if role == Qt.ItemDataRole.TextAlignmentRole and column in NUMBERS:
            return TO_THE_RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return file.remark or file.path
        return None

    def _cell(self, file: FileReport, column: int) -> object:
        if column == FILE:
            return file.path
        if column == METER:
            return file.meter
        if column == BARS:
            return file.bars or ""
        return len(file.tracks) if column == TRACKS else _became(file)


def _became(file: FileReport) -> str:
    return KEPT if file.kept else file.reason


ORDERS: dict[int, Callable[[FileReport], int | str]] = {
    METER: lambda file: file.meter,
    BARS: lambda file: file.bars,
    TRACKS: lambda file: len(file.tracks),
    BECAME: _became,
}


class _Aside(QStyledItemDelegate):
    """Text that stands a little aside of the column before it, as the header's does."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.text = f"\N{NO-BREAK SPACE}{option.text}\N{NO-BREAK SPACE}"


class FileTable(QTableView):
    """The table itself."""

    chosen_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files = FileModel(self)
        self.setModel(self.files)
        self.setAccessibleName("Files")
        self.setFont(tabular_font())
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setWordWrap(False)
        self.setItemDelegate(_Aside(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self._set_widths()
        self.sortByColumn(FILE, Qt.SortOrder.AscendingOrder)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        self.files.modelReset.connect(self._choose_first)

    def _set_widths(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room for the names first."""
        room = self.viewport().width() - FILE_WIDTH - sum(width for _, width in WIDTHS)
        for column in GIVE_WAY:
            self.setColumnHidden(column, room < 0)
            room += dict(WIDTHS)[column] if room < 0 else 0
        super().resizeEvent(event)

    @property
    def chosen(self) -> FileReport | None:
        """The file that is chosen."""
        rows = self.selectionModel().selectedRows()
        return rows[0].data(FILE_ROLE) if rows else None

    @property
    def found(self) -> tuple[str, ...]:
        """The paths that are shown."""
        return self.files.paths

    def show_files(self, files: tuple[FileReport, ...]) -> None:
        """Show other files; the chosen one stays chosen where it is still there."""
        before = self.chosen
        self.files.show_files(files)
        self.choose(before.path if before else "")

    def choose(self, path: str) -> bool:
        """Choose a file by its path; whether it is there."""
        found = path in self.found
        if found:
            self.selectRow(self.found.index(path))
        return found

    def search(self, fate: str, text: str) -> None:
        """Show only files of one fate (empty: any) whose path holds ``text``."""
        before = self.chosen
        self.files.search(fate, text)
        self.choose(before.path if before else "")

    @Slot()
    def _choose_first(self) -> None:
        if self.files.rowCount():
            self.selectRow(0)
        self.chosen_changed.emit()
