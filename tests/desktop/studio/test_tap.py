"""Tempo from taps."""

from desktop.studio.tap import TapTempo


def test_one_tap_is_no_tempo() -> None:
    assert TapTempo().tap(10.0) is None


def test_taps_half_a_second_apart_are_120() -> None:
    taps = TapTempo()
    told = [taps.tap(second) for second in (0.0, 0.5, 1.0, 1.5)]
    assert told[-1] == 120.0


def test_a_long_pause_begins_anew() -> None:
    taps = TapTempo()
    taps.tap(0.0)
    taps.tap(0.5)
    assert taps.tap(9.0) is None
    assert taps.tap(10.0) == 60.0
