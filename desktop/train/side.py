"""The left column of the Train page: the form, what to expect, and Train."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.chips import has_card
from desktop.train.forecast import Forecast
from desktop.train.form import Form, title_label
from desktop.train.installing import Installing
from desktop.train.offers import Offers
from desktop.train.preflight import Preflight
from desktop.train.probing import Probing
from engine.errors import TuttiError

if TYPE_CHECKING:
    from desktop.app import App

WIDTH = 320
MARGIN = 20
LOW = 760
"""Pixels of height below which the forecast says only what matters most."""
ONE_AT_A_TIME = "A run trains now: pause it or stop it, then the next one can begin."


class Side(QFrame):
    """Begins runs."""

    begun = Signal(object)
    """The folder of a run that was just started."""
    get_data_asked = Signal()

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(WIDTH)
        self._app = app
        self.form = Form()
        self.preflight = Preflight()
        self.installing = Installing()
        self.probing = Probing(app.training.query, self)
        self._refused = ""
        """Why the trainer would not take what stands in the form; empty where that is not known."""
        self.train = QPushButton("Train")
        self.train.setProperty("kind", "primary")
        self._build()
        self._connect()
        self._show_possible()

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("kind", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 16, MARGIN, 8)
        column.setSpacing(12)
        column.addWidget(title_label("New generator"))
        column.addWidget(self.form, 1)
        scroll = QScrollArea()
        scroll.setAccessibleName("New generator")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 8, MARGIN, 16)
        foot.setSpacing(10)
        for widget in (self.installing, self.preflight, self.train):
            foot.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self.form.changed.connect(self._on_form)
        self.form.get_data_asked.connect(self.get_data_asked)
        self.train.clicked.connect(self.begin)
        self.installing.ready.connect(self.begin)
        self.installing.ended.connect(self._show_possible)
        self.preflight.offer_taken.connect(self._take_offer)
        self.probing.began.connect(self.preflight.show_trying)
        self.probing.answered.connect(self._show_forecast)
        self.probing.refused.connect(self._show_refusal)
        self.probing.failed.connect(self.preflight.show_untold)
        self._app.training.process.state_changed.connect(self._on_form)
        self._app.closing.connect(self.installing.install.close)

    def show_offers(self, offers: Offers) -> None:
        """What can be set."""
        self.preflight.offers = offers
        self.form.show_offers(offers)

    def show_settings(self, values: Mapping[str, Any], at_once: bool = False) -> None:
        """Put settings into the form, and train with them where that is wanted at once."""
        self.form.show_settings(values)
        if at_once:
            self.begin()

    @property
    def problem(self) -> str:
        """Why it cannot be trained as it stands; empty where it can, or that is not known yet."""
        return self.form.problem() or self._refused

    @Slot()
    def begin(self) -> None:
        """Train what stands in the form; fetch the trainer first where it is missing."""
        if self.problem:
            self._app.messages.tell(self.problem, "warning")
            return
        if self.installing.is_needed:
            self.preflight.hide()
            self.train.setEnabled(False)
            self.installing.begin()
            return
        self.probing.cancel()
        try:
            self.begun.emit(self._start())
        except TuttiError as error:
            self._app.messages.tell_error(error)
        self._show_possible()

    def _start(self) -> Path:
        training, run = self._app.training, self.form.goes_on
        if run is not None:
            training.resume(run, **self.form.settings())
            return run
        folder = training.start(self.form.settings())
        self.form.take_free_name()
        return folder

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window the form goes before the forecast."""
        super().resizeEvent(event)
        self.preflight.set_low(event.size().height() < LOW)

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: a forecast is worth its work."""
        super().showEvent(event)
        self._on_form()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.probing.cancel()

    @Slot()
    def _on_form(self) -> None:
        self._refused = ""
        self._show_possible()
        if not self.isVisible() or self.installing.isVisible():
            return
        problem = self.form.problem()
        if self._app.training.process.running:
            self.probing.cancel()
            self.preflight.show_busy()
        elif problem:
            self.probing.cancel()
            self.preflight.show_sentence(problem)
        elif self.installing.is_needed:
            self.preflight.show_needs()
        elif self.form.goes_on is not None:
            self.probing.cancel()
            self.preflight.show_sentence("The run goes on exactly from its last checkpoint.")
        else:
            self.probing.ask(self.form.settings())

    @Slot()
    def _show_possible(self) -> None:
        busy = self._app.training.process.running
        installing = self.installing.isVisible()
        self.preflight.setVisible(not installing)
        self.train.setEnabled(not busy and not installing and not self.problem)
        self.train.setText("Train on" if self.form.goes_on is not None else "Train")
        self.train.setToolTip(ONE_AT_A_TIME if busy else self.problem)

    @Slot(object)
    def _show_forecast(self, found: Forecast) -> None:
        self.preflight.show_forecast(found, bool(found.device_reason) and has_card())
        if found.windows:
            self.form.data.set_hint(found.music)

    @Slot(str)
    def _show_refusal(self, sentence: str) -> None:
        self._refused = sentence
        self.preflight.show_problem(sentence, self.form.fitting_preset())
        self._show_possible()

    @Slot(str, object)
    def _take_offer(self, setting: str, value: object) -> None:
        if setting == "start_from":
            models = {model.name: model.path for model in self._app.models}
            self.form.fine_tune(models.get(str(value)))
        else:
            self.form.show_settings({setting: value})
