"""Real, tiny models play in the page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.generation.generator import Generator
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import Track
from tests.desktop.studio.fake_generator import generate
from tests.tiny_models import write_tiny_model


def test_a_real_model_plays_in_the_page(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot, tiny_model: Path
) -> None:
    app.generator = Generator.load(tiny_model, "cpu")
    app.generator_changed.emit(app.generator)
    app.document.load(melody)
    generate(page, app, qtbot)
    shown = page.desk.shown
    assert shown.melody == melody.melody
    assert all(track.notes for track in shown.accompaniment)
    first = shown.accompaniment
    generate(page, app, qtbot)
    assert page.desk.shown.accompaniment == first


def test_a_locked_track_stays_as_it_is_with_a_real_model(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    app.generator = Generator.load(write_tiny_model(tmp_path / "keeps.onnx", known=True), "cpu")
    app.generator_changed.emit(app.generator)
    app.document.load(melody)
    generate(page, app, qtbot)
    page.panel.cards[0].keep.click()
    page.mixing.switch(1, "locked", True)
    bass = app.document.composition.tracks[1]
    app.actions["dice"].trigger()
    generate(page, app, qtbot)
    for card in page.panel.cards:
        card.listen.click()
        assert page.desk.shown.tracks[1].notes == bass.notes
        assert page.desk.shown.tracks[1].locked


def melodies() -> dict[str, Composition]:
    """Melodies that accompaniment systems stumble over."""
    many = tuple(Note(480 * beat, 60 + beat % 12, 400) for beat in range(1200))
    line = many[:12]
    one = Composition(tracks=(Track("Melody", notes=line),))
    return {
        "one note": one.with_track(0, Track("Melody", notes=line[:1])),
        "300 bars": one.with_track(0, Track("Melody", notes=many)),
        "three four": replace(one, meters=(MeterChange(0, 3, 4),)),
        "tempo changes": replace(one, tempos=(TempoChange(0, 500_000), TempoChange(700, 300_000))),
        "a pick-up": replace(one, meters=(MeterChange(0, 1, 4), MeterChange(480, 4, 4))),
        "another resolution": replace(one, ticks_per_quarter=97),
        "the ends of the range": one.with_track(
            0, Track("Melody", notes=(Note(0, 0, 480), Note(480, 127, 480)))
        ),
        "silence at first": one.with_track(0, Track("Melody", notes=(Note(40_000, 60, 480),))),
    }


@pytest.mark.parametrize("name", melodies())
def test_any_melody_gets_takes_or_a_sentence(
    page: Any, app: Any, tiny_model: Path, qtbot: QtBot, name: str
) -> None:
    composition = melodies()[name]
    app.generator = Generator.load(tiny_model, "cpu")
    app.generator_changed.emit(app.generator)
    app.document.load(composition)
    app.actions["generate"].trigger()
    qtbot.waitUntil(lambda: not page.generation.busy, timeout=30_000)
    assert page.panel.cards or app.sentences
    assert page.desk.shown.melody == composition.melody
    assert page.desk.shown.tempos == composition.tempos
    if page.panel.cards:
        page.panel.cards[0].keep.click()
        assert app.document.composition.melody == composition.melody
