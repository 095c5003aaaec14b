"""MIDI files as the world writes them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files.midi import ImportedMidi, read_midi
from engine.music.composition import MeterChange, TempoChange
from engine.music.note import Note
from engine.music.ticks import tempo_map
from engine.music.track import ControlEvent
from tests.midi_bytes import END, METER, TEMPO, chunk, meta, midi_file, name

Read = Callable[[bytes], ImportedMidi]

A_NOTE = "00 90 3C 50  60 80 3C 00 "  # C4 for 96 ticks


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file of these bytes."""

    def read(content: bytes) -> ImportedMidi:
        path = tmp_path / "song.mid"
        path.write_bytes(content)
        return read_midi(path)

    return read


def _notes(imported: ImportedMidi) -> tuple[Note, ...]:
    return imported.composition.melody.notes


def test_a_plain_file_is_read(read: Read) -> None:
    imported = read(midi_file(0, 96, name("Tune") + A_NOTE + END))
    composition = imported.composition
    assert composition.title == "song"
    assert composition.ticks_per_quarter == 96
    assert composition.melody.name == "Tune"
    assert _notes(imported) == (Note(0, 60, 96, 80),)
    assert imported.remarks == ()
    assert imported.melody_choice == "The melody is the file's only track, “Tune”."


def test_without_tempo_and_meter_the_standards_own_hold(read: Read) -> None:
    composition = read(midi_file(0, 96, A_NOTE + END)).composition
    assert composition.tempos == (TempoChange(0, 500_000),)
    assert composition.meters == (MeterChange(0, 4, 4),)


@pytest.mark.parametrize("resolution", [1, 24, 120, 480, 32_767])
def test_any_resolution_is_kept(read: Read, resolution: int) -> None:
    imported = read(midi_file(1, resolution, A_NOTE + END))
    assert imported.composition.ticks_per_quarter == resolution
    assert _notes(imported) == (Note(0, 60, 96, 80),)


def test_running_status_and_note_on_without_velocity_are_understood(read: Read) -> None:
    track = (
        "00 90 3C 50"  # C4
        "30 3C 00"  # released by velocity 0, the status still running
        "00 3E 51"  # D4
        "30 3E 00"
    )
    assert _notes(read(midi_file(0, 96, track + END))) == (
        Note(0, 60, 48, 80),
        Note(48, 62, 48, 81),
    )


def test_running_status_goes_on_after_a_meta_event(read: Read) -> None:
    track = "00 90 3C 50" + meta(0x06, b"verse") + "30 3C 00"
    assert _notes(read(midi_file(0, 96, track + END))) == (Note(0, 60, 48, 80),)


def test_long_times_take_several_bytes(read: Read) -> None:
    track = "83 60 90 3C 50  87 40 80 3C 40"  # 480 ticks, then 960
    assert _notes(read(midi_file(0, 480, track + END))) == (Note(480, 60, 960, 80),)


def test_type_0_is_split_by_channel_and_drums_are_known(read: Read) -> None:
    track = (
        name("A Song")
        + "00 C0 00  00 C1 21"  # piano on channel 1, bass on channel 2
        + "00 99 24 64  00 91 24 50  00 90 3C 50"
        + "60 89 24 00  00 81 24 00  00 80 3C 00"
    )
    imported = read(midi_file(0, 96, track + END))
    tracks = imported.composition.tracks
    assert [track.name for track in tracks] == ["Grand Piano", "Fingered Bass", "Standard Kit"]
    assert [track.channel for track in tracks] == [0, 1, 9]
    assert [track.is_drum for track in tracks] == [False, False, True]
    assert [track.program for track in tracks] == [0, 33, 0]
    assert all(len(track.notes) == 1 for track in tracks)


def test_instruments_without_names_are_numbered(read: Read) -> None:
    imported = read(midi_file(1, 96, A_NOTE + END, A_NOTE + END))
    assert [track.name for track in imported.composition.tracks] == ["Grand Piano", "Grand Piano 2"]


def test_type_1_keeps_its_tracks_and_drops_those_without_notes(read: Read) -> None:
    conductor = meta(TEMPO, bytes.fromhex("09 27 C0")) + meta(METER, bytes((3, 2, 24, 8)))
    imported = read(
        midi_file(1, 96, conductor + END, name("Flute") + A_NOTE + END, name("Harp") + A_NOTE + END)
    )
    assert [track.name for track in imported.composition.tracks] == ["Flute", "Harp"]
    assert imported.composition.tempos == (TempoChange(0, 600_000),)
    assert imported.composition.meters == (MeterChange(0, 3, 4),)


def test_a_first_track_that_only_sets_up_channels_is_heard_by_them(read: Read) -> None:
    setup = "00 C0 28  00 B0 07 46"
    imported = read(midi_file(1, 96, setup + END, A_NOTE + END))
    assert imported.composition.melody.program == 40
    assert imported.composition.melody.volume == 70


def test_a_pedal_with_a_track_of_its_own_is_kept(read: Read) -> None:
    pedal = "00 B0 40 7F  60 B0 40 00"
    melody = read(midi_file(1, 96, A_NOTE + END, pedal + END)).composition.melody
    assert [(event.tick, event.value) for event in melody.controls] == [(0, 127), (96, 0)]


def test_an_empty_track_does_not_change_the_instrument_of_another(read: Read) -> None:
    empty = "00 C0 28  00 B0 07 00  00 B0 0A 00  00 B0 79 00"
    melody = read(midi_file(1, 96, A_NOTE + END, empty + END)).composition.melody
    assert (melody.program, melody.volume, melody.controls) == (0, 100, ())


def test_tempo_and_meter_maps_are_read_from_every_track(read: Read) -> None:
    tempos = "00 FF 51 03 07 A1 20  60 FF 51 03 0F 42 40 "
    meters = "00 FF 58 04 06 03 24 08  81 10 FF 58 04 03 02 18 08 "
    composition = read(midi_file(1, 96, tempos + END, meters + A_NOTE + END)).composition
    assert composition.tempos == (TempoChange(0, 500_000), TempoChange(96, 1_000_000))
    assert composition.meters == (MeterChange(0, 6, 8), MeterChange(144, 3, 4))


def test_the_last_of_two_tempos_at_one_tick_holds_and_an_impossible_one_is_passed_over(
    read: Read,
) -> None:
    tempos = "00 FF 51 03 07 A1 20  00 FF 51 03 0F 42 40  00 FF 51 03 00 00 00 "
    composition = read(midi_file(0, 96, tempos + A_NOTE + END)).composition
    assert composition.tempos == (TempoChange(0, 1_000_000),)


def test_the_masters_volume_is_that_of_the_first_note_and_a_turn_is_told(read: Read) -> None:
    half, full = ("F0 07 7F 7F 04 01 00 40 F7 ", "F0 07 7F 00 04 01 7F 7F F7 ")
    steady = read(midi_file(0, 96, f"00 {half}" + A_NOTE + END))
    assert (steady.composition.volume, steady.remarks) == (50, ())
    turned = read(midi_file(0, 96, f"00 {half}" + A_NOTE + f"00 {full}" + END))
    assert turned.composition.volume == 50 and "master volume" in turned.remarks[0]
    silent = "F0 07 7F 7F 04 01 00 00 F7 "
    fading = read(midi_file(0, 96, f"00 {silent}" + A_NOTE + f"00 {half}" + END))
    assert fading.composition.volume == 50
    other = "F0 05 7E 7F 09 01 F7 "  # another message: reset as General MIDI has it
    assert read(midi_file(0, 96, f"00 {other}" + A_NOTE + END)).composition.volume == 100


def test_pedal_bend_and_every_other_controller_stay_with_the_track(read: Read) -> None:
    track = (
        "00 C0 05  00 B0 07 5A  00 B0 0A 20"  # program, volume, pan
        "00 90 3C 50  10 B0 40 7F  00 E0 00 60  00 D0 11  00 A0 3C 22"
        "10 B0 40 00  10 80 3C 00"
    )
    melody = read(midi_file(0, 96, track + END)).composition.melody
    assert (melody.program, melody.volume, melody.pan) == (5, 90, 32)
    assert melody.controls == (
        ControlEvent(0, "program", 0, 5),
        ControlEvent(0, "control", 7, 90),
        ControlEvent(0, "control", 10, 32),
        ControlEvent(16, "control", 64, 127),
        ControlEvent(16, "bend", 0, 4096),
        ControlEvent(16, "channel_pressure", 0, 17),
        ControlEvent(16, "key_pressure", 60, 34),
        ControlEvent(32, "control", 64, 0),
    )


def test_system_exclusive_messages_are_passed_over(read: Read) -> None:
    track = "00 F0 05 7E 7F 09 01 F7 00 F7 02 01 02" + A_NOTE
    assert len(_notes(read(midi_file(0, 96, track + END)))) == 1


# ── Which track is the melody ────────────────────────────────────────────────────────────────


def test_the_track_named_melody_comes_first(read: Read) -> None:
    tracks = [name(text) + A_NOTE + END for text in ("PIANO", "Melody", "BRIDGE")]
    imported = read(midi_file(1, 96, *tracks))
    assert [t.name for t in imported.composition.tracks] == ["Melody", "PIANO", "BRIDGE"]
    assert imported.melody_choice == "The melody is the track named “Melody”."


def test_else_the_first_track_that_is_not_drums_is_the_melody(read: Read) -> None:
    drums = "00 99 24 64  60 89 24 00"
    imported = read(midi_file(1, 96, drums + END, name("Sax") + A_NOTE + END))
    assert imported.composition.melody.name == "Sax"
    assert imported.melody_choice == "The melody is the first track that is not drums, “Sax”."


CHORDS = "00 90 30 64  00 90 34 64  00 90 37 64  60 80 30 00  00 80 34 00  00 80 37 00"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("Lead vox", "the track named “Lead vox”"),
        ("Sax", "the first track that plays one line, “Sax”"),
    ],
)
def test_a_lead_or_a_line_is_the_melody_rather_than_chords(
    read: Read, other: str, why: str
) -> None:
    tracks = [name("Strings") + CHORDS + END, name(other) + A_NOTE + END]
    imported = read(midi_file(1, 96, *tracks))
    assert [track.name for track in imported.composition.tracks] == [other, "Strings"]
    assert imported.melody_choice == f"The melody is {why}."


def test_backing_vocals_are_not_the_lead(read: Read) -> None:
    tracks = [name(text) + A_NOTE + END for text in ("Flute", "Backing vocals")]
    assert read(midi_file(1, 96, *tracks)).composition.melody.name == "Flute"


def test_drums_alone_are_a_melody_too(read: Read) -> None:
    drums = "00 99 24 64  60 89 24 00" + END
    imported = read(midi_file(1, 96, name("Kit") + drums, drums))
    assert imported.composition.melody.name == "Kit"
    assert "only drums" in imported.melody_choice


# ── Notes that do not pair up ────────────────────────────────────────────────────────────────


def test_overlaps_of_one_pitch_are_shortened_and_said(read: Read) -> None:
    track = "00 90 3C 50  30 90 3C 51  30 80 3C 00  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 48, 80), Note(48, 60, 96, 81))
    assert imported.remarks == ("1 note overlapped another of the same pitch and was shortened.",)


def test_a_note_that_stands_twice_is_joined_and_said(read: Read) -> None:
    track = "00 90 3C 50  00 90 3C 51  30 80 3C 00  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 96, 81),)
    assert imported.remarks == ("1 note stood twice and was joined with the other.",)


def test_a_note_without_end_lasts_until_the_track_ends(read: Read) -> None:
    imported = read(midi_file(0, 96, "00 90 3C 50  60 90 40 50  60 80 40 00" + END))
    assert _notes(imported) == (Note(0, 60, 192, 80), Note(96, 64, 96, 80))
    assert imported.remarks == ("1 note had no end and was ended.",)


def test_a_note_without_end_lasts_a_whole_note_at_most(read: Read) -> None:
    imported = read(midi_file(0, 96, "00 90 3C 50  00 90 40 50  A0 00 80 40 00" + END))
    assert _notes(imported) == (Note(0, 60, 384, 80), Note(0, 64, 4096, 80))


def test_one_missing_end_does_not_spoil_the_notes_after_it(read: Read) -> None:
    track = "00 90 3C 50  60 90 3C 51  30 80 3C 00  30 90 3C 52  30 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 96, 80), Note(96, 60, 48, 81), Note(192, 60, 48, 82))
    assert imported.remarks == ("1 note had no end and was ended.",)


def test_an_end_without_a_note_is_passed_over(read: Read) -> None:
    assert _notes(read(midi_file(0, 96, "00 80 3C 00  00 90 3C 00" + A_NOTE + END))) == (
        Note(0, 60, 96, 80),
    )


def test_a_note_without_length_becomes_a_short_one(read: Read) -> None:
    track = "00 90 3C 50  00 80 3C 00  00 90 40 50  00 80 40 00  04 90 40 50  60 80 40 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 12, 80), Note(0, 64, 4, 80), Note(4, 64, 96, 80))
    assert imported.remarks == ("2 notes had no length and were given a short one.",)


def test_a_note_struck_again_at_the_tick_of_its_end_is_two_notes(read: Read) -> None:
    track = "00 90 3C 50  60 90 3C 51  00 80 3C 00  60 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 96, 80), Note(96, 60, 96, 81))
    assert imported.remarks == ()


# ── Files that keep the standard half ────────────────────────────────────────────────────────


def test_illegal_values_are_limited_or_left_out_and_said(read: Read) -> None:
    track = "00 C0 E6  00 B0 07 C8  00 90 3C FF  60 80 3C 00"
    imported = read(midi_file(0, 96, track + END))
    assert _notes(imported) == (Note(0, 60, 96, 127),)
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
    assert len(_notes(read(junk))) == 1
    assert len(_notes(read(b"RIFF....RMIDdata...." + content))) == 1


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
    assert _notes(imported) == (Note(0, 60, 1000, 80),)
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
    assert len(_notes(read(midi_file(2, 96, A_NOTE + END)))) == 1


def test_what_stands_beyond_all_measure_is_left_out_and_said(read: Read) -> None:
    far = "FF FF FF 7F 90 40 50  60 80 40 00"  # 268 million ticks on, at one tick a quarter
    imported = read(midi_file(0, 1, A_NOTE + far + END))
    assert len(_notes(imported)) == 1
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
        assert len(_notes(imported)) == notes
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
