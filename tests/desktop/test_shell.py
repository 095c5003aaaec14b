"""The window joined to the studio: chips, menus, files, undo, closing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QMenu,
    QMessageBox,
    QToolButton,
    QTreeWidget,
)
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.shell import Shell
from engine.files.melodies import sample_melodies
from engine.live.events import LiveEvent
from engine.live.midi_ports import PortState
from engine.music.composition import Composition
from engine.music.note import Note
from engine.store.paths import settings_path
from engine.store.settings import load_settings


def song(title: str = "Song") -> Composition:
    composition = Composition(title)
    return composition.with_track(0, composition.melody.with_notes([Note(0, 60, 480)]))


def test_the_chips_tell_what_is(shell: Shell) -> None:
    bar = shell.window.top_bar
    assert bar.audio.text() == "Audio 48 kHz · 5.3 ms"
    assert bar.device.text().startswith("CPU")
    assert bar.keyboard.text() in {"No keyboard", "No MIDI"}


def test_a_keyboard_appears_by_name_and_lights_up(
    qtbot: QtBot, app: App, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = (PortState("AKM322", True, True),)
    monkeypatch.setattr(app.inputs, "states", lambda: ports)
    monkeypatch.setattr(app.inputs, "problem", None)
    app.bridge.send_ports(ports)
    chip = shell.window.top_bar.keyboard
    qtbot.waitUntil(lambda: chip.text() == "AKM322" and chip.state == "good")
    app.live_path.hear(LiveEvent(perf_counter(), "note_on", 60, 80, "AKM322"))
    qtbot.waitUntil(lambda: chip.live)
    qtbot.waitUntil(lambda: not chip.live)


def test_opening_the_sound_again_shows_in_the_chip(qtbot: QtBot, app: App, shell: Shell) -> None:
    app.restart_sound()
    assert shell.window.top_bar.audio.state == "busy"
    qtbot.waitUntil(lambda: shell.window.top_bar.audio.state == "good")


def test_undo_says_what_it_takes_back(app: App, shell: Shell) -> None:
    undo, redo = app.actions["undo"], app.actions["redo"]
    assert not undo.isEnabled() and not redo.isEnabled()
    app.document.edit(song(), "Keep take A")
    assert undo.isEnabled() and undo.text() == "Undo Keep take A"
    undo.trigger()
    assert app.document.composition == Composition()
    assert redo.isEnabled() and redo.text() == "Redo Keep take A"


def test_the_window_is_called_after_the_composition(app: App, shell: Shell) -> None:
    app.document.load(song("Evening"))
    assert shell.window.windowTitle().startswith("Evening")
    app.document.edit(replace(app.document.composition, title="Morning"), "Rename")
    assert shell.window.windowTitle().startswith("Morning")


def test_opening_a_file_asks_where_it_was_last_and_shows_the_studio(
    qtbot: QtBot, app: App, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sample_melodies()[0].path
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (str(path), ""))
    shell.window.show_page("Library")
    with qtbot.waitSignal(app.document.loaded):
        app.actions["open"].trigger()
    assert shell.window.page == "Studio"
    assert app.settings.last_folder == str(path.parent)


def test_a_problem_stands_in_the_window(
    qtbot: QtBot, app: App, shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "empty.mid"
    path.touch()
    app.open_file(path)
    bar = shell.window.message_bar
    qtbot.waitUntil(lambda: any("empty.mid" in sentence for sentence in bar.sentences))
    assert bar.isVisible()


def test_leaving_the_library_ends_the_preview(qtbot: QtBot, app: App, shell: Shell) -> None:
    shell.window.show_page("Library")
    app.preview.start(song(), "something")
    with qtbot.waitSignal(app.preview.ended):
        shell.window.show_page("Studio")
    assert not app.player.playing


def test_every_page_can_be_shown_at_every_size_and_in_both_themes(
    qtbot: QtBot, app: App, shell: Shell
) -> None:
    for theme in ("light", "dark"):
        app.change_settings(theme=theme)
        for size in (QSize(1280, 720), QSize(3840, 2160)):
            shell.window.resize(size)
            for page in ("Studio", "Train", "Library", "Settings"):
                shell.window.show_page(page)
                qtbot.wait(1)
                assert shell.window.page == page
    qtbot.waitUntil(lambda: not app.jobs.running)


def test_every_button_of_the_bar_has_a_name(shell: Shell) -> None:
    bar = shell.window.top_bar
    assert all(button.accessibleName() for button in bar.findChildren(QToolButton))
    for chip in (bar.keyboard, bar.audio, bar.device):
        assert chip.accessibleName() and chip.toolTip()


def test_the_keys_are_listed(qtbot: QtBot, app: App, shell: Shell) -> None:
    app.actions["shortcuts"].trigger()
    dialog = shell.window.findChild(QDialog)
    tree = dialog.findChild(QTreeWidget)
    found = tree.findItems("Generate", Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    assert [each.text(1) for each in found] == ["Ctrl+G"]
    dialog.close()
    app.actions["about"].trigger()
    qtbot.waitUntil(lambda: any("Tutti" in d.windowTitle() for d in dialogs(shell)))
    for each in dialogs(shell):
        each.close()


def dialogs(shell: Shell) -> list[QDialog]:
    return [each for each in shell.window.findChildren(QDialog) if each.isVisible()]


def test_closing_keeps_the_place_of_the_window(qtbot: QtBot, app: App, shell: Shell) -> None:
    shell.window.close()
    app.close()
    kept = load_settings(settings_path()).settings.window_geometry
    assert kept == shell.window.geometry_text()


def test_a_take_still_being_recorded_is_kept_on_closing(
    qtbot: QtBot, app: App, shell: Shell
) -> None:
    app.actions["record"].trigger()
    assert app.recorder.recording
    qtbot.wait(2200)  # the count-in of one bar at 120 beats a minute
    app.live_path.hear(LiveEvent(perf_counter(), "note_on", 60, 80, "Keys"))
    qtbot.wait(20)
    shell.window.close()
    app.close()
    assert not app.recorder.recording
    from engine.store.library import Library
    from engine.store.paths import library_path

    library = Library(library_path())
    assert [entry.notes for entry in library.takes()] == [1]
    library.close()


def test_the_menu_offers_every_action(app: App, shell: Shell) -> None:
    button = next(
        each
        for each in shell.window.top_bar.findChildren(QToolButton)
        if each.accessibleName() == "Menu"
    )
    menus = button.menu().findChildren(QMenu)
    offered = {action.objectName() for menu in menus for action in menu.actions()}
    assert offered >= {action.objectName() for action in app.actions.all()}
    assert button.focusPolicy() != Qt.FocusPolicy.NoFocus


def test_work_that_cannot_be_stored_holds_the_window_open(
    qtbot: QtBot, app: App, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(text: str) -> Callable[[QMessageBox], int]:
        def choose(box: QMessageBox) -> int:
            asked.append(box.text())
            next(each for each in box.buttons() if each.text() == text).click()
            return 0

        return choose

    writer = app.library._writer
    monkeypatch.setattr(writer, "problem", "The library cannot be written: the disk is full.")
    monkeypatch.setattr(app.library, "flush", lambda seconds: False)
    monkeypatch.setattr(QMessageBox, "exec", answer("Go back"))
    assert not shell.window.close() and shell.window.isVisible()
    monkeypatch.setattr(QMessageBox, "exec", answer("Close without storing"))
    assert shell.window.close()
    assert asked == ["The library cannot be written: the disk is full."] * 2


def test_the_chip_tells_how_long_a_request_took(qtbot: QtBot, app: App, shell: Shell) -> None:
    app.document.load(song())
    app.actions["generate"].trigger()
    qtbot.waitUntil(lambda: "a request" in shell.window.top_bar.device.text())
    qtbot.waitUntil(lambda: not app.jobs.running)


def test_a_model_that_came_meanwhile_is_listed_when_the_user_comes_back(
    qtbot: QtBot, app: App, shell: Shell, own_model: Path
) -> None:
    before = [model.name for model in app.models]
    (own_model.parent / "evening.onnx").write_bytes(own_model.read_bytes())
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    with qtbot.waitSignal(app.models_changed):
        application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert sorted(model.name for model in app.models) == sorted([*before, "evening"])
