"""MIDI files as the world writes them."""

import pytest

from engine.music.composition import MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import ControlEvent
from tests.midi_bytes import A_NOTE, END, METER, TEMPO, Read, meta, midi_file, name, notes_of


def test_a_plain_file_is_read(read: Read) -> None:
    imported = read(midi_file(0, 96, name("Tune") + A_NOTE + END))
    composition = imported.composition
    assert composition.title == "song"
    assert composition.ticks_per_quarter == 96
    assert composition.melody.name == "Tune"
    assert notes_of(imported) == (Note(0, 60, 96, 80),)
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
    assert notes_of(imported) == (Note(0, 60, 96, 80),)


def test_running_status_and_note_on_without_velocity_are_understood(read: Read) -> None:
    track = (
        "00 90 3C 50"  # C4
        "30 3C 00"  # released by velocity 0, the status still running
        "00 3E 51"  # D4
        "30 3E 00"
    )
    assert notes_of(read(midi_file(0, 96, track + END))) == (
        Note(0, 60, 48, 80),
        Note(48, 62, 48, 81),
    )


def test_running_status_goes_on_after_a_meta_event(read: Read) -> None:
    track = "00 90 3C 50" + meta(0x06, b"verse") + "30 3C 00"
    assert notes_of(read(midi_file(0, 96, track + END))) == (Note(0, 60, 48, 80),)


def test_long_times_take_several_bytes(read: Read) -> None:
    track = "83 60 90 3C 50  87 40 80 3C 40"  # 480 ticks, then 960
    assert notes_of(read(midi_file(0, 480, track + END))) == (Note(480, 60, 960, 80),)


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


def test_type_1_keeps_its_tracks_and_drops_those_withoutnotes_of(read: Read) -> None:
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
    assert len(notes_of(read(midi_file(0, 96, track + END)))) == 1


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
