"""tutti data: what it prints, what it answers as JSON, how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.cli import main
from engine.data.progress import Progress, in_bytes, progress_words, report_words
from engine.data.song_report import (
    CORRECTED,
    DUPLICATE,
    HELP,
    METER,
    OFF_THE_GRID,
    ImportReport,
)
from tests.archive_server import ArchiveServer, serving
from tests.engine.data.catalogue_set import entry, offer_songs
from tests.midi_songs import write_songs


@pytest.fixture
def songs(tmp_path: Path) -> Path:
    return write_songs(tmp_path / "songs")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    assert main(["data", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def added(songs: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["data", "add", str(songs), "--name", "mine", "--tag", "pop", "--tag", "own"]) == 0
    return capsys.readouterr().out


def test_a_folder_is_added_listed_reported_and_removed(
    songs: Path, tutti_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = added(songs, capsys)
    assert "3 of 5 files are kept. Left out: 1 no accompaniment, 1 unreadable." in said
    assert main(["data", "list"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("mine ") and "3 songs" in said and "[pop, own]" in said
    assert main(["data", "report", "mine"]) == 0
    said = capsys.readouterr().out
    assert "alone.mid: no accompaniment" in said and "song0.mid" not in said
    assert main(["data", "report", "mine", "--all"]) == 0
    assert "song0.mid: kept" in capsys.readouterr().out
    assert main(["data", "remove", "mine"]) == 0
    assert "untouched" in capsys.readouterr().out
    assert not (tutti_home / "data" / "mine").exists() and songs.is_dir()
    assert main(["data", "list"]) == 0
    assert "no data sets yet" in capsys.readouterr().out


def test_several_files_are_added_as_one_set(
    songs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(songs)
    assert main(["data", "add", "song0.mid", "song2.mid", "--name", "two"]) == 0
    assert "2 of 2 files are kept." in capsys.readouterr().out
    assert main(["data", "report", "two", "--all"]) == 0
    said = capsys.readouterr().out
    assert "song0.mid: kept" in said and "song2.mid: kept" in said and "song1" not in said


def test_everything_is_told_as_json(songs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = answer(capsys, "add", str(songs), "--name", "mine", "--tag", "pop", "--tag", "own")
    assert isinstance(kept, dict) and kept["report"]["kept"] == 3
    listed = answer(capsys, "list")
    assert isinstance(listed, list)
    assert (listed[0]["name"], listed[0]["songs"], listed[0]["tags"]) == ("mine", 3, ["pop", "own"])
    report = answer(capsys, "report", "mine")
    assert isinstance(report, dict)
    assert report["dropped"] == {"no accompaniment": 1, "unreadable": 1}
    assert [each["kept"] for each in report["reports"]].count(True) == 3


def test_the_catalogue_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "catalogue"]) == 0
    said = capsys.readouterr().out
    assert "pop909" in said and "19.7 MB" in said and "a recipe" in said
    listed = answer(capsys, "catalogue")
    assert isinstance(listed, list)
    by_name = {each["name"]: each for each in listed}
    assert by_name["jsb"]["address"].startswith("https://")
    assert by_name["jsb"]["fetched"] is False and by_name["jsb"]["arrived_bytes"] == 0
    assert by_name["lieder"]["recipe"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["get", "opera"], "no data set called opera"),
        (["get", "lieder"], "MuseScore"),
        (["remove", "nothing"], "no data set nothing"),
        (["report", "nothing"], "no data set nothing"),
        (["report", "../nothing"], "needs a name"),
        (["add", "nowhere", "--name", "x"], "nowhere"),
        (["add", ".", "--name", "a/b"], "signs that no folder"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_1(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", *arguments]) == 1
    told = capsys.readouterr()
    assert words in told.err and told.err.count("\n") == 1 and not told.out


@pytest.fixture
def tiny(songs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ArchiveServer]:
    """The catalogue has one small set, served from this machine."""
    with serving(ArchiveServer()) as server:
        offer_songs(server, songs, monkeypatch)
        tiny_set = entry(source=server.address)
        monkeypatch.setattr("engine.data_command.entry_named", lambda name: tiny_set)
        yield server


def test_a_set_is_fetched_and_imported_in_one_go(
    tiny: ArchiveServer, tutti_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.breaks_after = [100]
    assert main(["data", "get", "tiny"]) == 0
    told = capsys.readouterr()
    assert told.err == "The line broke. Trying again.\n"
    assert told.out.splitlines() == [
        "5 files, each the one that is known.",
        "3 of 5 files are kept. Left out: 1 no accompaniment, 1 unreadable.",
        "Licence: CC0 1.0. Free for any use.",
    ]
    got = answer(capsys, "get", "tiny")
    assert isinstance(got, dict)
    assert (got["fetched"]["kept"], got["report"]["kept"]) == (5, 3)
    assert Path(got["folder"], "corpus.json").is_file()
    assert len(tiny.asked) == 2  # the second time nothing was fetched
    listed = answer(capsys, "list")
    assert isinstance(listed, list)
    assert listed[0]["licence"] == "CC0 1.0. Free for any use." and listed[0]["tags"] == ["test"]


def test_a_set_that_cannot_be_fetched_is_one_sentence(
    tiny: ArchiveServer, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.statuses = [404]
    assert main(["data", "get", "tiny"]) == 1
    told = capsys.readouterr()
    assert "has nothing at" in told.err and told.err.count("\n") == 1 and not told.out


def test_amounts_and_progress_are_told_in_words() -> None:
    assert [in_bytes(n) for n in (0, 900, 1_500, 150_000, 19_708_927, 2.5e9)] == [
        "0 bytes", "900 bytes", "1.5 kB", "150 kB", "19.7 MB", "2.5 GB",
    ]  # fmt: skip
    fetching_it = Progress("Fetching", 3_100_000, 19_700_000, 1_200_000)
    assert progress_words(fetching_it) == "Fetching: 3.1 MB of 19.7 MB, 1.2 MB a second"
    assert progress_words(Progress("Fetching", 500)) == "Fetching: 500 bytes"
    assert progress_words(Progress("Importing", 12, 1_824)) == "Importing: 12 of 1,824 files"
    assert report_words(ImportReport(5, 5)) == "5 of 5 files are kept."
    estimated = ImportReport(5, 5, estimated=4)
    assert report_words(estimated) == "5 of 5 files are kept, 4 with estimated beats."


def test_where_few_files_are_kept_it_says_what_helps() -> None:
    few = ImportReport(150, 11, {OFF_THE_GRID: 89, METER: 50})
    assert few.main_reason == OFF_THE_GRID
    assert report_words(few) == (
        "11 of 150 files are kept. Left out: 89 off the grid, 50 meter. "
        f"Mostly off the grid: {HELP[OFF_THE_GRID]}."
    )
    # Most of a folder may be doubles of what is kept, or left out by the user's own rule.
    for reason in (DUPLICATE, CORRECTED):
        assert not ImportReport(20, 4, {reason: 13, METER: 3}).main_reason
