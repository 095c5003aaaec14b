"""Chord sheets: chords over bars as plain text, read and written.

Two ways of writing, which may be mixed; ``#`` at a line's start or after a space begins a comment::

    1.1 C            bar.beat, then the chord that holds from there on
    2.3 G7
    | C | Am F | % |     bars one after another; a bar's chords share it evenly, % repeats one

Bars are counted as on the ruler: a pick-up is bar 1, but bars between lines begin with the first
full one, since nobody writes a chord over an upbeat. ``N.C.`` (or ``-``) is no chord, an empty bar
goes on, and ``%`` among other chords does so for its share of the bar.
"""

import re
from collections.abc import Iterable, Sequence

from engine.errors import MusicError
from engine.music.chord_symbols import ChordMark, symbol_of
from engine.music.ticks import MeterMap

REPEAT = "%"
FREE = "-"
MAX_BAR = 100_000
BARS_IN_LINE = 4
MOST_SHARES = 16
PLACED = re.compile(r"(\d+)\.(\d+)\s+(\S+)")
COMMENT = re.compile(r"(^|\s)#.*")


def parse_sheet(text: str, meters: MeterMap, where: str = "The chords") -> tuple[ChordMark, ...]:
    """The marks of a sheet, none of two at one tick. Raises `MusicError`: the line, and why."""
    marks: dict[int, ChordMark] = {}
    bar, before = first_full_bar(meters), list[str]()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        plain = COMMENT.sub("", line).strip()
        try:
            if plain.startswith("|"):
                bar = _bars(plain, bar, before, meters, marks)
            elif plain:
                bar = _placed(plain, meters, marks)
        except ValueError as error:
            raise MusicError(f"{where}, line {number}: {error}") from error
    if not marks:
        raise MusicError(f"{where}: there is no chord in it.")
    return tuple(marks[tick] for tick in sorted(marks))


def first_full_bar(meters: MeterMap) -> int:
    """2 after a pick-up (a first bar that is shorter, in a meter of its own), else 1."""
    second = meters.bar_start(2)
    own_meter = meters.meter_at(second).tick == second
    return 2 if own_meter and second - meters.bar_start(1) < meters.bar_ticks_at(second) else 1


def _mark(marks: dict[int, ChordMark], tick: int, name: str) -> None:
    marks[tick] = ChordMark(tick, symbol_of(name))


def _placed(line: str, meters: MeterMap, marks: dict[int, ChordMark]) -> int:
    """One ``bar.beat chord`` line; the bar after it."""
    match = PLACED.fullmatch(line)
    if match is None:
        raise ValueError("write “bar.beat chord”, such as “2.1 Am”, or bars between “|”.")
    bar, beat = int(match[1]), int(match[2])
    if not 1 <= bar <= MAX_BAR or beat < 1:
        raise ValueError("bars and beats are counted from 1.")
    start = meters.bar_start(bar)
    tick = start + (beat - 1) * meters.beat_ticks_at(start)
    if tick >= meters.bar_start(bar + 1):
        raise ValueError(f"bar {bar} has no beat {beat}.")
    _mark(marks, tick, match[3])
    return bar + 1


def _bars(
    line: str, bar: int, before: list[str], meters: MeterMap, marks: dict[int, ChordMark]
) -> int:
    """Bars from ``bar`` on, the last one's names in ``before``; the bar after them."""
    for written in filter(None, line.split("|")):
        names = written.split()
        before[:] = before if names == [REPEAT] else names
        start, length = meters.bar_start(bar), meters.bar_start(bar + 1) - meters.bar_start(bar)
        for index, name in enumerate(before):
            if name != REPEAT:
                _mark(marks, start + index * length // len(before), name)
        bar += 1
        if bar > MAX_BAR:
            raise ValueError("that are more bars than Tutti counts.")
    return bar


def written_sheet(marks: Iterable[ChordMark], meters: MeterMap) -> str:
    """The sheet of some marks, four bars a line; empty without any. A pick-up's come first.

    Marks that share a bar unevenly are written on its nearest sixteenth part.
    """
    by_bar: dict[int, list[ChordMark]] = {}
    for mark in marks:
        by_bar.setdefault(meters.position_at(mark.tick).bar, []).append(mark)
    if not by_bar:
        return ""
    full = range(first_full_bar(meters), max(by_bar) + 1)
    bars = [_written_bar(by_bar.get(bar, []), bar, meters) for bar in full]
    lines = [bars[first : first + BARS_IN_LINE] for first in range(0, len(bars), BARS_IN_LINE)]
    early = [_written_place(mark, meters) for mark in by_bar.get(1, []) if full.start > 1]
    return "\n".join([*early, *(f"| {' | '.join(line)} |" for line in lines)])


def _written_place(mark: ChordMark, meters: MeterMap) -> str:
    """A chord of the pick-up at its beat."""
    position = meters.position_at(mark.tick)
    return f"{position.bar}.{position.beat} {mark.symbol or FREE}"


def _written_bar(marks: Sequence[ChordMark], bar: int, meters: MeterMap) -> str:
    if not marks:
        return ""
    start, end = meters.bar_start(bar), meters.bar_start(bar + 1)
    names = {mark.tick - start: mark.symbol or FREE for mark in marks}
    for shares in range(1, MOST_SHARES + 1):
        places = [index * (end - start) // shares for index in range(shares)]
        if set(names) <= set(places):
            return " ".join(names.get(place, REPEAT) for place in places)
    placed = {offset * MOST_SHARES // (end - start): name for offset, name in names.items()}
    return " ".join(placed.get(share, REPEAT) for share in range(MOST_SHARES))
