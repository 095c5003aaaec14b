"""A sentence across the page, with one thing to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.train.run_figures import Remark
from desktop.widgets.icons import icon

SIGNS = {
    "info": ("information-outline", "accent"),
    "good": ("check-circle-outline", "good"),
    "warning": ("alert-outline", "warning"),
    "error": ("alert-circle-outline", "record"),
}


class Banner(QFrame):
    """Shown only while there is something to say."""

    asked = Signal(str)
    """The remark's verb."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        self._remark: Remark | None = None
        self._sign = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said; empty while nothing is."""
        return self._remark.sentence if self._remark is not None else ""

    def show_remark(self, remark: Remark | None) -> None:
        """Say something, or nothing."""
        if remark == self._remark:
            return
        self._remark = remark
        self.setVisible(remark is not None)
        if remark is None:
            return
        name, role = SIGNS[remark.level]
        self._sign.setPixmap(icon(name, role).pixmap(18, 18))
        self._text.setText(remark.sentence)
        self.button.setText(remark.text)
        self.button.setVisible(bool(remark.verb))

    def _act(self) -> None:
        if self._remark is not None and self._remark.verb:
            self.asked.emit(self._remark.verb)
