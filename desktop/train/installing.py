"""The card that stands over Train while the trainer itself is still to be fetched."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout
from PySide6.QtWidgets import QWidget as Widget

from desktop.theme import body_font
from desktop.train.fields import caption
from desktop.trainer_install import FOREIGN, TrainerInstall, can_install, is_installed
from desktop.training_words import size

TITLE = "Training needs PyTorch"
ASKING = "Looking how much there is to fetch …"
ONCE = "It is fetched once, into Tutti's own folder. The Studio stays usable meanwhile."
STEPS = 1000


class Installing(QFrame):
    """Says the size, asks, shows how far it is, and tells when the training can begin."""

    ready = Signal()
    """Everything is in place: go on with what was asked for."""
    ended = Signal()
    """Cancelled or failed: the card is of no use any more, or waits for another try."""

    def __init__(self, parent: Widget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName(TITLE)
        self.install = TrainerInstall(self)
        title = QLabel(TITLE)
        title.setFont(body_font(bold=True))
        self.words = caption()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.go = QPushButton("Fetch and train")
        self.back = QPushButton("Not now")
        buttons = QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for widget in (title, self.words, self.bar):
            column.addWidget(widget)
        column.addLayout(buttons)
        self.go.clicked.connect(self._fetch)
        self.back.clicked.connect(self.cancel)
        self.install.planned.connect(self._ask)
        self.install.progressed.connect(self._show_progress)
        self.install.done.connect(self._on_done)
        self.install.failed.connect(self._on_failed)
        self.hide()

    @property
    def is_needed(self) -> bool:
        """Whether the trainer is still to be fetched."""
        return not is_installed()

    def begin(self) -> None:
        """Look how much there is to fetch, and ask."""
        self.show()
        self.go.hide()
        self.back.setText("Not now")
        if not can_install():
            self.words.setText(FOREIGN)
            self.bar.hide()
            return
        self._busy(ASKING)
        self.install.plan()

    @Slot()
    def cancel(self) -> None:
        """Give up; what was fetched is kept for another time."""
        self.install.cancel()
        self.hide()
        self.ended.emit()

    @Slot(float, int)
    def _ask(self, count: float, unknown: int) -> None:
        more = " and a little more" if unknown and count else ""
        how_much = f"{size(count)}{more} to fetch." if count else "Nothing large has to be fetched."
        self.words.setText(f"{how_much} {ONCE}")
        self.bar.hide()
        self.go.show()
        self.go.setFocus()

    @Slot()
    def _fetch(self) -> None:
        self.go.hide()
        self.back.setText("Cancel")
        self._busy("Beginning …")
        self.install.install()

    def _busy(self, words: str) -> None:
        self.words.setText(words)
        self.bar.setRange(0, 0)
        self.bar.show()

    @Slot(str, float)
    def _show_progress(self, words: str, share: float) -> None:
        self.words.setText(words)
        self.bar.setRange(0, 0 if share < 0 else STEPS)
        self.bar.setValue(round(STEPS * max(0.0, share)))

    @Slot()
    def _on_done(self) -> None:
        self.hide()
        self.ready.emit()

    @Slot(str)
    def _on_failed(self, reason: str) -> None:
        self.words.setText(f"{reason[:1].upper()}{reason[1:].rstrip('.')}. Try again goes on here.")
        self.bar.hide()
        self.go.setText("Try again")
        self.go.show()
        self.back.setText("Not now")
        self.ended.emit()
