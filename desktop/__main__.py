"""Starts the studio: ``python -m desktop [FILE.mid]``."""

import sys

if sys.platform == "win32":
    # Qt brings an older C++ runtime: onnxruntime fails to load once that one is in the process.
    import engine.generation.session  # noqa: F401

from desktop.start import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
