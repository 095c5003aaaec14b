"""What a run is asked to do while it trains: by signals, by stdin, by a file in its folder."""

import contextlib
import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Literal

Request = Literal["pause", "stop"]


class Requests:
    """The last word of whoever may ask; read by the loop before every step.

    An explicit request replaces an earlier one. The end of stdin and a broken stdout ask for a stop
    where nothing else is asked, and nothing at all after `detach`.
    """

    def __init__(self) -> None:
        self._file: Path | None = None
        self._asked: Request | None = None
        self._detached = False
        self._lock = threading.Lock()

    def ask(self, request: Request) -> None:
        """Ask for a pause or a stop. Called on any thread."""
        with self._lock:
            self._asked = request

    def leave(self) -> None:
        """Whoever listened has gone. Called on any thread."""
        with self._lock:
            if not self._detached and self._asked is None:
                self._asked = "stop"

    def detach(self) -> None:
        """From here on nobody needs to listen. Called on any thread."""
        with self._lock:
            self._detached = True

    def asked(self) -> Request | None:
        """What is asked for now."""
        found = self._in_file()
        if found:
            self.ask(found)
        return self._asked

    def _in_file(self) -> Request | None:
        if self._file is None:
            return None
        try:
            text = self._file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return None
        # Removed at once: a trainer that is killed before it obeys shall not find it when resumed.
        self._forget_file()
        return "pause" if text == "pause" else "stop" if text == "stop" else None

    def heed_file(self, path: Path) -> None:
        """Look for a request in a file; one that is there was meant for an earlier trainer."""
        self._file = path
        self._forget_file()

    def _forget_file(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def heed_signals(self) -> None:
        """SIGINT and SIGTERM stop and keep; a second Ctrl-C ends the process as usual."""

        def interrupted(number: int, frame: FrameType | None) -> None:
            self._stop_by_signal()
            signal.signal(signal.SIGINT, signal.default_int_handler)

        signal.signal(signal.SIGINT, interrupted)
        signal.signal(signal.SIGTERM, lambda *_: self._stop_by_signal())

    def _stop_by_signal(self) -> None:
        # Without the lock, which the main thread may hold at this very moment.
        self._asked = "stop"

    def heed_stdin(self) -> None:
        """Take ``pause``, ``stop`` and ``detach``, a line each; the end of stdin is a stop."""
        threading.Thread(target=self._read_stdin, name="stdin", daemon=True).start()

    def _read_stdin(self) -> None:
        """Called on the stdin thread. Unbuffered: Python would end badly on a held buffer."""
        rest = b""
        with contextlib.suppress(OSError):  # a closed stdin is at its end, too
            while more := os.read(0, 4096):
                *lines, rest = (rest + more).split(b"\n")
                for line in lines:
                    self._heed(line.strip())
        self.leave()

    def _heed(self, line: bytes) -> None:
        if line == b"detach":
            self.detach()
        elif line == b"pause":
            self.ask("pause")
        elif line == b"stop":
            self.ask("stop")
