import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import midi_folder
from engine.errors import DataError
from tests.engine.data.band_songs import write_song


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    for name in ("one.mid", "more/two.MID", "more/deep/three.midi", "._one.mid", "letter.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_files_come_in_order_from_all_folders_below(folder: Path) -> None:
    found = ["more/deep/three.midi", "more/two.MID", "one.mid"]
    assert list(midi_folder.midi_paths(folder)) == found
    assert midi_folder.midi_files(folder) == [folder / path for path in found]
    assert midi_folder.is_midi_folder(folder)
    assert not midi_folder.is_midi_folder(folder.parent / "nothing")


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    write_song(tmp_path / "secret.mid")
    (folder / "link.mid").symlink_to(tmp_path / "secret.mid")
    (folder / "away").symlink_to(tmp_path)
    (folder / "inside.mid").symlink_to(folder / "one.mid")
    assert "inside.mid" in midi_folder.midi_paths(folder)
    assert not {"link.mid", "away/secret.mid"} & set(midi_folder.midi_paths(folder))


def test_of_several_files_and_folders_only_those_are_meant(folder: Path) -> None:
    chosen = midi_folder.chosen_in([folder / "one.mid", folder / "more", folder / "more/two.MID"])
    assert chosen == (folder, ("more", "one.mid"))
    (folder / "four.mid").write_bytes(b"x")
    found = list(midi_folder.midi_paths(*chosen))
    assert found == ["more/deep/three.midi", "more/two.MID", "one.mid"]
    assert midi_folder.count_and_version(*chosen)[0] == 3
    assert midi_folder.chosen_in([folder / "more/.."]) == (folder, ())
    assert midi_folder.chosen_in([folder / "one.mid"]) == (folder, ("one.mid",))
    apart = midi_folder.chosen_in([folder / "one.mid", folder / "more/two.MID"])
    assert apart == (folder, ("more/two.MID", "one.mid"))


@pytest.mark.parametrize("path", ["letter.txt", "gone.mid"])
def test_what_is_no_song_cannot_be_chosen(folder: Path, path: str) -> None:
    with pytest.raises(DataError, match=path):
        midi_folder.chosen_in([folder / "one.mid", folder / path])


def test_a_note_of_what_was_chosen_leads_to_nothing_outside(folder: Path, tmp_path: Path) -> None:
    write_song(tmp_path / "secret.mid")
    outside = ("../secret.mid", str(tmp_path / "secret.mid"), "more/../../secret.mid", "..")
    assert list(midi_folder.midi_paths(folder, outside)) == []


def test_a_folder_whose_files_change_is_another_version(folder: Path) -> None:
    count, version = midi_folder.count_and_version(folder)
    assert count == 3
    assert midi_folder.count_and_version(folder) == (count, version)
    (folder / "one.mid").write_bytes(b"xy")
    assert midi_folder.count_and_version(folder)[1] != version


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("Rock/Slow/one.mid", ("rock", "slow")),
        ("midi/one.mid", ()),
        ("2024/7/a/one.mid", ()),
        ("midi/023__pop__FolkySus.mid", ("pop",)),
        ("tunes/hpps9__BigBand1.mid", ("tunes",)),
        ("pop/023__pop__FolkySus.mid", ("pop",)),
        (f"{'long' * 10}/one.mid", ()),
    ],
)
def test_folders_and_names_give_tags(path: str, tags: tuple[str, ...]) -> None:
    assert midi_folder.tags_of(path) == tags


@given(st.binary(min_size=1, max_size=12).filter(lambda name: not {0, 47} & set(name)))
def test_any_name_becomes_text_that_can_be_written(name: bytes) -> None:
    path = os.fsdecode(name) + "x.mid"
    assert midi_folder.song_name(path).encode()
    assert midi_folder.plain_text(path).encode()
