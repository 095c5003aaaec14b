"""TensorBoard's files, read record by record as TensorBoard reads them."""

import struct
import threading
from pathlib import Path

import pytest
from tensorboardX.proto.event_pb2 import Event, SessionLog
from tensorboardX.record_writer import masked_crc32c

from engine.errors import TrainingError
from models import tensorboard
from models.tensorboard import BoardWriter

STARTED = {"event": "started", "from_step": 0}


@pytest.fixture(autouse=True)
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "STEP_SECONDS", 0.0)


def records(folder: Path) -> list[Event]:
    """All records of the newest file; checks lengths and checksums."""
    content = max(folder.iterdir()).read_bytes()
    found, at = [], 0
    while at < len(content):
        (length,) = struct.unpack_from("<Q", content, at)
        body = content[at + 12 : at + 12 + length]
        checks = (
            struct.unpack_from("<I", content, at + 8),
            struct.unpack_from("<I", content, at + 12 + length),
        )
        assert checks == ((masked_crc32c(content[at : at + 8]),), (masked_crc32c(body),))
        event = Event()
        event.ParseFromString(body)
        found.append(event)
        at += 16 + length
    return found


def test_losses_and_measures_stand_in_the_files(tmp_path: Path) -> None:
    threads = threading.active_count()
    board = BoardWriter(tmp_path / "board")
    board(STARTED)
    board({"event": "step", "step": 1, "critic": -2.5, "total": 3.0})
    board({"event": "epoch", "step": 1, "epoch": 1, "of": 3, "seconds": 2})
    board({"event": "measures", "step": 1, "epoch": 1, "model": {"polyphony": 3.5}, "score": 0.5})
    board({"event": "checkpoint", "step": 1, "seconds": 2})
    board.close()
    assert threading.active_count() == threads
    version, _, *rest = records(tmp_path / "board")
    assert version.file_version == "brain.Event:2"
    told = {(e.step, v.tag): v.simple_value for e in rest for v in e.summary.value}
    assert told == {
        (1, "loss/critic"): -2.5,
        (1, "loss/total"): 3.0,
        (1, "epoch"): 1.0,
        (1, "measures/polyphony"): 3.5,
        (1, "measures/score"): 0.5,
    }


def test_a_resumed_run_takes_back_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    for from_step in (0, 40):
        board = BoardWriter(tmp_path)
        board({**STARTED, "from_step": from_step})
        board.close()
    assert len(list(tmp_path.iterdir())) == 2
    start = records(tmp_path)[1]
    assert (start.session_log.status, start.step) == (SessionLog.START, 41)


def test_steps_are_thinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensorboard, "STEP_SECONDS", 60.0)
    board = BoardWriter(tmp_path)
    board(STARTED)
    for step in range(100):
        board({"event": "step", "step": step, "total": 1.0})
    board.close()
    assert len(records(tmp_path)) == 3


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TrainingError, match="could not be written"):
        BoardWriter(tmp_path / "file" / "board")(STARTED)
