"""The card that a model file carries: what it plays, how it is fed, and where it comes from.

It is JSON in the ONNX metadata under `CARD_KEY`. Only what is needed to run the model is required;
the rest has a default, so that a hand-made model stays easy to write.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import ModelError
from engine.generation import card_fields as fields
from engine.generation.onnx_file import read_onnx_file

CARD_KEY = "tutti.card"
DEFAULT_THRESHOLD = 0.5
MAX_TRACKS = 64
MAX_STEP_MULTIPLE = 4096
MAX_NOISE_SIZE = 65_536
MAX_PASSES = 64
MAX_DEPTH = 32
METER = re.compile(r"([1-9]\d?)/(1|2|4|8|16|32|64)", re.ASCII)


@dataclass(frozen=True, slots=True)
class CardTrack:
    """One part that a model plays: ``pitch_low`` to ``pitch_high`` (both included) is its range."""

    name: str
    program: int = 0
    is_drum: bool = False
    pitch_low: int = 0
    pitch_high: int = 127


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model says of itself.

    ``steps_per_beat`` are steps of a quarter note. ``max_steps`` None: any length in one input.
    ``pitch_low`` and ``pitches`` are the rows of its planes, for melody and accompaniment alike.
    ``decoding`` is the name of a way of reading its output, ``threshold`` the value from which on
    a cell is set.
    """

    name: str
    tracks: tuple[CardTrack, ...]
    step_multiple: int
    noise_size: int
    steps_per_beat: int = 4
    pitch_low: int = 0
    pitches: int = 128
    max_steps: int | None = None
    passes: int = 1
    decoding: str = "threshold"
    threshold: float = DEFAULT_THRESHOLD
    meters: tuple[str, ...] = ("4/4",)
    version: str = "1"
    description: str = ""
    licence: str = ""
    rights: str = ""
    tags: tuple[str, ...] = ()
    trained_on: tuple[Any, ...] = ()
    training: Mapping[str, Any] = field(default_factory=dict)
    measures: Mapping[str, Any] = field(default_factory=dict)
    parent: str | None = None

    @property
    def pitch_high(self) -> int:
        """The highest pitch of its planes."""
        return self.pitch_low + self.pitches - 1

    @property
    def track_names(self) -> tuple[str, ...]:
        """The names of its parts, in output order."""
        return tuple(track.name for track in self.tracks)


def read_card(path: Path) -> ModelCard:
    """The card of a model file, without running anything. Raises `ModelError`."""
    return card_of(read_onnx_file(path).metadata, path.name)


def card_of(metadata: Mapping[str, str], file_name: str) -> ModelCard:
    """The card in a file's metadata. Raises `ModelError` with a sentence that names the file."""
    if CARD_KEY not in metadata:
        raise ModelError(f"{file_name} carries no Tutti card, so it is not a model for Tutti.")
    try:
        return parse_card(metadata[CARD_KEY])
    except ModelError as error:
        raise ModelError(f"The card of {file_name} cannot be used: {error}") from error


def parse_card(text: str) -> ModelCard:
    """A card from its JSON. Raises `ModelError`: what is missing or wrong, as a clause."""
    try:
        # NaN and the infinities, which Python alone writes, are no JSON: they are read as nothing.
        values = json.loads(text, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise ModelError("it is not JSON.") from error
    if not isinstance(values, dict):
        raise ModelError("it is not a JSON object.")
    _check_depth(values)
    decoding, threshold = _decoding(values)
    card = ModelCard(
        name=fields.text(values, "name", required=True),
        tracks=_tracks(values),
        step_multiple=fields.whole(values, "step_multiple", 1, MAX_STEP_MULTIPLE),
        noise_size=fields.whole(values, "noise_size", 1, MAX_NOISE_SIZE),
        steps_per_beat=fields.whole(values, "steps_per_beat", 1, 96, default=4),
        pitch_low=fields.whole(values, "pitch_low", 0, 127, default=0),
        pitches=fields.whole(values, "pitches", 1, 128, default=128),
        max_steps=_max_steps(values),
        passes=fields.whole(values, "passes", 1, MAX_PASSES, default=1),
        decoding=decoding,
        threshold=threshold,
        meters=_meters(values),
        version=fields.text(values, "version", default="1"),
        description=fields.text(values, "description"),
        licence=fields.text(values, "licence"),
        rights=fields.text(values, "rights"),
        tags=fields.texts(values, "tags"),
        trained_on=tuple(fields.sequence(values, "trained_on")),
        training=fields.mapping(values, "training"),
        measures=fields.mapping(values, "measures"),
        parent=fields.text(values, "parent") or None,
    )
    _check_ranges(card)
    return card


def _check_depth(values: Mapping[str, Any]) -> None:
    """What lists cards again (`asdict`, JSON) walks them by recursion, which has its limit."""
    level: list[Any] = [values]
    for _ in range(MAX_DEPTH):
        lists = [each.values() if isinstance(each, dict) else each for each in level]
        level = [inner for each in lists for inner in each if isinstance(inner, dict | list)]
        if not level:
            return
    raise ModelError("it is nested too deeply.")


def card_json(card: ModelCard) -> str:
    """The JSON of a card, as it stands in a model's metadata."""
    values = asdict(card)
    threshold = values.pop("threshold")
    if card.decoding == "threshold" and threshold != DEFAULT_THRESHOLD:
        values["decoding"] = threshold
    return json.dumps(values, ensure_ascii=False)


def _decoding(values: Mapping[str, Any]) -> tuple[str, float]:
    """The decoding's name and threshold; a number in the card is a threshold of its own."""
    value = values.get("decoding")
    if value is None:
        return "threshold", DEFAULT_THRESHOLD
    if isinstance(value, str):
        return value, DEFAULT_THRESHOLD
    if isinstance(value, dict) and set(value) == {"threshold"}:
        value = value["threshold"]
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1:
        return "threshold", float(value)
    raise ModelError('"decoding" must be a name, or a threshold above 0 and at most 1.')


def _max_steps(values: Mapping[str, Any]) -> int | None:
    if not values.get("max_steps"):
        return None
    return fields.whole(values, "max_steps", 1, 1 << 24)


def _meters(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Meters as "3/4"; a pair of numbers is read too."""
    meters = []
    for meter in fields.sequence(values, "meters"):
        written = "/".join(map(str, meter)) if isinstance(meter, list) else meter
        if not isinstance(written, str) or METER.fullmatch(written) is None:
            raise ModelError('"meters" must be a list such as ["4/4", "3/4"].')
        meters.append(written)
    return tuple(meters) or ("4/4",)


def _tracks(values: Mapping[str, Any]) -> tuple[CardTrack, ...]:
    listed = fields.sequence(values, "tracks")
    if not 1 <= len(listed) <= MAX_TRACKS:
        raise ModelError(f'"tracks" must list 1 to {MAX_TRACKS} tracks.')
    tracks = tuple(_track(each) for each in listed)
    if len({track.name for track in tracks}) != len(tracks):
        raise ModelError('two of its "tracks" have the same name.')
    return tracks


def _track(values: object) -> CardTrack:
    if not isinstance(values, dict):
        raise ModelError('each of its "tracks" must be a JSON object.')
    track = CardTrack(
        name=fields.text(values, "name", required=True),
        program=fields.whole(values, "program", 0, 127, default=0),
        is_drum=fields.flag(values, "is_drum"),
        pitch_low=fields.whole(values, "pitch_low", 0, 127, default=0),
        pitch_high=fields.whole(values, "pitch_high", 0, 127, default=127),
    )
    if track.pitch_low > track.pitch_high:
        raise ModelError(f"the range of its track {track.name} ends below its start.")
    return track


def _check_ranges(card: ModelCard) -> None:
    if card.pitch_high > 127:
        raise ModelError("its pitches go beyond 127.")
    if card.max_steps is not None and card.max_steps < card.step_multiple:
        raise ModelError('"max_steps" is smaller than "step_multiple".')
