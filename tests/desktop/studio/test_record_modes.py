"""Overdub, punch in and out, loops with every pass kept, and what is heard late taken off."""

from collections.abc import Iterator
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.studio.recording import MARK_FIRST
from engine.live.events import LiveEvent
from engine.music.composition import Composition, tempo_from_bpm

BAR = 1920
BEAT = 0.2
"""Seconds at 300 a minute."""
PATIENCE = 30_000


@pytest.fixture
def fast(page: Any, app: Any, melody: Composition) -> Iterator[Composition]:
    """Four bars of quarters, a bar in 0.8 s, without a count-in; what sounds is known."""
    page.controls.set_count_in(0)
    loaded = replace(melody, tempos=(tempo_from_bpm(300.0),))
    app.document.load(loaded)
    yield loaded
    if page.recording.active:
        app.actions["stop"].trigger()


def strike(app: Any, page: Any, beat: float, pitch: int, beats: float = 0.5) -> None:
    """A key struck so many beats after recording began, by the clock of the keyboard."""
    at = page.recording._began + beat * BEAT
    app.live_path.hear(LiveEvent(at, "note_on", pitch, 90, "AKM322"))
    app.live_path.hear(LiveEvent(at + beats * BEAT, "note_off", pitch, 0, "AKM322"))


def wait_until_beat(page: Any, qtbot: QtBot, beat: float) -> None:
    at = page.recording._began + beat * BEAT
    qtbot.waitUntil(lambda: perf_counter() > at, timeout=PATIENCE)


def heard(composition: Composition) -> list[tuple[int, int]]:
    return [(note.start, note.pitch) for note in composition.melody.notes]


def test_an_overdub_is_played_to_the_melody_and_added_to_it(
    page: Any, app: Any, fast: Composition, qtbot: QtBot
) -> None:
    app.actions["overdub"].setChecked(True)
    app.actions["record"].trigger()
    assert app.player.composition.melody.notes == fast.melody.notes
    strike(app, page, 1, 90)
    wait_until_beat(page, qtbot, 2)
    app.actions["record"].trigger()
    assert heard(app.document.composition) == sorted([*heard(fast), (480, 90)])
    assert app.document.undo_stack.undoText() == "Overdub"
    assert app.settings.record_overdub


def test_a_punch_comes_out_by_itself_and_leaves_what_is_around(
    page: Any, app: Any, fast: Composition, qtbot: QtBot
) -> None:
    app.actions["snap"].setChecked(True)
    page._choose_loop(BAR, 2 * BAR)
    app.actions["punch"].setChecked(True)
    page.playback.seek(BAR - 480)
    app.actions["record"].trigger()
    assert page.recording.state == "counting" and app.player.loop is None
    sounding = [note.start for note in app.player.composition.melody.notes]
    assert BAR - 480 in sounding and BAR not in sounding and 2 * BAR in sounding
    strike(app, page, -0.6, 88, 0.3)
    strike(app, page, 0.05, 90)
    strike(app, page, 4.1, 91)
    qtbot.waitUntil(lambda: not page.recording.active, timeout=PATIENCE)
    around = [(tick, pitch) for tick, pitch in heard(fast) if not BAR <= tick < 2 * BAR]
    assert heard(app.document.composition) == sorted([*around, (BAR, 90)])
    assert app.document.undo_stack.undoText() == "Punch in"
    assert app.document.undo_stack.count() == 1
    # Only the recording has ended: what was recorded is heard, to the end of the music.
    assert app.player.playing and not app.player.endless
    assert app.player.composition is app.document.composition
    app.actions["stop"].trigger()
    assert not app.player.playing


def test_a_loop_keeps_every_pass_and_another_can_be_chosen(
    page: Any, app: Any, fast: Composition, qtbot: QtBot
) -> None:
    app.actions["snap"].setChecked(True)
    page._choose_loop(0, BAR)
    app.actions["loop"].setChecked(False)
    app.actions["punch"].setChecked(True)
    app.actions["loop_takes"].setChecked(True)
    assert not app.actions["punch"].isChecked() and app.settings.record_within == "loop"
    app.actions["record"].trigger()
    assert app.player.loop == (0, BAR)
    for number, pitch in enumerate((81, 82, 83)):
        strike(app, page, 4 * number + 1.02, pitch)
    wait_until_beat(page, qtbot, 10)
    app.actions["record"].trigger()
    document = app.document
    assert len(document.composition.recorded[-1].passes) == 3 and app.player.loop is None
    rest = [each for each in heard(fast) if each[0] >= BAR]
    assert heard(document.composition) == [(480, 82), *rest]
    assert app.sentences[-1] == "3 passes are kept."
    app.actions["passes"].trigger()
    card = page.passes.card
    assert [each.text() for each in card.buttons][::3] == [
        "Pass 1 · 1 note", "All of them together",
    ]  # fmt: skip
    card.buttons[2].click()
    assert heard(app.player.composition)[0] == (480, 83) and document.undo_stack.count() == 1
    card.apply.click()
    assert heard(document.composition) == [(480, 83), *rest]
    assert document.undo_stack.undoText() == "Choose pass 3"


def test_an_overdub_that_goes_round_is_heard_layer_by_layer(
    page: Any, app: Any, fast: Composition, qtbot: QtBot
) -> None:
    page._choose_loop(0, BAR)
    app.actions["overdub"].setChecked(True)
    app.actions["loop_takes"].setChecked(True)
    app.actions["record"].trigger()
    strike(app, page, 1, 81)
    qtbot.waitUntil(
        lambda: 81 in [note.pitch for note in app.player.composition.melody.notes],
        timeout=PATIENCE,
    )
    strike(app, page, 6, 82)
    wait_until_beat(page, qtbot, 8.5)
    app.actions["record"].trigger()
    pitches = {note.pitch for note in app.document.composition.melody.notes}
    assert {81, 82, 60, 62} <= pitches


def test_without_marked_bars_it_says_how_to_mark_them(page: Any, app: Any) -> None:
    app.actions["punch"].setChecked(True)
    app.actions["record"].trigger()
    assert not page.recording.active and app.sentences == [MARK_FIRST]


def test_what_comes_late_by_the_users_measure_is_taken_off(
    page: Any, app: Any, fast: Composition, qtbot: QtBot
) -> None:
    app.change_settings(recorded_late_ms=100)
    app.actions["snap"].setChecked(False)
    app.actions["record"].trigger()
    strike(app, page, 1.5, 90)
    wait_until_beat(page, qtbot, 2.5)
    app.actions["record"].trigger()
    assert app.document.composition.melody.notes[0].start == pytest.approx(480, abs=2)


def test_a_punch_out_that_the_journal_finds_leaves_no_recording_to_be_recovered(
    page: Any, app: Any, fast: Composition, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page._choose_loop(0, BAR)
    app.actions["punch"].setChecked(True)
    page.playback.seek(0)
    app.actions["record"].trigger()
    strike(app, page, 0.05, 90)
    recording = page.recording
    # Only the journal looks at the clock, as it happens to be the first to do now and then.
    page.playback.moved.disconnect(recording._follow)
    qtbot.waitUntil(lambda: not recording.active, timeout=PATIENCE)
    app.library.flush()
    assert app.library.recoverable() == ()
