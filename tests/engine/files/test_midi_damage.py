"""Damaged files: what can be read is read, all else is one sentence, never anything worse."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileError
from engine.files.midi import read_midi
from engine.files.midi_chunks import read_chunks
from engine.files.midi_export import midi_bytes
from engine.files.midi_import import composition_of
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import ControlEvent, make_track

MELODY = [Note(480 * beat, 60 + beat, 480) for beat in range(16)]
WHOLE = midi_bytes(
    Composition(
        meters=(MeterChange(0, 3, 4), MeterChange(1440, 4, 4)),
        tracks=(
            make_track("Melody", MELODY, controls=[ControlEvent(5, "control", 64, 127)]),
            make_track("Bass", [Note(0, 36, 1920), Note(1920, 38, 1920)], program=33),
        ),
    )
)


def _read(content: bytes) -> tuple[Composition, tuple[str, ...]] | None:
    try:
        composition, _, remarks = composition_of(read_chunks(content, "x.mid"), "x", "x.mid")
    except FileError as problem:
        assert str(problem).startswith("x.mid ")
        return None
    return composition, remarks


@pytest.mark.parametrize("length", range(0, len(WHOLE), 3))
def test_a_file_cut_anywhere_is_salvaged_or_refused(length: int) -> None:
    outcome = _read(WHOLE[:length])
    if outcome is None:
        return
    composition, remarks = outcome
    notes = composition.melody.notes
    assert [(n.start, n.pitch) for n in notes] == [(n.start, n.pitch) for n in MELODY[: len(notes)]]
    assert any("broke off" in remark or "not in it" in remark for remark in remarks)


def test_half_a_file_keeps_the_first_half_of_the_melody(tmp_path: Path) -> None:
    path = tmp_path / "half.mid"
    path.write_bytes(WHOLE[: WHOLE.index(b"MTrk", 20) // 2])
    imported = read_midi(path)
    assert imported.composition.melody.notes[:2] == tuple(MELODY[:2])
    assert imported.remarks[0] == (
        "1 track broke off or held damaged bytes; what came before was read."
    )


def test_a_file_cut_before_its_first_note_says_so() -> None:
    with pytest.raises(FileError, match="breaks off before its first note"):
        composition_of(read_chunks(WHOLE[:40], "x.mid"), "x", "x.mid")


@given(st.binary(max_size=400))
def test_any_bytes_after_a_header_are_read_or_refused(body: bytes) -> None:
    _read(WHOLE[:14] + b"MTrk" + len(body).to_bytes(4) + body)


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=12))
def test_flipped_bytes_are_read_or_refused(flips: list[tuple[int, int]]) -> None:
    content = bytearray(WHOLE)
    for place, value in flips:
        content[place] = value
    _read(bytes(content))
