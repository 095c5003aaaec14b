"""What goes wrong in the window: each thing has its sentence, and nothing is lost."""

import json
import subprocess
from pathlib import Path

import pytest

from engine.files.melodies import sample_melodies
from engine.music.composition import Composition
from engine.music.take import played_notes
from tests.flows import odd_music, shelf
from tests.flows.conftest import Start
from tests.flows.studio import Studio, until
from tests.tiny_models import write_tiny_model

MIDI_DEVICE = Path("/dev/snd/seq")


@pytest.fixture
def no_sound(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """No JACK server where one is asked for, and a model that cannot be used."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "none-runs-here")
    (home / "models").mkdir(parents=True)
    write_tiny_model(home / "models" / "odd.onnx", graph_tracks=2)
    chosen = {"audio_driver": "jack", "model": "odd"}
    (home / "settings.json").write_text(json.dumps(chosen))


@pytest.mark.timeout(600)
def test_without_sound_keyboard_and_model_all_else_works(
    no_sound: None, start: Start, tmp_path: Path
) -> None:
    studio = start()
    what_is_missing_is_said(studio)
    the_computer_s_keys_are_recorded(studio)
    bad_files_are_refused(studio, tmp_path)
    an_export_that_cannot_be_written_is_refused(studio, tmp_path)
    another_model_can_be_chosen(studio)
    studio.press("ctrl+g")
    studio.in_take("Take A", "Listen")
    studio.quit()


def what_is_missing_is_said(studio: Studio) -> None:
    studio.wait_told("JACK does not run. Start it, or choose another driver in Settings.")
    studio.wait_told("odd.onnx", "disagree")
    assert "Everything else works." in studio.find_chip("No sound").tip
    assert "disagree" in studio.find_chip("No model").tip
    if not MIDI_DEVICE.exists():
        assert "keys A to K" in studio.find_chip("No MIDI").tip


def the_computer_s_keys_are_recorded(studio: Studio) -> None:
    studio.press("i")
    studio.find("Count-in off")
    studio.press("r")
    until(lambda: shelf.recordings(studio.home), "the recording")
    studio.press("a", "s", "d", "f")
    until(lambda: len(shelf.journal(studio.home)) == 8, "four notes in the journal")
    studio.press("Escape")
    take = until(lambda: shelf.takes(studio.home), "the take")[0]
    assert [note.pitch for note in played_notes(take)] == [60, 62, 64, 65]
    until(lambda: shelf.compositions(studio.home), "the melody")


def bad_files_are_refused(studio: Studio, folder: Path) -> None:
    before = shelf.compositions(studio.home)
    for path, words in odd_music.damaged(folder).items():
        studio.open(path)
        studio.wait_told(words)
    assert shelf.compositions(studio.home) == before


def an_export_that_cannot_be_written_is_refused(studio: Studio, folder: Path) -> None:
    in_the_way = folder / "file"
    in_the_way.write_text("here")
    for keys, title, name in (
        ("ctrl+e", "Export MIDI", "out.mid"),
        ("ctrl+shift+e", "Export audio", "out.wav"),
    ):
        studio.press(keys)
        studio.answer_path(title, in_the_way / name)
        studio.wait_told(str(in_the_way / name), "could not be written")
    assert in_the_way.read_text() == "here"


def another_model_can_be_chosen(studio: Studio) -> None:
    studio.click(studio.find("", kind="ModelButton"))
    studio.click(studio.find("Pop", kind="QAction"))
    studio.find("CPU", kind="StatusChip")


@pytest.mark.timeout(600)
def test_unusual_files_open_and_play(jack: object, start: Start, tmp_path: Path) -> None:
    files = [*odd_music.unusual(tmp_path), odd_music.cut_in_half(tmp_path)]
    studio = start()
    studio.find("CPU", kind="StatusChip")
    for count, path in enumerate(files, start=1):
        studio.open(path)
        wait_for_compositions(studio, count)
    studio.wait_told("what came before was read")
    far_too_much_opens_and_is_not_generated_for(studio, tmp_path)
    studio.quit()


def wait_for_compositions(studio: Studio, count: int) -> None:
    until(lambda: len(shelf.compositions(studio.home)) == count, f"composition {count}")


def far_too_much_opens_and_is_not_generated_for(studio: Studio, folder: Path) -> None:
    studio.open(odd_music.a_hundred_thousand_notes(folder))
    until(lambda: len(latest(studio).melody.notes) == 100_000, "100,000 notes")
    studio.press("ctrl+g")
    studio.wait_told("more than a model can accompany")
    studio.press("space")
    studio.wait_until_playing()
    studio.press("space")


def latest(studio: Studio) -> Composition:
    return shelf.compositions(studio.home)[-1]


@pytest.mark.timeout(600)
def test_a_full_disk_is_said_and_all_is_stored_once_there_is_room(
    jack: object, start: Start, home: Path
) -> None:
    studio = start(sample_melodies()[0].path)
    until(lambda: shelf.compositions(home), "the melody in the library")
    fill_the_disk(studio)
    studio.click(studio.find("M", kind="QToolButton"))
    studio.find("The library", kind="QLabel")
    assert not latest(studio).melody.muted
    limit_files(studio, "unlimited")
    studio.find("The library can be written again, and everything is stored.")
    until(lambda: latest(studio).melody.muted, "the edit in the library")
    studio.quit()


def fill_the_disk(studio: Studio) -> None:
    """No file may grow beyond what the library's log of changes has already."""
    limit_files(studio, str((studio.home / "library.sqlite-wal").stat().st_size))


def limit_files(studio: Studio, size: str) -> None:
    command = ["prlimit", "--pid", str(studio.process.pid), f"--fsize={size}:unlimited"]
    subprocess.run(command, check=True)


@pytest.mark.timeout(600)
def test_a_home_that_cannot_be_written_is_said_and_the_music_can_be_exported(
    jack: object, start: Start, tmp_path: Path
) -> None:
    """As root a folder without permission can be written to; one under a file cannot."""
    in_the_way, exported = tmp_path / "file", tmp_path / "saved.mid"
    in_the_way.write_text("here")
    studio = start(sample_melodies()[0].path, home=in_the_way / "home")
    studio.find("The library", kind="QLabel")
    studio.find("CPU", kind="StatusChip")
    studio.press("ctrl+g")
    studio.click(studio.in_take("Take B", "Keep"))
    studio.in_take("Take B", "Kept")
    studio.press("ctrl+e")
    studio.answer_path("Export MIDI", exported)
    until(exported.exists, "the exported file")
    studio.press("ctrl+q")
    studio.click(studio.find("Close without storing"))
    assert studio.process.wait(60) == 0
    assert in_the_way.read_text() == "here"
