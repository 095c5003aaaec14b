import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import TrainingError
from engine.store.run_lock import RunLock, holder, is_held

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from engine.store.run_lock import RunLock
with RunLock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_run_is_held_while_its_trainer_lives(tmp_path: Path) -> None:
    assert not is_held(tmp_path)
    with RunLock(tmp_path):
        assert is_held(tmp_path)
        told = r"Another trainer \(process \d+\) works on the run"
        with pytest.raises(TrainingError, match=told), RunLock(tmp_path):
            pass
        assert is_held(tmp_path)
    assert not is_held(tmp_path)
    with RunLock(tmp_path):
        pass


def test_a_killed_trainer_holds_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "held\n"
        assert is_held(tmp_path)
        assert holder(tmp_path) == process.pid
    finally:
        process.kill()
        process.communicate()
    assert not is_held(tmp_path)
    assert holder(tmp_path) is None


def test_a_folder_that_is_no_run_is_not_held(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "nothing")
