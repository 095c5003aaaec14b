"""Takes in a melody: put in place of what was there, laid over it, and made again from."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.quantize import quantize
from engine.music.recorded import (
    MOST_PASSES,
    PlayedPass,
    Recorded,
    Shape,
    as_it_is,
    laid,
    relaid,
    remembered,
)
from engine.music.take import PlayedNote, Take, controls_in_ticks, notes_in_ticks, played_notes
from engine.music.ticks import MeterMap, StepGrid, TempoMap, meter_map, tempo_map
from engine.music.track import without_overlaps

STEPS_PER_QUARTER = 4
EARLY_STEPS = 8
"""A note up to this part of a quarter before a place was meant for it."""


def with_take(
    composition: Composition,
    take: Take,
    start_tick: int,
    snap: bool,
    make_room: bool = True,
    *,
    overdub: bool = False,
    until: int | None = None,
) -> Composition:
    """The take punched into the melody at ``start_tick``: what lies under its notes is replaced.

    With ``overdub`` that stays; ``until`` is the tick of a punch out. A note struck less than a
    quarter of a beat before the downbeat belongs to the downbeat. What was played earlier in the
    count-in is a pick-up: it stays before the downbeat, and a melody that begins the composition
    moves on by a bar to make room for it (unless ``make_room`` is False).
    """
    if make_room and until is None:
        start_tick += _pickup_room(composition, take, start_tick)
    return with_passes(composition, [take], start_tick, until, snap=snap, overdub=overdub)


def with_passes(
    composition: Composition,
    takes: Sequence[Take],
    start_tick: int,
    until: int | None,
    *,
    snap: bool,
    overdub: bool,
) -> Composition:
    """The passes of a loop (or one take) in the melody.

    An overdub sounds with all of them; else the last one sounds that was played to the end of the
    loop, or the last.
    """
    passes = tuple(_played_pass(composition, take, start_tick, until) for take in takes)
    passes = passes[-MOST_PASSES:]
    first, last = _span(composition, passes, start_tick, until, snap)
    under = None
    if overdub:
        under = tuple(note for note in composition.melody.notes if first <= note.start < last)
    sounding = tuple(range(len(passes))) if overdub else (_last_whole(takes[-MOST_PASSES:]),)
    recorded = Recorded(first, last, passes, sounding, under)
    melody = laid(composition.melody, recorded, shape_of(composition, snap), composition.recorded)
    changed = composition.with_track(0, melody)
    return replace(changed, recorded=remembered(composition.recorded, recorded))


def shape_of(composition: Composition, snap: bool) -> Shape:
    """What recording makes of played notes: on sixteenths, or as they were played."""
    if not snap:
        return as_it_is
    grid = StepGrid(composition.ticks_per_quarter, STEPS_PER_QUARTER)
    return lambda notes: quantize(notes, grid)


def _last_whole(takes: Sequence[Take]) -> int:
    """The last pass that has as much as the one before it, by the time it lasted."""
    if len(takes) > 1 and takes[-1].duration < 0.75 * takes[-2].duration:
        return len(takes) - 2
    return len(takes) - 1


def _span(
    composition: Composition,
    passes: Sequence[PlayedPass],
    start_tick: int,
    until: int | None,
    snap: bool,
) -> tuple[int, int]:
    """First tick and end of what is replaced."""
    shape = shape_of(composition, snap)
    notes = [note for each in passes for note in (*each.notes, *shape(each.notes))]
    first = min([start_tick, *(note.start for note in notes)])
    if until is not None:
        return min(first, start_tick), until
    return first, max([first, *(note.end for note in notes)])


def _played_pass(
    composition: Composition, take: Take, start_tick: int, until: int | None
) -> PlayedPass:
    tempos = tempo_map(composition)
    notes = _recorded_notes(composition, take, tempos, start_tick)
    controls = controls_in_ticks(take, tempos, start_tick)
    if until is None:
        return PlayedPass(notes, controls)
    late = until - early_ticks(composition)
    cut = tuple(
        replace(note, duration=max(1, min(note.end, until) - note.start))
        for note in notes
        if start_tick <= note.start < late
    )
    return PlayedPass(cut, tuple(event for event in controls if event.tick < until))


def early_ticks(composition: Composition) -> int:
    """A note so many ticks before a place or less was meant for it."""
    return composition.ticks_per_quarter // EARLY_STEPS


def _pickup_room(composition: Composition, take: Take, start_tick: int) -> int:
    """Ticks to move on by: a bar when a pick-up has no bar to stand in, else 0."""
    tempos, meters = tempo_map(composition), meter_map(composition)
    earliest = -_early_seconds(tempos, meters, start_tick)
    early = any(note.start < earliest for note in _of_last_bar(composition, take, start_tick))
    is_free = not composition.melody.notes and not composition.accompaniment
    return meters.bar_start(2) if early and start_tick == 0 and is_free else 0


def _early_seconds(tempos: TempoMap, meters: MeterMap, tick: int) -> float:
    step = meters.beat_ticks_at(tick) / 4
    return tempos.seconds_at(tick + step) - tempos.seconds_at(tick)


def _of_last_bar(composition: Composition, take: Take, start_tick: int) -> list[PlayedNote]:
    """The take's notes without those of the count-in that lie more than a bar before the start."""
    tempos, meters = tempo_map(composition), meter_map(composition)
    meter = meters.full_meter_at(start_tick)
    bar = 4 * composition.ticks_per_quarter * meter.numerator // meter.denominator
    length = tempos.seconds_at(start_tick + bar) - tempos.seconds_at(start_tick)
    return [note for note in played_notes(take) if note.start >= -length]


def _recorded_notes(
    composition: Composition, take: Take, tempos: TempoMap, start_tick: int
) -> tuple[Note, ...]:
    """The take's notes in ticks, as they were played."""
    early = _early_seconds(tempos, meter_map(composition), start_tick)
    played = [
        replace(note, start=0.0, end=max(0.0, note.end)) if -early <= note.start < 0 else note
        for note in _of_last_bar(composition, take, start_tick)
    ]
    if start_tick == 0:
        played = [note for note in played if note.end > 0 or note.start >= 0]
    return without_overlaps(notes_in_ticks(played, tempos, start_tick))[0]


def as_played(composition: Composition, start: int = 0, end: int | None = None) -> Composition:
    """The melody as it was played, between two ticks; what was never recorded stays."""
    early = early_ticks(composition)
    melody = relaid(composition.melody, composition.recorded, as_it_is, start, end, early)
    return composition.with_track(0, melody)


def with_played_times(composition: Composition) -> Composition:
    """The melody's notes when they were played; what was written or moved by hand stays."""
    near = composition.ticks_per_quarter // STEPS_PER_QUARTER
    played: dict[int, list[Note]] = {}
    for recorded in composition.recorded:
        for note in (note for each in recorded.heard for note in each.notes):
            played.setdefault(note.pitch, []).append(note)

    def timed(note: Note) -> Note:
        of_pitch = played.get(note.pitch, ())
        nearest = min(of_pitch, key=lambda each: abs(each.start - note.start), default=note)
        return (
            note
            if abs(nearest.start - note.start) > near
            else replace(nearest, velocity=note.velocity)
        )

    melody = composition.melody
    notes = without_overlaps(timed(note) for note in melody.notes)[0]
    return composition.with_track(0, replace(melody, notes=notes))


def with_sounding(
    composition: Composition, index: int, sounding: Iterable[int], snap: bool
) -> Composition:
    """Other passes of a recording in the melody, and what was recorded over it since."""
    recordings = list(composition.recorded)
    chosen = replace(recordings[index], sounding=tuple(sounding))
    recordings[index] = chosen
    shape = shape_of(composition, snap)
    melody = laid(composition.melody, chosen, shape, recordings[:index])
    for number, later in enumerate(recordings[index + 1 :], index + 1):
        if later.start < chosen.end and chosen.start < later.end:
            melody = laid(melody, later, shape, recordings[:number])
    return replace(composition.with_track(0, melody), recorded=tuple(recordings))
