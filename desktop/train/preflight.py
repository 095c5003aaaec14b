"""The card above Train: where the run will be, how long it lasts, what would be better."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop.theme import body_font
from desktop.train.fields import caption
from desktop.train.forecast import Advice, Forecast
from desktop.train.offers import Offers

TRYING = "Trying how fast this machine is …"
TRYING_MORE = "A short probe; you can press Train at any time."
BUSY = "A run trains now. How long this one would take is tried when the machine is free."
NEEDS = "Training needs PyTorch, which comes with the first run: press Train to see how much."


class Preflight(QFrame):
    """Says what will happen before it happens."""

    offer_taken = Signal(str, object)
    """A setting and the value it should have."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setAccessibleName("Before the run")
        self.offers = Offers()
        self._head = QLabel()
        self._head.setFont(body_font(bold=True))
        self._head.setWordWrap(True)
        self._lines = caption()
        self._reason = caption()
        self._low = self._warns = False
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._advice: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(4)
        for widget in (self._head, self._busy, self._lines, self._reason):
            self._column.addWidget(widget)
        self.show_trying()

    @property
    def words(self) -> str:
        """What is said, in lines."""
        return "\n".join(
            label.text() for label in self.findChildren(QLabel) if not label.isHidden()
        )

    def show_trying(self) -> None:
        """A probe is under way."""
        self._show(TRYING, "quiet", TRYING_MORE)
        self._busy.show()

    def show_busy(self) -> None:
        """Another run has the machine."""
        self._show("", "quiet", BUSY)

    def show_needs(self) -> None:
        """The trainer is not installed."""
        self._show("", "quiet", NEEDS)

    def show_sentence(self, sentence: str) -> None:
        """What is missing, or why there is no forecast."""
        self._show("", "quiet", sentence)

    def show_problem(self, sentence: str, offer: Advice | None = None) -> None:
        """Why the run cannot be, and what would do instead."""
        self._show("This cannot be trained yet", "warning", sentence)
        if offer is not None:
            self._add_advice(offer)

    def show_untold(self, sentence: str) -> None:
        """Why nothing is known before the start."""
        self._show("How long this takes could not be tried", "quiet", sentence)

    def show_forecast(self, found: Forecast, idle_card: bool = False) -> None:
        """What the probe found, with its advice; ``idle_card``: there is one, and it is not used.

        To have no graphics card is no fault. What it learns from stands with the music.
        """
        role = "warning" if idle_card and not found.on_card else "good"
        self._warns = role == "warning"
        lines = (found.lasts, found.takes)
        self._show(found.runs_on, role, "\n".join(line for line in lines if line))
        self._reason.setText(found.device_reason)
        self._head.setToolTip(found.device_reason)
        self._show_reason()
        for advice in found.advice:
            self._add_advice(advice)

    def _show(self, head: str, role: str, lines: str) -> None:
        for widget in self._advice:
            self._column.removeWidget(widget)
            widget.hide()  # it may be painted once more before it goes
            widget.deleteLater()
        self._advice.clear()
        self._busy.hide()
        self._head.setText(head)
        self._head.setVisible(bool(head))
        self._head.setProperty("kind", role)
        self._head.style().unpolish(self._head)
        self._head.style().polish(self._head)
        self._lines.setText(lines)
        self._lines.setVisible(bool(lines))
        self._reason.clear()
        self._head.setToolTip("")
        self._show_reason()

    def set_low(self, low: bool) -> None:
        """In a low window the form needs the room: that there is no GPU is told on hovering.

        One that is there and not used is told always.
        """
        self._low = low
        self._show_reason()

    def _show_reason(self) -> None:
        self._reason.setVisible(bool(self._reason.text()) and (self._warns or not self._low))

    def _add_advice(self, advice: Advice) -> None:
        if advice.sentence:
            sentence = caption(advice.sentence)
            sentence.setProperty("kind", "warning")
            sentence.setFont(body_font(12))
            self._place(sentence)
        if advice.setting:
            button = QPushButton(offer_words(self.offers, advice.setting, advice.value))
            button.clicked.connect(lambda: self.offer_taken.emit(advice.setting, advice.value))
            self._place(button)

    def _place(self, widget: QWidget) -> None:
        self._advice.append(widget)
        self._column.addWidget(widget)


def offer_words(offers: Offers, setting: str, value: Any) -> str:
    """A button's words for a setting that would be better."""
    if setting == "start_from":
        return f"Start from {str(value).capitalize()}"
    if setting == "preset":
        preset = offers.preset(str(value))
        return f"Take the preset {preset.title if preset else value}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{offers.label(setting)}: take {shown}"
