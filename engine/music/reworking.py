"""All that can be done to the timing, the lengths and the pitches of notes, as one value."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from engine.music.composition import Composition
from engine.music.harmony import Key, estimate_key
from engine.music.note import Note
from engine.music.rhythm import BarGrid, Rhythm
from engine.music.scope import Scope, Scopes, with_changed
from engine.music.ticks import meter_map
from engine.music.timing import humanized, legato, of_length, quantized, shortened
from engine.music.transposition import transposed, transposed_in_key

Length = Literal["kept", "legato", "staccato", "fixed"]
SIXTEENTHS = Rhythm()


@dataclass(frozen=True, slots=True)
class Reworking:
    """What is done, in this order: draw to the grid, set lengths, loosen, transpose.

    ``strength`` and ``looseness`` are 0 to 1. ``share`` is what staccato leaves of a length,
    ``fixed`` a length in quarter notes. ``degrees`` move along the scale of the melody's key, with
    ``semitones`` on top. As it is made, it changes nothing.
    """

    rhythm: Rhythm = SIXTEENTHS
    strength: float = 0.0
    ends: bool = True
    length: Length = "kept"
    share: float = 0.5
    fixed: float = 0.25
    looseness: float = 0.0
    seed: int = 1
    semitones: int = 0
    degrees: int = 0


def reworked(composition: Composition, scope: Scope, wanted: Reworking) -> Composition:
    """The composition with the notes of a scope worked over. Drums are not transposed."""
    return all_reworked(composition, (scope,), wanted)


def all_reworked(composition: Composition, scopes: Scopes, wanted: Reworking) -> Composition:
    """The composition with the notes of scopes of several tracks worked over alike.

    The key is what it was before any of them moved.
    """
    key = key_of(composition) if wanted.degrees else None
    after = composition
    for scope in scopes:
        change = partial(_reworked, composition, scope, key=key, wanted=wanted)
        after = with_changed(after, scope, change)
    return after


def _reworked(
    composition: Composition,
    scope: Scope,
    notes: tuple[Note, ...],
    *,
    key: Key | None,
    wanted: Reworking,
) -> Iterable[Note]:
    quarter, track = composition.ticks_per_quarter, composition.tracks[scope.track]
    stay = frozenset((note.start, note.pitch) for note in track.notes if not scope.holds(note))
    others = {note.start for note in track.notes} - {note.start for note in notes}
    if wanted.strength > 0:
        grid = BarGrid(meter_map(composition), quarter, wanted.rhythm)
        notes = quantized(notes, grid, wanted.strength, ends=wanted.ends, taken=stay)
    notes = _with_lengths(notes, others, quarter, wanted)
    notes = humanized(notes, quarter, wanted.looseness, wanted.seed, stay)
    return notes if track.is_drum else _transposed(notes, key, wanted)


def _with_lengths(
    notes: tuple[Note, ...], others: set[int], quarter: int, wanted: Reworking
) -> tuple[Note, ...]:
    if wanted.length == "legato":
        return legato(notes, others | {note.start for note in notes})
    if wanted.length == "staccato":
        return shortened(notes, wanted.share)
    if wanted.length == "fixed":
        return of_length(notes, round(wanted.fixed * quarter))
    return notes


def _transposed(notes: tuple[Note, ...], key: Key | None, wanted: Reworking) -> tuple[Note, ...]:
    if key is not None:
        notes = transposed_in_key(notes, wanted.degrees, key)
    return transposed(notes, wanted.semitones) if wanted.semitones else notes


def key_of(composition: Composition) -> Key | None:
    """The key that the melody's notes fit best, else that of all pitched notes."""
    pitched = (note for track in composition.tracks if not track.is_drum for note in track.notes)
    return estimate_key(composition.melody.notes) or estimate_key(pitched)
