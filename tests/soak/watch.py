"""What must hold whatever a user does: no fault, sound music, an exact past, bounded memory."""

import ctypes
import gc
import logging
import os
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.app import App
from engine.music.composition import Composition
from engine.music.track import Track

PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

MESSAGES = "desktop.messages"
NOT_MEANT = ("This plugin does not support ", "Keyboard event not accepted by receiving widget")
"""Of the offscreen screen, and of QTest where a key that was struck means nothing: no faults."""


class SoakFault(Exception):
    """Something that must hold does not."""


class Ears(logging.Handler):
    """Hears what the log calls a fault: exceptions that nobody caught, and Qt's warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Called on any thread."""
        if record.getMessage().startswith(NOT_MEANT):
            return
        told = record.name == MESSAGES  # a sentence for the user is none
        if record.name.startswith("qt") or (record.levelno >= logging.ERROR and not told):
            self.heard.append(self.format(record))


class Witness:
    """Looks at the studio after each deed. Raises `SoakFault`."""

    def __init__(self, app: App, shown: Callable[[], Composition]) -> None:
        """``shown`` is what is seen and heard, a take that is auditioned in it."""
        self._app, self._shown = app, shown
        self._sound: set[int] = set()
        self._kept: list[Track] = []
        self._start = app.document.composition
        self.ears = Ears()
        self.walks = 0
        """How often the past was walked to its beginning and back."""
        self.whole_walks = 0
        """How many of these walks led to the song as it was opened."""
        self.steps_checked = 0
        logging.getLogger().addHandler(self.ears)
        app.document.loaded.connect(self._begin_anew)

    def close(self) -> None:
        """Listen no longer."""
        logging.getLogger().removeHandler(self.ears)

    def _begin_anew(self, composition: Composition) -> None:
        self._start = composition

    def forget(self) -> None:
        """Keep nothing of the music that was looked at."""
        self._kept.clear()
        self._sound.clear()

    def check(self) -> None:
        """Nothing went wrong, and all music is sound."""
        if self.ears.heard:
            raise SoakFault("\n".join(self.ears.heard))
        for music in (self._app.document.composition, self._shown()):
            self._check_music(music)

    def _check_music(self, music: Composition) -> None:
        for index, track in enumerate(music.tracks):
            if id(track) in self._sound:
                continue
            problem = problem_of(track)
            if problem:
                raise SoakFault(f"Track {index}, {track.name}: {problem}")
            self._sound.add(id(track))
            self._kept.append(track)  # or its id would come back
        if len(self._kept) > 200:
            self.forget()

    def check_step(self, before: Composition) -> None:
        """The last step was from ``before`` to now: Undo and Redo lead there and back."""
        document = self._app.document
        after = document.composition
        document.undo()
        same(document.composition, before, "Undo of the last step")
        document.redo()
        same(document.composition, after, "Redo of the last step")
        self.steps_checked += 1

    def walk(self) -> None:
        """To the beginning of the past and to where it was, looking at each step twice."""
        document = self._app.document
        stack, seen = document.undo_stack, [document.composition]
        index = stack.index()
        while stack.canUndo():
            document.undo()
            seen.append(document.composition)
        if not stack.forgotten:
            same(document.composition, self._start, "All steps taken back")
            self.whole_walks += 1
        for expected in reversed(seen[:-1]):
            document.redo()
            same(document.composition, expected, "A step done again")
        if stack.index() != index:
            raise SoakFault(f"The past has {stack.index()} steps, {index} before the walk.")
        self.walks += 1


def same(now: Composition, expected: Composition, what: str) -> None:
    """Raises `SoakFault` where two compositions are not the same value."""
    if now != expected:
        raise SoakFault(f"{what} leads elsewhere: {difference(now, expected)}")


def difference(now: Composition, expected: Composition) -> str:
    """In which fields two compositions differ."""
    names = Composition.__dataclass_fields__
    return ", ".join(name for name in names if getattr(now, name) != getattr(expected, name))


def problem_of(track: Track) -> str:
    """What is wrong with the notes of a track; empty where all is well."""
    notes = track.notes
    for note in notes:
        if note.duration <= 0 or note.start < 0:
            return f"{note} has no length, or begins before the beginning"
        if not (0 <= note.pitch <= 127 and 1 <= note.velocity <= 127):
            return f"{note} is out of range"
    if any(one > other for one, other in pairwise(notes)):
        return "its notes are not in order"
    ends: dict[int, int] = {}
    for note in notes:
        if note.start < ends.get(note.pitch, 0):
            return f"{note} begins while one of its pitch sounds"
        ends[note.pitch] = note.end
    return ""


def memory_mb() -> float:
    """What the process takes of the machine's memory.

    First the collector runs, and the C library gives back what is free: it is not leaked.
    """
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


def widgets() -> int:
    """How many widgets there are."""
    return len(QApplication.allWidgets())
