"""How far something is, within a card: a bar, words, Cancel, and what happened on the way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.data.states import Work
from desktop.theme import CAPTION_SIZE, tabular_font
from desktop.widgets.elided_label import ElidedLabel

PARTS = 1000


class ProgressLine(QWidget):
    """Shows `Work` that goes on."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._words = ElidedLabel()
        self._words.setProperty("kind", "quiet")
        self._words.setFont(tabular_font(CAPTION_SIZE))
        self._remark = QLabel()
        self._remark.setProperty("kind", "warning")
        self._remark.setFont(tabular_font(CAPTION_SIZE))
        self._remark.setWordWrap(True)
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancel_asked)
        texts = QVBoxLayout()
        texts.setSpacing(6)
        texts.addStretch(1)
        texts.addWidget(self._bar)
        texts.addWidget(self._words)
        texts.addWidget(self._remark)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(texts, 1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignVCenter)

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    def show_work(self, work: Work) -> None:
        """Show how far it is."""
        known = work.fraction is not None
        self._bar.setRange(0, PARTS if known else 0)
        self._bar.setValue(round(PARTS * (work.fraction or 0.0)))
        self._words.setText(work.words)
        self._remark.setText(work.remark)
        self._remark.setVisible(bool(work.remark))
