"""The user's data sets, the way in for folders, and the catalogue under them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.data.catalogue_card import CatalogueCard
from desktop.data.drop_area import DropArea, songs_in
from desktop.data.naming import Naming
from desktop.data.set_row import SetRow
from desktop.data.states import OwnSongs
from desktop.data.work import DataWork
from engine.data.catalogue import CATALOGUE
from engine.data.midi_folder import chosen_in
from engine.errors import DataError

if TYPE_CHECKING:
    from engine.data.data_sets import DataSet

CARD_WIDTH = 400
GAP = 12
EMPTY = (
    "No data set yet. Get one from the catalogue below, or drop MIDI files of your own: "
    "songs with a melody and an accompaniment."
)
ABOUT = (
    "Public sets, fetched from where their authors publish them. Every file is checked against "
    "the one that is known; what differs is refused."
)


class Overview(QScrollArea):
    """All that there is and can be had; the whole of it takes dropped songs."""

    folder_wanted = Signal()
    files_wanted = Signal()
    """The user wants to choose a folder, or files."""
    refused = Signal(str)
    """Why what was chosen is of no use."""

    def __init__(self, work: DataWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._sets: dict[str, DataSet] = {}
        self.rows: dict[str, SetRow] = {}
        self.cards = {entry.name: CatalogueCard(entry) for entry in CATALOGUE}
        self.drop = DropArea()
        self.naming = Naming()
        self._columns = 0
        self._put_together()
        self._connect()

    def _put_together(self) -> None:
        self.setAccessibleName("Data sets")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 12, 16)
        column.setSpacing(GAP)
        column.addWidget(_heading("Your data sets"))
        column.addWidget(self._own())
        column.addWidget(self.drop)
        column.addWidget(self.naming)
        self.naming.hide()
        column.addSpacing(8)
        column.addWidget(_heading("Catalogue"))
        column.addWidget(_quiet(ABOUT))
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(page)
        self._place_cards(2)

    def _own(self) -> QFrame:
        self._frame = QFrame()
        self._frame.setProperty("kind", "section")
        self._list = QVBoxLayout(self._frame)
        self._list.setContentsMargins(0, 4, 0, 4)
        self._list.setSpacing(0)
        self._empty = _quiet(EMPTY)
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._list.addWidget(self._empty)
        return self._frame

    def _connect(self) -> None:
        self.drop.dropped.connect(self.ask_name)
        self.drop.folder_asked.connect(self.folder_wanted)
        self.drop.files_asked.connect(self.files_wanted)
        self.naming.cancelled.connect(self._close_door)
        self.naming.import_asked.connect(self._import)
        self._work.sets_read.connect(self.show_sets)
        self._work.work_changed.connect(self._show_work)
        for card in self.cards.values():
            card.get_asked.connect(self._get)
            card.cancel_asked.connect(self._work.cancel)
            card.delete_asked.connect(self._delete_files)

    @property
    def empty(self) -> bool:
        """Whether there is no set yet."""
        return not self.rows

    @property
    def sets(self) -> "dict[str, DataSet]":
        """The sets by their names."""
        return self._sets

    @Slot(object)
    def show_sets(self, sets: "Sequence[DataSet]") -> None:
        """Show what there is, by name, and what is on its way."""
        self._sets = {each.name: each for each in sets}
        self._show_rows()

    def _show_rows(self) -> None:
        on_the_way = [name for name in self._work.under_way if name not in self.cards]
        names = sorted({*self._sets, *on_the_way}, key=str.casefold)
        for name in [name for name in self.rows if name not in names]:
            row = self.rows.pop(name)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, name in enumerate(names):
            row = self.rows.get(name) or self._new_row(name)
            self._list.insertWidget(place, row)
            if name in self._sets:
                row.show_set(self._sets[name])
            row.show_work(self._work.work(name))
        self._empty.setVisible(not names)

    def _new_row(self, name: str) -> SetRow:
        row = self.rows[name] = SetRow(name)
        row.report_asked.connect(self._work.report_asked)
        row.remove_asked.connect(self._work.remove)
        row.cancel_asked.connect(self._work.cancel)
        row.tags_wanted.connect(self._work.retag)
        return row

    @Slot(str)
    def _show_work(self, name: str) -> None:
        work = self._work.work(name)
        if name in self.cards:
            self.cards[name].show_work(work)
        elif (name in self.rows) != (name in self._sets or work.goes_on):
            self._show_rows()
        if name in self.rows:
            self.rows[name].show_work(work)

    @Slot(str)
    def _get(self, name: str) -> None:
        self._work.get(self.cards[name].entry)

    @Slot(str)
    def _delete_files(self, name: str) -> None:
        self._work.delete_files(self.cards[name].entry)

    @Slot(object)
    def ask_name(self, paths: Sequence[Path]) -> None:
        """Ask under which name files and folders are to be imported."""
        try:
            folder, chosen = chosen_in(paths)
        except DataError as error:
            self.refused.emit(str(error))
            return
        self.naming.ask(folder, chosen, frozenset(self._sets))
        self._open_door(asking=True)
        self.ensureWidgetVisible(self.naming)

    @Slot()
    def _close_door(self) -> None:
        self._open_door(asking=False)

    def _open_door(self, *, asking: bool) -> None:
        self.drop.setVisible(not asking)
        self.naming.setVisible(asking)

    @Slot(object)
    def _import(self, own: OwnSongs) -> None:
        self._close_door()
        self._work.add(own)

    def _place_cards(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many cards side by side as can be read."""
        super().resizeEvent(event)
        room = self.viewport().width()
        self._place_cards(max(1, min(3, (room + GAP) // (CARD_WIDTH + GAP))))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Songs may be dropped anywhere; a model, say, is for the window."""
        if songs_in(event.mimeData()):
            self.drop.light(True)
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """They are gone again."""
        self.drop.light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """As if they had met the field."""
        event.acceptProposedAction()
        self.drop.take(event.mimeData())


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", "heading")
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", "quiet")
    label.setWordWrap(True)
    return label
