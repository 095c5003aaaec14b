"""Exporting and saving from the Studio page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from engine.files.midi import read_midi
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track


def test_midi_is_exported_with_a_message(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    app.document.load(melody)
    with qtbot.waitSignal(page.exporting.ended, timeout=3000):
        page.exporting.export_midi(page.desk.shown, tmp_path / "tune")
    assert app.sentences == [f"Saved {tmp_path / 'tune.mid'}."]
    assert read_midi(tmp_path / "tune.mid").composition.melody.notes == melody.melody.notes


def test_a_place_that_cannot_be_written_is_a_sentence(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "file").write_text("")
    with qtbot.waitSignal(page.exporting.ended, timeout=3000):
        page.exporting.export_midi(melody, tmp_path / "file" / "tune.mid")
    assert app.told[-1].level == "error"
    assert "tune.mid" in app.sentences[-1]


def test_a_wav_is_rendered_with_progress(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    told: list[float] = []
    page.exporting.progressed.connect(told.append)
    short = melody.with_track(0, replace(melody.melody, notes=melody.melody.notes[:2]))
    with qtbot.waitSignal(page.exporting.ended, timeout=60_000):
        page.exporting.export_wav(short, tmp_path / "tune.wav")
    assert (tmp_path / "tune.wav").stat().st_size > 10_000
    assert told and told[-1] > 0.9
    assert not page.strip.isVisible()


def test_a_rendering_can_be_cancelled_and_leaves_nothing(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    long = Composition(tracks=(Track("Melody", notes=(Note(0, 60, 480 * 4 * 300),)),))
    with qtbot.waitSignal(page.exporting.ended, timeout=60_000):
        page.exporting.export_wav(long, tmp_path / "tune.wav")
        assert page.strip.isVisible()
        page.strip.cancel.click()
    assert list(tmp_path.glob("*.wav")) == []
    assert app.sentences == []


def test_an_empty_composition_is_not_exported(page: Any, app: Any) -> None:
    app.actions["export_midi"].trigger()
    app.actions["export_wav"].trigger()
    assert len(app.sentences) == 2 and "nothing to export" in app.sentences[0]


def test_saving_tells_that_nobody_needs_to(page: Any, app: Any) -> None:
    app.actions["save"].trigger()
    assert "saved by itself" in app.sentences[0]


def test_saving_a_song_without_a_name_asks_for_one(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(replace(melody, title="Untitled"))
    app.actions["save"].trigger()
    dialog = page.findChild(QInputDialog)
    dialog.setTextValue("  My   tune ")
    dialog.accept()
    assert app.document.composition.title == "My tune" and "My tune" in app.sentences[-1]
    assert app.document.undo_stack.undoText() == "Name the song"
