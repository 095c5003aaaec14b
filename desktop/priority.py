"""Lets a process that computes for long give way to playing and generating."""

import contextlib
import os
import sys
from pathlib import Path

NICENESS = 10


def give_way(process_id: int) -> None:
    """Lower a process's priority; one that has ended already is left alone.

    On Windows a process is started at a lower priority instead: see `desktop.training_process`.
    """
    if sys.platform == "win32" or process_id <= 0:
        return
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process_id, NICENESS)
    # Linux shares the processor between sessions first, and nice acts within one only: a trainer
    # in a session of its own would keep half of it.
    with contextlib.suppress(OSError):
        Path(f"/proc/{process_id}/autogroup").write_text(str(NICENESS))
