"""Sections are marked in the ruler; repeats share or vary."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from engine.generation.generator import Generator
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.sections import SectionMark
from engine.music.track import Track
from tests.tiny_models import write_tiny_model

BAR = 1920


def row(menu: QMenu, text: str) -> Any:
    return next(each for each in menu.actions() if each.text() == text)


def mark(page: Any, tick: int, bars: str, letter: str) -> None:
    """By the menu of the right button in the ruler."""
    menu = page.chord_writing.menu_at(tick)
    row(row(menu, f"Section, {bars}").menu(), letter).trigger()


def bars(track: Track, first: int, last: int) -> list[tuple[int, int]]:
    start, end = (first - 1) * BAR, last * BAR
    return [(n.start - start, n.pitch) for n in track.notes if start <= n.start < end]


def test_marked_sections_share_their_band_until_one_is_to_vary(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    app.generator = Generator.load(write_tiny_model(tmp_path / "m.onnx", known=True), "cpu")
    app.generator_changed.emit(app.generator)
    app.document.load(melody)
    page.playback.choose_loop(0, BAR)
    mark(page, 480, "bar 1", "A")
    page.playback.choose_loop(3 * BAR, 4 * BAR)
    mark(page, 3 * BAR, "bar 4", "A")
    page.playback.forget_loop()
    mark(page, BAR, "bars 2–3", "B")
    assert [m.letter for m in app.document.composition.sections] == ["A", "B", "A", ""]
    assert [s.letter for s in page.area.lanes._sections] == ["A", "B", "A"]
    with qtbot.waitSignal(page.generation.takes_changed, timeout=20_000):
        app.actions["generate"].trigger()
    for track in page.desk.shown.accompaniment:
        assert bars(track, 4, 4) == bars(track, 1, 1) != bars(track, 2, 2)
    page.panel.cards[0].keep.click()

    menu = page.chord_writing.menu_at(3 * BAR)
    assert row(menu, "Plays what the first A plays").isChecked()
    row(menu, "Varies what the first A plays").trigger()
    assert app.document.composition.sections[2].varied
    with qtbot.waitSignal(page.generation.takes_changed, timeout=20_000):
        app.actions["generate"].trigger()
    shown = page.desk.shown
    assert any(bars(track, 4, 4) != bars(track, 1, 1) for track in shown.accompaniment)
    page.panel.cards[0].keep.click()
    row(page.chord_writing.menu_at(3 * BAR), "Take over the band of the first A now").trigger()
    for track in app.document.composition.accompaniment:
        assert bars(track, 4, 4) == bars(track, 1, 1)
    mark(page, 3 * BAR, "bar 4", "No section")
    assert [m.letter for m in app.document.composition.sections] == ["A", "B", ""]
    app.document.undo()
    assert [m.letter for m in app.document.composition.sections] == ["A", "B", "A", ""]


def test_sections_are_marked_beside_a_take_that_goes_on_being_auditioned(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot
) -> None:
    app.generator = Generator.load(write_tiny_model(tmp_path / "m.onnx"), "cpu")
    app.generator_changed.emit(app.generator)
    app.document.load(melody)
    with qtbot.waitSignal(page.generation.takes_changed, timeout=20_000):
        app.actions["generate"].trigger()
    mark(page, 0, "bars 1–4", "C")
    assert page.generation.shown == 0 and page.desk.shown.accompaniment
    assert app.document.composition.accompaniment == ()
    assert page.desk.shown.sections == app.document.composition.sections != ()


def test_all_repeats_of_a_song_are_varied_in_one_step(
    page: Any, app: Any, melody: Composition
) -> None:
    marks = (SectionMark(0, "A"), SectionMark(BAR, "B"), SectionMark(2 * BAR, "A"))
    app.document.load(replace(melody, sections=(*marks, SectionMark(3 * BAR, "B"))))
    row(page.chord_writing.menu_at(2 * BAR), "All repeats vary what their first plays").trigger()
    sections = app.document.composition.sections
    assert [mark.varied for mark in sections] == [False, False, True, True]
    assert app.document.undo_stack.count() == 1
    row(page.chord_writing.menu_at(2 * BAR), "All repeats play what their first plays").trigger()
    assert not any(mark.varied for mark in app.document.composition.sections)


def test_without_a_melody_there_are_no_bars_to_mark(page: Any, app: Any) -> None:
    app.document.load(Composition(tracks=(Track("Melody"), Track("Bass", 33, (Note(0, 40, 9),)))))
    texts = [each.text() for each in page.chord_writing.menu_at(0).actions()]
    assert not any(text.startswith("Section") for text in texts)
