import json
from pathlib import Path

import pytest

from engine.data import chorales
from engine.data.corpus import Corpus
from engine.data.importing import import_folder, packed_folder
from engine.errors import DataError
from tests.small_songs import write_small_corpus


@pytest.fixture
def bach(tmp_path: Path) -> Path:
    folder = tmp_path / "bach"
    folder.mkdir()
    pieces = [[[72, 67, 64, 48]] * 16] * 2
    (folder / chorales.FILE).write_text(json.dumps({"train": pieces}))
    return folder


def test_a_packed_set_is_found_by_its_name(tmp_path: Path) -> None:
    packed = write_small_corpus(tmp_path / "sets" / "mine", 1)
    assert packed_folder("mine", tmp_path / "sets") == packed


def test_a_packed_set_is_found_by_its_folder(tmp_path: Path) -> None:
    packed = write_small_corpus(tmp_path / "elsewhere", 1)
    assert packed_folder(str(packed), tmp_path / "sets") == packed


def test_a_known_layout_is_packed_once(bach: Path, tmp_path: Path) -> None:
    packed = packed_folder(str(bach), tmp_path / "sets")
    assert packed == tmp_path / "sets" / "jsb"
    assert len(Corpus(packed).songs) == 2
    (bach / chorales.FILE).write_text("{}")
    assert import_folder(bach, tmp_path / "sets") == packed
    assert len(Corpus(packed).songs) == 2


def test_what_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no data set nothing, and no such folder"):
        packed_folder("nothing", tmp_path)


def test_a_folder_of_anything_else_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    with pytest.raises(DataError, match="not laid out as a data set"):
        packed_folder(str(tmp_path / "letters"), tmp_path)


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


def test_a_set_that_cannot_be_read_leaves_nothing_behind(bach: Path, tmp_path: Path) -> None:
    (bach / chorales.FILE).write_text('{"train": [[[60, 60, 60, 60]], 7]}')
    with pytest.raises(DataError, match="cannot be read"):
        import_folder(bach, tmp_path / "sets")
    assert list((tmp_path / "sets").glob("*")) == []


def test_data_sets_that_cannot_be_written_are_a_sentence(bach: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="could not be written"):
        import_folder(bach, tmp_path / "file")
