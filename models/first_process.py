"""Which of several processes this is, as its launcher says; known before torch is loaded."""

import os

# torchrun's and Fabric's own names; absent where there is one process.
RANKS = ("RANK", "GROUP_RANK", "NODE_RANK", "LOCAL_RANK")


def is_first_process() -> bool:
    """Whether this process is the one that writes, and that is asked things."""
    return all(os.environ.get(name, "0") == "0" for name in RANKS)
