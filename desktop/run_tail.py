"""Follows the lines of a training run as its trainer writes them, whoever started it."""

import logging
from itertools import islice
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.errors import TrainingError
from engine.store.event_tail import EventTail

TICK_MS = 100
PIECES_A_TICK = 2
"""Of 64 kB, which take 2 ms each: 12,000 steps a second."""
RECENT_BYTES = 1 << 16

log = logging.getLogger(__name__)


class RunTail(QObject):
    """Follows an events file from a place in it; at most ten signals a second.

    The file is opened for each look, never held: a trainer that resumes puts another in its place.
    """

    events = Signal(list)
    """The events of a tick, in their order; never empty."""
    rewound = Signal()
    """The file was replaced by a shorter one, as a resumed run does. Nothing is followed now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tail: EventTail | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.read)

    @property
    def path(self) -> Path | None:
        """What is followed."""
        return self._tail.path if self._tail is not None else None

    def follow(self, path: Path, offset: int = 0) -> None:
        """Follow a file, which need not exist yet, from a line's first byte on."""
        self._tail = EventTail(path, offset)
        self._timer.start()
        self.read()

    def follow_end(self, path: Path) -> None:
        """Follow what comes from now on, and a little of what came before."""
        self.follow(path, recent_line(path))

    @Slot()
    def stop(self) -> None:
        """Follow nothing."""
        self._timer.stop()
        self._tail = None

    @Slot()
    def read(self) -> bool:
        """Read on now; whether something came."""
        tail = self._tail
        if tail is None:
            return False
        try:
            found = [event for piece in islice(tail.pieces(), PIECES_A_TICK) for event in piece]
        except TrainingError as error:
            log.warning("%s", error)
            self.stop()
            return False
        if tail.restarts:
            self.stop()
            self.rewound.emit()
        elif found:
            self.events.emit(found)
        return bool(found) and self._tail is tail


def recent_line(path: Path) -> int:
    """Where a line begins shortly before a file's end; 0 for a short file, or none."""
    if not path.exists():
        return 0
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - RECENT_BYTES))
        if stream.tell():
            stream.readline()
        return stream.tell()
