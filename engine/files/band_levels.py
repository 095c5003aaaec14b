"""How loud a band is under its melody, so that takes can be compared at one loudness."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from engine.files.loudness import LoudnessMeter
from engine.files.offline_synth import OfflineSynth
from engine.files.rendering import Score, parts_of, sound, together
from engine.music.composition import Composition
from engine.music.track import Track

SAMPLE_RATE = 22_050
MOST_SECONDS = 30.0
"""Of music are listened to: enough to tell takes apart."""
GAIN = 0.5
DECIBELS_PER_DECADE = 40.0
"""By which FluidSynth lowers a channel whose volume (CC 7) is a tenth."""
MOST_DECIBELS = 9.0
LOUDEST = 127


def band_loudness(
    composition: Composition, sound_font: Path, check: Callable[[], None] = lambda: None
) -> float | None:
    """Loudness in LUFS of what stands under the melody, in its mix; None for silence.

    Mute and solo do not count. ``check`` is called in between and may raise to end it. Raises
    `AudioError` where nothing can be rendered.
    """
    band = tuple(
        replace(track, muted=False, soloed=False)
        for track in composition.accompaniment
        if track.notes and track.volume
    )
    if not band:
        return None
    alone = replace(composition, tracks=band)
    part = together(parts_of(alone)[0])
    meter, seconds = LoudnessMeter(SAMPLE_RATE), 0.0
    with OfflineSynth(sound_font, SAMPLE_RATE, GAIN, part.drums) as synth:
        for block in sound(synth, Score(alone, SAMPLE_RATE, rings_out=False), part):
            check()
            meter.add(block)
            seconds += len(block) / SAMPLE_RATE
            if seconds >= MOST_SECONDS:
                break
    loudness = meter.integrated()
    return loudness if loudness > float("-inf") else None


def gains_to_match(
    loudnesses: Sequence[float | None], reference: float | None = None
) -> tuple[float, ...]:
    """Decibels for each of them so that all are as loud as ``reference``, else as their middle."""
    heard = [each for each in loudnesses if each is not None]
    wanted = reference if reference is not None else median(heard or [0.0])
    return tuple(
        0.0 if each is None else max(-MOST_DECIBELS, min(MOST_DECIBELS, wanted - each))
        for each in loudnesses
    )


def with_gain(composition: Composition, decibels: float) -> Composition:
    """The band under the melody so much louder; its parts keep their balance, up to CC 7's end."""
    if not decibels:
        return composition
    loudest = max((track.volume for track in composition.accompaniment), default=0)
    factor = 10 ** (decibels / DECIBELS_PER_DECADE)
    factor = min(factor, LOUDEST / loudest) if loudest else factor
    tracks = tuple(_louder(track, factor) for track in composition.accompaniment)
    return composition.with_accompaniment(tracks, composition.origin)


def _louder(track: Track, factor: float) -> Track:
    return replace(track, volume=min(LOUDEST, round(track.volume * factor)))
