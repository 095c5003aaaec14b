"""Tempo from taps."""

from typing import Any

import pytest

from desktop.studio.tap import TapTempo
from engine.music.composition import Composition


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


def test_a_row_of_taps_is_one_step_and_a_tempo_after_it_another(page: Any, app: Any) -> None:
    for beats in (1, 2):
        for minute in (100 * beats, 104 * beats, 108 * beats):
            page.controls.set_tempo(minute)
        assert app.document.undo_stack.count() == beats
        assert app.document.composition.tempos[0].beats_per_minute == pytest.approx(108 * beats)
        page.controls._tempo_at -= 60.0  # a minute passes
    app.document.undo()
    assert app.document.composition.tempos[0].beats_per_minute == pytest.approx(108)
    page.controls.set_tempo(90)
    app.document.undo()
    app.document.undo()
    assert app.document.composition == Composition()
