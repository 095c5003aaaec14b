"""Tempo and meter that change within a piece: set from a tick on, taken away again."""

from dataclasses import replace

from engine.music.composition import Composition, MeterChange, TempoChange, tempo_from_bpm


def with_tempo_from(composition: Composition, tick: int, beats_per_minute: float) -> Composition:
    """This tempo from ``tick`` on, until the next change."""
    others = [tempo for tempo in composition.tempos if tempo.tick != tick]
    return _with_tempos(composition, [*others, tempo_from_bpm(beats_per_minute, tick)])


def without_tempo_at(composition: Composition, tick: int) -> Composition:
    """The tempo before goes on; the first one stays."""
    kept = [tempo for tempo in composition.tempos if tempo.tick != tick or tick == 0]
    return _with_tempos(composition, kept)


def _with_tempos(composition: Composition, tempos: list[TempoChange]) -> Composition:
    kept: list[TempoChange] = []
    for tempo in sorted(tempos):
        # A change to what holds already is none.
        if kept and kept[-1].microseconds_per_quarter == tempo.microseconds_per_quarter:
            continue
        kept.append(tempo)
    return replace(composition, tempos=tuple(kept))


def with_meter_from(
    composition: Composition, tick: int, numerator: int, denominator: int
) -> Composition:
    """This meter from ``tick`` on, until the next change; a bar begins there."""
    others = [meter for meter in composition.meters if meter.tick != tick]
    return _with_meters(composition, [*others, MeterChange(tick, numerator, denominator)])


def without_meter_at(composition: Composition, tick: int) -> Composition:
    """The meter before goes on; the first one stays."""
    kept = [meter for meter in composition.meters if meter.tick != tick or tick == 0]
    return _with_meters(composition, kept)


def _with_meters(composition: Composition, meters: list[MeterChange]) -> Composition:
    kept: list[MeterChange] = []
    for meter in sorted(meters):
        same = kept and (kept[-1].numerator, kept[-1].denominator) == (
            meter.numerator,
            meter.denominator,
        )
        if not same:
            kept.append(meter)
    return replace(composition, meters=tuple(kept))
