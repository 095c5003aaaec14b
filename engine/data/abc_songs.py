"""Songs written in ABC, turned into MIDI files.

symusic reads ABC by abc2midi's code, which writes what it dislikes to stdout and may end the
program on a file it cannot bear: so it works in a process of its own, and whatever it could not
read is simply not there afterwards.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.errors import DataError

MOST_SECONDS = 300.0
POLL_SECONDS = 0.05
_WORK = """
import sys
from pathlib import Path
import symusic
source, target = Path(sys.argv[1]), Path(sys.argv[2])
for path in sorted(source.glob("*.abc")):
    try:
        symusic.Score(path).dump_midi(target / (path.stem + ".mid"))
    except (RuntimeError, ValueError, OSError):
        continue
"""


def midi_from_abc(source: Path, target: Path, cancelled: Callable[[], bool] = lambda: False) -> int:
    """Turn every ``.abc`` file of a folder into a MIDI file; how many there are then.

    Raises `DataError` when none could be read or the work was cancelled.
    """
    target.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-c", _WORK, str(source), str(target)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ends = time.monotonic() + MOST_SECONDS
    while process.poll() is None:
        if cancelled() or time.monotonic() > ends:
            process.kill()
            process.wait()
            raise DataError("Reading the songs was stopped.")
        time.sleep(POLL_SECONDS)
    made = sum(1 for _ in target.glob("*.mid"))
    if not made:
        raise DataError("None of the songs written in ABC could be read.")
    return made
