"""The card of a trained model, from its run."""

from collections.abc import Mapping
from typing import Any, Protocol

from engine.data.corpus import Corpus, SongEntry
from models.decode import NOISE_SIZE
from models.layout import STEPS_PER_BEAT, Layout
from models.settings import RunSettings

BACK_FROM_C = (5, 6)  # semitones down and up that the way back from C can move a part
# 64 bars of 4/4. The cost of attention grows with the square of the length; a longer melody is
# played in windows that overlap, each given what the one before it played.
LONGEST_INPUT = 1024
RIGHTS = (
    "What you generate is yours to use; parts of a style may resemble the songs "
    "the model learned from."
)


class Trained(Protocol):
    """What a card tells of a task."""

    settings: RunSettings
    layout: Layout
    corpus: Corpus
    train_songs: list[SongEntry]
    held_songs: list[SongEntry]
    ranges: tuple[tuple[int, int], ...]


def card_values(task: Trained, record: Mapping[str, Any]) -> dict[str, Any]:
    """The card's JSON; ``record`` has ``training`` and ``measures``."""
    settings, layout, data = task.settings, task.layout, task.corpus.card
    return {
        "name": settings.name,
        "version": "1",
        "description": settings.preset.description,
        "licence": "GPL-3.0-or-later",
        "rights": RIGHTS,
        "tags": list(settings.tags or data.tags),
        "tracks": _tracks(task),
        "steps_per_beat": STEPS_PER_BEAT,
        "meters": ["4/4"],
        "step_multiple": 16,
        "max_steps": LONGEST_INPUT,
        "passes": 1,
        "decoding": "threshold",
        "pitch_low": layout.pitch_low,
        "pitches": layout.pitches,
        "noise_size": NOISE_SIZE,
        "trained_on": [
            {
                "name": data.name,
                "version": data.version,
                "licence": data.licence,
                "songs": len(task.train_songs),
                "held_out": len(task.held_songs),
            }
        ],
        "training": dict(record["training"]),
        "measures": dict(record["measures"]),
        "parent": None,
    }


def _tracks(task: Trained) -> list[dict[str, Any]]:
    highest = task.layout.pitch_low + task.layout.pitches - 1
    preset = task.settings.preset
    return [
        {
            "name": role,
            "program": program,
            "is_drum": False,
            "pitch_low": max(task.layout.pitch_low, low - BACK_FROM_C[0]),
            "pitch_high": min(highest, high + BACK_FROM_C[1]),
        }
        for role, program, (low, high) in zip(
            preset.roles, preset.programs, task.ranges, strict=True
        )
    ]
