"""What is deleted lies aside and can be taken back."""

import time
from pathlib import Path

import pytest

from engine.errors import DataError
from engine.store.trash import FOLDER, bring_back, empty_trash, put_aside


def test_a_folder_goes_and_comes_back_whole(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "songs").write_text("all of them")
    aside = put_aside(tmp_path / "set", DataError)
    assert not (tmp_path / "set").exists()
    assert bring_back(aside, DataError) == tmp_path / "set"
    assert (tmp_path / "set" / "songs").read_text() == "all of them"
    assert not list((tmp_path / FOLDER).iterdir())


def test_nothing_is_replaced_on_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "set").write_text("old")
    aside = put_aside(tmp_path / "set", DataError)
    (tmp_path / "set").write_text("new")
    with pytest.raises(DataError, match="another set now"):
        bring_back(aside, DataError)
    assert (tmp_path / "set").read_text() == "new" and aside.exists()


def test_what_is_not_there_cannot_be_deleted(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="could not be deleted"):
        put_aside(tmp_path / "nothing", DataError)


def test_only_what_was_deleted_long_ago_is_removed_for_good(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).write_text(name)
    old, new = (put_aside(tmp_path / name, DataError) for name in ("old", "new"))
    long_ago = f"{int(time.time()) - 3 * 86_400}-0"
    old.parent.rename(old.parent.with_name(long_ago))
    empty_trash(tmp_path, older_than_days=2)
    assert [each.parent for each in (tmp_path / FOLDER).glob("*/*")] == [new.parent]
    empty_trash(tmp_path / "nowhere", older_than_days=2)
