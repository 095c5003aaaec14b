"""What a trainer is asked to do, and by whom."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.requests import Requests


def test_nothing_is_asked_at_first() -> None:
    assert Requests().asked() is None


def test_the_last_word_holds() -> None:
    requests = Requests()
    requests.ask("pause")
    assert requests.asked() == "pause"
    requests.ask("stop")
    assert requests.asked() == "stop"


def test_a_listener_who_leaves_asks_for_a_stop() -> None:
    requests = Requests()
    requests.leave()
    assert requests.asked() == "stop"


def test_a_listener_who_asked_for_a_pause_may_leave() -> None:
    requests = Requests()
    requests.ask("pause")
    requests.leave()
    assert requests.asked() == "pause"


def test_a_listener_who_said_so_may_leave() -> None:
    requests = Requests()
    requests.detach()
    requests.leave()
    assert requests.asked() is None
    requests.ask("stop")
    assert requests.asked() == "stop"


@pytest.mark.parametrize("text", ["pause", "stop\n"])
def test_a_file_asks_and_is_gone(text: str, tmp_path: Path) -> None:
    requests, path = Requests(), tmp_path / "request"
    requests.heed_file(path)
    assert requests.asked() is None
    path.write_text(text)
    assert requests.asked() == text.strip()
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"dance", b"\xff\xfe"])
def test_a_file_that_asks_for_something_else_is_passed_over(content: bytes, tmp_path: Path) -> None:
    requests, path = Requests(), tmp_path / "request"
    requests.heed_file(path)
    path.write_bytes(content)
    assert requests.asked() is None


def test_a_file_of_an_earlier_time_asks_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "request"
    path.write_text("stop")
    requests = Requests()
    requests.heed_file(path)
    assert requests.asked() is None
    assert not path.exists()


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Where to write what the trainer reads as its stdin."""
    reader, writer = os.pipe()
    real = os.read
    monkeypatch.setattr(
        "os.read", lambda number, size: real(reader if number == 0 else number, size)
    )
    yield writer
    os.close(reader)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (b"pause\n", "pause"),
        (b"pause\nstop\n", "stop"),
        (b"  stop \r\n", "stop"),
        (b"detach\n", None),
        (b"detach\npause\n", "pause"),
        (b"something else\n", "stop"),
        (b"", "stop"),
        (b"pau", "stop"),
    ],
)
def test_stdin_asks_line_by_line_and_its_end_is_a_stop(
    said: bytes, asked: str | None, stdin: int
) -> None:
    requests = Requests()
    os.write(stdin, said)
    os.close(stdin)
    requests._read_stdin()
    assert requests.asked() == asked


def test_signals_stop_and_a_second_interrupt_ends_at_once() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        requests = Requests()
        requests.heed_signals()
        signal.raise_signal(signal.SIGTERM)
        assert requests.asked() == "stop"
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
