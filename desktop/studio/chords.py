"""The chords that a composition implies, as the ruler names them."""

from engine.music.composition import Composition
from engine.music.harmony import chord_name, estimate_key, implied_chords
from engine.music.ticks import meter_map

MOST_NOTES = 20_000
"""Beyond it the chords would cost a frame or more, and nobody could read them."""


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
            edges.append(start + meters.beat_ticks_at(start) * meter.numerator // 2)
    return [*(edge for edge in edges if edge < end), end]
