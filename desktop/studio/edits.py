"""Edits of a composition as pure functions: a composition in, a new one out."""

from bisect import bisect_right
from dataclasses import replace
from typing import Any

from engine.music.composition import Composition, MeterChange, Origin, TempoChange, tempo_from_bpm
from engine.music.ticks import tempo_map
from engine.music.track import Track

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


def with_melody(composition: Composition, index: int) -> Composition:
    """Another track as the melody; the melody until now is one of the others, before them."""
    if index == 0:
        return composition
    tracks = list(composition.tracks)
    melody = replace(tracks.pop(index), locked=False)
    # What was recorded belongs to the melody until now.
    return replace(composition, tracks=(melody, *tracks), recorded=(), origin=None)


def without_part(composition: Composition, index: int) -> Composition:
    """Without one of the tracks beside the melody; ``index`` is 1 and more."""
    tracks = composition.tracks
    return replace(composition, tracks=(*tracks[:index], *tracks[index + 1 :]))


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


def with_faint_melody(composition: Composition, start: int, end: int | None) -> Composition:
    """What is seen while recording between two ticks: what will be played over stands back."""
    melody = composition.melody
    notes = tuple(
        replace(note, velocity=FAINT) if _within(note.start, start, end) else note
        for note in melody.notes
    )
    return composition.with_track(0, replace(melody, notes=notes))


def without_melody(composition: Composition, start: int, end: int | None) -> Composition:
    """What sounds while recording between two ticks (None: on and on): not the old melody."""
    melody = composition.melody
    notes = tuple(
        replace(note, duration=start - note.start) if note.start < start < note.end else note
        for note in melody.notes
        if not _within(note.start, start, end)
    )
    controls = tuple(event for event in melody.controls if not _within(event.tick, start, end))
    return composition.with_track(0, replace(melody, notes=notes, controls=controls))


def _within(tick: int, start: int, end: int | None) -> bool:
    return start <= tick and (end is None or tick < end)


def tempo_of(composition: Composition, tick: float) -> TempoChange:
    """The tempo in force at ``tick``."""
    return tempo_map(composition).tempo_at(tick)
