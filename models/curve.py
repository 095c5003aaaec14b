"""A curve of a run: what a step event tells, and what to look for in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Curve:
    """One number of every step.

    ``name`` is its key in the step events, ``label`` what a person reads, ``wanted`` a few words
    for how it should run: "towards 0", "steady", "down, then flat".
    """

    name: str
    label: str
    wanted: str
