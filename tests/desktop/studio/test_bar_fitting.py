"""Bars fitted to free playing, tempo and meter at a bar, two hands: each is one edit."""

from dataclasses import replace
from math import exp, sin
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from desktop.roll.ruler import TEMPO_TOP
from desktop.studio.take_edits import with_take
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.ticks import meter_map, tempo_map
from engine.music.track import Track

PATIENCE = 60_000
BAR = 1920


@pytest.fixture
def free() -> Composition:
    """Eight bars of a tune at about 96 that sways, played beside the bars of 120."""
    beats = [0.9]
    for number in range(33):
        beats.append(beats[-1] + 60 / 96 * exp(0.05 * sin(number / 5)))
    tempos, notes = tempo_map(Composition()), []
    for bar in range(8):
        for beat, pitch in enumerate((60, 64, 67, 65) if bar % 2 else (60, 62, 64, 62)):
            place = 4 * bar + beat
            start, end = (round(tempos.tick_at(beats[place + each])) for each in (0, 1))
            notes.append(Note(start, pitch, end - start - 20, 95 if beat == 0 else 75))
    return Composition(tracks=(Track("Melody", notes=tuple(notes)),))


def fit(page: Any, app: Any, qtbot: QtBot) -> Any:
    app.actions["fit_bars"].trigger()
    qtbot.waitUntil(lambda: page.bar_fitting.card.isVisible(), timeout=PATIENCE)
    return page.bar_fitting.card


def test_free_playing_is_laid_on_bars_as_one_step(
    page: Any, app: Any, free: Composition, qtbot: QtBot
) -> None:
    app.document.load(free)
    card = fit(page, app, qtbot)
    assert app.document.composition == free and page.desk.shown != free
    card.meter.show_meter((4, 4))
    card.meter.activated.emit(card.meter.currentIndex())
    qtbot.waitUntil(lambda: page.desk.shown.meters[0].numerator == 4, timeout=PATIENCE)
    qtbot.mouseClick(card.apply, Qt.MouseButton.LeftButton)
    fitted = app.document.composition
    assert 88 < fitted.tempos[0].beats_per_minute < 104 and len(fitted.tempos) == 1
    near = [abs(note.start - round(note.start / 480) * 480) for note in fitted.melody.notes]
    assert max(near) <= 12 and len(fitted.melody.notes) == 32
    assert fitted.melody.notes[0].start < meter_map(fitted).bar_start(2)
    assert not card.isVisible() and app.document.undo_stack.undoText() == "Fit bars"
    app.document.undo()
    assert app.document.composition == free and page.desk.shown == free


def test_what_was_drawn_to_other_bars_is_fitted_as_it_was_played(
    page: Any, app: Any, free: Composition, qtbot: QtBot
) -> None:
    tempos, events = tempo_map(free), []
    for note in free.melody.notes:
        start, end = tempos.seconds_at(note.start), tempos.seconds_at(note.end)
        events.append(TakeEvent(start, "note_on", note.pitch, note.velocity))
        events.append(TakeEvent(end, "note_off", note.pitch, 0))
    take = Take(tuple(sorted(events, key=lambda event: event.seconds)), 120.0, 30.0)
    snapped = with_take(Composition(), take, 0, snap=True)
    changed = replace(snapped.melody.notes[5], velocity=31)
    notes = (*snapped.melody.notes[:5], changed, *snapped.melody.notes[7:])
    app.document.load(snapped.with_track(0, Track("Melody", notes=notes)))
    card = fit(page, app, qtbot)
    card.to_grid.setChecked(False)
    card.apply.click()
    fitted = app.document.composition.melody.notes
    near = [abs(note.start - round(note.start / 480) * 480) for note in fitted]
    assert max(near) <= 40 and len(fitted) == 31 and fitted[5].velocity == 31


def test_who_records_without_a_click_is_offered_bars(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["click"].setChecked(False)
    page.controls.set_count_in(0)
    app.actions["record"].trigger()
    page.keys.press(64, 90)
    page.keys.release(64)
    app.actions["record"].trigger()
    assert app.told[-1].action is not None and app.told[-1].action.text == "Fit bars"
    app.told[-1].action.act()
    assert app.sentences[-1].startswith("Play or open a melody first")


def test_a_bar_line_is_dragged_and_what_follows_is_seen(
    page: Any, app: Any, free: Composition, qtbot: QtBot
) -> None:
    app.document.load(free)
    card = fit(page, app, qtbot)
    strip, before = card.strip, card.beats
    line = before.bar_lines[2]
    x = round(strip.x_of(before.times[line]))
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=QPoint(x, 40))
    qtbot.mouseMove(strip, QPoint(x + 12, 40))
    qtbot.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=QPoint(x + 12, 40))
    moved = card.beats
    assert moved.times[line] > before.times[line] + 0.1
    assert moved.times[line + before.in_bar] == before.times[line + before.in_bar]
    qtbot.keyClick(strip, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert card.beats.times[line] == pytest.approx(moved.times[line] - 0.01)
    minute = before.beats_per_minute
    card.half.click()
    assert card.beats.beats_per_minute == pytest.approx(minute / 2, rel=0.1)
    card.double.click()
    card.later.click()
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert page.desk.shown == free and app.document.undo_stack.count() == 0


def test_a_bar_line_is_dragged_in_the_lanes_while_the_card_is_open(
    page: Any, app: Any, free: Composition, qtbot: QtBot
) -> None:
    app.document.load(free)
    card = fit(page, app, qtbot)
    card.to_grid.setChecked(False)
    card.meter.show_meter((4, 4))
    card.meter.activated.emit(card.meter.currentIndex())
    page.bar_fitting.try_out()
    lanes, before = page.area.lanes, page.desk.shown
    bar = meter_map(before).bar_start(3)
    # The bar is to begin a beat later, about where the second note of its bar stands now.
    note = next(each for each in before.melody.notes if each.start > bar + 240)
    x, y = lanes.axis.x_at(bar), lanes.ruler_height() + 30
    qtbot.mousePress(lanes, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
    qtbot.mouseMove(lanes, QPoint(lanes.axis.x_at(note.start) + 3, y))
    assert page.desk.shown is before  # it stays until it is let go
    qtbot.mouseRelease(lanes, Qt.MouseButton.LeftButton)
    page.bar_fitting.try_out()
    after = page.desk.shown
    moved = next(each for each in after.melody.notes if each.start >= bar)
    assert moved.start == pytest.approx(bar, abs=2) and moved.pitch == note.pitch
    corner = card.pos()  # the card is dragged aside by its title, and stays within the window
    qtbot.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(60, 12))
    qtbot.mouseMove(card, QPoint(40, 52))
    assert card.pos() == corner + QPoint(-20, 40)
    qtbot.mouseMove(card, QPoint(-5000, 52))
    qtbot.mouseRelease(card, Qt.MouseButton.LeftButton)
    assert card.x() == 0
    card.apply.click()
    assert app.document.undo_stack.undoText() == "Fit bars"
    assert lanes.bar_line_at(QPoint(x, y)) is None
    app.document.undo()
    assert app.document.composition == free


def test_a_tempo_and_a_meter_begin_at_a_bar(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.document.load(melody)
    page.tempo_here.open_at(2 * BAR + 700)
    card = page.tempo_here.card
    assert "bar 3" in card.where.text() and card.remove.isHidden()
    card.tempo.setValue(90)
    card.meter.show_meter((3, 4))
    card.apply.click()
    changed = app.document.composition
    assert [each.tick for each in changed.tempos] == [0, 2 * BAR]
    assert meter_map(changed).bar_ticks_at(2 * BAR) == 1440
    assert app.document.undo_stack.count() == 1
    lanes = page.area.lanes
    mark = QPoint(lanes.axis.x_at(2 * BAR) + 12, TEMPO_TOP + 8)
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=mark)
    assert card.isVisible() and "bar 3" in card.where.text()
    card.dismiss()
    page.playback.seek(2 * BAR)
    app.actions["tempo_here"].trigger()
    assert not card.remove.isHidden()
    card.remove.click()
    assert app.document.composition == melody
    texts = [row.text() for row in page.chord_writing.menu_at(BAR).actions()]
    assert "Tempo and meter from bar 2 on…" in texts


def test_the_left_hand_becomes_chords_and_the_right_one_stays_the_melody(
    page: Any, app: Any, melody: Composition
) -> None:
    left = tuple(
        Note(bar * BAR, pitch, BAR - 40)
        for bar, chord in enumerate(((36, 40, 43), (41, 45, 48), (43, 47, 50), (36, 40, 43)))
        for pitch in chord
    )
    right = tuple(Note(n.start, n.pitch + 12, n.duration) for n in melody.melody.notes)
    notes = tuple(sorted([*left, *right]))
    both = melody.with_track(0, Track("Melody", notes=notes))
    app.document.load(both)
    app.actions["split_hands"].trigger()
    split = app.document.composition
    assert split.melody.notes == right
    assert [mark.symbol for mark in split.chords if mark.symbol] == ["C", "F", "G", "C"]
    assert app.sentences == ["12 notes of the left hand became chords: C, F, G."]
    app.document.undo()
    app.document.load(melody)
    app.actions["split_hands"].trigger()
    assert "one hand" in app.sentences[-1] and app.document.composition == melody


def test_one_card_at_a_time_and_what_another_tried_out_is_not_taken_along(
    page: Any, app: Any, free: Composition, qtbot: QtBot
) -> None:
    app.document.load(free)
    app.actions["timing"].trigger()
    page.note_work.card.octaves.setValue(1)
    page.note_work.try_out()
    assert page.desk.shown.melody.notes[0].pitch == free.melody.notes[0].pitch + 12
    card = fit(page, app, qtbot)
    assert not page.note_work.card.isVisible()
    qtbot.mouseClick(card.apply, Qt.MouseButton.LeftButton)
    pitches = [note.pitch for note in app.document.composition.melody.notes]
    assert pitches == [note.pitch for note in free.melody.notes]
    app.actions["timing"].trigger()
    app.actions["tempo_here"].trigger()
    assert page.tempo_here.card.isVisible() and not page.note_work.card.isVisible()
