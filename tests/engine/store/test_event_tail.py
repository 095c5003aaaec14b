"""Reading a run's lines while they are written."""

import json
from pathlib import Path

import pytest

from engine.errors import TrainingError
from engine.store import event_tail
from engine.store.event_tail import EventTail


def line(step: int) -> bytes:
    return json.dumps({"event": "step", "step": step}).encode() + b"\n"


def steps(tail: EventTail) -> list[int]:
    return [event["step"] for event in tail.read()]


def test_only_what_came_since_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + line(2))
    tail = EventTail(path)
    assert steps(tail) == [1, 2]
    assert steps(tail) == []
    with path.open("ab") as stream:
        stream.write(line(3))
    assert steps(tail) == [3]
    assert tail.offset == path.stat().st_size


def test_a_line_that_is_not_whole_yet_waits_for_its_end(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + line(2)[:9])
    tail = EventTail(path)
    assert steps(tail) == [1]
    with path.open("ab") as stream:
        stream.write(line(2)[9:])
    assert steps(tail) == [2]


def test_reading_can_begin_at_any_line(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + line(2))
    assert steps(EventTail(path, after=len(line(1)))) == [2]


def test_a_file_that_is_not_there_tells_nothing_yet(tmp_path: Path) -> None:
    tail = EventTail(tmp_path / "events.jsonl")
    assert steps(tail) == []
    tail.path.write_bytes(line(1))
    assert steps(tail) == [1]


@pytest.mark.parametrize(
    "damage",
    [
        b"{cut\n",
        b"\n\n",
        b"[1, 2]\n",
        b'"words"\n',
        b"\xff\xfe\x00\n",
        b"[" * 100_000 + b"\n",
        b'{"event": "step", "step": ' + b"9" * 5000 + b"}\n",
    ],
    ids=["cut", "empty", "list", "text", "bytes", "deep", "huge"],
)
def test_a_damaged_line_costs_only_itself(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + damage + line(2))
    assert steps(EventTail(path)) == [1, 2]


def test_a_line_longer_than_any_event_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_tail, "PIECE_BYTES", 64)
    monkeypatch.setattr(event_tail, "LONGEST_LINE", 128)
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + b"x" * 1000 + b"\n" + line(2))
    assert steps(EventTail(path)) == [1, 2]


def test_a_file_that_a_resumed_run_put_in_its_place_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + line(2) + line(3))
    tail = EventTail(path)
    assert steps(tail) == [1, 2, 3]
    beside = tmp_path / "beside"
    beside.write_bytes(line(1) + line(2) + line(4) + line(5) + line(6))
    beside.replace(path)
    assert steps(tail) == [1, 2, 4, 5, 6]
    assert tail.restarts == 1


def test_a_file_cut_short_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(1) + line(2))
    tail = EventTail(path)
    tail.read()
    path.write_bytes(line(7))
    assert steps(tail) == [7]


def test_much_is_read_in_pieces_and_can_be_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_tail, "PIECE_BYTES", 100)
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"".join(line(step) for step in range(1, 100)))
    pieces = list(EventTail(path).pieces())
    assert len(pieces) > 10
    assert [event["step"] for piece in pieces for event in piece] == list(range(1, 100))
    assert list(EventTail(path).pieces(cancelled=lambda: True)) == []


def test_a_folder_in_the_file_s_place_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        EventTail(tmp_path).read()
