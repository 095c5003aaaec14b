"""The chords that a composition implies, as the ruler names them."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from desktop.roll.chord_row import OwnChord
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

    def row(
        self, composition: Composition
    ) -> tuple[list[tuple[int, str]] | None, tuple[OwnChord, ...]]:
        """Implied chords where no own one holds, and the own ones; no row without a melody."""
        if not composition.melody.notes and not composition.chords:
            return None, ()
        own = own_chords(composition)
        implied = self.of(composition)
        return outside(implied, own, composition.end) if own else implied, own

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
    edges = chord_edges(composition)
    key = estimate_key(note for notes in pitched for note in notes)
    tonic = key.scale_tonic if key is not None else 0
    names = [chord_name(index, tonic) for index in implied_chords(pitched, edges)]
    shown: list[tuple[int, str]] = []
    for tick, name in zip(edges, names, strict=False):
        if name and (not shown or shown[-1][1] != name):
            shown.append((tick, name))
    return shown


def own_chords(composition: Composition) -> tuple[OwnChord, ...]:
    """The own chords with their ends; the last one holds to the end of the music, or of its bar."""
    marks = composition.chords
    if not marks:
        return ()
    meters = meter_map(composition)
    last = marks[-1].tick
    bar_after = meters.bar_start(meters.position_at(last).bar + 1)
    end = max(bar_after, meters.bar_end(composition.end))
    ends = [*(mark.tick for mark in marks[1:]), end]
    return tuple(
        OwnChord(mark.tick, after, mark.symbol)
        for mark, after in zip(marks, ends, strict=True)
        if mark.symbol
    )


def outside(
    implied: Sequence[tuple[int, str]], own: Sequence[tuple[int, int, str]], until: int
) -> list[tuple[int, str]]:
    """The implied chords where no own one holds; one that goes on after it is named there again.

    ``own`` are first tick, end and symbol, in order; ``until`` is where the music ends.
    """
    begins = [start for start, _end, _symbol in own]

    def is_free(tick: int) -> bool:
        before = bisect_right(begins, tick) - 1
        return before < 0 or tick >= own[before][1]

    named = {tick: name for tick, name in implied if is_free(tick)}
    starts = [tick for tick, _name in implied]
    for _start, end, _symbol in own:
        sounding = bisect_right(starts, end) - 1
        if sounding >= 0 and end < until and is_free(end):
            named.setdefault(end, implied[sounding][1])
    return sorted(named.items())


def chord_edges(composition: Composition) -> list[int]:
    """The ticks between which chords are named: bars, in even meters half bars; the end last."""
    meters = meter_map(composition)
    end = meters.bar_end(composition.end)
    edges: list[int] = []
    for start in meters.bar_starts(end):
        meter = meters.meter_at(start)
        edges.append(start)
        if meter.numerator % 2 == 0 and meter.numerator > 2:
            edges.append(start + meters.bar_ticks_at(start) // 2)
    return [*(edge for edge in edges if edge < end), end]
