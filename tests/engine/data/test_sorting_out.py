"""Parts of a JSON file, each with its own checksum; and songs written in ABC."""

import hashlib
import json
from pathlib import Path

import pytest

from engine.data.abc_songs import midi_from_abc
from engine.data.manifest import Manifest, ManifestLine
from engine.data.sorting_out import SortedOut, shortest_json, sort_out
from engine.errors import DataError
from engine.files.midi import read_midi
from tests.archive_server import packed

SPLITS = {"train": [[1, 2], [3]], "valid": [[4]], "test": [[5, 6]]}
SCALE = "X:1\nT:Scale\nM:4/4\nL:1/4\nK:C\nCDEF|GABc|\n"


def manifest_of(*keys: str) -> Manifest:
    texts = {key: shortest_json(SPLITS[key]) for key in keys}
    return Manifest(
        tuple(
            ManifestLine(
                f"songs.json#{key}",
                f"songs.json#{key}",
                len(text),
                hashlib.sha256(text).hexdigest(),
            )
            for key, text in texts.items()
        )
    )


def sorted_out(folder: Path, content: bytes, *keys: str) -> SortedOut:
    archive = folder / "archive"
    archive.write_bytes(packed({"songs.json": content}))
    return sort_out(archive, manifest_of(*keys), folder / "out")


def test_only_the_known_parts_of_a_json_file_are_kept(tmp_path: Path) -> None:
    content = json.dumps(SPLITS, indent=3).encode()
    assert sorted_out(tmp_path, content, "train", "valid") == SortedOut(2, (), ())
    kept = json.loads((tmp_path / "out" / "songs.json").read_text())
    assert kept == {"train": SPLITS["train"], "valid": SPLITS["valid"]}


def test_a_part_that_differs_is_refused_and_the_others_stay(tmp_path: Path) -> None:
    content = json.dumps({**SPLITS, "train": [[1, 2], [99]]}).encode()
    assert sorted_out(tmp_path, content, "train", "valid") == SortedOut(
        1, ("songs.json#train",), ()
    )
    assert json.loads((tmp_path / "out" / "songs.json").read_text()) == {"valid": [[4]]}


@pytest.mark.parametrize("content", [b"[1, 2]", b"no json", b"\xff\xfe", b"[" * 100_000])
def test_a_json_file_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    assert sorted_out(tmp_path, content, "train").altered == ("songs.json#train",)


def test_songs_in_abc_become_midi_files(tmp_path: Path) -> None:
    (tmp_path / "abc").mkdir()
    (tmp_path / "abc" / "scale.abc").write_text(SCALE)
    (tmp_path / "abc" / "empty.abc").write_text("")
    midi_from_abc(tmp_path / "abc", tmp_path / "midi")
    melody = read_midi(tmp_path / "midi" / "scale.mid").composition.melody
    assert [note.pitch for note in melody.notes] == [60, 62, 64, 65, 67, 69, 71, 72]


def test_no_song_in_abc_is_a_sentence_and_so_is_a_cancel(tmp_path: Path) -> None:
    (tmp_path / "abc").mkdir()
    with pytest.raises(DataError, match="None of the songs"):
        midi_from_abc(tmp_path / "abc", tmp_path / "midi")
    with pytest.raises(DataError, match="stopped"):
        midi_from_abc(tmp_path / "abc", tmp_path / "midi", lambda: True)
