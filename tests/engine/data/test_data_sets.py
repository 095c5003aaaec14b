import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.data.corpus import Corpus
from engine.data.data_sets import (
    checked_name,
    data_set,
    data_sets,
    file_reports,
    plain_name,
    put_in_place,
    remove_data_set,
    retag,
)
from engine.errors import DataError
from tests.small_songs import write_small_corpus


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    write_small_corpus(tmp_path / "sets" / "mine", 3)
    write_small_corpus(tmp_path / "sets" / "yours", 1)
    return tmp_path / "sets"


@pytest.fixture(scope="module")
def dead() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_sets_are_listed_by_name_with_what_is_in_them(sets: Path) -> None:
    (sets / "letters").mkdir()
    (sets / "broken").mkdir()
    (sets / "broken" / "corpus.json").write_text("{")
    mine, yours = data_sets(sets)
    assert (mine.name, yours.name) == ("mine", "yours")
    assert (mine.songs, mine.windows, mine.tags) == (3, 9, ("test",))
    assert mine.licence == "made by the tests"
    assert mine.bytes > 10_000
    assert mine.report is None
    assert list(file_reports(mine.folder)) == []
    assert data_sets(sets / "nothing") == ()


def test_a_folder_that_is_none_is_a_sentence(sets: Path) -> None:
    with pytest.raises(DataError, match="no readable data set"):
        data_set(sets)


def test_a_set_can_be_tagged_anew(sets: Path) -> None:
    before = Corpus(sets / "mine")
    assert retag("mine", ("slow", "slow", " ", "blue"), sets).tags == ("slow", "blue")
    after = Corpus(sets / "mine")
    assert after.card.tags == ("slow", "blue")
    assert after.songs == before.songs
    with pytest.raises(DataError):
        retag("theirs", (), sets)


def test_a_set_can_be_removed(sets: Path) -> None:
    remove_data_set("mine", sets)
    assert names_in(sets) == ["yours"]
    with pytest.raises(DataError, match="There is no data set mine"):
        remove_data_set("mine", sets)
    with pytest.raises(DataError):
        remove_data_set("../sets/yours", sets)
    assert names_in(sets) == ["yours"]


def test_a_set_takes_the_place_of_the_one_before(sets: Path) -> None:
    with put_in_place(sets / "mine") as partial:
        write_small_corpus(partial, 2)
        assert len(data_sets(sets)) == 2
    assert len(Corpus(sets / "mine").songs) == 2
    assert names_in(sets) == ["mine", "yours"]


def test_what_fails_changes_nothing(sets: Path) -> None:
    with pytest.raises(RuntimeError), put_in_place(sets / "mine") as partial:
        write_small_corpus(partial, 2)
        raise RuntimeError
    assert len(Corpus(sets / "mine").songs) == 3
    assert names_in(sets) == ["mine", "yours"]


def test_what_a_killed_import_left_is_cleared_but_not_what_goes_on(sets: Path, dead: int) -> None:
    write_small_corpus(sets / f".mine.{dead}-0123abcd.partial", 1)
    write_small_corpus(sets / f".yours.{dead}-0123abcd.gone", 1)
    write_small_corpus(sets / f".mine.{os.getpid()}-0123abcd.partial", 1)
    assert [each.name for each in data_sets(sets)] == ["mine", "yours"]
    assert names_in(sets) == [f".mine.{os.getpid()}-0123abcd.partial", "mine", "yours"]


def test_a_set_that_was_moved_aside_when_its_import_was_killed_comes_back(
    sets: Path, dead: int
) -> None:
    (sets / "mine").rename(sets / f".mine.{dead}-0123abcd.old")
    write_small_corpus(sets / f".yours.{dead}-0123abcd.old", 2)
    assert [(each.name, each.songs) for each in data_sets(sets)] == [("mine", 3), ("yours", 1)]
    assert names_in(sets) == ["mine", "yours"]


@pytest.mark.parametrize("name", ["", " a", "a/b", "..", ".a", "a.", "a:b", "a\nb", "x" * 81])
def test_a_name_that_no_folder_can_have_is_refused(name: str) -> None:
    with pytest.raises(DataError):
        checked_name(name)
    assert checked_name(plain_name(name))


def test_a_usual_name_stays_as_it_is() -> None:
    assert checked_name("My songs (2)") == plain_name("My songs (2)") == "My songs (2)"
