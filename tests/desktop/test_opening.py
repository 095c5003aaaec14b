"""Files come in and go out by menus and by dropping: MIDI, songs, audio, pages, recent files."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.messages import Message
from desktop.pages.studio import StudioPage
from desktop.shell import Shell
from desktop.studio.export_dialog import ExportDialog
from desktop.studio.files import plan_of
from engine.files.audio import AudioPlan
from engine.files.midi import write_midi
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from engine.store.song_file import read_song

PATIENCE = 30_000


def song(title: str = "Waltz", count: int = 1) -> Composition:
    notes = [Note(240 * index, 60, 120) for index in range(count)]
    return Composition(title=title, tracks=(make_track("Melody", notes),))


@pytest.fixture
def studio(shell: Shell) -> StudioPage:
    page = shell.window.page_widget("Studio")
    assert isinstance(page, StudioPage)
    return page


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    def answer(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(path), ""))

    return answer


def wait_saved(qtbot: QtBot, studio: StudioPage, act: Callable[[], object]) -> None:
    with qtbot.waitSignal(studio.exporting.ended, timeout=PATIENCE):
        act()


def drop(window: object, *paths: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)  # type: ignore[arg-type]
    if enter.isAccepted():
        event = QDropEvent(QPointF(5, 5), copy, mime, left, none)
        QApplication.sendEvent(window, event)  # type: ignore[arg-type]
    return enter.isAccepted()


def test_a_song_is_saved_opened_elsewhere_and_saved_again_with_ctrl_s(
    qtbot: QtBot, app: App, shell: Shell, studio: StudioPage, told: list[Message],
    save_as: Callable[[Path], None], tmp_path: Path,
) -> None:  # fmt: skip
    app.document.load(song())
    app.document.edit(song(count=2), "Edit")
    first = app.document.composition_id
    save_as(tmp_path / "waltz")
    wait_saved(qtbot, studio, app.actions["save_song"].trigger)
    path = tmp_path / "waltz.tutti"
    assert read_song(path).composition == song(count=2)
    assert app.settings.recent_files == (str(path),)
    app.document.edit(song(count=3), "Edit")
    wait_saved(qtbot, studio, app.actions["save"].trigger)
    assert read_song(path).composition == song(count=3)

    app.document.edit(song(count=4), "Edit")
    app.new_composition()
    with qtbot.waitSignal(app.document.loaded, timeout=PATIENCE):
        app.open_file(path)
    assert app.document.composition == song(count=3)
    assert app.document.composition_id == first
    qtbot.waitUntil(lambda: "among its versions" in told[-1].sentence, timeout=PATIENCE)
    assert app.library.versions.load(app.library.versions.of(first)[0].id) == song(count=4)


def test_files_are_dropped_anywhere_one_opens_and_several_go_to_the_library(
    qtbot: QtBot, app: App, shell: Shell, told: list[Message], tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.mid" for name in ("One", "Two")]
    for path in paths:
        write_midi(song(path.stem), path)
    shell.window.show_page("Settings")
    with qtbot.waitSignal(app.document.loaded, timeout=PATIENCE):
        assert drop(shell.window, paths[0])
    assert app.document.composition.title == "One" and shell.window.page == "Studio"
    (tmp_path / "bad.mid").write_bytes(b"no music")
    assert drop(shell.window, *paths, tmp_path / "bad.mid")
    qtbot.waitUntil(lambda: "2 of 3 files" in told[-1].sentence, timeout=PATIENCE)
    assert "bad.mid is not a MIDI file" in told[-1].sentence
    assert shell.window.page == "Library"
    app.library.flush()
    assert sorted(entry.title for entry in app.library.compositions()) == ["One", "One", "Two"]
    assert not drop(shell.window, tmp_path / "picture.png")


def test_a_recent_file_is_opened_and_one_that_has_gone_is_said_and_dropped(
    qtbot: QtBot, app: App, told: list[Message], tmp_path: Path
) -> None:
    paths = [tmp_path / folder / "a & b.mid" for folder in ("x", "y")]
    for path in paths:
        path.parent.mkdir()
        write_midi(song(path.parent.name), path)
        with qtbot.waitSignal(app.document.loaded, timeout=PATIENCE):
            app.open_file(path)
    assert app.recent.paths == (paths[1], paths[0])
    menu = app.actions["recent"].menu()
    assert menu is app.recent.menu
    app.recent.fill()
    rows = [action.text() for action in menu.actions()]
    assert rows[0] == f"a && b.mid  ({paths[1].parent})"
    with qtbot.waitSignal(app.document.loaded, timeout=PATIENCE):
        menu.actions()[1].trigger()
    assert app.recent.paths[0] == paths[0]
    paths[1].unlink()
    app.recent.open(paths[1])
    assert "is not in" in told[-1].sentence and app.recent.paths == (paths[0],)
    app.recent.clear()
    assert not app.actions["recent"].isEnabled()


def test_audio_is_asked_for_once_and_remembered(
    qtbot: QtBot, app: App, studio: StudioPage, told: list[Message], tmp_path: Path
) -> None:
    melody = replace(song().melody, output="Synth:midi")
    app.document.load(song().with_track(0, melody))
    app.actions["export_wav"].trigger()
    dialog = studio.findChild(ExportDialog)
    assert dialog is not None and dialog.path.name == "Waltz.wav"
    assert dialog.remark.text() == (
        "Melody is played on a MIDI port: in the file Tutti's own instrument plays it."
    )
    dialog.file.setText(str(tmp_path / "tune.mp3"))
    dialog.level.setCurrentIndex(dialog.level.findData("full"))
    dialog.rings_out.setChecked(False)
    wait_saved(qtbot, studio, lambda: qtbot.keyClick(dialog.file, Qt.Key.Key_Return))
    assert soundfile.info(tmp_path / "tune.mp3").duration == pytest.approx(2.0, abs=0.01)
    assert "LUFS" in told[-1].sentence
    assert (app.settings.export_kind, app.settings.export_level) == ("mp3", "full")
    plan = plan_of(app.settings)
    again = ExportDialog(Path("a.wav"), plan, on_ports=["Bass", "Pads", "Drums"])
    qtbot.addWidget(again)
    assert "Bass, Pads and Drums are played on MIDI ports: in the file" in again.remark.text()
    assert again.plan == plan and again.path == Path("a.mp3")


def test_the_audio_dialog_keeps_suffix_format_and_rate_together_and_asks_before_it_replaces(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = ExportDialog(tmp_path / "a.wav", AudioPlan(sample_rate=96_000))
    qtbot.addWidget(dialog)
    dialog.format.setCurrentIndex(dialog.format.findData("mp3"))
    assert dialog.path == tmp_path / "a.mp3" and dialog.plan.sample_rate == 48_000
    dialog.file.setText(str(tmp_path / "my.song"))
    assert dialog.path == tmp_path / "my.song.mp3"
    dialog.path.write_bytes(b"old")
    asked: list[Path] = []
    dialog.asked.connect(lambda path, plan: asked.append(path))
    monkeypatch.setattr(QMessageBox, "exec", lambda box: 0)
    dialog.buttons.accepted.emit()
    assert asked == []
    dialog.stems.setChecked(True)  # a folder of its own replaces nothing
    dialog.buttons.accepted.emit()
    assert asked == [tmp_path / "my.song.mp3"]


def test_a_page_to_share_is_made_with_the_sound_in_it(
    qtbot: QtBot, app: App, studio: StudioPage, told: list[Message],
    save_as: Callable[[Path], None], tmp_path: Path,
) -> None:  # fmt: skip
    app.document.load(song("<Waltz>"))
    save_as(tmp_path / "waltz")
    wait_saved(qtbot, studio, app.actions["share_page"].trigger)
    page = (tmp_path / "waltz.html").read_text("utf-8")
    assert "&lt;Waltz&gt;" in page and "data:audio/mpeg;base64," in page
    assert "any browser" in told[-1].sentence
