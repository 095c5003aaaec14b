"""A JACK server without hardware, and a second program on it: keyboard and ear in one clock."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.live.jack_graph import AUDIO_TYPE, JackGraph, open_jack_graph
from engine.live.names import unique_name

SAMPLE_RATE = 48_000
PERIOD = 128
PATIENCE_SECONDS = 20.0
PROBE = Path(__file__).with_name("jack_probe.py")

Samples = npt.NDArray[np.float32]


def realtime_allowed() -> bool:
    """Whether this process may schedule in real time."""
    before = os.sched_getscheduler(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        return False
    os.sched_setscheduler(0, before, os.sched_param(0))
    return True


def forget_dead_servers() -> None:
    """Give back the places of servers that were killed, when none is alive.

    libjack has eight places for servers in shared memory and frees a killed one's only for a server
    of the same name.
    """
    running = subprocess.run(
        ["ps", "-e", "-o", "comm="], capture_output=True, text=True, check=True
    )
    if not {"jackd", "jackdbus"} & set(running.stdout.split()):
        for path in (Path("/dev/shm/jack-shm-registry"), *Path("/dev/shm").glob("jack_sem.*")):
            path.unlink(missing_ok=True)


class JackServer:
    """``jackd -d dummy`` under a name of its own; use it in a ``with`` block.

    Programs find it by the environment variables in `environment`. It runs in real time, as a
    musician's does, where this machine allows it. Where not, ``waits`` makes it wait for programs
    that a busy machine holds up; it would otherwise go on without them and lose what they say.
    """

    def __init__(
        self,
        name: str,
        period: int = PERIOD,
        sample_rate: int = SAMPLE_RATE,
        *,
        waits: bool = True,
    ) -> None:
        self._scheduling = ["-r", *(["-S", "-t", "150"] if waits else [])]
        if realtime_allowed():
            self._scheduling = ["-R", "-P", "20"]
        self.name = name
        self.period = period
        self.sample_rate = sample_rate
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What libjack must find in the environment."""
        return {"JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}

    def __enter__(self) -> "JackServer":
        program = shutil.which("jackd")
        assert program, "jackd is missing: run the tests by ./tutti test, which installs it."
        forget_dead_servers()
        # A server never outlives its tests, however they end.
        keeper = shutil.which("setpriv")
        command = [keeper, "--pdeathsig", "TERM"] if keeper else []
        command += [program, *self._scheduling, "-n", self.name, "-d", "dummy"]
        command += ["-r", str(self.sample_rate), "-p", str(self.period)]
        # Broken pipes stay ignored, as here: jackd would die of a program that was killed, and a
        # server that died keeps one of the eight places that JACK has for servers.
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, restore_signals=False
        )
        try:
            self._await()
        except AssertionError:
            self.stop()
            raise
        return self

    def _await(self) -> None:
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            until = time.monotonic() + PATIENCE_SECONDS
            while (graph := open_jack_graph(unique_name("await"))) is None:
                assert time.monotonic() < until, "jackd did not start."
                time.sleep(0.05)
            graph.close()
        finally:
            os.environ.clear()
            os.environ.update(before)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the server; SIGKILL for a crash."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(how)
            process.wait(PATIENCE_SECONDS)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class JackProbe:
    """A second process: MIDI port ``<name>:out``, audio input ``<name>:in``; see `jack_probe`."""

    def __init__(self, server: JackServer, name: str = "AKM322") -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, str(PROBE), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **server.environment},
        )
        assert self._answer() == "ready"

    def play(self, messages: Iterable[tuple[float, Sequence[int]]]) -> dict[str, Any]:
        """Send messages at seconds from (almost) now on; when, by frame and by perf_counter."""
        return self._ask("play", _timed(messages))

    def play_from(self, frame: int, messages: Iterable[tuple[float, Sequence[int]]]) -> None:
        """Send messages at seconds from a frame of the server's clock on."""
        self._ask("play_from", [frame, _timed(messages)])

    def now(self) -> int:
        """The server's frame."""
        return int(self._ask("now", None))

    def send(self, *message: int) -> None:
        """Send one message now."""
        self.play([(0.0, message)])

    def hear_midi(self, port: str = "") -> None:
        """Keep the MIDI that comes from now on at our port ``<name>:midi``."""
        self._ask("hear_midi", port)

    def midi_heard(self) -> list[tuple[int, bytes]]:
        """The MIDI that came since, with the server's frames."""
        return [(frame, bytes.fromhex(text)) for frame, text in self._ask("midi_heard", None)]

    def listen(self, to: str) -> None:
        """Capture what an audio output sounds from now on."""
        self._ask("listen", to)

    def heard(self, path: Path) -> tuple[int, Samples]:
        """The frame at which capturing began, and the samples since then."""
        return self._captured("heard", path)

    def heard_so_far(self, path: Path) -> tuple[int, Samples]:
        """The same, and capturing goes on."""
        return self._captured("so_far", path)

    def _captured(self, command: str, path: Path) -> tuple[int, Samples]:
        answer = self._ask(command, str(path))
        return int(answer["frame"]), np.load(path)

    def _ask(self, command: str, argument: object) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([command, argument]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def unplug(self) -> None:
        """End at once, as a cable is pulled."""
        self._process.kill()
        self._process.communicate()

    def __enter__(self) -> "JackProbe":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.unplug()


def _timed(messages: Iterable[tuple[float, Sequence[int]]]) -> list[tuple[float, str]]:
    return [(at, bytes(message).hex()) for at, message in messages]


def audio_outputs(graph: JackGraph, prefix: str = "tutti-") -> tuple[str, ...]:
    """Audio outputs of our clients."""
    return tuple(port for port in graph.ports(AUDIO_TYPE, 2) if port.startswith(prefix))


def onsets(samples: Samples, threshold: float = 0.002, silence: int = 2_000) -> list[int]:
    """The frames where sound begins after at least ``silence`` frames below the threshold."""
    loud = np.flatnonzero(np.abs(samples) > threshold)
    if not len(loud):
        return []
    first = np.flatnonzero(np.diff(loud) > silence) + 1
    return [int(loud[0]), *(int(loud[index]) for index in first)]


def wait_until(true: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait for something that happens on another thread; whether it did."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()
