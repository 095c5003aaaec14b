"""Loudness by EBU Tech 3341's own test signals."""

import math

import numpy as np
import pytest

from engine.files.loudness import LoudnessMeter


def sine(level_db: float, seconds: float, rate: int, hertz: float = 1000) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    one = 10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * times)
    return np.stack([one, one], axis=1)


def measured(rate: int, *pieces: np.ndarray) -> float:
    meter = LoudnessMeter(rate)
    for piece in pieces:
        for part in np.array_split(piece, 7):
            meter.add(part)
    return meter.integrated()


@pytest.mark.parametrize("rate", [24_000, 44_100])
def test_a_sine_in_both_channels_is_as_loud_as_its_level(rate: int) -> None:
    assert measured(rate, sine(-23, 1, rate)) == pytest.approx(-23, abs=0.1)
    assert measured(rate, sine(-33, 1, rate)) == pytest.approx(-33, abs=0.1)


def test_what_is_quiet_beside_the_rest_does_not_count() -> None:
    """Signals 3 and 5 of the standard's examples, shortened in proportion."""
    quiet, loud = sine(-36, 1, 24_000), sine(-23, 14, 24_000)
    assert measured(24_000, quiet, loud, quiet) == pytest.approx(-23, abs=0.1)


def test_bass_weighs_less_than_treble() -> None:
    assert measured(48_000, sine(-20, 1, 48_000, 40)) < -24
    assert measured(48_000, sine(-20, 1, 48_000, 5000)) > -18


def test_silence_and_the_shortest_sound_have_an_answer() -> None:
    assert measured(48_000) == -math.inf
    assert measured(48_000, np.zeros((4800, 2))) == -math.inf
    assert measured(48_000, sine(-23, 0.2, 48_000)) == pytest.approx(-23, abs=0.5)
