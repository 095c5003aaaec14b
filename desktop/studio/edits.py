"""Edits of a composition as pure functions: a composition in, a new one out."""

from bisect import bisect_right
from dataclasses import replace
from typing import Any

from engine.music.composition import Composition, MeterChange, Origin, TempoChange, tempo_from_bpm
from engine.music.note import Note
from engine.music.quantize import quantize
from engine.music.take import PlayedNote, Take, controls_in_ticks, notes_in_ticks, played_notes
from engine.music.ticks import MeterMap, StepGrid, TempoMap, meter_map, tempo_map
from engine.music.track import ControlEvent, Track, without_overlaps

STEPS_PER_QUARTER = 4
FAINT = 10
"""A velocity that is seen but does not catch the eye."""
SLOWEST_BPM, FASTEST_BPM = 20.0, 300.0


def with_tempo(composition: Composition, beats_per_minute: float, tick: float) -> Composition:
    """The tempo in force at ``tick`` changed; other tempo changes stay."""
    bpm = min(FASTEST_BPM, max(SLOWEST_BPM, beats_per_minute))
    tempos = list(composition.tempos)
    index = max(0, bisect_right([tempo.tick for tempo in tempos], tick) - 1)
    tempos[index] = tempo_from_bpm(bpm, tempos[index].tick)
    return replace(composition, tempos=tuple(tempos))


def with_meter(
    composition: Composition, numerator: int, denominator: int, tick: float
) -> Composition:
    """The meter in force at ``tick`` changed; other meter changes stay."""
    meters = list(composition.meters)
    index = max(0, bisect_right([meter.tick for meter in meters], tick) - 1)
    meters[index] = MeterChange(meters[index].tick, numerator, denominator)
    return replace(composition, meters=tuple(meters))


def with_mix(composition: Composition, index: int, **values: Any) -> Composition:
    """One track's place in the mix, instrument, name or lock changed."""
    return composition.with_track(index, replace(composition.tracks[index], **values))


def with_band(
    composition: Composition, tracks: tuple[Track, ...], origin: Origin | None
) -> Composition:
    """Another accompaniment that takes over the mix of the tracks it replaces, by their names."""
    before = {track.name: track for track in composition.accompaniment}
    mixed = tuple(_mixed_like(track, before.get(track.name)) for track in tracks)
    return composition.with_accompaniment(mixed, origin)


def _mixed_like(track: Track, before: Track | None) -> Track:
    if before is None or before.is_drum != track.is_drum:
        return track
    return replace(
        track,
        program=before.program,
        volume=before.volume,
        pan=before.pan,
        muted=before.muted,
        soloed=before.soloed,
        locked=before.locked,
        reverb=before.reverb,
        chorus=before.chorus,
        output=before.output,
    )


def with_faint_melody_after(composition: Composition, tick: int) -> Composition:
    """What is seen while recording from ``tick``: what will be played over stands back."""
    melody = composition.melody
    notes = tuple(
        replace(note, velocity=FAINT) if note.start >= tick else note for note in melody.notes
    )
    return composition.with_track(0, replace(melody, notes=notes))


def without_melody_after(composition: Composition, tick: int) -> Composition:
    """What sounds while recording from ``tick``: the old melody is silent from there on."""
    melody = composition.melody
    notes = tuple(
        replace(note, duration=min(note.end, tick) - note.start)
        for note in melody.notes
        if note.start < tick
    )
    controls = tuple(event for event in melody.controls if event.tick < tick)
    return composition.with_track(0, replace(melody, notes=notes, controls=controls))


def with_take(
    composition: Composition, take: Take, start_tick: int, snap: bool, make_room: bool = True
) -> Composition:
    """The take punched into the melody at ``start_tick``: what lies under its notes is replaced.

    A note struck less than a quarter of a beat before the downbeat belongs to the downbeat. What
    was played earlier in the count-in is a pick-up: it stays before the downbeat, and a melody that
    begins the composition moves on by a bar to make room for it (unless ``make_room`` is False).
    """
    if make_room:
        start_tick += _pickup_room(composition, take, start_tick)
    tempos = tempo_map(composition)
    notes = _recorded_notes(composition, take, tempos, start_tick, snap)
    controls = controls_in_ticks(take, tempos, start_tick)
    first = min([start_tick, *(note.start for note in notes)])
    end = max((note.end for note in notes), default=first)
    melody = _punched(composition.melody, notes, controls, first, end)
    return composition.with_track(0, melody)


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
    bar = meters.bar_ticks_at(start_tick)
    length = tempos.seconds_at(start_tick + bar) - tempos.seconds_at(start_tick)
    return [note for note in played_notes(take) if note.start >= -length]


def _recorded_notes(
    composition: Composition, take: Take, tempos: TempoMap, start_tick: int, snap: bool
) -> tuple[Note, ...]:
    """The take's notes in ticks, drawn to sixteenths when ``snap`` is set."""
    early = _early_seconds(tempos, meter_map(composition), start_tick)
    played = [
        replace(note, start=0.0, end=max(0.0, note.end)) if -early <= note.start < 0 else note
        for note in _of_last_bar(composition, take, start_tick)
    ]
    if start_tick == 0:
        played = [note for note in played if note.end > 0 or note.start >= 0]
    notes = notes_in_ticks(played, tempos, start_tick)
    if snap:
        return quantize(notes, StepGrid(composition.ticks_per_quarter, STEPS_PER_QUARTER))
    return without_overlaps(notes)[0]


def _punched(
    melody: Track,
    notes: tuple[Note, ...],
    controls: tuple[ControlEvent, ...],
    first: int,
    end: int,
) -> Track:
    """The melody with ``first`` to ``end`` replaced; a note that reaches in is shortened."""
    kept = [
        replace(note, duration=first - note.start) if note.start < first < note.end else note
        for note in melody.notes
        if not first <= note.start < end
    ]
    others = [event for event in melody.controls if not first <= event.tick < end]
    ordered = sorted([*others, *controls], key=lambda event: event.tick)
    merged = without_overlaps([*kept, *notes])[0]
    return replace(melody, notes=merged, controls=tuple(ordered))


def tempo_of(composition: Composition, tick: float) -> TempoChange:
    """The tempo in force at ``tick``."""
    return tempo_map(composition).tempo_at(tick)
