"""Names for our clients in MIDI and audio systems."""

import os
from itertools import count

_counter = count(1)


def unique_name(name: str) -> str:
    """A client name that no other has, in this process or another."""
    return f"{name}-{os.getpid()}-{next(_counter)}"
