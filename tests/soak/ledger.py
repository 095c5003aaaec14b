"""What the memory of the process is made of: whose it is, and of which things there are more."""

import ctypes
import gc
import re
import sys
from collections import Counter
from pathlib import Path

MOST_TOLD = 14
ROLLUP = Path("/proc/self/smaps_rollup")
MB = 1e6
MALLINFO = (
    *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
    *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
)


class Mallinfo(ctypes.Structure):
    """glibc's ``struct mallinfo2``, its fields in order, bytes."""

    _fields_ = [(name, ctypes.c_size_t) for name in MALLINFO]


class Ledger:
    """Compares now with the first look. Costs some tenths of a second a look."""

    def __init__(self) -> None:
        self._first: Counter[str] = Counter()

    def look(self) -> str:
        """Lines that tell where the memory is."""
        kinds = Counter(_name(type(thing)) for thing in gc.get_objects())
        if not self._first:
            self._first = kinds
        more = Counter(kinds)
        more.subtract(self._first)
        told = ", ".join(f"{name} {count:+d}" for name, count in more.most_common(MOST_TOLD))
        return (
            f"    {mapped()}; {allocated()}; Python {sys.getallocatedblocks()} blocks, "
            f"{kinds.total()} things the collector knows\n    more of: {told}"
        )


def mapped() -> str:
    """What of the memory is the process's alone, and what is pages of files."""
    found = dict(re.findall(r"^(\w+):\s+(\d+) kB", ROLLUP.read_text(), re.MULTILINE))
    own = int(found["Anonymous"]) * 1024 / MB
    return f"own {own:.0f} MB, files {int(found['Rss']) * 1024 / MB - own:.0f} MB"


def allocated() -> str:
    """What the C library has given out (Python's arenas are besides), and holds free."""
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = Mallinfo
    found = library.mallinfo2()
    return (
        f"malloc gave {(found.uordblks + found.hblkhd) / MB:.0f} MB, "
        f"holds {found.fordblks / MB:.0f} MB free"
    )


def _name(kind: type) -> str:
    module = str(kind.__module__)  # of some of Qt's kinds it is no text
    return f"{module.rsplit('.', 1)[-1]}.{kind.__qualname__}"
