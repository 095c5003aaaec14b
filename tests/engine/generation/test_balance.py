"""A band that nobody has mixed yet leaves the melody in front."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.files.audio import render_wav
from engine.generation.balance import SIDES, balanced
from engine.live.sound_fonts import sound_fonts
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import CENTRE_PAN, DEFAULT_VOLUME, Track

MEASURED = tuple(font for font in sound_fonts() if font.stem in {"FluidR3_GM", "TimGM6mb"})
"""The fonts of which Tutti brings one along and most systems have the other."""
STEPS = (0, 2, 4, 5, 7, 5, 4, 2)


def phrase(lowest: int, velocity: int, *above: int) -> tuple[Note, ...]:
    """Eight quarter notes, with the same line ``above`` semitones higher."""
    return tuple(
        Note(480 * beat, lowest + step + interval, 460, velocity)
        for beat, step in enumerate(STEPS)
        for interval in (0, *above)
    )


MELODY = Track("Melody", 0, phrase(67, 80))
BASS = Track("Bass", 33, phrase(36, 85))
CHORDS = Track("Chords", 4, phrase(52, 85, 4, 7))
COUNTER = Track("Counter", 71, phrase(67, 90))
DRUMS = Track("Drums", 0, phrase(36, 85), is_drum=True)


def loudness_db(track: Track, font: Path, folder: Path) -> float:
    """What of a track is loud: the 90th percentile of its 0.1 s stretches."""
    path = folder / "heard.wav"
    render_wav(Composition(tracks=(track,)), path, font)
    sound, rate = soundfile.read(path)
    length = rate // 10
    power = (sound**2).mean(axis=1)[: len(sound) // length * length].reshape(-1, length).mean(1)
    return float(10 * np.log10(np.percentile(power[power > power.max() / 1000], 90)))


@pytest.mark.parametrize("font", MEASURED, ids=lambda font: font.stem)
def test_no_part_of_a_band_is_louder_than_the_melody(font: Path, tmp_path: Path) -> None:
    melody = loudness_db(MELODY, font, tmp_path)
    for part in balanced((BASS, CHORDS, COUNTER)):
        assert loudness_db(part, font, tmp_path) < melody, part.name


def test_the_parts_stand_left_and_right_of_the_melody_and_the_ground_in_the_centre() -> None:
    parts = tuple(balanced((DRUMS, BASS, CHORDS, COUNTER)))
    assert [part.pan for part in parts] == [CENTRE_PAN, CENTRE_PAN, *SIDES]
    assert all(part.volume < DEFAULT_VOLUME for part in parts)


def test_nothing_but_the_place_in_the_mix_changes() -> None:
    for before, after in zip((BASS, CHORDS, DRUMS), balanced((BASS, CHORDS, DRUMS)), strict=True):
        assert replace(after, volume=before.volume, pan=before.pan) == before
