"""One of the user's data sets: its counts, licence and tags, its report, and how it goes away."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.data.chips import ChipRow
from desktop.data.progress_line import ProgressLine
from desktop.data.states import Work
from desktop.theme import body_font
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from engine.data.progress import in_bytes

if TYPE_CHECKING:
    from engine.data.data_sets import DataSet

ICON = QSize(20, 20)
TAGS_HINT = "pop, band"


class SetRow(QWidget):
    """Asks; the page does. A set that is only just being imported has no counts yet."""

    report_asked = Signal(str)
    remove_asked = Signal(str)
    cancel_asked = Signal(str)
    tags_wanted = Signal(str, object)
    """A set's name and its new tags, tuple[str, ...]."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.setAccessibleName(name)
        self._tags: tuple[str, ...] = ()
        self._title = QLabel(name)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(body_font(bold=True))
        self._facts = ElidedLabel()
        self._facts.setProperty("kind", "caption")
        self._facts.setTextFormat(Qt.TextFormat.PlainText)
        self.chips = ChipRow()
        self.progress = ProgressLine()
        self.progress.cancel_asked.connect(lambda: self.cancel_asked.emit(self.name))
        self._put_together()
        self.show_work(Work())

    def _put_together(self) -> None:
        sign = QLabel()
        sign.setPixmap(icon("music-box-multiple-outline", "quiet").pixmap(ICON))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addLayout(self._head())
        texts.addWidget(self._facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 3)
        row.addWidget(self.progress, 2)
        row.addWidget(self._buttons())

    def _head(self) -> QHBoxLayout:
        self.editor = QLineEdit()
        self.editor.setPlaceholderText(TAGS_HINT)
        self.editor.setAccessibleName(f"Tags of {self.name}, parted by commas")
        self.editor.setFixedWidth(220)
        self.editor.editingFinished.connect(self._take_tags)
        self.edit_tags = _flat("tag-edit-outline", f"Change the tags of {self.name}")
        self.edit_tags.clicked.connect(self._begin_tags)
        self._tag_place = QStackedWidget()
        self._tag_place.addWidget(self.chips)
        self._tag_place.addWidget(self.editor)
        self._tag_place.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tag_place.setFixedHeight(28)
        self.chips.setContentsMargins(0, 4, 0, 0)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self.edit_tags)
        head.addWidget(self._tag_place, 1)
        return head

    def _buttons(self) -> QWidget:
        self.report = QPushButton("What was found")
        self.report.clicked.connect(lambda: self.report_asked.emit(self.name))
        self.remove = _flat("trash-can-outline", f"Remove {self.name}")
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.name))
        self._deeds = QWidget()
        row = QHBoxLayout(self._deeds)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.report)
        row.addWidget(self.remove)
        return self._deeds

    def show_set(self, data_set: "DataSet") -> None:
        """Show its counts."""
        report = data_set.report
        left_out = report.files - report.kept if report else 0
        facts = [
            f"{data_set.songs:,} songs",
            f"{data_set.windows:,} windows",
            in_bytes(data_set.bytes),
            data_set.licence,
            f"{left_out:,} files left out" if left_out else "",
        ]
        self._facts.setText("  ·  ".join(filter(None, facts)))
        self._facts.setToolTip(f"Parts: {', '.join(data_set.card.roles)}.\n{data_set.licence}")
        self._tags = data_set.tags
        self.chips.show_words(data_set.tags)
        self.edit_tags.setVisible(True)
        self.report.setVisible(report is not None)

    def show_work(self, work: Work) -> None:
        """Show whether something is being done with it."""
        self.progress.setVisible(work.goes_on)
        self.progress.show_work(work)
        self._deeds.setVisible(not work.goes_on)
        has_counts = bool(self._facts.text())
        self._facts.setVisible(has_counts)
        self.edit_tags.setVisible(has_counts and not work.goes_on)

    @property
    def facts(self) -> str:
        """What is said of it."""
        return self._facts.text()

    @Slot()
    def _begin_tags(self) -> None:
        self.editor.setText(", ".join(self._tags))
        self._tag_place.setCurrentWidget(self.editor)
        self.editor.setFocus()
        self.editor.selectAll()

    @Slot()
    def _take_tags(self) -> None:
        if self._tag_place.currentWidget() is not self.editor:
            return
        self._tag_place.setCurrentWidget(self.chips)
        tags = tags_of(self.editor.text())
        if tags != self._tags:
            self.tags_wanted.emit(self.name, tags)


def tags_of(text: str) -> tuple[str, ...]:
    """Tags out of what was typed: parted by commas, each once, in small letters."""
    words: Sequence[str] = [" ".join(word.lower().split()) for word in text.split(",")]
    return tuple(dict.fromkeys(filter(None, words)))


def _flat(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIcon(icon(name, "quiet"))
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
