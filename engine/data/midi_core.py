"""symusic's core alone: the adapter of that library.

The package itself also imports a downloader of sound fonts, which Tutti has no use for and which
takes longer to load than the core.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any

NAME = "symusic.core"


def _core() -> Any:
    package = find_spec("symusic")
    places = package.submodule_search_locations if package else None
    spec = PathFinder.find_spec(NAME, places)
    if spec is None or spec.loader is None:
        raise ImportError("symusic is not installed.")
    core = module_from_spec(spec)
    sys.modules[NAME] = core  # whoever imports all of symusic gets this very core
    spec.loader.exec_module(core)
    return core


_CORE = sys.modules.get(NAME) or _core()


def score_in_ticks(content: bytes) -> Any:
    """The score in a MIDI file's bytes. Raises `RuntimeError` or `ValueError` for damaged ones."""
    return _CORE.ScoreTick.from_midi(content)


def score_in_seconds(content: bytes) -> Any:
    """The same with all times in seconds."""
    return _CORE.ScoreSecond.from_midi(content)
