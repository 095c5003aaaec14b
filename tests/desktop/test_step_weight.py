"""What a step of the past costs: only what it does not share with the one before."""

import tracemalloc
from dataclasses import replace

from desktop.step_weight import weight_beside
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track

COUNT = 10_000


def song() -> Composition:
    """Two parts of ten thousand notes each."""
    notes = tuple(Note(60 * number, 40 + number % 40, 50) for number in range(COUNT))
    return Composition(tracks=(Track("Melody", notes=notes), Track("Bass", notes=notes[:-1])))


def test_what_is_shared_costs_nothing() -> None:
    before = song()
    assert weight_beside(before, before) == 0
    assert weight_beside(replace(before, title="Another"), before) < 1_000
    louder = before.with_track(1, replace(before.tracks[1], volume=90))
    assert weight_beside(louder, before) < 1_000


def test_some_notes_cost_their_places_and_what_is_near_them() -> None:
    before = song()
    notes = before.melody.notes
    for changed in (
        (*notes[:500], Note(30_000, 90, 7), *notes[501:]),
        (*notes[:500], *notes[501:]),
        (*notes[:500], notes[500], Note(30_001, 90, 7), *notes[501:]),
        notes[1:],
        (*notes, Note(10_000_000, 60, 9)),
    ):
        after = before.with_track(0, replace(before.melody, notes=changed))
        assert 8 * COUNT - 8 <= weight_beside(after, before) < 8 * COUNT + 40_000


def test_every_other_note_anew_costs_half_of_all() -> None:
    before = song()
    notes = before.melody.notes
    louder = [replace(note, velocity=99) for note in notes]
    whole = before.with_track(0, replace(before.melody, notes=tuple(louder)))
    mixed = tuple(pair[number % 2] for number, pair in enumerate(zip(notes, louder, strict=True)))
    half = before.with_track(0, replace(before.melody, notes=mixed))
    assert 0.4 < weight_beside(half, before) / weight_beside(whole, before) < 0.65


def test_all_notes_anew_cost_what_they_take() -> None:
    before = song()
    tracemalloc.start()
    louder = tuple(replace(note, velocity=99) for note in before.melody.notes)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    after = before.with_track(0, replace(before.melody, notes=louder))
    assert 0.6 * taken < weight_beside(after, before) < 2 * taken
