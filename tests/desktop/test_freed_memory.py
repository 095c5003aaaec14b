"""What was freed is used again without asking the system."""

import subprocess
import sys
from pathlib import Path

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


_THREADS = """
import ctypes, sys, threading
from pathlib import Path
from desktop.freed_memory import keep_freed_memory
if keep_freed_memory():
    together = threading.Barrier(12)
    def work():
        held = [bytes(20_000) for _ in range(20)]
        together.wait()
        del held
    threads = [threading.Thread(target=work) for _ in range(12)]
    for each in threads: each.start()
    for each in threads: each.join()
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    told = ctypes.c_void_p(library.fopen(sys.argv[1].encode(), b"w"))
    library.malloc_info(0, told)
    library.fclose(told)
    print(Path(sys.argv[1]).read_text().count("<heap nr="))
else:
    print(1)
"""


def test_threads_share_what_they_free(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _THREADS, str(tmp_path / "heaps.xml")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert int(told.stdout) <= 2
