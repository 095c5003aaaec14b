"""Everything that a model is told, as arrays along the steps of the whole piece.

Only what the model's graph asks for is made. Arrays have no batch axis yet: takes share them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from engine.errors import ModelError, MusicError
from engine.generation.contract import (
    CHORD_ROWS,
    CHORDS,
    DENSITY,
    KEEP,
    KNOWN,
    POSITION,
    POSITION_ROWS,
)
from engine.generation.frame import Frame
from engine.generation.layout import Layout
from engine.generation.model_card import ModelCard
from engine.generation.request import ChordHint, Request
from engine.generation.session import FloatArray
from engine.music.composition import Composition
from engine.music.note import MAX_PITCH, Note
from engine.music.piano_roll import BoolArray, encode
from engine.music.track import Track

OCTAVE = 12
Array = TypeVar("Array", FloatArray, BoolArray)
MODEL_CHOICE = -1.0
LOWEST_MIDDLE, HIGHEST_MIDDLE = 50, 88
"""Between them lies the middle pitch of melodies."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a model is told, with axes as in the contract; None where its graph does not ask.

    ``known`` is bool (track, plane, step, pitch), ``keep`` bool (track, step).
    """

    melody: FloatArray
    chords: FloatArray | None
    density: FloatArray | None
    position: FloatArray | None
    known: BoolArray | None
    keep: BoolArray | None


def conditions_of(
    composition: Composition,
    request: Request,
    frame: Frame,
    layout: Layout,
    length: int,
    card: ModelCard,
    asked: frozenset[str],
) -> Conditions:
    """The conditions for ``length`` columns. Raises `ModelError` for what it cannot be told."""
    if request.chords and CHORDS not in asked:
        raise ModelError(f"{card.name} takes no chords; it finds its own.")
    if request.density and DENSITY not in asked:
        raise ModelError(f"{card.name} takes no density; it finds its own.")
    known = keep = None
    if KNOWN in asked and KEEP in asked:
        staying, where = _known(composition, request, frame, card)
        known = _padded(layout.spread_planes(staying), length, axis=2)
        keep = _padded(where[:, layout.source], length, axis=1)
    return Conditions(
        melody=_melody(composition.melody.notes, frame, layout, length, card),
        chords=_chords(request.chords, frame, layout, length) if CHORDS in asked else None,
        density=_density(request, card) if DENSITY in asked else None,
        position=_position(layout, length) if POSITION in asked else None,
        known=known,
        keep=keep,
    )


def _melody(
    notes: Iterable[Note], frame: Frame, layout: Layout, length: int, card: ModelCard
) -> FloatArray:
    """Planes (2, step, pitch), heard where melodies lie; what is beyond the range is folded in."""
    heard = [_within(note, frame, card) for note in at_melody_height(notes)]
    roll = encode([heard], frame.grid, frame.steps, pitch_low=card.pitch_low, pitches=card.pitches)
    planes: FloatArray = layout.spread_planes(roll.planes[0]).astype(np.float32)
    return _padded(planes, length, axis=1)


def at_melody_height(notes: Iterable[Note]) -> list[Note]:
    """The melody moved by whole octaves to where melodies lie; most stay where they are.

    A network takes one in the bass for a bass: `pop` then plays 39 to 64 % of its notes out of key,
    and none an octave higher.
    """
    played = list(notes)
    pitches = sorted(note.pitch for note in played)
    middle = folded(pitches[len(pitches) // 2], LOWEST_MIDDLE, HIGHEST_MIDDLE)
    shift = middle - pitches[len(pitches) // 2]
    if not shift:
        return played
    return [replace(note, pitch=folded(note.pitch + shift, 0, MAX_PITCH)) for note in played]


def _padded(values: Array, length: int, axis: int) -> Array:
    """Zeros after the values, up to the length of the axis."""
    widths = [(0, 0)] * values.ndim
    widths[axis] = (0, length - values.shape[axis])
    return np.pad(values, widths)


def _within(note: Note, frame: Frame, card: ModelCard) -> Note:
    """The note as the network hears it: folded by octaves, and never begun after the last step."""
    last = frame.grid.tick_at(frame.steps - 1)
    start = last if frame.grid.nearest_step(note.start) >= frame.steps else note.start
    return replace(note, pitch=folded(note.pitch, card.pitch_low, card.pitch_high), start=start)


def folded(pitch: int, low: int, high: int) -> int:
    """The pitch moved by octaves until it lies within the range, if the range has room for it."""
    while pitch < low:
        pitch += OCTAVE
    while pitch > high and pitch - OCTAVE >= low:
        pitch -= OCTAVE
    return pitch


def _chords(hints: Sequence[ChordHint], frame: Frame, layout: Layout, length: int) -> FloatArray:
    """Rows (24, step): the root one-hot, then the pitch-class set; zero where no hint is given."""
    rows = np.zeros((CHORD_ROWS, frame.steps), dtype=np.float32)
    ordered = sorted(hints, key=lambda hint: hint.tick)
    starts = [max(0, frame.grid.nearest_step(hint.tick)) for hint in ordered]
    ends = [*starts[1:], frame.steps]
    for hint, first, last in zip(ordered, starts, ends, strict=False):
        if hint.root is None:
            continue
        rows[hint.root % OCTAVE, first:last] = 1
        for pitch_class in hint.pitch_classes:
            rows[OCTAVE + pitch_class % OCTAVE, first:last] = 1
    return _padded(rows[:, layout.source], length, axis=1)


def _density(request: Request, card: ModelCard) -> FloatArray:
    """How busy each track is (track,). Raises `ModelError` for a track the model does not play."""
    for name in request.density:
        if name not in card.track_names:
            names = ", ".join(card.track_names)
            raise ModelError(f"{card.name} plays no track “{name}”; it plays {names}.")
    values = [request.density.get(name, MODEL_CHOICE) for name in card.track_names]
    return np.array(values, dtype=np.float32)


def _position(layout: Layout, length: int) -> FloatArray:
    """Rows (2, step): where bars start, where beats start."""
    rows = np.zeros((POSITION_ROWS, length), dtype=np.float32)
    for row, lines in zip(rows, (layout.bars, layout.beats), strict=True):
        row[[line for line in lines if 0 <= line < length]] = 1
    return rows


def _known(
    composition: Composition, request: Request, frame: Frame, card: ModelCard
) -> tuple[BoolArray, BoolArray]:
    """What stays, and where: locked tracks throughout, all tracks outside the asked bars."""
    by_name = {track.name: track for track in composition.accompaniment}
    notes = [_notes_of(by_name.get(name)) for name in card.track_names]
    roll = encode(notes, frame.grid, frame.steps, pitch_low=card.pitch_low, pitches=card.pitches)
    keep = np.zeros((len(card.tracks), frame.steps), dtype=np.bool_)
    for row, name in zip(keep, card.track_names, strict=True):
        row[:] = name in request.locked and name in by_name
    if request.bars is not None:
        first, last = (frame.grid.nearest_step(tick) for tick in region_of(request.bars, frame))
        keep[:, :first] = True
        keep[:, last:] = True
    return roll.planes & keep[:, None, :, None], keep


def _notes_of(track: Track | None) -> tuple[Note, ...]:
    return () if track is None else track.notes


def region_of(bars: tuple[int, int], frame: Frame) -> tuple[int, int]:
    """The ticks of bars, the last included. Raises `MusicError` beyond the melody."""
    start = frame.meters.bar_start(bars[0])
    if start >= frame.end:
        raise MusicError(f"Bar {bars[0]} lies after the end of the music.")
    return start, min(frame.end, frame.meters.bar_start(bars[1] + 1))
