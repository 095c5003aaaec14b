"""A strip that tells how far a file is written, with Cancel."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget


class ProgressStrip(QWidget):
    """Shown only while something long goes on."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._what = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._share = QLabel()
        self._share.setProperty("kind", "quiet")
        self._share.setFixedWidth(40)
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self.cancel_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        row.addWidget(self._what)
        row.addWidget(self._bar, 1)
        row.addWidget(self._share)
        row.addWidget(self.cancel)
        self.hide()

    @Slot(str)
    def begin(self, what: str) -> None:
        """Something long has begun; how long is not known yet."""
        self._what.setText(what)
        self._bar.setRange(0, 0)
        self._share.clear()
        self.show()

    @Slot(float)
    def set_progress(self, fraction: float) -> None:
        """How far it is, 0 to 1."""
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(1000 * fraction))
        self._share.setText(f"{round(100 * fraction)} %")
