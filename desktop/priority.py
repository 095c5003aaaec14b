"""Lets a process that computes for long give way to sound, playing and generating."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NICENESS = 19
THREADS_VARIABLE = "OMP_NUM_THREADS"
_SET_INFORMATION = 0x0200  # the right that Windows asks for
_IDLE_CLASS = 0x40


def give_way(process_id: int) -> None:
    """Lower a process's priority, its threads' too; one that has ended already is left alone.

    On Linux it gets the processor only while nothing else of the same session wants it
    (``SCHED_IDLE``): a thread that makes sound takes it back at once. A merely nicer process keeps
    it to the end of its slice, some milliseconds, which is longer than the period of a sound card.
    What the process starts later inherits it. macOS gives its sound a real-time thread, and keeps
    what runs in the background on the slow cores: there it is the lowest niceness and no more.
    """
    if process_id <= 0:
        return
    if sys.platform == "win32":
        _idle_on_windows(process_id)
        return
    for thread in _threads(process_id):
        # Each thread by itself: it may have some already, on a machine that is slow to get here.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, NICENESS)
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))


def _threads(process_id: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(each.name) for each in Path(f"/proc/{process_id}/task").iterdir()]
    return [process_id]


def _idle_on_windows(process_id: int) -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32")
        if process := kernel.OpenProcess(_SET_INFORMATION, False, process_id):
            kernel.SetPriorityClass(process, _IDLE_CLASS)
            kernel.CloseHandle(process)


def apart() -> dict[str, Any]:
    """How a process is started that shall outlive the window, for `subprocess.Popen`.

    It has a group of its own: a Ctrl+C in the window's terminal is the window's alone then. It
    stays in the window's session: Linux shares the processor between sessions first, and what gives
    way within one does not to another.
    """
    if sys.platform == "win32":
        idle = subprocess.IDLE_PRIORITY_CLASS | subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": idle | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}


def modest_threads() -> dict[str, str]:
    """Environment variables that leave one core to the window, where there are several.

    A number that the user has set stays.
    """
    if THREADS_VARIABLE in os.environ:
        return {}
    return {THREADS_VARIABLE: str(max(1, cores() - 1))}


def cores() -> int:
    """How many processors this process may use."""
    if sys.platform != "linux":
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))
