"""Whether what computes for long truly gives way, asked of the system itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.priority import THREADS_VARIABLE, apart, give_way, modest_threads

COMPUTES = """
import subprocess, sys, threading
hold = threading.Event()
threading.Thread(target=hold.wait, daemon=True).start()
print("ready", flush=True)
sys.stdin.readline()
threading.Thread(target=hold.wait, daemon=True).start()
child = subprocess.Popen(["sleep", "30"])
print(child.pid, flush=True)
sys.stdin.readline()
child.kill()
child.wait()
"""
"""Has a thread before it is asked to give way; another, and a process, come afterwards."""


@pytest.fixture
def computing() -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [sys.executable, "-c", COMPUTES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **apart(),
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        yield process
        process.communicate("\n")


def threads(process_id: int) -> list[int]:
    return [int(each.name) for each in Path(f"/proc/{process_id}/task").iterdir()]


def test_its_threads_and_what_it_starts_run_only_while_nothing_else_does(
    computing: "subprocess.Popen[str]",
) -> None:
    assert computing.stdin is not None and computing.stdout is not None
    give_way(computing.pid)
    computing.stdin.write("\n")
    computing.stdin.flush()
    child = int(computing.stdout.readline())
    lowered = [*threads(computing.pid), child]
    assert len(lowered) == 4
    assert {os.sched_getscheduler(each) for each in lowered} == {os.SCHED_IDLE}
    assert {os.getpriority(os.PRIO_PROCESS, each) for each in lowered} == {19}


def test_it_stays_in_the_session_of_the_window_and_in_no_group_of_its(
    computing: "subprocess.Popen[str]",
) -> None:
    # Linux shares the processor between sessions before it asks who gives way to whom.
    assert os.getsid(computing.pid) == os.getsid(0)
    assert os.getpgid(computing.pid) == computing.pid


def test_one_that_has_ended_is_left_alone() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    give_way(process.pid)


@pytest.mark.parametrize(("cores", "threads"), [(1, "1"), (2, "1"), (8, "7")])
def test_one_core_is_left_to_the_window(
    monkeypatch: pytest.MonkeyPatch, cores: int, threads: str
) -> None:
    monkeypatch.delenv(THREADS_VARIABLE, raising=False)
    monkeypatch.setattr("desktop.priority.cores", lambda: cores)
    assert modest_threads() == {"OMP_NUM_THREADS": threads}


def test_a_number_of_threads_that_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(THREADS_VARIABLE, "3")
    assert modest_threads() == {}
