"""Which notes can be worked over, by name: those selected, those of marked bars, whole tracks."""

from collections.abc import Iterable, Mapping, Sequence

from desktop.roll.edits import Selection
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.scope import Scope, Scopes
from engine.music.ticks import meter_map

MOST_NAMED = 3
"""More tracks than this are counted instead."""
Offer = tuple[str, Scopes]


def offers(
    composition: Composition,
    selected: Mapping[int, frozenset[Note]],
    span: tuple[int, int] | None,
) -> list[Offer]:
    """What can be worked on, what is selected (by track) first, then what begins in ``span``."""
    chosen = [
        Scope(track, notes=notes)
        for track, notes in selected.items()
        if track < len(composition.tracks)
    ]
    marked = [] if span is None else _marked(composition, span)
    whole = [Scope(index) for index, track in enumerate(composition.tracks) if track.notes]
    return [
        *_selected(composition, chosen),
        *marked,
        *_each_and_all(composition, whole, "All of ", "All tracks"),
    ]


def _selected(composition: Composition, scopes: Sequence[Scope]) -> list[Offer]:
    """All of them together, then those of each track."""
    if len(scopes) < 2:
        return [(_counted(len(scope.notes or ())), (scope,)) for scope in scopes]
    together = _counted(sum(len(scope.notes or ()) for scope in scopes))
    each = [
        (f"{_counted(len(scope.notes or ()))} of {composition.tracks[scope.track].name}", (scope,))
        for scope in scopes
    ]
    return [(f"{together} of {tracks_named(composition, scopes)}", tuple(scopes)), *each]


def _marked(composition: Composition, span: tuple[int, int]) -> list[Offer]:
    scopes = [
        Scope(index, *span)
        for index, track in enumerate(composition.tracks)
        if any(span[0] <= note.start < span[1] for note in track.notes)
    ]
    bars = _bars(composition, span)
    return _each_and_all(composition, scopes, f"{bars} of ", f"{bars} of all tracks")


def _each_and_all(
    composition: Composition, scopes: Sequence[Scope], what: str, together: str
) -> list[Offer]:
    tracks = composition.tracks
    each: list[Offer] = [(what + tracks[scope.track].name, (scope,)) for scope in scopes]
    return [*each, (together, tuple(scopes))] if len(scopes) > 1 else each


def _bars(composition: Composition, span: tuple[int, int]) -> str:
    meters = meter_map(composition)
    first = meters.position_at(span[0]).bar
    last = meters.position_at(max(span[0], span[1] - 1)).bar
    return f"Bar {first}" if first == last else f"Bars {first}–{last}"


def _counted(notes: int) -> str:
    return "1 selected note" if notes == 1 else f"{notes} selected notes"


def followed(
    selection: Selection, before: Composition, after: Composition, scopes: Scopes
) -> Selection:
    """What was selected, where the notes of the scopes went when they were worked over.

    Notes of a pitch stay in their order; where some became part of others, all that changed.
    """
    parts: dict[int, frozenset[Note]] = selection.parts()
    for scope in scopes:
        held, old = parts.get(scope.track), before.tracks[scope.track].notes
        if not held or after.tracks[scope.track].notes is old:
            continue
        stay = {(note.start, note.pitch) for note in old if not scope.holds(note)}
        moved = [n for n in after.tracks[scope.track].notes if (n.start, n.pitch) not in stay]
        there = _by_pitch(moved)
        pairs = dict(zip(_by_pitch(scope.chosen(before)), there, strict=False))
        same = len(pairs) == len(there)
        found = (pairs.get(note, note) for note in held) if same else there
        parts[scope.track] = frozenset(found)
    return Selection.of_parts(selection.track, parts).within(after)


def _by_pitch(notes: Iterable[Note]) -> list[Note]:
    return sorted(notes, key=lambda note: (note.pitch, note.start))


def tracks_named(composition: Composition, scopes: Sequence[Scope]) -> str:
    """The tracks of some scopes, such as “Melody, Bass and Drums”; very many are counted."""
    names = [composition.tracks[scope.track].name for scope in scopes]
    if len(names) > MOST_NAMED:
        return f"{len(names)} tracks"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
