"""The chords that a composition implies, as the ruler names them."""

from typing import Any

from engine.music.composition import Composition
from engine.music.harmony import chord_name, estimate_key, implied_chords
from engine.music.ticks import meter_map

MOST_NOTES = 10_000
"""Beyond it the chords would cost more than a frame, and nobody could read them."""


class ChordLine:
    """Reads the chords of what is shown anew only when its notes or bars have changed."""

    def __init__(self) -> None:
        self._read_of: tuple[Any, ...] = ()
        self._chords: list[tuple[int, str]] = []

    def of(self, composition: Composition) -> list[tuple[int, str]]:
        """As `shown_chords`; asked with every edit, a fader's as well."""
        read_of = (
            composition.meters,
            composition.ticks_per_quarter,
            [(track.is_drum, track.notes) for track in composition.tracks],
        )
        if read_of != self._read_of:
            self._read_of, self._chords = read_of, shown_chords(composition)
        return self._chords


def shown_chords(composition: Composition) -> list[tuple[int, str]]:
    """Tick and name of each new chord, by half bars in even meters; none without a band."""
    pitched = [track.notes for track in composition.tracks if not track.is_drum]
    if not composition.accompaniment or sum(map(len, pitched)) > MOST_NOTES:
        return []
    edges = _edges(composition)
    key = estimate_key(note for notes in pitched for note in notes)
    tonic = key.scale_tonic if key is not None else 0
    names = [chord_name(index, tonic) for index in implied_chords(pitched, edges)]
    shown: list[tuple[int, str]] = []
    for tick, name in zip(edges, names, strict=False):
        if name and (not shown or shown[-1][1] != name):
            shown.append((tick, name))
    return shown


def _edges(composition: Composition) -> list[int]:
    meters = meter_map(composition)
    end = meters.bar_end(composition.end)
    edges: list[int] = []
    for start in meters.bar_starts(end):
        meter = meters.meter_at(start)
        edges.append(start)
        if meter.numerator % 2 == 0 and meter.numerator > 2:
            edges.append(start + meters.bar_ticks_at(start) // 2)
    return [*(edge for edge in edges if edge < end), end]
