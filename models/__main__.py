"""``python -m models``: the trainer, a process of its own."""

import sys

from models.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
