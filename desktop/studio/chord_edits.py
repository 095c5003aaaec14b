"""The user's own chords: written, kept from what is implied, taken from what was played."""

from collections.abc import Iterable
from dataclasses import replace

from desktop.roll.chord_row import slots_of_bar
from desktop.studio.chords import chord_edges
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition
from engine.music.harmony import chord_name, estimate_key, implied_chords
from engine.music.note import Note
from engine.music.ticks import MeterMap, meter_map
from engine.music.track import Track


def with_marks(composition: Composition, marks: Iterable[ChordMark]) -> Composition:
    """Other own chords; ends that end nothing are left out."""
    kept: list[ChordMark] = []
    for mark in sorted(marks):
        if mark.symbol or (kept and kept[-1].symbol):
            kept.append(mark)
    return replace(composition, chords=tuple(kept))


def with_chord(composition: Composition, tick: int, symbol: str) -> Composition:
    """A chord written at a tick; an empty one takes away what begins or holds there.

    Where no chord was in force before, it holds to the end of its bar and no further.
    """
    if not symbol:
        return without_chord(composition, tick)
    meters = meter_map(composition)
    others = [mark for mark in composition.chords if mark.tick != tick]
    bar_end = meters.bar_start(meters.position_at(tick).bar + 1)
    bounded = any(tick < mark.tick <= bar_end for mark in others)
    in_force = [mark for mark in composition.chords if mark.tick <= tick]
    if not bounded and not (in_force and in_force[-1].symbol):
        others.append(ChordMark(bar_end))
    return with_marks(composition, [*others, ChordMark(tick, symbol)])


def without_chord(composition: Composition, tick: int) -> Composition:
    """The own chord that holds at a tick taken away; others stay as long as they were."""
    return with_marks(
        composition,
        [
            replace(mark, symbol="") if mark.tick <= tick < end else mark
            for mark, end in _with_ends(composition)
        ],
    )


def _with_ends(composition: Composition) -> list[tuple[ChordMark, float]]:
    marks = composition.chords
    ends = [*(mark.tick for mark in marks[1:]), float("inf")]
    return list(zip(marks, ends, strict=False))


def symbol_from(composition: Composition, tick: int) -> str:
    """The own chord that begins at a tick, empty where none does."""
    return next((mark.symbol for mark in composition.chords if mark.tick == tick), "")


def with_implied(composition: Composition) -> Composition:
    """The chords that the whole music implies as own ones."""
    pitched = [track.notes for track in composition.tracks if not track.is_drum]
    return with_marks(composition, named_marks(pitched, composition))


def named_marks(parts: list[tuple[Note, ...]], composition: Composition) -> list[ChordMark]:
    """The chords that notes imply, by half bars in even meters, each where it changes."""
    edges = chord_edges(composition)
    key = estimate_key(note for track in composition.tracks for note in _pitched(track))
    tonic = key.scale_tonic if key is not None else 0
    names = [chord_name(index, tonic) for index in implied_chords(parts, edges)]
    marks = [ChordMark(edges[-1])]
    before = ""
    for tick, name in zip(edges, names, strict=False):
        if name != before:
            marks.append(ChordMark(tick, name))
            before = name
    return marks


def _pitched(track: Track) -> tuple[Note, ...]:
    return () if track.is_drum else track.notes


def played_chords(composition: Composition, track: int, below: int) -> list[ChordMark]:
    """The chords of a track's notes below a pitch."""
    notes = tuple(note for note in composition.tracks[track].notes if note.pitch < below)
    return named_marks([notes], composition)


def with_played(
    composition: Composition, track: int, below: int, *, leave_out: bool
) -> Composition:
    """The chords of a track's notes below a pitch as own ones.

    ``leave_out`` takes these notes out of the track: the left hand of a take, whose right hand
    alone is the melody.
    """
    marked = with_marks(composition, played_chords(composition, track, below))
    if not leave_out:
        return marked
    source = composition.tracks[track]
    right = [note for note in source.notes if note.pitch >= below]
    return marked.with_track(track, source.with_notes(right))


def next_place(meters: MeterMap, tick: int, way: int, *, by_bars: bool) -> int:
    """Where to write after a place: the next bar or half bar (beat in odd meters), or back."""
    bar = meters.position_at(tick).bar
    if by_bars:
        return meters.bar_start(max(1, bar + way))
    start = meters.bar_start(bar)
    slot = slots_of_bar(meters, start)[-1]
    return min(meters.bar_start(bar + 1), start + ((tick - start) // slot + 1) * slot)
