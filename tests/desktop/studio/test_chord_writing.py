"""Chords are written above the lanes, kept, taken from what was played, and told to the band."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from desktop.roll.ruler import TEMPO_TOP
from desktop.studio.chord_dialogs import ChordSheetDialog, PlayedChordsDialog
from desktop.studio.chord_edits import (
    next_place,
    with_chord,
    with_implied,
    with_played,
    without_chord,
)
from engine.generation.generator import Generator
from engine.music.chord_sheet import written_sheet
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.ticks import meter_map
from engine.music.track import Track
from tests.tiny_models import write_tiny_model


def said(composition: Composition) -> list[tuple[int, str]]:
    return [(mark.tick, mark.symbol) for mark in composition.chords]


@pytest.fixture
def chord_model(app: Any, page: Any, melody: Composition, tmp_path: Path) -> Generator:
    """A page with a melody and a model that plays the chords it is told."""
    generator = Generator.load(write_tiny_model(tmp_path / "chords.onnx", chords=True), "cpu")
    app.generator = generator
    app.generator_changed.emit(generator)
    app.document.load(melody)
    return generator


def double_click(page: Any, tick: int) -> None:
    lanes = page.area.lanes
    point = QPoint(lanes.axis.x_at(tick) + 3, TEMPO_TOP + 10)
    QTest.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(lanes, Qt.MouseButton.LeftButton, pos=point)


def rows(menu: QMenu) -> dict[str, Any]:
    return {row.text(): row for row in menu.actions()}


def menu_of(page: Any) -> dict[str, Any]:
    menu = page.area.column.chords.menu()
    menu.aboutToShow.emit()
    return rows(menu)


def test_a_chord_is_written_by_hand_in_one_edit_and_tab_goes_on(
    page: Any, app: Any, chord_model: Generator
) -> None:
    field = page.chord_writing.field
    double_click(page, 1920)
    assert field.isVisible() and field.tick == 1920
    QTest.keyClicks(field, "am7")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert said(app.document.composition) == [(1920, "Am7"), (3840, "")]
    assert app.document.undo_stack.undoText() == "Chord Am7"
    assert field.tick == 3840
    QTest.keyClicks(field, "F/A")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said(app.document.composition) == [(1920, "Am7"), (3840, "F/A"), (5760, "")]
    assert app.document.undo_stack.count() == 2
    assert [each.symbol for each in page.area.lanes.chords.own] == ["Am7", "F/A"]
    app.document.undo()
    app.document.undo()
    assert app.document.composition.chords == ()


def test_an_emptied_field_deletes_the_chord(page: Any, app: Any, chord_model: Generator) -> None:
    page.chord_writing.write(0, "C")
    page.chord_writing.open_at(0)
    field = page.chord_writing.field
    assert field.text() == "C"
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert app.document.composition.chords == ()


def test_the_band_is_told_the_chords(
    page: Any, app: Any, chord_model: Generator, qtbot: QtBot
) -> None:
    page.chord_writing.write(0, "F♯m")
    with qtbot.waitSignal(page.generation.takes_changed, timeout=5000):
        app.actions["generate"].trigger()
    chords = page.desk.shown.tracks[2]
    heard = {note.pitch % 12 for note in chords.notes if 60 <= note.pitch < 72}
    assert {6, 9, 1} <= heard
    assert said(page.desk.shown) == [(0, "F♯m"), (1920, "")]


def test_writing_a_chord_keeps_no_take_and_lets_it_be_heard_on(
    page: Any, app: Any, chord_model: Generator, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(page.generation.takes_changed, timeout=5000):
        app.actions["generate"].trigger()
    band = page.desk.shown.accompaniment
    page.chord_writing.write(0, "C")
    assert page.desk.shown.accompaniment == band
    assert app.document.composition.accompaniment == ()
    assert page.generation.shown == 0
    app.document.undo()
    assert page.generation.shown == 0 and page.desk.shown.accompaniment == band


def test_a_model_without_chords_greys_them_out_with_a_sentence(
    page: Any, app: Any, melody: Composition, tiny_model: Path
) -> None:
    app.document.load(replace(melody, chords=with_chord(melody, 0, "C").chords))
    app.generator = Generator.load(tiny_model, "cpu")
    app.generator_changed.emit(app.generator)
    listed = menu_of(page)
    assert not listed["Tiny takes no chords; it finds its own."].isEnabled()
    assert not listed["Write all chords…"].isEnabled()
    assert listed["Delete all your chords"].isEnabled()
    assert not app.actions["write_chord"].isEnabled()
    double_click(page, 0)
    assert not page.chord_writing.field.isVisible()
    assert app.sentences == ["Tiny takes no chords; it finds its own."]
    assert "Yours are kept" in page.panel._hint.text()


def test_a_whole_line_is_typed_in_one_dialog(page: Any, app: Any, chord_model: Generator) -> None:
    menu_of(page)["Write all chords…"].trigger()
    (dialog,) = page.area.findChildren(ChordSheetDialog)
    dialog.text.setPlainText("C | Am F | H")
    assert dialog.problem.text() == "Line 1: “H” is not a chord that Tutti knows; write B for H."
    assert not dialog.buttons.buttons()[0].isEnabled()
    dialog.text.setPlainText("| C | Am F | G |")
    assert dialog.problem.text() == ""
    dialog.accept()
    assert said(app.document.composition) == [
        (0, "C"), (1920, "Am"), (2880, "F"), (3840, "G"), (5760, ""),
    ]  # fmt: skip
    assert app.document.undo_stack.undoText() == "Write chords"
    menu_of(page)["Write all chords…"].trigger()
    again = page.area.findChildren(ChordSheetDialog)[-1]
    assert again.text.toPlainText() == "| C | Am F | G | - |"
    again.text.setPlainText("")
    again.accept()
    assert app.document.composition.chords == ()


def test_what_the_band_implies_is_kept_as_own_chords(
    page: Any, app: Any, chord_model: Generator
) -> None:
    c, f = ((48, 52, 55), (53, 57, 60))
    notes = [Note(1920 * bar, pitch, 1920) for bar, chord in enumerate((c, f)) for pitch in chord]
    band = (Track("Chords", 4, tuple(sorted(notes))),)
    silent = app.document.composition.melody.with_notes([Note(0, 60, 1920), Note(1920, 65, 1920)])
    app.document.load(Composition(tracks=(silent, *band), origin=Origin("m", "f", 0, 0)))
    menu_of(page)["Keep the band's chords"].trigger()
    assert said(app.document.composition) == [(0, "C"), (1920, "F"), (3840, "")]
    assert page.area.lanes.chords.implied == ()
    menu_of(page)["Delete all your chords"].trigger()
    assert app.document.composition.chords == ()


def two_hands() -> Composition:
    left = [Note(1920 * bar, pitch, 1900) for bar, chord in enumerate(((48, 52, 55), (45, 48, 52)))
            for pitch in chord]  # fmt: skip
    right = [Note(480 * beat, 72 + beat % 3, 480) for beat in range(8)]
    return Composition(tracks=(Track("Melody", notes=tuple(sorted([*left, *right]))),))


def test_a_left_hand_becomes_chords_and_leaves_the_melody(
    page: Any, app: Any, chord_model: Generator
) -> None:
    app.document.load(two_hands())
    menu_of(page)["Chords from what was played…"].trigger()
    (dialog,) = page.area.findChildren(PlayedChordsDialog)
    assert dialog.heard.text() == "| C | Am |"
    dialog.leave_out.setChecked(True)
    dialog.accept()
    made = app.document.composition
    assert said(made) == [(0, "C"), (1920, "Am"), (3840, "")]
    assert {note.pitch for note in made.melody.notes} == {72, 73, 74}
    assert app.document.undo_stack.count() == 1
    app.document.undo()
    assert app.document.composition == two_hands()


def test_where_no_chords_are_heard_none_can_be_taken(
    page: Any, app: Any, chord_model: Generator
) -> None:
    dialog = PlayedChordsDialog(app.document.composition, page)
    dialog.split.setCurrentIndex(0)
    assert dialog.heard.text() == "No chords are heard in these notes."
    assert not dialog.buttons.buttons()[0].isEnabled() and not dialog.leave_out.isEnabled()


def test_the_right_button_deletes_the_chord_under_it(
    page: Any, app: Any, chord_model: Generator
) -> None:
    page.chord_writing.write(1920, "C")
    asked: list[int] = []
    lanes = page.area.lanes
    lanes.ruler_menu_requested.disconnect()
    lanes.ruler_menu_requested.connect(lambda tick, _where: asked.append(tick))
    point = QPoint(lanes.axis.x_at(2000), TEMPO_TOP + 10)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(lanes, QContextMenuEvent(reason, point, lanes.mapToGlobal(point)))
    assert asked == [1920]
    rows(page.chord_writing.menu_at(2880))["Delete C"].trigger()
    assert app.document.composition.chords == ()


def test_a_chord_written_where_none_was_holds_for_its_bar(melody: Composition) -> None:
    one = with_chord(melody, 960, "C")
    assert said(one) == [(960, "C"), (1920, "")]
    two = with_chord(one, 1920, "F")
    assert said(two) == [(960, "C"), (1920, "F"), (3840, "")]
    within = with_chord(two, 2880, "G")
    assert said(within) == [(960, "C"), (1920, "F"), (2880, "G"), (3840, "")]
    assert said(without_chord(within, 2000)) == [(960, "C"), (1920, ""), (2880, "G"), (3840, "")]
    assert said(without_chord(one, 1000)) == []
    assert said(without_chord(one, 5000)) == said(one)


def test_kept_chords_are_the_sheet_of_the_music(melody: Composition) -> None:
    assert written_sheet(with_implied(two_hands()).chords, meter_map(melody)).startswith("| C")


def test_notes_above_the_split_give_no_chord(melody: Composition) -> None:
    kept = with_played(two_hands(), 0, 48, leave_out=False)
    assert kept.melody == two_hands().melody


@pytest.mark.parametrize(
    ("tick", "way", "by_bars", "following"),
    [(0, 1, True, 1920), (960, 1, True, 1920), (1920, -1, True, 0), (0, -1, True, 0),
     (0, 1, False, 960), (960, 1, False, 1920)],
)  # fmt: skip
def test_where_to_write_next(tick: int, way: int, by_bars: bool, following: int) -> None:
    assert next_place(meter_map(Composition()), tick, way, by_bars=by_bars) == following


def test_chords_are_stored_with_the_composition(
    page: Any, app: Any, chord_model: Generator
) -> None:
    page.chord_writing.write(0, "C")
    app.library.autosave("one", app.document.composition)
    app.library.flush()
    assert app.library.load_composition("one") == app.document.composition
