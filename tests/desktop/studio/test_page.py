"""The Studio page: states, transport, mixing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from desktop.roll.tools import Tool
from desktop.studio.edits import with_mix
from desktop.widgets.transport_fields import DOT
from engine.files.melodies import sample_melodies
from engine.files.midi import write_midi
from engine.live.channels import playback_channel
from engine.live.midi_ports import PortState
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import Track


def instrument_button(page: Any, index: int) -> QPushButton:
    found: QPushButton = page.area.column.headers[index]._instrument
    return found


def test_the_empty_page_offers_the_samples(page: Any, app: Any) -> None:
    assert page.area.empty.isVisible()
    page.area.empty.sample_asked.emit(sample_melodies()[0].path)
    assert app.opened == [sample_melodies()[0].path]
    assert not page.area.empty.isVisible()
    assert app.document.composition.melody.notes


def test_without_a_keyboard_the_page_says_how_to_play(page: Any, app: Any) -> None:
    assert "keys A to K" in page.area.empty._told.text()
    app.ports_changed.emit((PortState("AKM322", True, False),))
    assert "AKM322" in page.area.empty._told.text()
    app.ports_changed.emit((PortState("AKM322", False, False),))
    assert "keys A to K" in page.area.empty._told.text()


def test_space_plays_and_stops(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    app.actions["play"].trigger()
    assert page.playback.playing
    app.actions["play"].trigger()
    assert not page.playback.playing


def test_stopping_twice_goes_back_to_the_start(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.playback.seek(960)
    app.actions["stop"].trigger()
    assert page.playback.position == 0


def test_playing_from_the_end_begins_anew(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.playback.seek(melody.end + 10)
    app.actions["play"].trigger()
    assert page.playback.position < 480


def test_the_transport_shows_bar_beat_and_tick(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.playback.seek(4 * 480 + 480 + 240)
    assert page.transport._position.text() == DOT.join(("2", "2", "240"))
    assert page.transport._time.text() == "0:02.750"


def test_the_key_is_shown_once_there_is_a_melody(page: Any, app: Any, melody: Composition) -> None:
    assert not page.transport._key.isVisible()
    app.document.load(melody)
    assert page.transport._key.text() == "C major"


def test_tempo_and_meter_are_shown_where_the_playhead_stands(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(
        replace(
            melody,
            tempos=(TempoChange(0, 500_000), TempoChange(3840, 1_000_000)),
            meters=(MeterChange(0, 4, 4), MeterChange(3840, 3, 4)),
        )
    )
    assert page.transport._tempo.value() == 120
    page.playback.seek(4000)
    assert page.transport._tempo.value() == 60
    assert page.transport._meter.text() == "3/4"


def test_a_tempo_is_one_edit(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.transport.tempo_chosen.emit(90.0)
    assert round(app.document.composition.tempos[0].beats_per_minute) == 90
    app.document.undo()
    assert app.document.composition == melody


def test_in_a_pick_up_the_meter_is_that_of_the_bar_it_leads_to(page: Any, app: Any) -> None:
    melody = Track("Melody", notes=(Note(0, 67, 480), Note(480, 72, 960)))
    meters = (MeterChange(0, 1, 4), MeterChange(480, 3, 4))
    app.document.load(Composition(meters=meters, tracks=(melody,)))
    assert page.transport._meter.text() == "3/4"
    page.transport.meter_chosen.emit(6, 8)
    assert app.document.composition.meters == (meters[0], MeterChange(480, 6, 8))


def test_a_meter_is_one_edit(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.transport.meter_chosen.emit(6, 8)
    assert app.document.composition.meters == (MeterChange(0, 6, 8),)
    assert app.document.undo_stack.count() == 1


def test_a_drag_of_the_volume_is_heard_at_once_and_is_one_edit(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    slider = page.area.column.headers[0]._volume
    middle = slider.rect().center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    for x in (40, 30, 20):
        QTest.mouseMove(slider, middle - QPoint(x, 0))
    heard = app.player.composition.melody.volume
    assert heard != 100 and app.document.composition.melody.volume == 100
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton)
    assert app.document.composition.melody.volume == slider.value()
    assert app.document.undo_stack.count() == 1


def test_steps_of_the_wheel_are_one_edit(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.document.load(melody)
    slider = page.area.column.headers[0]._volume
    for value in (90, 80, 70):
        slider.setValue(value)
    qtbot.waitUntil(lambda: app.document.undo_stack.count() == 1, timeout=2000)
    assert app.document.composition.melody.volume == 70


def test_mute_and_solo_are_edits(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    header = page.area.column.headers[0]
    header._mute.click()
    assert app.document.composition.melody.muted
    header._solo.click()
    assert app.document.composition.melody.soloed
    app.document.undo()
    assert not app.document.composition.melody.soloed and not header._solo.isChecked()


def test_another_instrument_is_heard_at_once(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.mixing.choose_instrument(0, 73)
    assert app.document.composition.melody.program == 73
    assert instrument_button(page, 0).text().startswith("Flute")
    assert app.player.composition.melody.program == 73


def test_a_track_is_renamed(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    page.mixing.rename(0, "  Tune ")
    assert app.document.composition.melody.name == "Tune"
    page.mixing.rename(0, "   ")
    assert app.document.composition.melody.name == "Tune"


def test_a_touched_note_is_heard_with_its_instrument(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.document.load(with_mix(melody, 0, program=73))
    page.area.lanes.audition_requested.emit(0, 64, 80)
    channel = playback_channel(0)
    assert ("program", channel, 73, False) in app.synth.asked
    qtbot.waitUntil(lambda: app.synth.asked[-1] == ("off", channel, 64), timeout=2000)


def test_keys_of_the_screen_sound_at_once(page: Any, app: Any) -> None:
    page.keyboard.note_pressed.emit(60, 77)
    page.keyboard.note_released.emit(60)
    kinds = [asked for asked in app.synth.asked if asked[0] in ("on", "off")]
    assert [(kind[0], kind[2]) for kind in kinds] == [("on", 60), ("off", 60)]


def test_the_loop_follows_the_music_until_it_is_marked_by_hand(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    app.actions["loop"].setChecked(True)
    assert app.player.loop == (0, 7680)
    page.area.lanes.loop_changed.emit(1920, 3840)
    assert app.player.loop == (1920, 3840)
    assert page.transport._loop.text() == "Loop 2"
    app.actions["loop"].setChecked(False)
    assert app.player.loop is None


def test_the_click_leaves_a_band_to_be_heard_but_leads_a_recording(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    assert app.player.click
    band = melody.with_accompaniment((Track("Bass", 33, (Note(0, 36, 480),)),))
    app.document.edit(band, "Keep")
    assert not app.player.click
    app.actions["record"].trigger()
    assert app.player.click
    app.actions["stop"].trigger()
    assert not app.player.click
    app.document.undo()
    assert app.player.click
    app.actions["click"].setChecked(False)
    assert not app.player.click


def test_click_count_in_and_snap_are_kept_for_the_next_start(page: Any, app: Any) -> None:
    app.actions["click"].setChecked(False)
    app.actions["snap"].setChecked(False)
    page.transport.count_in_chosen.emit(2)
    settings = app.settings
    assert (settings.click, settings.snap, settings.count_in_bars) == (False, False, 2)
    assert page.transport._count_in.text() == "Count-in 2"


@pytest.mark.parametrize(
    "notes",
    [
        (Note(0, 60, 480),),
        tuple(Note(480 * beat, 60 + beat % 12, 400) for beat in range(1200)),
        (Note(0, 0, 1), Note(10_000, 127, 1)),
    ],
    ids=["one note", "300 bars", "the ends of the range"],
)
def test_any_melody_can_be_shown_and_played(
    page: Any, app: Any, notes: tuple[Note, ...], qtbot: QtBot
) -> None:
    app.document.load(Composition(tracks=(Track("Melody", notes=notes),)))
    app.actions["play"].trigger()
    qtbot.wait(40)
    app.actions["stop"].trigger()
    assert app.player.composition.melody.notes == notes


def test_a_hundred_thousand_notes_can_be_shown(page: Any, app: Any, qtbot: QtBot) -> None:
    notes = tuple(Note(60 * index, 36 + index % 60, 50) for index in range(100_000))
    app.document.load(Composition(tracks=(Track("Melody", notes=notes),)))
    app.actions["play"].trigger()
    qtbot.wait(60)
    app.actions["stop"].trigger()
    assert not page.area.empty.isVisible()


def test_another_composition_begins_at_its_start_without_takes(
    page: Any, app: Any, melody: Composition, tmp_path: Path
) -> None:
    app.document.load(melody)
    page.playback.choose_loop(480, 960)
    app.actions["play"].trigger()
    write_midi(melody, tmp_path / "a.mid")
    app.open_file(tmp_path / "a.mid")
    assert not page.playback.playing and page.playback.position == 0
    assert page.playback.loop == (0, 7680)


def test_another_song_is_shown_with_all_its_tracks(
    page: Any, app: Any, melody: Composition
) -> None:
    page.area.empty.draw_asked.emit()
    assert page.area.lanes.opened == 0 and page.area.lanes.tool is Tool.PENCIL
    app.document.load(melody)
    assert page.area.lanes.opened is None


def test_a_right_click_on_a_note_of_any_lane_offers_what_can_be_done_with_it(
    page: Any, app: Any, melody: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QMenu] = []
    monkeypatch.setattr(QMenu, "popup", lambda menu, _point: opened.append(menu))
    app.document.load(melody)
    lanes = page.area.lanes
    lanes.contextMenuEvent(
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, lanes.rect().center(), QPoint(10, 10))
    )
    opened[0].aboutToShow.emit()
    rows = opened[0].actions()
    assert app.actions["timing"] in rows and rows[0].text() == "Cut\tCtrl+X"


def test_the_lanes_grid_is_their_own_and_alt_frees_it(page: Any, app: Any) -> None:
    none, alt = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
    app.actions["snap"].setChecked(False)
    lanes = page.area.lanes
    assert lanes.grid(none).length_at(0) == 120 and lanes.grid(alt).length_at(0) == 1


def test_an_edit_in_the_lanes_is_an_edit_of_the_document(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    changed = melody.with_track(0, melody.melody.with_notes(melody.melody.notes[1:]))
    page.area.lanes.edit_requested.emit(changed, "Delete note")
    assert app.document.composition == changed
    assert app.player.composition == changed
    assert app.document.undo_stack.undoText() == "Delete note"


def test_heads_stand_beside_their_lanes(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody.with_accompaniment((Track("Bass", 33), Track("Drums", is_drum=True))))
    tops = [top for top, _ in page.area.lanes.lane_geometry()]
    heads = [
        header.mapTo(page.area, header.rect().topLeft()).y() for header in page.area.column.headers
    ]
    assert heads == tops


def test_the_tab_key_goes_from_the_lanes_to_their_heads(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody.with_accompaniment((Track("Bass", 33),)))
    first, second = page.area.column.headers
    widget, visited = page.area.lanes, []
    while widget is not page.panel:
        widget = widget.nextInFocusChain()
        visited.append(widget)
    controls = [each for each in visited if each in (*first.controls, *second.controls)]
    assert controls == [*first.controls, *second.controls]
