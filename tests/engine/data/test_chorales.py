import json
from pathlib import Path

import numpy as np
import pytest

from engine.data import chorales
from engine.data.arrangement import Reading
from engine.data.rules import NO_RULE
from engine.errors import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    piece = [[72, 67, 64, 48]] * 2 + [[72, 65, -1, 48]] * 3 + [[74, 65, 62, 50]]
    content = {"valid": [[[60, 55, 52, 36]]], "train": [piece]}
    (tmp_path / chorales.FILE).write_text(json.dumps(content))
    return tmp_path


def read_all(folder: Path) -> list[Reading]:
    return [chorales.read(folder, path, NO_RULE) for path in chorales.files(folder)]


def test_the_file_is_recognised(folder: Path, tmp_path: Path) -> None:
    assert chorales.is_chorales(folder)
    assert not chorales.is_chorales(tmp_path / "elsewhere")


def test_voices_become_notes_where_the_pitch_changes(folder: Path) -> None:
    (song,), (short,) = (reading.songs for reading in read_all(folder))
    assert (song.name, short.name) == ("jsb/train-000", "jsb/valid-000")
    assert [tuple(note) for note in np.asarray(song.notes)] == [
        (0, 0, 72, 5, 80),
        (0, 5, 74, 1, 80),
        (1, 0, 67, 2, 80),
        (1, 2, 65, 4, 80),
        (2, 0, 64, 2, 80),
        (2, 5, 62, 1, 80),
        (3, 0, 48, 5, 80),
        (3, 5, 50, 1, 80),
    ]


def test_a_length_between_beats_is_rounded_up(folder: Path) -> None:
    (song,), (short,) = (reading.songs for reading in read_all(folder))
    assert (song.beats, short.beats) == (2, 1)
    assert len(song.chords) == 2


def test_every_chorale_is_reported_with_its_voices(folder: Path) -> None:
    report = read_all(folder)[0].report
    assert report.kept
    assert report.path == f"{chorales.FILE}#train-000"
    assert [(track.role, track.notes) for track in report.tracks] == [
        ("Soprano", 2),
        ("Alto", 2),
        ("Tenor", 2),
        ("Bass", 2),
    ]


@pytest.mark.parametrize(
    "text", ["", "{", '{"train": [[[1, 2]]]}', '{"train": [[["a"]]]}', "[3]", '{"train": 3}']
)
def test_a_damaged_file_is_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / chorales.FILE).write_text(text)
    with pytest.raises(DataError, match="cannot be read"):
        read_all(tmp_path)
