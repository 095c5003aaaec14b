"""MIDI files with faults in them: read all the same and said, or refused in a sentence."""

import sys
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files.midi import read_midi
from engine.music.composition import MeterChange
from engine.music.note import Note
from engine.music.ticks import tempo_map
from tests.midi_bytes import A_NOTE, END, METER, Read, chunk, meta, midi_file, name, notes_of


def test_overlaps_of_one_pitch_are_shortened_and_said(read: Read) -> None:
    track = "00 90 3C 50  30 90 3C 51  30 80 3C 00  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 48, 80), Note(48, 60, 96, 81))
    assert imported.remarks == ("1 note overlapped another of the same pitch and was shortened.",)


def test_a_note_that_stands_twice_is_joined_and_said(read: Read) -> None:
    track = "00 90 3C 50  00 90 3C 51  30 80 3C 00  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 96, 81),)
    assert imported.remarks == ("1 note stood twice and was joined with the other.",)


def test_a_note_without_end_lasts_until_the_track_ends(read: Read) -> None:
    imported = read(midi_file(0, 96, "00 90 3C 50  60 90 40 50  60 80 40 00" + END))
    assert notes_of(imported) == (Note(0, 60, 192, 80), Note(96, 64, 96, 80))
    assert imported.remarks == ("1 note had no end and was ended.",)


def test_a_note_without_end_lasts_a_whole_note_at_most(read: Read) -> None:
    imported = read(midi_file(0, 96, "00 90 3C 50  00 90 40 50  A0 00 80 40 00" + END))
    assert notes_of(imported) == (Note(0, 60, 384, 80), Note(0, 64, 4096, 80))


def test_one_missing_end_does_not_spoil_the_notes_after_it(read: Read) -> None:
    track = "00 90 3C 50  60 90 3C 51  30 80 3C 00  30 90 3C 52  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 96, 80), Note(96, 60, 48, 81), Note(192, 60, 48, 82))
    assert imported.remarks == ("1 note had no end and was ended.",)


def test_an_end_without_a_note_is_passed_over(read: Read) -> None:
    assert notes_of(read(midi_file(0, 96, "00 80 3C 00  00 90 3C 00" + A_NOTE + END))) == (
        Note(0, 60, 96, 80),
    )


def test_a_note_without_length_becomes_a_short_one(read: Read) -> None:
    track = "00 90 3C 50  00 80 3C 00  00 90 40 50  00 80 40 00  04 90 40 50  60 80 40 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 12, 80), Note(0, 64, 4, 80), Note(4, 64, 96, 80))
    assert imported.remarks == ("2 notes had no length and were given a short one.",)


def test_a_note_struck_again_at_the_tick_of_its_end_is_twonotes_of(read: Read) -> None:
    track = "00 90 3C 50  60 90 3C 51  00 80 3C 00  60 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 96, 80), Note(96, 60, 96, 81))
    assert imported.remarks == ()


# ── Files that keep the standard half ────────────────────────────────────────────────────────


def test_illegal_values_are_limited_or_left_out_and_said(read: Read) -> None:
    track = "00 C0 E6  00 B0 07 C8  00 90 3C FF  60 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert notes_of(imported) == (Note(0, 60, 96, 127),)
    assert imported.composition.melody.program == 0
    assert imported.composition.melody.volume == 127
    assert imported.remarks == ("3 messages held values above 127 and were limited or left out.",)


def test_names_of_old_programs_are_read_as_latin_and_made_printable(read: Read) -> None:
    track = meta(0x03, "Fl\xf6te\x00 \n solo ".encode("latin-1")) + A_NOTE
    assert read(midi_file(0, 96, track + END)).composition.melody.name == "Flöte solo"


def test_a_meter_that_nobody_writes_is_passed_over(read: Read) -> None:
    track = meta(METER, bytes((0, 2, 24, 8))) + meta(METER, bytes((4, 40, 24, 8))) + A_NOTE
    assert read(midi_file(0, 96, track + END)).composition.meters == (MeterChange(0, 4, 4),)


def test_unknown_chunks_and_headers_around_the_file_are_passed_over(read: Read) -> None:
    content = midi_file(1, 96, A_NOTE + END)
    junk = content[:14] + chunk(b"XFIH", b"1234567") + content[14:]
    assert len(notes_of(read(junk))) == 1
    assert len(notes_of(read(b"RIFF....RMIDdata...." + content))) == 1


@pytest.mark.parametrize("length", [0, 5, 12, 0xFFFF_FFFF])
def test_a_track_with_a_wrong_length_is_read_all_the_same(read: Read, length: int) -> None:
    content = midi_file(1, 96, name("Wrong") + A_NOTE + END, name("Right") + A_NOTE + END)
    mended = content[:18] + length.to_bytes(4) + content[22:]
    imported = read(mended)
    assert [track.name for track in imported.composition.tracks] == ["Wrong", "Right"]
    assert imported.remarks == ()


def test_frames_of_a_second_become_ticks_that_keep_their_moment(read: Read) -> None:
    division = -25 * 256 + 40  # 25 frames of 40 ticks: milliseconds
    imported = read(midi_file(1, division, "00 90 3C 50  87 68 80 3C 00" + END))
    composition = imported.composition
    assert composition.ticks_per_quarter == 500
    assert tempo_map(composition).seconds_at(1000) == pytest.approx(1.0)
    assert notes_of(imported) == (Note(0, 60, 1000, 80),)
    assert imported.remarks == (
        "The file counts seconds, not beats: its notes keep their time, "
        "its bars are those of 120 beats a minute.",
    )


def test_drop_frames_are_exact(read: Read) -> None:
    composition = read(midi_file(1, -29 * 256 + 80, A_NOTE + END)).composition
    assert tempo_map(composition).seconds_at(30 * 80) == pytest.approx(1.001)


def test_a_file_without_a_resolution_is_read_and_said(read: Read) -> None:
    imported = read(midi_file(1, 0, A_NOTE + END))
    assert imported.composition.ticks_per_quarter == 480
    assert "no resolution" in imported.remarks[0]


def test_a_type_2_file_with_one_piece_is_read(read: Read) -> None:
    assert len(notes_of(read(midi_file(2, 96, A_NOTE + END)))) == 1


def test_what_stands_beyond_all_measure_is_left_out_and_said(read: Read) -> None:
    far = "FF FF FF 7F 90 40 50  60 80 40 00"  # 268 million ticks on, at one tick a quarter
    imported = read(midi_file(0, 1, A_NOTE + far + END))
    assert len(notes_of(imported)) == 1
    assert imported.remarks == ("2 messages beyond quarter note 100,000 were left out.",)


def test_a_hundred_thousand_notes_are_read_with_no_more_work_for_each_than_a_few(
    read: Read,
) -> None:
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    def calls_for(notes: int) -> int:
        """Calls of functions, Python's and C's: work that no busy machine makes longer."""
        nonlocal calls
        calls = 0
        note = bytes.fromhex("01 90 3C 50  01 80 3C 00")
        content = midi_file(0, 96, note * notes + bytes.fromhex(END))
        sys.setprofile(count)
        try:
            imported = read(content)
        finally:
            sys.setprofile(None)
        assert len(notes_of(imported)) == notes
        return calls

    assert calls_for(100_000) < 11 * calls_for(10_000)


# ── Files that are refused ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "song.mid is empty."),
        (b"Dear diary, today I wrote a tune.", "song.mid is not a MIDI file."),
        (b"MThd\x00\x00\x00\x06\x00\x01", "song.mid breaks off in its first bytes."),
        (midi_file(1, 96), "song.mid is a MIDI file without tracks."),
        (midi_file(1, 96, END), "song.mid is a MIDI file without notes."),
        (midi_file(2, 96, A_NOTE + END, A_NOTE + END), "song.mid holds 2 separate pieces"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    read: Read, content: bytes, sentence: str
) -> None:
    with pytest.raises(FileError, match=sentence.replace("(", r"\(")):
        read(content)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not there"):
        read_midi(tmp_path / "none.mid")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is a folder"):
        read_midi(tmp_path)


def test_a_file_beyond_the_bounds_is_refused(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    content = midi_file(0, 96, A_NOTE * 60 + END)
    monkeypatch.setattr("engine.files.midi_chunks.MAX_MESSAGES", 100)
    with pytest.raises(FileError, match="larger than Tutti opens"):
        read(content)
    monkeypatch.setattr("engine.files.midi.MAX_BYTES", 100)
    with pytest.raises(FileError, match="larger than Tutti opens"):
        read(content)


def test_a_file_of_too_many_tracks_is_refused(read: Read) -> None:
    with pytest.raises(FileError, match="larger than Tutti opens"):
        read(midi_file(1, 96, *[A_NOTE + END] * 257))
