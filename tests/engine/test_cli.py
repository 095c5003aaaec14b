"""The headless commands, run as a user or a program runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pretty_midi
import pytest
import symusic

from engine.cli import main
from engine.files.midi import read_midi, write_midi
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import ControlEvent, make_track
from engine.version import version
from tests.tiny_models import DRUMS, write_tiny_model

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    return str(write_tiny_model(tmp_path / "tiny.onnx", density=True, chords=True))


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A melody with pedal and bend, a tempo and a meter change, at 220 ticks a quarter."""
    notes = [Note(i * 110, 60 + i % 8, 100, 40 + i) for i in range(40)]
    controls = [ControlEvent(50, "control", 64, 127), ControlEvent(90, "bend", 0, -3000)]
    piece = Composition(
        ticks_per_quarter=220,
        tempos=(TempoChange(0, 600_000), TempoChange(1760, 450_000)),
        meters=(MeterChange(0, 4, 4), MeterChange(1760, 3, 4)),
        tracks=(make_track("Lead", notes, program=73, controls=controls),),
    )
    path = tmp_path / "song.mid"
    write_midi(piece, path)
    return path


def generate(*arguments: object) -> int:
    return main(["generate", *map(str, arguments)])


def run(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "engine", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


def test_the_melody_stays_as_it_was_and_the_band_comes_under_it(
    tmp_path: Path, song: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert generate(song, "--out-dir", tmp_path / "new" / "out", "--model", tiny) == 0
    out = tmp_path / "new" / "out" / "song.mid"
    before, after = read_midi(song).composition, read_midi(out).composition
    assert after.tracks[0].notes == before.tracks[0].notes
    assert after.tracks[0].controls == before.tracks[0].controls
    assert (after.ticks_per_quarter, after.tempos, after.meters) == (
        220, before.tempos, before.meters,
    )  # fmt: skip
    assert [(t.name, t.program) for t in after.accompaniment] == [
        ("Bass", 33), ("Chords", 4), ("Strings", 48),
    ]  # fmt: skip
    said = capsys.readouterr()
    assert "Lead" in said.out
    assert str(out) in said.out
    assert said.err == ""


def test_two_other_readers_find_the_melody_untouched(tmp_path: Path, song: Path, tiny: str) -> None:
    assert generate(song, "--out-dir", tmp_path / "out", "--model", tiny) == 0
    out = tmp_path / "out" / "song.mid"
    given: Any = symusic.Score(song)
    made: Any = symusic.Score(out)
    notes = [
        [(n.time, n.duration, n.pitch, n.velocity) for n in s.tracks[0].notes]
        for s in (given, made)
    ]
    assert notes[0] == notes[1]
    heard = pretty_midi.PrettyMIDI(str(out))
    assert [each.name for each in heard.instruments] == ["Lead", "Bass", "Chords", "Strings"]
    assert [note.pitch for note in heard.instruments[0].notes] == [60 + i % 8 for i in range(40)]


def test_takes_are_numbered_and_the_same_each_time(tmp_path: Path, song: Path, tiny: str) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    assert generate(song, "--out-dir", first, "--model", tiny, "--takes", 3, "--seed", 7) == 0
    assert generate(song, "--out-dir", second, "--model", tiny, "--takes", 3, "--seed", 7) == 0
    names = ["song-1.mid", "song-2.mid", "song-3.mid"]
    assert sorted(path.name for path in first.iterdir()) == names
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert generate(song, "--out-dir", tmp_path / "c", "--model", tiny, "--seed", 7) == 0
    assert (tmp_path / "c" / "song.mid").read_bytes() == (first / "song-1.mid").read_bytes()


def test_json_is_all_that_stands_on_stdout(tmp_path: Path, song: Path, tiny: str) -> None:
    done = run("generate", song, "--out-dir", tmp_path / "out", "--model", tiny, "--json",
               "--takes", 2, "--device", "cpu")  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert (answer["model"], answer["provider"], answer["errors"]) == ("Tiny", "CPU", [])
    assert [file["take"] for file in answer["files"]] == [0, 1]
    assert [track["name"] for track in answer["files"][0]["tracks"]] == [
        "Bass", "Chords", "Strings",
    ]  # fmt: skip
    assert "Lead" in answer["files"][0]["melody"]


def test_the_band_plays_on_where_it_is_asked_to(tmp_path: Path, song: Path) -> None:
    beat = write_tiny_model(tmp_path / "beat.onnx", tracks=(DRUMS,), position=True)
    ends = []
    for bars in (0, 2):
        out = tmp_path / str(bars)
        assert generate(song, "--out-dir", out, "--model", beat, "--extend", bars) == 0
        ends.append(read_midi(out / "song.mid").composition.tracks[1].notes[-1].start)
    assert ends[1] - ends[0] == 2 * 3 * 220
    with pytest.raises(SystemExit, match="2"):
        generate(song, "--out-dir", tmp_path, "--extend", 65)


def test_repeats_of_a_section_are_played_alike(
    tmp_path: Path, song: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out, bar = tmp_path / "out", 4 * 220
    assert generate(song, "--out-dir", out, "--model", tiny, "--sections", "A1-1 A2-2") == 0
    for track in read_midi(out / "song.mid").composition.accompaniment:
        first = [(n.start, n.pitch) for n in track.notes if n.start < bar]
        assert first == [(n.start - bar, n.pitch) for n in track.notes if bar <= n.start < 2 * bar]
    assert generate(song, "--out-dir", out, "--model", tiny, "--sections", "Q1") == 1
    assert "“Q1” is no section" in capsys.readouterr().err


def test_chords_density_and_adventure_reach_the_model(
    tmp_path: Path, song: Path, tiny: str
) -> None:
    sheet = tmp_path / "chords.txt"
    sheet.write_text("| F#dim |\n")
    wishes = ["--chords", sheet, "--density", "Bass=0", "--density", "Strings=0.9"]
    out = tmp_path / "out"
    assert generate(song, "--out-dir", out, "--model", tiny, *wishes, "--adventure", 0) == 0
    written = pretty_midi.PrettyMIDI(str(tmp_path / "out" / "song.mid"))
    notes = {track.name: track.notes for track in written.instruments}
    assert not notes.get("Bass")
    assert notes["Strings"]
    assert {note.pitch % 12 for note in notes["Chords"]} >= {6, 9, 0}


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["sing"],
        ["generate"],
        ["generate", "a.mid"],
        ["generate", "a.mid", "--out-dir", "o", "--seed", "x"],
        ["generate", "a.mid", "--out-dir", "o", "--seed", "-1"],
        ["generate", "a.mid", "--out-dir", "o", "--takes", "0"],
        ["generate", "a.mid", "--out-dir", "o", "--device", "tpu"],
        ["generate", "a.mid", "--out-dir", "o", "--density", "Bass"],
        ["generate", "a.mid", "--out-dir", "o", "--density", "Bass=2"],
        ["generate", "a.mid", "--out-dir", "o", "--adventure", "wild"],
        ["evaluate", "--model", "pop"],
        ["data", "add", "folder"],
    ],
)
def test_wrong_usage_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_results_of_one_name_are_wrong_usage(tmp_path: Path, tiny: str) -> None:
    inputs = [tmp_path / "a" / "x.mid", tmp_path / "b" / "x.mid"]
    assert generate(*inputs, "--out-dir", tmp_path / "out", "--model", tiny) == 2
    assert generate(inputs[0], inputs[0], "--out-dir", tmp_path / "out", "--model", tiny) == 2
    twice = [tmp_path / "x.mid", tmp_path / "x-1.mid"]
    assert generate(*twice, "--out-dir", tmp_path / "out", "--takes", 2, "--model", tiny) == 1
    assert not (tmp_path / "out" / "x.mid").exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"This is a text.", "text.mid"), (b"", "empty.mid"), (b"MThd\x00\x00\x00\x06", "cut.mid")],
)
def test_a_file_that_is_no_music_ends_with_one_sentence(
    tmp_path: Path, tiny: str, content: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("generate", tmp_path / name, "--out-dir", tmp_path / "out", "--model", tiny)
    assert done.returncode == 1
    assert done.stdout.count("\n") <= 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_one_bad_file_does_not_keep_the_others_from_being_made(
    tmp_path: Path, song: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.mid"
    bad.write_text("no music")
    assert (
        generate(bad, song, tmp_path / "none.mid", "--out-dir", tmp_path / "out", "--model", tiny)
        == 1
    )
    assert (tmp_path / "out" / "song.mid").is_file()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert "bad.mid" in lines[0]
    assert "none.mid" in lines[1]


def test_what_cannot_be_done_is_one_sentence(
    tmp_path: Path, song: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    broken = write_tiny_model(tmp_path / "bad.onnx", graph_noise=2)
    cases: list[tuple[list[object], str]] = [
        ([song, "--out-dir", out, "--model", "nothing"], "no model called"),
        ([song, "--out-dir", out, "--model", broken], "disagree"),
        ([song, "--out-dir", in_the_way / "out", "--model", tiny], "could not be made"),
        ([song, "--out-dir", tmp_path, "--model", tiny], "take the place of its melody"),
        ([song, "--out-dir", out, "--model", tiny, "--density", "Tuba=1"], "no track “Tuba”"),
        ([song, "--out-dir", out, "--model", tiny, "--chords", out / "no"], "could not be read"),
    ]
    for arguments, words in cases:
        assert generate(*arguments) == 1
        said = capsys.readouterr().err
        assert words in said
        assert said.count("\n") == 1
    assert read_midi(song).composition.melody.name == "Lead"


def test_an_empty_melody_is_one_sentence(
    tmp_path: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rest.mid"
    write_midi(Composition(), path)
    assert generate(path, "--out-dir", tmp_path / "out", "--model", tiny) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("coding", ["utf-8", "cp1252"])
def test_a_name_that_stdout_cannot_show_is_no_traceback(
    tmp_path: Path, song: Path, tiny: str, coding: str
) -> None:
    path = song.rename(tmp_path / os.fsdecode("曲 é ".encode() + b"\xff.mid"))
    environment = {**os.environ, "PYTHONIOENCODING": f"{coding}:strict"}
    given = ("generate", path, "--out-dir", tmp_path / "out", "--model", tiny)
    plain, answer = (
        run(*given, *more, env=environment, encoding=coding) for more in ((), ("--json",))
    )
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "could not" not in plain.stdout
    assert json.loads(answer.stdout)["files"][0]["input"] == str(path)
    assert (tmp_path / "out" / path.name).exists()


def test_names_too_long_for_the_system_are_one_sentence(
    tmp_path: Path, song: Path, tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    long = song.rename(tmp_path / f"{'x' * 250}.mid")
    assert generate(long, "--out-dir", tmp_path / "o", "--model", tiny, "--takes", 2) == 1
    assert "the name is too long" in capsys.readouterr().err
    assert generate(long, "--out-dir", tmp_path / "o", "--model", "y" * 300 + ".onnx") == 1
    assert "There is no model called" in capsys.readouterr().err


def test_models_lists_names_titles_and_problems(
    tutti_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tutti_home / "models").mkdir()
    write_tiny_model(tutti_home / "models" / "mine.onnx", name="My Band")
    (tutti_home / "models" / "broken.onnx").write_text("")
    assert main(["models"]) == 0
    said = capsys.readouterr().out
    assert "My Band" in said
    assert "Bass, Chords, Strings" in said
    assert "broken.onnx is not an ONNX model" in said
    assert main(["models", "--json"]) == 0
    listed = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert listed["mine"]["card"]["noise_size"] == 8
    assert listed["broken"]["card"] is None


def test_devices_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices"]) == 0
    assert "cpu" in capsys.readouterr().out
    assert main(["devices", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in listed] == ["cuda", "cpu"]
    assert listed[1]["usable"] is True


def test_the_version_is_the_project_s() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"Tutti {version()}\n")


def test_train_is_handed_to_the_trainer_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def start(command: list[str], **_options: object) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", start)
    assert main(["train", "--data", "x", "--name", "y"]) == 3
    assert commands == [[sys.executable, "-m", "models", "--data", "x", "--name", "y"]]


def test_evaluating_on_data_that_is_not_there_is_one_sentence(
    tiny: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--model", tiny, "--data", "nowhere"]) == 1
    said = capsys.readouterr().err
    assert "nowhere" in said
    assert said.count("\n") == 1


def test_a_reader_that_goes_away_is_no_traceback(tutti_home: Path) -> None:
    (tutti_home / "models").mkdir()
    for index in range(200):
        (tutti_home / "models" / f"broken{index}.onnx").write_text("")
    command = f"{sys.executable} -m engine models --json | head -c 1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
