"""How the set-up speaks: short lines on stderr to a person, events to a program that listens."""

import sys
from collections.abc import Callable
from typing import Any

Listener = Callable[[dict[str, Any]], None]
_listeners: list[Listener] = []


class SetUpError(Exception):
    """A known failure; ``str(error)`` is the sentence that is shown, ``reason`` its core."""

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.reason = reason or sentence


def head(line: str) -> None:
    """What begins now."""
    print(line, file=sys.stderr, flush=True)


def say(line: str) -> None:
    """One line of progress."""
    print(f"  {line}", file=sys.stderr, flush=True)


def listen(listener: Listener) -> None:
    """Let a function hear every event from now on."""
    _listeners.append(listener)


def tell(event: str, **fields: Any) -> None:
    """An event for a program: what happens, and its figures."""
    for listener in _listeners:
        listener({"event": event, **fields})
