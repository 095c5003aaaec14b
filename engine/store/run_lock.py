"""One trainer a run: a lock that the system takes back when its process ends, however it ends."""

import contextlib
import os
from pathlib import Path
from types import TracebackType

from filelock import FileLock, Timeout

from engine.errors import TrainingError

LOCK_NAME = "trainer.lock"
PID_NAME = "trainer.pid"
# Longer than `is_held` holds the lock to try it, or a look at the wrong moment would refuse a run.
PATIENCE_SECONDS = 1.0


class RunLock:
    """Holds a run's folder for this process; a context manager.

    Raises `TrainingError` where another trainer has it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / LOCK_NAME, timeout=PATIENCE_SECONDS, poll_interval=0.05)

    def __enter__(self) -> "RunLock":
        try:
            self._lock.acquire()
            (self._folder / PID_NAME).write_text(f"{os.getpid()}\n", "ascii")
        except Timeout as error:
            raise TrainingError(_taken(self._folder)) from error
        except OSError as error:
            self._lock.release()
            raise TrainingError(
                f"The run in {self._folder} cannot be held: {error.strerror}."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            (self._folder / PID_NAME).unlink(missing_ok=True)
        self._lock.release()


def is_held(folder: Path) -> bool:
    """Whether a trainer's process works on the run at this moment."""
    path = folder / LOCK_NAME
    if not path.exists():
        return False
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False  # a folder that cannot be written to is nobody's at work
    lock.release()
    return False


def holder(folder: Path) -> int | None:
    """The process id of the trainer that holds the run, where it is known."""
    try:
        return int((folder / PID_NAME).read_text("ascii")) if is_held(folder) else None
    except (OSError, ValueError):
        return None


def _taken(folder: Path) -> str:
    number = holder(folder)
    who = f" (process {number})" if number else ""
    return (
        f"Another trainer{who} works on the run {folder.name} already; "
        "wait until it ends, or stop it."
    )
