"""Files of a data set read side by side, each process apart from ours.

The processes are started anew, not forked and not by `multiprocessing`: a child of the window would
import the window there. One that a file brings down costs that file; another takes its place.
"""

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

import numpy as np

from engine.data.layouts import LAYOUTS, Layout, Look
from engine.data.packing import PackedSong, entry_from
from engine.data.reading_worker import LENGTHS, LONGEST_ANSWER
from engine.data.rules import NO_RULE, RoleRule, rule_json
from engine.data.song import PITCHES, STEPS_PER_BEAT
from engine.data.song_report import UNREADABLE, FileReport, report_from
from engine.errors import DataError
from engine.music.piano_roll import PLANES

Ask = Literal["read", "examine", "look"]
Answer = tuple[dict[str, Any], bytes] | str
"""A file's answer, or what is known of the end of the process that it ended."""

MOST_WORKERS = 16
FILES_A_WORKER = 12  # fewer files than that do not pay for the start of another process
TOGETHER = 6  # files that are asked for at once: more take no less time each
AHEAD = 2 * TOGETHER  # files that wait at a worker
FALLS = 5  # before any file was answered: then it is not the files
LONGEST_WORDS = 160
PIPE_BYTES = 1024 * 1024  # what Linux allows everyone; a song takes some 200,000
LONGEST_SECONDS = 60.0  # that one file may take
PATIENCE = 10  # times as long, where the processes give way: they may wait for others
# Each process has a processor of its own: a matrix product on several would only wait.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
# Bytes: glibc's malloc would give each song's arrays back to the system and ask for them anew.
KEPT_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**27)}
ROOT = Path(__file__).resolve().parents[2]


class Cancelled(DataError):
    """The user cancelled."""


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file's report, the mark of its content, and its packed songs."""

    report: FileReport
    content: str = ""
    songs: tuple[PackedSong, ...] = ()


class _Worker:
    """One process, and the paths that it was asked for and has not answered yet.

    ``reads_together``: until it falls over some files; the next reads them one by one, so that it
    shows which of them it was.
    """

    def __init__(self, setting: bytes, gives_way: bool) -> None:
        self.reads_together = True
        self.waiting: deque[tuple[Ask, str]] = deque()
        self._setting, self._gives_way = setting, gives_way
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self.process = self._started()

    def _started(self) -> "subprocess.Popen[bytes]":
        flags = 0
        if sys.platform == "win32":
            flags = subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        own = {**ONE_THREAD, **KEPT_MEMORY, "PYTHONPATH": os.pathsep.join(paths)}
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "engine.data.reading_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                cwd=ROOT,
                env={**os.environ, **own},
                creationflags=flags,
            )
        except OSError as error:
            self._errors.close()
            raise DataError("No process could be started to read the files. Try again.") from error
        if self._gives_way:
            _give_way(process.pid)
        _widen(process.stdin)
        _widen(process.stdout)
        self._write(process, self._setting)
        return process

    def _write(self, process: "subprocess.Popen[bytes]", content: bytes) -> None:
        assert process.stdin
        with suppress(OSError):  # if it has ended, that shows when its answer is read
            process.stdin.write(content)
            process.stdin.flush()

    def expect(self, setting: bytes) -> None:
        """What it is asked for from now on is read so."""
        self._setting = setting
        self._write(self.process, setting)

    def ask(self, kind: Ask, paths: Sequence[str]) -> None:
        """Queue requests."""
        self.waiting.extend((kind, path) for path in paths)
        groups = [paths] if self.reads_together else [[path] for path in paths]
        self._write(self.process, b"".join(_request({kind: group}) for group in groups))

    def answer(self) -> Answer:
        """The oldest request's answer; what is known of its end where the process ended over it."""
        assert self.process.stdout
        head = self.process.stdout.read(LENGTHS.size)
        if len(head) < LENGTHS.size:
            return self._last_words()
        text_length, array_length = LENGTHS.unpack(head)
        if max(text_length, array_length) > LONGEST_ANSWER:
            return "It is larger than any song."
        text = self.process.stdout.read(text_length)
        arrays = self.process.stdout.read(array_length)
        if len(text) < text_length or len(arrays) < array_length:
            return self._last_words()
        self.waiting.popleft()
        return json.loads(text), arrays

    def _last_words(self) -> str:
        """What the process wrote last before it ended."""
        self.process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").split("\n")
        words = next((line.strip() for line in reversed(lines) if line.strip()), "")
        told = words or f"ended with {self.process.returncode}"
        return f"It brought its reader down ({told[:LONGEST_WORDS]})."

    def give_up(self) -> None:
        """Ask no more for the oldest request: the process ended over it."""
        self.waiting.popleft()

    def begin_again(self) -> None:
        """Another process in its place, asked one by one for all that this one did not answer."""
        self._stop()
        self.reads_together = False
        self._errors.seek(0)
        self._errors.truncate()
        self.process = self._started()
        for kind, path in self.waiting:
            self._write(self.process, _request({kind: [path]}))

    def end(self) -> None:
        """End the process and wait until it has."""
        self._stop()
        self._errors.close()

    def _stop(self) -> None:
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                with suppress(OSError):  # what was not yet sent cannot be any more
                    stream.close()
        self.process.wait()


class ReadingPool:
    """Processes that read files of one folder; answers come in the order of the paths.

    ``cancelled`` is asked between files, and while one is waited for. ``gives_way``: beside a
    window, whose sound must not wait for them. Use as a context. Raises `Cancelled`, and
    `DataError` where no process can be started or the set itself is damaged.
    """

    def __init__(
        self,
        folder: Path,
        workers: int,
        cancelled: Callable[[], bool] = lambda: False,
        layout: Layout = LAYOUTS["band"],
        rule: RoleRule = NO_RULE,
        *,
        gives_way: bool = False,
    ) -> None:
        self._folder, self._layout, self._cancelled = folder, layout, cancelled
        self._longest = LONGEST_SECONDS * (PATIENCE if gives_way else 1)
        setting = self._setting(rule)
        self._workers: list[_Worker] = []
        self._falls, self._answered = 0, False
        self._began = time.monotonic()
        self._at: _Worker | None = None
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watch_over, name="reading", daemon=True)
        try:
            for _ in range(workers):
                self._workers.append(_Worker(setting, gives_way))
        except DataError:
            self._end_all()
            raise
        self._watch.start()

    def expect(self, layout: Layout, rule: RoleRule) -> None:
        """Read what comes from now on in this layout, with these corrections."""
        self._layout = layout
        for worker in self._workers:
            worker.expect(self._setting(rule))

    def _setting(self, rule: RoleRule) -> bytes:
        where = str(self._folder.resolve())
        return _request({"folder": where, "layout": self._layout.name, "rule": rule_json(rule)})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._watch.join()
        self._end_all()

    def _end_all(self) -> None:
        for worker in self._workers:
            worker.end()

    def results(self, paths: Iterable[str], kind: Ask = "read") -> Iterator[FileResult]:
        """What became of each file."""
        for path, answer in self._answers(kind, paths):
            if isinstance(answer, str):
                report = FileReport(path, kept=False, reason=UNREADABLE, remark=answer)
                yield FileResult(report)
                continue
            values, arrays = answer
            if "error" in values:
                raise DataError(values["error"])
            songs = tuple(_songs(values, arrays, len(self._layout.roles)))
            yield FileResult(report_from(values["report"]), values["content"], songs)

    def looks(self, paths: Iterable[str]) -> Iterator[Look]:
        """A glance at each file that can be read."""
        for _, answer in self._answers("look", paths):
            if not isinstance(answer, str) and answer[0]["look"]:
                yield Look(**answer[0]["look"])

    def _answers(self, kind: Ask, paths: Iterable[str]) -> Iterator[tuple[str, Answer]]:
        """Paths go to the workers by turns, so their answers are taken by the same turns."""
        coming = iter(paths)
        asked: deque[_Worker] = deque()
        turns = 0
        while True:
            while len(asked) < AHEAD * len(self._workers):
                some = list(islice(coming, TOGETHER))
                if not some:
                    break
                worker = self._workers[turns % len(self._workers)]
                turns += 1
                worker.ask(kind, some)
                asked.extend([worker] * len(some))
            if not asked:
                return
            worker = asked.popleft()
            path = worker.waiting[0][1]
            yield path, self._answer_of(worker)

    def _answer_of(self, worker: _Worker) -> Answer:
        answer = self._waited_for(worker)
        if isinstance(answer, str) and worker.reads_together and not self._cancelled():
            worker.begin_again()
            answer = self._waited_for(worker)
        if self._cancelled():
            raise Cancelled("The import was cancelled; nothing was changed.")
        if isinstance(answer, str):
            worker.give_up()
            self._falls += 1
            if self._falls >= FALLS and not self._answered:
                raise DataError(f"No process that reads files stays alive. {answer}")
            worker.begin_again()
        else:
            self._answered = True
        return answer

    def _waited_for(self, worker: _Worker) -> Answer:
        self._began, self._at = time.monotonic(), worker
        answer = worker.answer()
        self._at = None
        return answer

    def _watch_over(self) -> None:
        """Ends a process that a file keeps too long, or that is waited for in vain.

        Called on a thread of its own.
        """
        while not self._closing.wait(0.2):
            worker, late = self._at, time.monotonic() - self._began > self._longest
            if worker is not None and (late or self._cancelled()):
                self._began = time.monotonic()
                worker.process.kill()


def _give_way(process_id: int) -> None:
    """Let a process have the processor only while nothing else of its session wants it.

    A merely nicer one keeps it to the end of its slice, longer than the period of a sound card.
    Other systems than Linux have no such class: there it is as nice as every reader.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended already, which shows when its answer is read
            os.sched_setscheduler(process_id, os.SCHED_IDLE, os.sched_param(0))


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a process write some songs ahead, where the system lets pipes be widened."""
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        with suppress(OSError):  # the system's limit may be lower: then it only waits more often
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _request(values: dict[str, Any]) -> bytes:
    # Names that are no text travel as escapes of JSON, and come out as they were.
    return json.dumps(values).encode("ascii") + b"\n"


def _songs(values: dict[str, Any], arrays: bytes, roles: int) -> Iterator[PackedSong]:
    place = 0

    def take(shape: tuple[int, ...], kind: type[np.generic]) -> Any:
        nonlocal place
        array = np.frombuffer(arrays, kind, math.prod(shape), place).reshape(shape)
        place += array.nbytes
        return array

    for fields, windows in zip(values["songs"], values["windows"], strict=True):
        entry = entry_from(fields)
        steps = entry.beats * STEPS_PER_BEAT
        planes = take((steps, roles, PLANES, PITCHES // 8), np.uint8)
        velocity = take((steps, roles), np.uint8)
        yield PackedSong(entry, planes, velocity, take((entry.beats,), np.int16), windows)


def worker_count(files: int) -> int:
    """How many processes so many files are worth here."""
    affinity = getattr(os, "sched_getaffinity", None)
    processors = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(MOST_WORKERS, processors, -(-files // FILES_A_WORKER)))
