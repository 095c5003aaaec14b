"""What was freed is used again without asking the system."""

import subprocess
import sys

_FRAMES = """
from desktop.freed_memory import keep_freed_memory
def frame():
    return [bytes(500_000) for _ in range(8)]
if keep_freed_memory():
    from resource import RUSAGE_SELF, getrusage
    frame()
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(20):
        frame()
    print(getrusage(RUSAGE_SELF).ru_minflt - before)
else:
    print(0)
"""


def test_a_frame_s_memory_is_there_for_the_next_one() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _FRAMES], capture_output=True, text=True, check=True, timeout=60
    )
    # Twenty frames of 4 MB would touch 20,000 new pages.
    assert int(told.stdout) < 2_000
