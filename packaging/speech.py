"""How the set-up speaks to a person: short lines on stderr, one sentence where it fails."""

import sys


class SetUpError(Exception):
    """A known failure; ``str(error)`` is the sentence that is shown."""


def head(line: str) -> None:
    """What begins now."""
    print(line, file=sys.stderr, flush=True)


def say(line: str) -> None:
    """One line of progress."""
    print(f"  {line}", file=sys.stderr, flush=True)
