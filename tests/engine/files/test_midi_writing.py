"""What is written is read back the same, by us and by those whom the world reads MIDI with."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import mido
import pretty_midi
import pytest
import symusic
from hypothesis import given

from engine.errors import FileError
from engine.files.midi import read_midi, write_midi
from engine.files.midi_chunks import read_chunks
from engine.files.midi_export import midi_bytes
from engine.files.midi_import import composition_of
from engine.music.chord_symbols import ChordMark
from engine.music.composition import (
    Composition,
    KeySignature,
    MeterChange,
    TempoChange,
    tempo_from_bpm,
)
from engine.music.mix import sounding_controls
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track
from tests.compositions import compositions

PEDAL = (ControlEvent(100, "control", 64, 127), ControlEvent(900, "control", 64, 0))
MELODY = make_track(
    "Melody",
    [Note(0, 72, 460, 90), Note(480, 74, 460, 70), Note(960, 76, 900, 100)],
    controls=(*PEDAL, ControlEvent(1000, "bend", 0, -2000)),
    channel=0,
)
BASS = replace(make_track("Bass", [Note(0, 36, 960), Note(960, 43, 960)], program=33), volume=90)
DRUMS = make_track("Drums", [Note(480, 38, 60)], is_drum=True)
SONG = Composition(
    title="song",
    tempos=(tempo_from_bpm(100), TempoChange(960, 500_000)),
    meters=(MeterChange(0, 1, 4), MeterChange(480, 3, 4)),
    tracks=(MELODY, BASS, DRUMS),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "song.mid"


def _pairs(notes: tuple[Note, ...]) -> list[tuple[int, int, int, int]]:
    return [(note.start, note.pitch, note.duration, note.velocity) for note in notes]


def _score(path: Path) -> Any:
    return symusic.Score(str(path))


# ── The world's own readers ──────────────────────────────────────────────────────────────────


def test_pretty_midi_finds_the_melody_first_with_its_tempo_and_meter(path: Path) -> None:
    write_midi(SONG, path)
    found = pretty_midi.PrettyMIDI(str(path))
    assert [each.name for each in found.instruments] == ["Melody", "Bass", "Drums"]
    assert [each.program for each in found.instruments] == [0, 33, 0]
    assert [each.is_drum for each in found.instruments] == [False, False, True]
    assert found.resolution == 480
    assert found.get_tempo_changes()[1].tolist() == pytest.approx([100.0, 120.0])
    assert [(m.numerator, m.denominator) for m in found.time_signature_changes] == [(1, 4), (3, 4)]
    for track, read in zip(SONG.tracks, found.instruments, strict=True):
        notes = [
            (found.time_to_tick(n.start), n.pitch, n.velocity, found.time_to_tick(n.end))
            for n in sorted(read.notes, key=lambda n: (n.start, n.pitch))
        ]
        assert notes == [(n.start, n.pitch, n.velocity, n.end) for n in track.notes]
    melody = found.instruments[0]
    pedal = [(found.time_to_tick(c.time), c.number, c.value) for c in melody.control_changes]
    assert pedal == [(event.tick, event.number, event.value) for event in PEDAL]
    assert [bend.pitch for bend in melody.pitch_bends] == [-2000]


def test_symusic_finds_the_same(path: Path) -> None:
    write_midi(SONG, path)
    score = _score(path)
    assert score.ticks_per_quarter == 480
    assert [(t.name, t.program, t.is_drum) for t in score.tracks] == [
        ("Melody", 0, False),
        ("Bass", 33, False),
        ("Drums", 0, True),
    ]
    assert [(t.time, t.mspq) for t in score.tempos] == [(0, 600_000), (960, 500_000)]
    meters = [(m.time, m.numerator, m.denominator) for m in score.time_signatures]
    assert meters == [(0, 1, 4), (480, 3, 4)]
    for track, read in zip(SONG.tracks, score.tracks, strict=True):
        notes = sorted((n.time, n.pitch, n.duration, n.velocity) for n in read.notes)
        assert notes == _pairs(track.notes)
    controls = [(c.time, c.number, c.value) for c in score.tracks[0].controls]
    assert controls == [(event.tick, event.number, event.value) for event in PEDAL]


def test_mido_finds_a_file_of_type_1_with_the_conductor_in_track_0(path: Path) -> None:
    write_midi(SONG, path)
    file = mido.MidiFile(path, clip=False)
    assert (file.type, len(file.tracks), file.ticks_per_beat) == (1, 3, 480)
    kinds = [message.type for message in file.tracks[0]]
    assert kinds[:3] == ["track_name", "time_signature", "set_tempo"]
    assert kinds[-1] == "end_of_track"
    for track in file.tracks[1:]:
        assert not {"set_tempo", "time_signature"} & {message.type for message in track}


def _channels(path: Path) -> list[set[int]]:
    return [
        {message.channel for message in track if message.type == "note_on"}
        for track in mido.MidiFile(path).tracks
    ]


def test_drums_are_on_channel_10(path: Path) -> None:
    write_midi(SONG, path)
    assert _channels(path) == [{0}, {1}, {9}]


def test_tracks_keep_the_channels_of_their_file_but_never_share_one(path: Path) -> None:
    """Files often have every track on channel 1: another instrument for one would be all's."""
    tracks = [replace(BASS, channel=channel) for channel in (3, 3, 5, None)]
    write_midi(Composition(tracks=tuple(tracks)), path)
    assert _channels(path) == [{3}, {0}, {5}, {1}]


def test_the_melody_is_on_the_first_channel_and_sixteen_tracks_share(path: Path) -> None:
    tracks = [replace(BASS, program=program) for program in (*range(15), 7)]
    write_midi(Composition(tracks=tuple(tracks)), path)
    channels = [channel for (channel,) in _channels(path)]
    assert channels[:15] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15]
    assert channels[15] == channels[7]


# ── What is in the file ──────────────────────────────────────────────────────────────────────


def test_volume_pan_and_program_are_written(path: Path) -> None:
    track = replace(BASS, volume=55, pan=10, program=40)
    write_midi(Composition(tracks=(MELODY, track)), path)
    read = read_midi(path).composition.tracks[1]
    assert (read.volume, read.pan, read.program) == (55, 10, 40)


def test_chords_above_the_music_are_markers(path: Path) -> None:
    chords = (ChordMark(0, "Am7"), ChordMark(480, "Bb/D"), ChordMark(960))
    melody = Track("Melody", notes=(Note(0, 60, 1920),))
    write_midi(Composition(tracks=(melody,), chords=chords), path)
    messages = mido.MidiFile(path, charset="utf-8").tracks[0]
    assert [each.text for each in messages if each.type == "marker"] == ["Am7", "B♭/D"]
    assert read_midi(path).composition.melody.notes == melody.notes


def test_key_signatures_come_back(path: Path) -> None:
    melody = Track("Melody", notes=(Note(0, 60, 480),))
    keys = tuple(
        KeySignature(tick, sharps, minor)
        for tick, (sharps, minor) in enumerate(
            (sharps, minor) for sharps in range(-7, 8) for minor in (False, True)
        )
    )
    write_midi(Composition(tracks=(melody,), keys=keys), path)
    assert read_midi(path).composition.keys == keys
    first = mido.MidiFile(path).tracks[0]
    assert [each.key for each in first if each.type == "key_signature"][14:16] == ["C", "Am"]


def test_a_muted_track_is_written_as_notes(path: Path) -> None:
    write_midi(Composition(tracks=(MELODY, replace(BASS, muted=True))), path)
    assert read_midi(path).composition.tracks[1].notes == BASS.notes


def test_an_imported_melody_is_written_with_nothing_added_and_nothing_lost(path: Path) -> None:
    write_midi(SONG, path)
    once = read_midi(path).composition
    write_midi(once.with_accompaniment((BASS,)), path)
    twice = read_midi(path).composition
    assert twice.melody == once.melody
    assert twice.melody.controls == MELODY.controls


def test_an_empty_melody_is_written_all_the_same(path: Path) -> None:
    write_midi(Composition(tracks=(Track("Melody"), BASS)), path)
    assert [track.name for track in mido.MidiFile(path).tracks] == ["Melody", "Bass"]


def test_repeated_notes_are_not_cut_off_as_they_start(path: Path) -> None:
    notes = [Note(0, 60, 480), Note(480, 60, 480)]
    write_midi(Composition(tracks=(make_track("Melody", notes),)), path)
    assert read_midi(path).composition.melody.notes == tuple(notes)
    assert len(_score(path).tracks[0].notes) == 2


def test_silence_longer_than_one_number_can_say_is_written(path: Path) -> None:
    far = Note(0x0FFFFFFF * 2 + 5, 60, 480)
    write_midi(Composition(ticks_per_quarter=32_767, tracks=(make_track("", [far]),)), path)
    assert read_midi(path).composition.melody.notes == (far,)


def test_names_may_be_of_any_script(path: Path) -> None:
    write_midi(Composition(tracks=(replace(MELODY, name="Флейта ♭"),)), path)
    assert read_midi(path).composition.melody.name == "Флейта ♭"


@given(compositions())
def test_any_composition_comes_back(composition: Composition) -> None:
    content = midi_bytes(composition)
    read, _, remarks = composition_of(read_chunks(content, "x.mid"), composition.title, "x.mid")
    assert remarks == ()
    assert read.ticks_per_quarter == composition.ticks_per_quarter
    assert (read.tempos, read.meters) == (composition.tempos, composition.meters)
    for track, original in zip(read.tracks, composition.tracks, strict=True):
        assert (track.name, track.notes) == (original.name, original.notes)
        assert (track.program, track.volume, track.pan) == (
            original.program,
            original.volume,
            original.pan,
        )
        assert track.controls == sounding_controls(original)
        assert track.is_drum == original.is_drum


@given(compositions())
def test_a_file_read_and_written_again_is_the_same_music(composition: Composition) -> None:
    once, _, _ = composition_of(read_chunks(midi_bytes(composition), "x"), "x", "x")
    twice, _, _ = composition_of(read_chunks(midi_bytes(once), "x"), "x", "x")
    assert _without_channels(twice) == _without_channels(once)


def _without_channels(composition: Composition) -> Composition:
    return replace(
        composition, tracks=tuple(replace(track, channel=None) for track in composition.tracks)
    )


def test_a_hundred_thousand_notes_are_written_and_read_whole(path: Path) -> None:
    notes = [Note(30 * n, 40 + n % 40, 25) for n in range(100_000)]
    composition = Composition(tracks=(make_track("Melody", notes),))
    write_midi(composition, path)
    assert read_midi(path).composition.melody.notes == tuple(notes)


# ── What cannot be written ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "composition",
    [
        Composition(ticks_per_quarter=40_000),
        Composition(meters=(MeterChange(0, 4, 3),)),
        Composition(meters=(MeterChange(0, 300, 4),)),
        Composition(tempos=(tempo_from_bpm(1),)),
    ],
)
def test_what_midi_cannot_say_is_refused(composition: Composition, path: Path) -> None:
    with pytest.raises(FileError, match="MIDI file"):
        write_midi(composition, path)
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(FileError, match="could not be written: a part of the path is not a folder"):
        write_midi(SONG, blocked / "song.mid")
    with pytest.raises(FileError, match="the folder does not exist"):
        write_midi(SONG, tmp_path / "none" / "song.mid")
    with pytest.raises(FileError, match="a folder has that name"):
        write_midi(SONG, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_sends_and_the_masters_volume_are_written_and_the_volume_comes_back(path: Path) -> None:
    track = replace(MELODY, reverb=70, chorus=20)
    file = mido.MidiFile(file=BytesIO(midi_bytes(Composition(tracks=(track,), volume=50))))
    messages = list(file.tracks[0])
    sends = {m.control: m.value for m in messages if m.type == "control_change" and m.time == 0}
    assert (sends[91], sends[93]) == (70, 20)
    (master,) = [message for message in messages if message.type == "sysex"]
    path.write_bytes(midi_bytes(Composition(tracks=(track,), volume=50)))
    assert read_midi(path).composition.volume == 50
    assert master.data == (0x7F, 0x7F, 0x04, 0x01, 0x00, 0x40)  # 8192 of 16383
