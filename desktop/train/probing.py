"""Asks the trainer for a forecast when the form has come to rest, one question at a time."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.train.forecast import forecast_from
from desktop.trainer_query import Question, TrainerFault, TrainerQuery
from engine.errors import TuttiError

REST_MS = 900
REMEMBERED = 32


class Probing(QObject):
    """The last question wins; an answer that was given once is given again at once."""

    began = Signal()
    answered = Signal(object)
    """The `Forecast`."""
    refused = Signal(str)
    """Why a run with these settings cannot be."""
    failed = Signal(str)
    """Why it could not be told."""

    def __init__(self, query: TrainerQuery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._query = query
        self._question: Question | None = None
        self._asked: dict[str, Any] = {}
        self._known: dict[str, Mapping[str, Any] | str] = {}
        """Answers by what was asked; a sentence where it was refused."""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._ask)

    def ask(self, settings: Mapping[str, Any]) -> None:
        """Forecast a run with these settings, unless that is what is being done already."""
        # Under any name it takes as long.
        wanted = {**settings, "name": "Forecast"}
        if wanted == self._asked and (self._question is not None or self._rest.isActive()):
            return
        self.cancel()
        self._asked = wanted
        known = self._known.get(repr(wanted))
        if known is not None:
            self._tell(known)
            return
        self.began.emit()
        self._rest.start()

    @Slot()
    def cancel(self) -> None:
        """Give up what is being asked."""
        self._rest.stop()
        if self._question is not None:
            self._question.cancel()
            self._question = None

    def forget(self) -> None:
        """Other data, or another device: what was answered holds no longer."""
        self._known.clear()

    @Slot()
    def _ask(self) -> None:
        asked = repr(self._asked)

        def done(answer: Mapping[str, Any]) -> None:
            self._question = None
            self._remember(asked, answer)

        def failed(error: TuttiError) -> None:
            self._question = None
            if isinstance(error, TrainerFault):
                self.failed.emit(str(error))
            else:
                self._remember(asked, str(error))

        self._question = self._query.probe(self._asked, done, failed)

    def _remember(self, asked: str, answer: Mapping[str, Any] | str) -> None:
        self._known[asked] = answer
        if len(self._known) > REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._tell(answer)

    def _tell(self, answer: Mapping[str, Any] | str) -> None:
        if isinstance(answer, str):
            self.refused.emit(answer)
        else:
            self.answered.emit(forecast_from(answer))
