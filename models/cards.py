"""The card of a trained model, from its run."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.data.collection import Collection
from engine.data.song import DRUMS, CorpusCard, SongEntry
from models.conv_unet import PITCHES, ConvUNetSettings
from models.layout import STEPS_PER_BEAT, Layout
from models.lineage import inherited_sources
from models.noise_field import NOISE_SIZE
from models.settings import RunSettings

BACK_FROM_C = (5, 6)  # semitones down and up that the way back from C can move a part
# 64 bars of 4/4. The cost of attention grows with the square of the length; a longer melody is
# played in windows that overlap, each given what the one before it played.
LONGEST_INPUT = 1024
BY_RULE = (
    "Its data tells nothing of loudness: that follows meter, phrase and the melody's line by rule."
)
RIGHTS = (
    "What you generate is yours to use; parts of a style may resemble the songs "
    "the model learned from."
)


class Trained(Protocol):
    """What a card tells of a task."""

    settings: RunSettings
    corpus: Collection
    train_songs: list[SongEntry]
    held_songs: list[SongEntry]
    parent: str | None

    @property
    def parts(self) -> tuple[tuple[str, int], ...]: ...


class TrainedBeats(Trained, Protocol):
    """The same of one that fills in beats."""

    layout: Layout
    ranges: tuple[tuple[int, int], ...]

    flat: bool

    @property
    def meters(self) -> tuple[str, ...]: ...


class TrainedPicture(Trained, Protocol):
    """The same of one that draws pictures."""

    sizes: ConvUNetSettings


def card_values(task: TrainedBeats, record: Mapping[str, Any]) -> dict[str, Any]:
    """The card's JSON; ``record`` has ``training`` and ``measures``."""
    layout = task.layout
    ranges = [
        heard if track in layout.drums else _reachable(layout, heard)
        for track, heard in enumerate(task.ranges)
    ]
    card = _card(task, record, ranges)
    if task.flat:
        card["description"] += f" {BY_RULE}"
    return card | {
        "meters": list(task.meters),
        "step_multiple": 16,
        "max_steps": LONGEST_INPUT,
        "pitch_low": layout.pitch_low,
        "pitches": layout.pitches,
        "noise_size": NOISE_SIZE,
    }


def picture_card(task: TrainedPicture, record: Mapping[str, Any]) -> dict[str, Any]:
    """The card's JSON of a network that draws pictures of one length."""
    sizes = task.sizes
    return _card(task, record, [(0, PITCHES - 1)] * (sizes.tracks - 1)) | {
        "step_multiple": sizes.steps,
        "max_steps": sizes.steps,
        "pitch_low": 0,
        "pitches": PITCHES,
        "noise_size": sizes.noise_size,
    }


def _card(
    task: Trained, record: Mapping[str, Any], ranges: Sequence[tuple[int, int]]
) -> dict[str, Any]:
    settings = task.settings
    own = [_source(task, card) for card in task.corpus.cards]
    names = {each["name"] for each in own}
    inherited = inherited_sources(settings)
    return {
        "name": settings.name,
        "version": "1",
        "description": settings.preset.description,
        "licence": "GPL-3.0-or-later",
        "rights": RIGHTS,
        "tags": list(settings.tags or task.corpus.card.tags),
        "tracks": _tracks(task, ranges),
        "steps_per_beat": STEPS_PER_BEAT,
        "meters": ["4/4"],
        "passes": 1,
        "decoding": "threshold",
        "trained_on": [*own, *(each for each in inherited if each["name"] not in names)],
        "training": dict(record["training"]),
        "measures": dict(record["measures"]),
        "parent": task.parent,
    }


def _source(task: Trained, card: CorpusCard) -> dict[str, Any]:
    def of_card(songs: Sequence[SongEntry]) -> int:
        return sum(task.corpus.card_of(song) is card for song in songs)

    held_out = of_card(task.held_songs)
    return {
        "name": card.name,
        "version": card.version,
        "licence": card.licence,
        # Those by which habits are judged are used, too.
        "songs": of_card(task.corpus.songs) - held_out,
        "held_out": held_out,
    }


def _reachable(layout: Layout, heard: tuple[int, int]) -> tuple[int, int]:
    """The pitches that a part can be played on once it is moved back from C."""
    down, up = BACK_FROM_C
    highest = layout.pitch_low + layout.pitches - 1
    return max(layout.pitch_low, heard[0] - down), min(highest, heard[1] + up)


def _tracks(task: Trained, ranges: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    return [
        {
            "name": role,
            "program": program,
            "is_drum": role == DRUMS,
            "pitch_low": low,
            "pitch_high": high,
        }
        for (role, program), (low, high) in zip(task.parts, ranges, strict=True)
    ]
