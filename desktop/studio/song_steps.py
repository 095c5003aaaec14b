"""The bands that were kept for a song, one after the other: pure functions of compositions."""

from dataclasses import replace

from desktop.studio.edits import with_band
from engine.music.composition import Composition, Step
from engine.music.note import Note
from engine.music.track import Track

MOST_STEPS = 24
"""A song carries them all: the oldest give way."""
EDITED = "as you edited it"


def with_step(composition: Composition, words: str) -> Composition:
    """The composition whose band is its last step; one that is a step already is none anew."""
    if not composition.accompaniment or step_of(composition) is not None:
        return composition
    step = Step(words, composition.accompaniment, composition.origin)
    return replace(composition, steps=(*composition.steps, step)[-MOST_STEPS:])


def step_of(composition: Composition) -> int | None:
    """Which of its steps plays, the last of several that are alike; None: none of them."""
    band = _played(composition.accompaniment)
    steps = composition.steps
    return next((i for i in reversed(range(len(steps))) if _played(steps[i].tracks) == band), None)


def _played(tracks: tuple[Track, ...]) -> list[tuple[str, tuple[Note, ...]]]:
    return [(track.name, track.notes) for track in tracks]


def at_step(composition: Composition, index: int) -> Composition:
    """The band of a step in the mix of now; a band that was edited since becomes a step itself."""
    step = composition.steps[index]
    return with_band(with_step(composition, EDITED), step.tracks, step.origin)
