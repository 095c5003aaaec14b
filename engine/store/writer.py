"""The one thread that writes the library: a queue of changes, each its own transaction.

A change that fails stays at the head of the queue and is tried again, so what is in memory is not
lost while the program runs. The same problem is told once.
"""

import logging
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from engine.errors import StoreError
from engine.store.database import (
    DamagedLibraryError,
    damage_told,
    is_damage,
    open_for_writing,
    problem_of,
    set_library_aside,
)
from engine.store.salvage import salvage

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
STOPPED = (
    "The library met a fault and stores nothing more until Tutti is started anew; export what "
    "must not be lost."
)
Run = Callable[[sqlite3.Connection], None]


@dataclass(slots=True)
class Change:
    """Something to write: ``run`` within a transaction, ``after`` once it is committed."""

    run: Run
    after: Callable[[], None] | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Writer:
    """Runs changes in order on its own thread, with its own connection.

    ``on_problem``, ``on_recovered`` and ``on_change`` are called on the writer's thread.
    """

    def __init__(
        self,
        path: Path,
        on_problem: Callable[[str], None],
        on_recovered: Callable[[], None],
        on_change: Callable[[], None],
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        self._path = path
        self._on_problem, self._on_recovered = on_problem, on_recovered
        self._on_change = on_change
        self._retry_seconds = retry_seconds
        self._waiting: OrderedDict[str, Change] = OrderedDict()
        self._turn = threading.Condition()
        self._numbers = count()
        self._poked = self._closing = self._telling = False
        self._connection: sqlite3.Connection | None = None
        self._opened = threading.Event()
        self.problem: str | None = None
        # A daemon: a program that ends by a fault must not hang on its library.
        self._thread = threading.Thread(target=self._work, name="library writer", daemon=True)
        self._thread.start()

    def put(
        self,
        run: Run,
        *,
        key: str = "",
        urgent: bool = False,
        after: Callable[[], None] | None = None,
    ) -> Change:
        """Queue a change. One with the ``key`` of a waiting change takes its place."""
        change = Change(run, after)
        with self._turn:
            name = key or f"#{next(self._numbers)}"
            replaced = self._waiting.get(name)
            if replaced is not None:
                # Whoever waits for the older one is served by the newer.
                change.done = replaced.done
            self._waiting[name] = change
            if urgent:
                self._waiting.move_to_end(name, last=False)
            self._turn.notify_all()
        return change

    def drop(self, key: str) -> None:
        """Forget a change that waits."""
        with self._turn:
            dropped = self._waiting.pop(key, None)
            self._turn.notify_all()
        if dropped is not None:
            dropped.done.set()

    def wait_until_open(self, seconds: float) -> bool:
        """Wait for the first attempt to open the file; whether it has succeeded by now."""
        self._opened.wait(seconds)
        return self._connection is not None

    def flush(self, seconds: float) -> bool:
        """Try everything that waits now; whether all is written, and told, within the time."""
        with self._turn:
            self._poked = True
            self._turn.notify_all()
            return self._turn.wait_for(lambda: not self._waiting and not self._telling, seconds)

    def close(self, seconds: float) -> bool:
        """Write what waits, then end the thread; whether all was written."""
        written = self.flush(seconds)
        with self._turn:
            self._closing = True
            self._turn.notify_all()
        self._thread.join()
        return written

    def _work(self) -> None:
        """Runs on the writer's thread, until closed."""
        try:
            self._write_on()
        finally:
            if not self._closing:
                # A fault of ours ends the thread: nobody may go on in the belief that it writes.
                self._opened.set()
                self.problem = STOPPED
                self._on_problem(STOPPED)

    def _write_on(self) -> None:
        self._try(self._start)
        self._opened.set()
        while (head := self._next()) is not None:
            if self._try(partial(self._write, head[1])):
                self._finish(*head)
            elif self._rest():
                break
        if self._connection is not None:
            self._connection.close()

    def _next(self) -> tuple[str, Change] | None:
        """The change at the head of the queue, which stays there until it is written."""
        with self._turn:
            self._turn.wait_for(lambda: self._waiting or self._closing)
            return next(iter(self._waiting.items()), None)

    def _rest(self) -> bool:
        """Wait before the next attempt; whether it is time to give up."""
        with self._turn:
            self._turn.wait_for(lambda: self._poked or self._closing, self._retry_seconds)
            self._poked = False
            return self._closing

    def _finish(self, name: str, change: Change) -> None:
        with self._turn:
            # A newer change of the same name may have come meanwhile: it shares the event.
            if self._waiting.get(name) is change:
                del self._waiting[name]
                change.done.set()
            self._telling = True
            self._turn.notify_all()
        try:
            if change.after is not None:
                change.after()
            self._on_change()
        finally:
            with self._turn:
                self._telling = False
                self._turn.notify_all()

    def _try(self, step: Callable[[], None]) -> bool:
        """Do it; a failure is told, and the file opened anew next time."""
        try:
            step()
        except (sqlite3.Error, OSError, StoreError) as error:
            self._shut()
            self._tell(problem_of(error, self._path), error)
            return False
        if self.problem is not None:
            self.problem = None
            self._on_recovered()
        return True

    def _tell(self, problem: str, error: Exception) -> None:
        if problem != self.problem:
            log.warning("%s (%r)", problem, error)
            self.problem = problem
            self._on_problem(problem)

    def _start(self) -> None:
        self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return open_for_writing(self._path)
        except DamagedLibraryError as error:
            log.warning("the library %s is damaged: %r", self._path, error.__cause__)
            return self._begin_anew()

    def _begin_anew(self) -> sqlite3.Connection:
        """Set the damaged library aside, and begin one with what can be read of it."""
        kept = set_library_aside(self._path)
        connection = open_for_writing(self._path)
        try:
            saved = salvage(kept, connection)
        except sqlite3.Error:
            connection.close()
            self._on_problem(damage_told(kept, 0))
            raise
        self._on_problem(damage_told(kept, saved))
        return connection

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _write(self, change: Change) -> None:
        try:
            self._commit(change)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            # Damaged while in use: begin anew, and this change goes into the new file.
            self._shut()
            self._connection = self._begin_anew()
            self._commit(change)

    def _commit(self, change: Change) -> None:
        if self._connection is None:
            self._connection = self._open()
        self._connection.execute("BEGIN IMMEDIATE")
        change.run(self._connection)
        self._connection.execute("COMMIT")
