"""Reading a run's JSON lines piece by piece, while the trainer writes on."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import TrainingError

Event = dict[str, Any]

# Small enough that the window gets its turn of the interpreter between two pieces: 2 ms each.
PIECE_BYTES = 1 << 16
LONGEST_LINE = 1 << 22
NO_FILE = "The events of the run in {} cannot be read: they are no file."


class EventTail:
    """Goes on where it stopped; a line that is not whole yet is left for the next time.

    A resumed run replaces the file by a shorter one. It is read from its beginning then, and
    ``restarts`` counts that; `engine.store.curves.Curves` takes the repeated events as they come.
    """

    def __init__(self, path: Path, after: int = 0) -> None:
        """``after`` is a byte offset at which a line begins."""
        self.path = path
        self.offset = after
        self.restarts = 0
        self._file_number: int | None = None

    def read(self) -> list[Event]:
        """All events that came since the last time. Raises `TrainingError`."""
        return [event for piece in self.pieces() for event in piece]

    def pieces(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[list[Event]]:
        """The same, a list for every 64 kB, so that much can be read in a job."""
        if self.path.exists() and not self.path.is_file():  # a pipe would never end
            raise TrainingError(NO_FILE.format(self.path.parent))
        try:
            with self.path.open("rb") as stream:
                self._find_place(stream)
                while not cancelled() and (lines := self._whole_lines(stream)):
                    yield _parsed(lines)
        except FileNotFoundError:
            return
        except OSError as error:
            raise TrainingError(
                f"The events of the run in {self.path.parent} cannot be read: {error.strerror}."
            ) from error

    def _find_place(self, stream: BinaryIO) -> None:
        found = os.fstat(stream.fileno())
        replaced = self._file_number not in (None, found.st_ino)
        if replaced or found.st_size < self.offset:
            self.offset = 0
            self.restarts += 1
        self._file_number = found.st_ino
        stream.seek(self.offset)

    def _whole_lines(self, stream: BinaryIO) -> bytes:
        """The next lines, b"" where there is none that is whole."""
        piece = stream.read(PIECE_BYTES)
        if not piece.endswith(b"\n"):
            piece += stream.readline(LONGEST_LINE)
        if len(piece) > LONGEST_LINE and b"\n" not in piece:
            piece = _skip_line(stream)  # longer than any event is: not one of ours
        whole = piece[: piece.rfind(b"\n") + 1]
        stream.seek(len(whole) - len(piece), os.SEEK_CUR)
        self.offset = stream.tell()
        return whole


def _skip_line(stream: BinaryIO) -> bytes:
    while rest := stream.readline(LONGEST_LINE):
        if rest.endswith(b"\n"):
            return b"\n"
    return b""


def _parsed(lines: bytes) -> list[Event]:
    """The objects among the lines; what is damaged is left out."""
    # One call for all lines takes half the time of one call a line.
    found = _json(b"[" + lines.strip().replace(b"\n", b",") + b"]")
    if not isinstance(found, list):
        found = [_json(line) for line in lines.splitlines()]
    return [event for event in found if isinstance(event, dict)]


def _json(text: bytes) -> Any:
    """The value, None where the text is none."""
    try:
        return json.loads(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
