"""The one way to tell the user something: a quiet bar in the window, never a modal box."""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from PySide6.QtCore import QObject, Signal, Slot

from engine.errors import TuttiError

Level = Literal["info", "good", "warning", "error"]

LOG_LEVELS: dict[Level, int] = {
    "info": logging.INFO,
    "good": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}

MOST_KEPT = 50

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

    @property
    def lasts(self) -> bool:
        """Whether it must be seen: it does not go with time alone."""
        return self.stays or self.level == "error"


@dataclass(frozen=True, slots=True)
class Kept:
    """A message that can be read again: when it was told last, and how often in a row."""

    message: Message
    at: datetime
    times: int = 1


class Messages(QObject):
    """Takes what any part of the window has to tell; the message bar shows it.

    The last ones are kept. Those that left the window before anybody closed them are unread until
    somebody looks.
    """

    told = Signal(object)
    withdrawn = Signal(str)
    """A sentence that is no longer true."""
    unread_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: deque[Kept] = deque(maxlen=MOST_KEPT)
        self._unread: dict[str, Message] = {}

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
        message = Message(sentence, level, action, stays)
        self._keep(message)
        self.told.emit(message)

    def tell_error(self, error: TuttiError) -> None:
        """Show a known failure as it stands."""
        self.tell(str(error), "error")

    def withdraw(self, sentence: str) -> None:
        """What was told is over: it need not be seen any more, and stays in the list."""
        self.withdrawn.emit(sentence)
        if self._unread.pop(sentence, None) is not None:
            self.unread_changed.emit()

    def _keep(self, message: Message) -> None:
        times = 1
        if self._kept and self._kept[-1].message.sentence == message.sentence:
            times += self._kept.pop().times
        self._kept.append(Kept(message, datetime.now(), times))

    # What can be read again

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What was told, oldest first."""
        return tuple(self._kept)

    @property
    def unread(self) -> tuple[Message, ...]:
        """What left the window before anybody closed it, oldest first."""
        return tuple(self._unread.values())

    @Slot(object)
    def leave_unread(self, message: Message) -> None:
        """A message left the window by itself: it waits for a reader."""
        self._unread[message.sentence] = message
        self.unread_changed.emit()

    def mark_read(self) -> None:
        """Somebody looked at what was told."""
        self._unread.clear()
        self.unread_changed.emit()

    def forget(self) -> None:
        """Keep nothing of what was told so far."""
        self._kept.clear()
        self.mark_read()
