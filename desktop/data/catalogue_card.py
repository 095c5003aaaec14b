"""One set of the catalogue: what it is, what it teaches, its licence, and how it comes here."""

from PySide6.QtCore import QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.data.chips import Chip, ChipRow
from desktop.data.progress_line import ProgressLine
from desktop.data.states import Work
from desktop.theme import CAPTION_SIZE, body_font
from desktop.widgets.icons import icon
from engine.data.catalogue import CatalogueEntry
from engine.data.progress import in_bytes

ICON, SMALL = QSize(16, 16), QSize(14, 14)


class CatalogueCard(QFrame):
    """Asks; the page does."""

    get_asked = Signal(str)
    cancel_asked = Signal(str)
    delete_asked = Signal(str)
    """Its fetched files are no longer wanted."""

    def __init__(self, entry: CatalogueEntry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.setProperty("kind", "section")
        self.setAccessibleName(entry.title)
        self._amount = _caption("")
        self._problem = _caption("", "warning")
        self._recipe = _caption(entry.recipe)
        self._recipe.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._recipe.hide()
        self.button = QPushButton()
        self.button.clicked.connect(self._on_button)
        self.progress = ProgressLine()
        self.progress.cancel_asked.connect(lambda: self.cancel_asked.emit(entry.name))
        self._put_together()
        self.show_work(Work())

    def _put_together(self) -> None:
        self._foot = QStackedWidget()
        self._foot.addWidget(self._still())
        self._foot.addWidget(self.progress)
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(4)
        column.addLayout(self._head())
        column.addWidget(_sentence(self.entry.description))
        column.addSpacing(4)
        column.addLayout(_with_sign("school-outline", self.entry.teaches, "What it teaches"))
        column.addLayout(_with_sign("scale-balance", self.entry.licence_note, "Licence"))
        column.addWidget(self._recipe)
        column.addStretch(1)
        column.addSpacing(6)
        column.addWidget(self._problem)
        column.addWidget(self._foot)

    def _head(self) -> QHBoxLayout:
        title = QLabel(self.entry.title)
        title.setFont(body_font(bold=True))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(Chip(self.entry.licence, outlined=True))
        return head

    def _still(self) -> QWidget:
        still = QWidget()
        row = QHBoxLayout(still)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._sign = QLabel()
        row.addWidget(self._sign)
        row.addWidget(self._amount)
        row.addWidget(ChipRow(self.entry.tags), 1, Qt.AlignmentFlag.AlignVCenter)
        self.source = QPushButton()
        self.source.setProperty("kind", "flat")
        self.source.setIcon(icon("open-in-new", "quiet"))
        self.source.setToolTip(f"{self.entry.source} at commit {self.entry.commit[:7]}")
        self.source.setAccessibleName(f"Open the page of {self.entry.title}")
        self.source.clicked.connect(self._open_source)
        self.delete = QPushButton()
        self.delete.setProperty("kind", "flat")
        self.delete.setIcon(icon("trash-can-outline", "quiet"))
        self.delete.setAccessibleName(f"Delete the fetched files of {self.entry.title}")
        self.delete.clicked.connect(lambda: self.delete_asked.emit(self.entry.name))
        row.addWidget(self.source)
        row.addWidget(self.delete)
        row.addWidget(self.button)
        return still

    def show_work(self, work: Work) -> None:
        """Show where the set stands."""
        here = work.state == "here"
        self._foot.setCurrentIndex(1 if work.goes_on else 0)
        self.progress.show_work(work)
        self._problem.setText("" if work.goes_on else work.remark)
        self._problem.setVisible(bool(self._problem.text()))
        self._sign.setPixmap(icon("check", "good").pixmap(ICON))
        self._sign.setVisible(here)
        self._amount.setText(self._amount_words(work))
        self.button.setText(self._button_words(work))
        self.button.setVisible(not here)
        self.delete.setVisible(work.fetched > 0)
        stays = "The data set stays, as it is packed. " if here else ""
        self.delete.setToolTip(f"Delete the fetched files, {in_bytes(work.fetched)}. {stays}")

    def _amount_words(self, work: Work) -> str:
        if work.state == "here":
            return f"Here · files {in_bytes(work.fetched)}" if work.fetched else "Here"
        if work.arrived:
            return f"{in_bytes(work.arrived)} have arrived"
        return in_bytes(self.entry.bytes) if self.entry.bytes else "To be made"

    def _button_words(self, work: Work) -> str:
        if self.entry.recipe:
            return "Hide the recipe" if self._recipe.isVisibleTo(self) else "Recipe"
        if work.arrived:
            return "Resume"
        return "Try again" if work.state == "failed" else "Get"

    @Slot()
    def _on_button(self) -> None:
        if self.entry.recipe:
            self._recipe.setVisible(not self._recipe.isVisibleTo(self))
            self.button.setText(self._button_words(Work()))
            return
        self.get_asked.emit(self.entry.name)

    @Slot()
    def _open_source(self) -> None:
        QDesktopServices.openUrl(QUrl(self.entry.source))


def _with_sign(name: str, text: str, tip: str) -> QHBoxLayout:
    sign = QLabel()
    sign.setPixmap(icon(name, "quiet").pixmap(SMALL))
    sign.setToolTip(tip)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(_caption(text), 1)
    return row


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def _caption(text: str, kind: str = "caption") -> QLabel:
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind != "caption":
        label.setFont(body_font(CAPTION_SIZE))
    label.setWordWrap(len(text) > 24 or kind != "caption")
    return label
