"""Tensors from a file of anybody's: no pickle, and nothing of it is believed before it is bounded.

The safetensors library compares shapes and places with the file itself; what it would still do is
wait at a pipe for ever, and make objects of a header as large as the file.
"""

import os
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

MOST_HEADER_BYTES = 1 << 22
"""Of the list of names and shapes: a network of ours has some 100 kB of it."""
MOST_BYTES = 1 << 35
"""Of a whole file."""


def read_tensors(path: Path, most_bytes: int = MOST_BYTES) -> dict[str, Tensor]:
    """All tensors of a file by name, in memory only once they are looked at.

    Raises `OSError` for what is no file of a sensible size, and `SafetensorError` for a damaged
    one.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path} is no file")
    with path.open("rb") as stream:
        header = int.from_bytes(stream.read(8), "little")
        size = stream.seek(0, os.SEEK_END)
    if header > MOST_HEADER_BYTES or size > most_bytes:
        raise OSError(f"{path} is larger than it can be")
    return load_file(path)
