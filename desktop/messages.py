"""The one way to tell the user something: a quiet bar in the window, never a modal box."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Signal

from engine.errors import TuttiError

Level = Literal["info", "good", "warning", "error"]

LOG_LEVELS: dict[Level, int] = {
    "info": logging.INFO,
    "good": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MessageAction:
    """A button beside a message ("Undo")."""

    text: str
    act: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the user."""

    sentence: str
    level: Level = "info"
    action: MessageAction | None = None
    stays: bool = False


class Messages(QObject):
    """Takes what any part of the window has to tell; the message bar shows it."""

    told = Signal(object)

    def tell(
        self,
        sentence: str,
        level: Level = "info",
        action: MessageAction | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Show a sentence. An error stays until it is closed, the rest unless ``stays`` goes."""
        log.log(LOG_LEVELS[level], "Told the user: %s", sentence)
        self.told.emit(Message(sentence, level, action, stays))

    def tell_error(self, error: TuttiError) -> None:
        """Show a known failure as it stands."""
        self.tell(str(error), "error")
