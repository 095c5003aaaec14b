"""Recording: counted in, journalled, stored, quantised, one edit."""

from time import perf_counter
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.studio.recording import last_phrase
from desktop.widgets.transport_fields import PositionLabel
from engine.live.events import LiveEvent, TransportCommand
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent, played_notes
from engine.music.track import Track


@pytest.fixture(autouse=True)
def no_count_in(page: Any) -> None:
    page.controls.set_count_in(0)


def play(page: Any, qtbot: QtBot, pitch: int, milliseconds: int = 60) -> None:
    page.keys.press(pitch, 90)
    qtbot.wait(milliseconds)
    page.keys.release(pitch)


def test_what_is_played_becomes_the_melody_as_one_edit(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 64)
    play(page, qtbot, 67)
    app.actions["record"].trigger()
    assert [note.pitch for note in app.document.composition.melody.notes] == [64, 67]
    assert app.document.undo_stack.count() == 1
    app.document.undo()
    assert app.document.composition.melody.notes == ()


def test_the_take_is_in_the_library_as_it_was_played(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 64)
    app.actions["stop"].trigger()
    app.library.flush()
    (entry,) = app.library.takes()
    assert entry.parent == app.document.composition_id
    (note,) = played_notes(app.library.load_take(entry.id))
    assert note.pitch == 64 and note.velocity == 90


def test_a_running_recording_is_journalled(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 64)

    def journalled() -> None:
        app.library.flush()
        found = [[e.number for e in left.take.events] for left in app.library.recoverable()]
        assert found == [[64, 64]]

    qtbot.waitUntil(journalled, timeout=3000)
    app.actions["stop"].trigger()
    app.library.flush()
    assert app.library.recoverable() == ()


def test_nothing_played_leaves_the_melody_as_it_was(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    app.actions["record"].trigger()
    app.actions["record"].trigger()
    assert app.document.composition == melody
    assert app.sentences == ["Nothing was played, so the melody stays as it was."]
    assert app.player.composition == melody


@pytest.mark.parametrize("snap", [False, True])
def test_what_is_played_keeps_its_timing_unless_snap_is_chosen(
    page: Any, app: Any, qtbot: QtBot, snap: bool
) -> None:
    assert not app.actions["snap"].isChecked()
    app.actions["snap"].setChecked(snap)
    app.actions["record"].trigger()
    qtbot.wait(70)
    play(page, qtbot, 64)
    app.actions["stop"].trigger()
    (note,) = app.document.composition.melody.notes
    assert bool(note.start % 120 or note.duration % 120) is not snap


def test_the_old_melody_is_silent_while_it_is_recorded_over(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    page.playback.seek(1920)
    app.actions["record"].trigger()
    assert [note.start for note in app.player.composition.melody.notes] == [0, 480, 960, 1440]
    assert app.player.loop is None
    app.actions["stop"].trigger()


def test_a_note_grows_in_the_lanes_while_it_is_held(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    qtbot.wait(30)
    page.keys.press(64, 90)
    qtbot.wait(30)
    ((start, pitch, velocity),) = page.recording.held_notes(page.keys.down)
    assert pitch == 64 and velocity == 90 and start > 0
    page.keys.release(64)
    assert [note.pitch for note in page.recording.so_far().melody.notes] == [64]
    app.actions["stop"].trigger()


def test_counting_in_comes_before_recording(page: Any, app: Any, qtbot: QtBot) -> None:
    page.controls.set_count_in(1)
    app.actions["record"].trigger()
    assert page.recording.state == "counting"
    qtbot.waitUntil(lambda: page.recording.state == "recording", timeout=2000)
    app.actions["stop"].trigger()
    assert page.recording.state == "idle"


def test_a_count_in_that_is_broken_off_leaves_the_position(
    page: Any, app: Any, qtbot: QtBot
) -> None:
    page.controls.set_count_in(1)
    position = page.transport.findChild(PositionLabel)
    app.actions["record"].trigger()
    qtbot.waitUntil(lambda: position.text().startswith("−"))
    app.actions["stop"].trigger()
    assert page.recording.state == "idle"
    assert position.text().startswith("1")


def test_the_buttons_of_a_keyboard_record_and_stop(page: Any, app: Any, qtbot: QtBot) -> None:
    app.bridge.send_transport(TransportCommand.RECORD)
    assert page.recording.active
    play(page, qtbot, 60)
    app.bridge.send_transport(TransportCommand.STOP)
    assert not page.recording.active
    assert len(app.document.composition.melody.notes) == 1
    app.bridge.send_transport(TransportCommand.PLAY)
    assert page.playback.playing


def test_space_ends_a_recording(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 60)
    app.actions["play"].trigger()
    assert not page.recording.active
    assert len(app.document.composition.melody.notes) == 1


def test_what_was_just_played_can_be_kept(page: Any, app: Any, qtbot: QtBot) -> None:
    assert not app.actions["capture"].isEnabled()
    play(page, qtbot, 72)
    assert app.actions["capture"].isEnabled()
    app.actions["capture"].trigger()
    (note,) = app.document.composition.melody.notes
    assert (note.start, note.pitch) == (0, 72)
    app.library.flush()
    assert len(app.library.takes()) == 1
    assert not app.actions["capture"].isEnabled()


def test_what_a_take_holds_is_not_captured_again(page: Any, app: Any, qtbot: QtBot) -> None:
    play(page, qtbot, 72)
    app.actions["capture"].trigger()
    page.recording.capture(app.document.composition)
    assert app.sentences == ["Nothing was played in the last minutes."]


def test_a_tempo_cannot_be_tapped_while_recording(page: Any, app: Any) -> None:
    app.actions["record"].trigger()
    app.actions["tap"].trigger()
    app.actions["tap"].trigger()
    app.actions["stop"].trigger()
    assert app.document.undo_stack.count() == 0


def test_the_last_phrase_begins_after_the_last_long_silence() -> None:
    def note(at: float, pitch: int) -> tuple[TakeEvent, TakeEvent]:
        return TakeEvent(at, "note_on", pitch, 80), TakeEvent(at + 0.5, "note_off", pitch, 0)

    take = Take((*note(0, 60), *note(20, 62), *note(21, 64)), 120.0, 30.0)
    phrase = last_phrase(take)
    assert [(note.start, note.pitch) for note in played_notes(phrase)] == [(0, 62), (1, 64)]
    assert phrase.duration == 1.5


def test_a_note_before_the_count_in_ends_belongs_to_the_downbeat(
    page: Any, app: Any, qtbot: QtBot
) -> None:
    page.controls.set_count_in(1)
    app.actions["record"].trigger()
    at = page.recording._began
    app.live_path.hear(LiveEvent(at - 0.05, "note_on", 60, 90, "AKM322"))
    app.live_path.hear(LiveEvent(at + 0.10, "note_off", 60, 0, "AKM322"))
    qtbot.waitUntil(lambda: perf_counter() > at + 0.11, timeout=2000)
    app.actions["stop"].trigger()
    (note,) = app.document.composition.melody.notes
    assert note.start == 0


def test_closing_the_window_keeps_what_is_being_recorded(page: Any, app: Any, qtbot: QtBot) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 60)
    app.closing.emit()
    assert len(app.document.composition.melody.notes) == 1
    app.library.flush()
    assert app.library.recoverable() == () and len(app.library.takes()) == 1


def test_opening_another_composition_ends_and_stores_a_recording(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.actions["record"].trigger()
    play(page, qtbot, 60)
    app.document.load(melody)
    assert not page.recording.active and app.document.composition == melody
    app.library.flush()
    assert len(app.library.takes()) == 1


def test_a_change_of_the_mix_while_recording_is_heard_and_stays(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.document.load(melody.with_accompaniment((Track("Bass", 33, (Note(0, 40, 480),)),)))
    app.actions["loop"].setChecked(True)
    app.actions["record"].trigger()
    page.mixing.switch(1, "muted", True)
    assert app.player.composition.tracks[1].muted and app.player.loop is None
    assert app.player.composition.melody.notes == ()
    play(page, qtbot, 60)
    app.actions["stop"].trigger()
    assert app.document.composition.tracks[1].muted
    assert app.document.composition.melody.notes[0].pitch == 60
    assert app.player.loop is not None
