"""Written chords become hints for a model."""

from pathlib import Path

import pytest

from engine.errors import FileError, MusicError
from engine.generation.chords import hints_of, read_chords
from engine.generation.request import ChordHint
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition
from engine.music.ticks import meter_map

FOUR = meter_map(Composition())


def test_marks_become_roots_and_pitch_classes_and_an_end_gives_no_hint() -> None:
    marks = (ChordMark(0, "Am7"), ChordMark(960, "F/A"), ChordMark(1920))
    assert hints_of(marks) == (
        ChordHint(0, 9, frozenset({9, 0, 4, 7})),
        ChordHint(960, 5, frozenset({5, 9, 0})),
        ChordHint(1920, None),
    )


def test_sheets_that_cannot_be_read_are_an_error_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="could not be read"):
        read_chords(tmp_path / "none.txt", FOUR)
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(FileError, match="not a text"):
        read_chords(binary, FOUR)
    (tmp_path / "good.txt").write_text("| C |")
    assert read_chords(tmp_path / "good.txt", FOUR) == hints_of((ChordMark(0, "C"),))
    (tmp_path / "wrong.txt").write_text("| C |\n| Q |")
    with pytest.raises(MusicError, match=r"wrong.txt, line 2: “Q” is not a chord"):
        read_chords(tmp_path / "wrong.txt", FOUR)
