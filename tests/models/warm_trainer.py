"""Trainers that need not load torch first: children of one process that has loaded it.

Torch and Fabric take seven processor seconds to load, and a tiny run takes one. Each trainer is
still a process of its own, which can be killed, stopped and left alone, and ends as any Python
does. Of the loading itself the runs in `test_finished_run` and in the flows are the proof.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
MESSAGE_BYTES = 1 << 16
ENDED_SECONDS = 0.02
"""How often it is looked whether a trainer has ended."""


class Trainer:
    """One trainer, with the face of `subprocess.Popen` as far as the tests need it."""

    def __init__(
        self, home: "WarmTrainers", stdin: IO[str] | None, stdout: IO[str] | None, errors: Path
    ) -> None:
        self._home = home
        self.stdin, self.stdout = stdin, stdout
        self.stderr = errors.open(encoding="utf-8")
        errors.unlink()
        self.pid = 0
        self.returncode: int | None = None

    def wait(self, timeout: float) -> int:
        """Its exit status, negative for a signal; fails after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            left = deadline - time.monotonic()
            assert left > 0, f"The trainer {self.pid} does not end."
            self._home.listen(left)
        assert self.returncode is not None
        return self.returncode

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""
        self._home.listen(0)
        if self.returncode is None:
            self.returncode = self._home.ended.get(self.pid)
        return self.returncode

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = 60.0) -> tuple[str, str]:
        """Close its input, and read all that it says until it has ended."""
        if self.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.stdin.close()
        said = ""
        if self.stdout is not None and not self.stdout.closed:
            said = self.stdout.read()
            self.stdout.close()
        self.wait(timeout)
        errors = "" if self.stderr.closed else self.stderr.read()
        self.stderr.close()
        return said, errors


class WarmTrainers:
    """Starts trainers in a process that has torch; call `close` at the end."""

    def __init__(self) -> None:
        self.ended: dict[int, int] = {}
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.models.warm_trainer", str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # a Ctrl+C is for the tests, which then end it
            )

    def start(
        self,
        script: str,
        *arguments: object,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
        environment: Mapping[str, str] | None = None,
    ) -> Trainer:
        """Run a script as `python -c` does, with torch loaded; ``stdout`` may be a descriptor."""
        with contextlib.ExitStack() as theirs:
            reader, writer = os.pipe() if stdin == subprocess.PIPE else (_nothing(), -1)
            heard, says = os.pipe() if stdout == subprocess.PIPE else (-1, os.dup(stdout))
            errors_to, errors = tempfile.mkstemp()
            for descriptor in (reader, says, errors_to):
                theirs.callback(os.close, descriptor)
            made = Trainer(
                self,
                None if writer < 0 else os.fdopen(writer, "w"),
                None if heard < 0 else os.fdopen(heard),
                Path(errors),
            )
            asked = {
                "script": script,
                "arguments": list(map(str, arguments)),
                "environment": dict(environment or {}),
            }
            message = json.dumps(asked).encode()
            socket.send_fds(self._socket, [message], [reader, says, errors_to])
        while not made.pid:
            made.pid = self.listen(None) or 0
        return made

    def listen(self, timeout: float | None) -> int | None:
        """Hear what has ended; the number of a trainer that has begun, if that was told."""
        ready, _, _ = select.select([self._socket], [], [], timeout)
        if not ready:
            return None
        told = json.loads(self._socket.recv(MESSAGE_BYTES))
        if "began" in told:
            return int(told["began"])
        self.ended[told["ended"]] = told["status"]
        return None

    def close(self) -> None:
        self._socket.close()
        self._process.wait(60)


def _nothing() -> int:
    return os.open(os.devnull, os.O_RDONLY)


def serve(asked: socket.socket) -> None:
    """Start trainers until nobody is left who could ask for one."""
    running: set[int] = set()
    while True:
        ready, _, _ = select.select([asked], [], [], ENDED_SECONDS if running else None)
        if ready:
            message, ends, _, _ = socket.recv_fds(asked, MESSAGE_BYTES, 3)
            if not message:
                return
            number = os.fork()
            if number == 0:
                asked.close()
                become(json.loads(message), ends)
            for descriptor in ends:
                os.close(descriptor)
            running.add(number)
            asked.send(json.dumps({"began": number}).encode())
        for number in sorted(running):
            found, status = os.waitpid(number, os.WNOHANG)
            if found:
                running.remove(number)
                told = {"ended": number, "status": os.waitstatus_to_exitcode(status)}
                asked.send(json.dumps(told).encode())


def become(asked: dict[str, Any], ends: list[int]) -> None:
    """Be a trainer from here on: with its own input, outputs and words; never returns."""
    for descriptor, end in enumerate(ends):
        os.dup2(end, descriptor)
        os.close(end)
    os.environ.update(asked["environment"])
    sys.argv = ["trainer", *asked["arguments"]]
    exec(compile(asked["script"], "trainer", "exec"), {"__name__": "__main__"})
    sys.exit(0)


def _load() -> None:
    """All that a training imports."""
    import models.cli
    import models.device_facts
    import models.devices
    import models.gan_task
    import models.infill_task
    import models.session
    import models.task
    import models.tensorboard
    import models.train  # noqa: F401 - it is loaded, not used


if __name__ == "__main__":
    _load()
    gc.freeze()  # what is loaded stays as it is: children share its memory
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        serve(parent)
