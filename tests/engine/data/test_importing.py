import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.data import chorales
from engine.data.corpus import Corpus, meter_of
from engine.data.data_sets import data_set, data_sets, file_reports
from engine.data.importing import Cancelled, examine, import_folder, packed_folder
from engine.data.packing import GrowingArray
from engine.data.rules import Correction, RoleRule, read_rule
from engine.data.song_report import (
    BEATS_ESTIMATED,
    CORRECTED,
    DUPLICATE,
    METER,
    NO_ACCOMPANIMENT,
    TOO_SHORT,
    UNREADABLE,
)
from engine.errors import DataError
from engine.music.composition import MeterChange
from tests.engine.data.band_songs import band, waltz, write_song
from tests.small_songs import write_small_corpus


@pytest.fixture
def bach(tmp_path: Path) -> Path:
    folder = tmp_path / "bach"
    folder.mkdir()
    pieces = [[[72, 67, 64, 48]] * 16, [[72, 69, 64, 48]] * 16]
    (folder / chorales.FILE).write_text(json.dumps({"train": pieces}))
    return folder


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file of each kind."""
    folder = tmp_path_factory.mktemp("mixed") / "My songs"
    write_song(folder / "Rock" / "one.mid")
    write_song(folder / "Rock" / "once more.mid", band(shift=3))  # the same, transposed
    write_song(folder / "alone.mid", band()[:1])
    write_song(folder / "quintuple.mid", meters=(MeterChange(0, 5, 8),))
    write_song(folder / "short.mid", band()[:2], meters=(MeterChange(0, 6, 4),))
    write_song(folder / "waltz.mid", band()[:4], meters=waltz())
    (folder / "letter.mid").write_text("dear diary")
    return folder


def sets_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*"))


def test_every_file_is_kept_or_dropped_for_a_reason(mixed: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = import_folder(
        mixed, "mine", ("band",), tmp_path / "sets", progress=lambda *step: told.append(step)
    )
    assert (report.files, report.kept, report.songs) == (7, 2, 2)
    assert report.dropped == {
        DUPLICATE: 1,
        NO_ACCOMPANIMENT: 1,
        METER: 1,
        TOO_SHORT: 1,
        UNREADABLE: 1,
    }
    assert report.meters == {"4/4": 1, "3/4": 1}
    assert told == [(done, 7) for done in range(1, 8)]
    corpus = Corpus(tmp_path / "sets" / "mine")
    first, second = corpus.songs
    assert (first.name, first.tags, meter_of(first)) == ("Rock/once more", ("rock",), "4/4")
    assert (second.name, second.tags, meter_of(second)) == ("waltz", (), "3/4")
    assert first.melody == second.melody
    assert corpus.card.tags == ("band",)


def test_files_whose_beats_are_estimated_are_counted_and_told(tmp_path: Path) -> None:
    songs = tmp_path / "songs"
    write_song(songs / "to the click.mid", band(8, shift=2))
    late = [
        replace(track, notes=tuple(replace(n, start=n.start + 700) for n in track.notes))
        for track in band(12)
    ]
    write_song(songs / "recorded.mid", late)
    report = import_folder(songs, "mine", (), tmp_path / "sets")
    assert (report.kept, report.estimated) == (2, 1)
    told = {each.path: each.remark for each in file_reports(tmp_path / "sets" / "mine")}
    assert told == {"recorded.mid": BEATS_ESTIMATED, "to the click.mid": ""}
    kept = data_set(tmp_path / "sets" / "mine").report
    assert kept is not None and kept.estimated == 1


def test_the_set_keeps_its_report_and_knows_its_source(mixed: Path, tmp_path: Path) -> None:
    report = import_folder(mixed, "mine", (), tmp_path, licence="CC0", version="3")
    found = data_set(tmp_path / "mine")
    assert (found.report, found.source, found.layout) == (report, mixed, "band")
    assert (found.licence, found.card.version, found.songs) == ("CC0", "3", 2)
    assert found.windows == 2
    reports = list(file_reports(found.folder))
    assert [each.reason for each in reports if each.path == "letter.mid"] == [UNREADABLE]
    assert sum(each.kept for each in reports) == 2
    assert list(file_reports(found.folder, 1, 2)) == reports[1:3]
    assert examine(mixed) == tuple(reports)
    assert examine(mixed, limit=2) == tuple(reports[:2])


def test_a_corrected_rule_is_kept_for_the_next_import(mixed: Path, tmp_path: Path) -> None:
    rule = RoleRule(
        (Correction(role="Counter", name="pia*"), Correction(file="waltz.mid", whole_file=True))
    )
    report = import_folder(mixed, "mine", (), tmp_path, rule)
    assert report.dropped[CORRECTED] == 1
    assert read_rule(tmp_path / "mine") == rule
    again = import_folder(mixed, "mine", ("new",), tmp_path)
    assert again == report
    assert read_rule(tmp_path / "mine") == rule
    (song,) = Corpus(tmp_path / "mine").songs
    assert song.parts == ("Melody", "Bass", "Counter", "Drums")
    assert import_folder(mixed, "mine", (), tmp_path, RoleRule()).kept == 2


def test_a_cancelled_import_leaves_what_was_there(mixed: Path, tmp_path: Path) -> None:
    write_small_corpus(tmp_path / "sets" / "mine", 1)
    done: list[int] = []
    with pytest.raises(Cancelled, match="cancelled"):
        import_folder(
            mixed,
            "mine",
            (),
            tmp_path / "sets",
            progress=lambda files, total: done.append(files),
            cancelled=lambda: len(done) >= 2,
        )
    assert len(done) == 2
    assert sets_in(tmp_path / "sets") == ["mine"]
    assert Corpus(tmp_path / "sets" / "mine").card.name == "scales"


def test_a_killed_import_leaves_nothing_that_is_taken_for_a_set(tmp_path: Path) -> None:
    for number in range(40):
        write_song(tmp_path / "mine" / f"{number}.mid", band(8, shift=number % 5))
    code = (
        "import sys, time; from pathlib import Path; from engine.data.importing import *\n"
        "def told(done, total):\n"
        "    print(done, flush=True)\n"
        "    time.sleep(0.05)\n"
        "import_folder(Path(sys.argv[1]), 'mine', (), Path(sys.argv[2]), progress=told)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "mine"), str(tmp_path / "sets")]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
    assert [name[:6] for name in sets_in(tmp_path / "sets")] == [".mine."]
    assert data_sets(tmp_path / "sets") == ()
    assert sets_in(tmp_path / "sets") == []


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(array: GrowingArray, rows: Iterable[object]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(GrowingArray, "append", full)
    with pytest.raises(DataError, match="could not be written: the disk is full"):
        import_folder(mixed, "mine", (), tmp_path / "sets")
    assert sets_in(tmp_path / "sets") == []


def test_a_folder_without_songs_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_song(folder / "alone.mid", band()[:1])
    with pytest.raises(DataError, match=r"None of the files held .* \(1 no accompaniment\)"):
        import_folder(folder, "mine", (), tmp_path / "sets")
    assert sets_in(tmp_path / "sets") == []


def test_a_file_name_that_is_no_text_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_song(folder / "one.mid").rename(folder / os.fsdecode(b"\xff.mid"))
    corpus = Corpus(packed_folder(str(folder), tmp_path / "sets"))
    assert [song.name for song in corpus.songs] == ["?"]


def test_files_that_differ_in_their_suffix_alone_are_two_songs(tmp_path: Path) -> None:
    write_song(tmp_path / "mine" / "a.mid")
    write_song(tmp_path / "mine" / "a.midi", band()[:4])
    import_folder(tmp_path / "mine", "mine", (), tmp_path)
    assert [song.name for song in Corpus(tmp_path / "mine").songs] == ["a", "a__again"]


def test_a_packed_set_is_found_by_its_name(tmp_path: Path) -> None:
    packed = write_small_corpus(tmp_path / "sets" / "mine", 1)
    assert packed_folder("mine", tmp_path / "sets") == packed


def test_a_packed_set_is_found_by_its_folder(tmp_path: Path) -> None:
    packed = write_small_corpus(tmp_path / "elsewhere", 1)
    assert packed_folder(str(packed), tmp_path / "sets") == packed


def test_a_known_layout_is_packed_once(bach: Path, tmp_path: Path) -> None:
    packed = packed_folder(str(bach), tmp_path / "sets")
    assert packed == tmp_path / "sets" / "jsb"
    assert Corpus(packed).card == chorales.CARD
    assert len(Corpus(packed).songs) == 2
    (bach / chorales.FILE).write_text("{}")
    assert packed_folder(str(bach), tmp_path / "sets") == packed


def test_a_folder_whose_files_changed_is_packed_anew(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    write_song(folder / "one.mid")
    packed = packed_folder(str(folder), tmp_path / "sets")
    assert packed_folder(str(folder), tmp_path / "sets") == packed
    write_song(folder / "two.mid", band()[:4])
    assert len(Corpus(packed_folder(str(folder), tmp_path / "sets")).songs) == 2


def test_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no data set nothing, and no such folder"):
        packed_folder("nothing", tmp_path)
    with pytest.raises(DataError, match="There is no folder"):
        import_folder(tmp_path / "nothing", "mine", (), tmp_path)


def test_a_folder_of_anything_else_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(DataError, match="not laid out as a data set"):
        packed_folder(str(tmp_path / "letters"), tmp_path)
    with pytest.raises(DataError, match="not laid out as a data set"):
        examine(tmp_path / "letters")


@pytest.mark.parametrize("name", ["../outside", "..", "", "sub/../../outside"])
def test_a_name_never_means_a_set_outside_the_data_sets(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name that is a path is one from where the user stands: an empty place, here.
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    sets = tmp_path / "sets"
    (sets / "sub").mkdir(parents=True)
    write_small_corpus(tmp_path / "outside", 1)
    write_small_corpus(tmp_path, 1)
    with pytest.raises(DataError):
        packed_folder(name, sets)
    with pytest.raises(DataError):
        import_folder(tmp_path, name, (), sets)


def test_a_set_that_cannot_be_read_leaves_nothing_behind(bach: Path, tmp_path: Path) -> None:
    (bach / chorales.FILE).write_text('{"train": [[[60, 60, 60, 60]], 7]}')
    with pytest.raises(DataError, match="cannot be read"):
        import_folder(bach, "jsb", (), tmp_path / "sets")
    assert sets_in(tmp_path / "sets") == []


def test_data_sets_that_cannot_be_written_are_a_sentence(bach: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="could not be written"):
        import_folder(bach, "jsb", (), tmp_path / "file")


def test_a_folder_that_vanished_is_told(mixed: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    shutil.copytree(mixed, gone)
    shutil.rmtree(gone)
    with pytest.raises(DataError, match="There is no folder"):
        examine(gone)
