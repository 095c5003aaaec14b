import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.data.arrangement import Reading
from engine.data.layouts import LAYOUTS, Layout, known_layout, layout_of, look_at
from engine.data.midi_folder import midi_paths
from engine.data.rules import NO_RULE, Correction, RoleRule
from engine.data.song_report import (
    CORRECTED,
    NO_MELODY,
    OFF_THE_GRID,
    OTHER_VOICES,
    TOO_SHORT,
    UNREADABLE,
)
from engine.music.composition import MeterChange
from engine.music.harmony import chord_index
from engine.music.note import Note
from engine.music.track import make_track
from tests.engine.data.band_songs import BEAT, band, hymn, line, triads, write_song


def layout_in(folder: Path) -> Layout:
    looks = [look for path in midi_paths(folder) if (look := look_at(folder, path)) is not None]
    return layout_of(looks)


def read(path: Path, layout: str = "band", rule: RoleRule = NO_RULE) -> Reading:
    return LAYOUTS[layout].read(path.parent, path.name, rule)


def pitches(reading: Reading, role: int, song: int = 0) -> set[int]:
    notes = np.asarray(reading.songs[song].notes)
    return set(notes[notes[:, 0] == role, 2].tolist())


def test_a_band_becomes_a_song_with_all_its_parts(tmp_path: Path) -> None:
    reading = read(write_song(tmp_path / "one.mid"))
    (song,) = reading.songs
    assert (song.name, song.beats_per_bar, song.first_bar_beat) == ("one", 4, 0)
    found = [pitches(reading, role) for role in range(6)]
    assert found[0] == {72, 74, 76, 77}
    assert found[1] == {36, 41, 43}
    assert found[2] == {60, 64, 67, 65, 69, 72, 71, 74}
    assert found[3] == {79, 77, 76, 74}
    assert found[4] == set()
    assert found[5] == {36, 38}
    assert (reading.report.kept, reading.report.meter, reading.report.bars) == (True, "4/4", 4)


def test_a_piano_alone_is_parted_into_bass_and_chords(tmp_path: Path) -> None:
    low = [Note(i * BEAT, 40, BEAT) for i in range(16)]
    piano = make_track("Piano", [*triads([60, 65, 67, 60]), *low])
    reading = read(write_song(tmp_path / "one.mid", (band()[0], piano)))
    assert pitches(reading, 1) == {40}
    assert 40 not in pitches(reading, 2)


def test_chords_are_those_that_the_tracks_imply(tmp_path: Path) -> None:
    tracks = (make_track("Melody", line([60, 64, 67, 64] * 4)), make_track("P", triads([48] * 4)))
    (song,) = read(write_song(tmp_path / "one.mid", tracks)).songs
    assert set(song.chords[:16]) == {chord_index(0, "maj")}


def test_the_first_bar_comes_after_a_pick_up(tmp_path: Path) -> None:
    meters = (MeterChange(0, 1, 4), MeterChange(BEAT, 4, 4))
    (song,) = read(write_song(tmp_path / "one.mid", band(8), meters=meters)).songs
    assert song.first_bar_beat == 1


def test_each_meter_of_a_file_is_a_song_of_its_own(tmp_path: Path) -> None:
    meters = (MeterChange(0, 4, 4), MeterChange(16 * BEAT, 3, 4), MeterChange(28 * BEAT, 4, 4))
    reading = read(write_song(tmp_path / "one.mid", band(12), meters=meters))
    songs = [(song.name, song.beats_per_bar, song.beats) for song in reading.songs]
    assert songs == [("one__1", 4, 16), ("one__2", 3, 12), ("one__3", 4, 21)]
    assert len({song.song for song in reading.songs}) == 1
    for song in reading.songs:
        notes = np.asarray(song.notes)
        assert notes[:, 1].min() == 0
        assert (notes[:, 1] + notes[:, 3]).max() <= 4 * song.beats


@pytest.mark.parametrize("shift", [-7, 1, 5])
def test_a_transposed_copy_has_the_same_marks(tmp_path: Path, shift: int) -> None:
    one = read(write_song(tmp_path / "one.mid"))
    two = read(write_song(tmp_path / "two.mid", band(shift=shift)))
    assert one.content == two.content
    assert one.songs[0].song == two.songs[0].song


def test_another_band_under_one_melody_is_the_same_song_but_no_copy(tmp_path: Path) -> None:
    one = read(write_song(tmp_path / "one.mid"))
    two = read(write_song(tmp_path / "two.mid", band()[:3]))
    assert one.content != two.content
    assert one.songs[0].song == two.songs[0].song == one.songs[0].melody


def test_arrangements_named_alike_are_one_song_by_name(tmp_path: Path) -> None:
    (song,) = read(write_song(tmp_path / "tune__rock__Groove.mid")).songs
    assert (song.song, song.tags) == ("", ("rock",))


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "letter.mid").write_text("dear diary")
    assert read(tmp_path / "letter.mid").report.reason == UNREADABLE
    no_tune = write_song(tmp_path / "chords.mid", (make_track("Chords", triads([48] * 8)),))
    assert read(no_tune).report.reason == NO_MELODY
    assert (
        read(
            write_song(tmp_path / "few.mid", band()[:2], meters=(MeterChange(0, 6, 4),))
        ).report.reason
        == TOO_SHORT
    )
    drifting = [
        make_track(track.name, [Note(round(n.start * 1.083), n.pitch, 300) for n in track.notes])
        for track in band(16)[:4]
    ]
    loose = read(write_song(tmp_path / "loose.mid", drifting))
    assert loose.report.reason == OFF_THE_GRID
    rule = RoleRule((Correction(file="one.mid", whole_file=True),))
    assert read(write_song(tmp_path / "one.mid"), rule=rule).report.reason == CORRECTED


def test_a_damaged_file_is_salvaged_and_said_to_be(tmp_path: Path) -> None:
    path = write_song(tmp_path / "one.mid", band(12))
    path.write_bytes(path.read_bytes()[:-40])
    reading = read(path)
    assert reading.report.kept
    assert "was read" in reading.report.remark


def test_hymns_are_known_by_their_four_lines(tmp_path: Path) -> None:
    for number in range(4):
        write_song(tmp_path / f"{number}.mid", hymn())
    named = write_song(tmp_path / "named.mid", hymn(("SOPRANO", "ALTO", "TENOR", "BASS")))
    layout = layout_in(tmp_path)
    assert layout.name == "voices"
    assert layout.roles == ("Soprano", "Alto", "Tenor", "Bass")
    reading = read(named, "voices")
    assert [min(pitches(reading, role)) for role in range(4)] == [72, 65, 60, 48]
    odd = read(write_song(tmp_path / "trio.mid", hymn()[:3]), "voices")
    assert odd.report.reason == OTHER_VOICES


def test_one_line_that_changes_its_instrument_is_one_voice(tmp_path: Path) -> None:
    names = ("Violin 1", "Violin 2", "Viola", "Violoncello")
    plucked = make_track("Violin 1", line([76, 74] * 4, start=16 * BEAT), program=45)
    path = write_song(tmp_path / "quartet.mid", (*hymn(names), plucked))
    look = look_at(tmp_path, path.name)
    assert look is not None and look.in_voices
    reading = read(path, "voices")
    assert pitches(reading, 0) == {72, 74, 76}


def test_a_rule_can_leave_out_a_voice_or_give_it_to_another(tmp_path: Path) -> None:
    path = write_song(tmp_path / "one.mid", hymn())
    rule = RoleRule((Correction(role="Soprano", track=1), Correction(role="Alto", track=0)))
    reading = read(path, "voices", rule)
    assert [min(pitches(reading, role)) for role in range(4)] == [65, 72, 60, 48]


def test_drums_alone_are_a_set_of_drums(tmp_path: Path) -> None:
    kit = make_track("Midi Drums", line([36, 38, 42, 38] * 16), is_drum=True)
    path = write_song(tmp_path / "37_hip-hop_67_beat_4-4.mid", (kit,))
    layout = layout_in(tmp_path)
    assert (layout.name, layout.roles) == ("drums", ("Melody", "Drums"))
    reading = read(path, "drums")
    assert reading.songs[0].tags == ("drums", "hip", "beat")
    assert pitches(reading, 1) == {36, 38, 42}
    assert not pitches(reading, 0)


def test_folk_tunes_are_known_by_their_names_and_tagged(tmp_path: Path) -> None:
    for name in ("jigs1", "reelsu-z24", "hpps9", "waltzes3", "playford7"):
        path = write_song(tmp_path / f"{name}.mid", band()[:2])
    assert layout_in(tmp_path).name == "folk"
    (song,) = read(path, "folk").songs
    assert (song.tags, song.song) == (("playford",), "")
    assert read(tmp_path / "hpps9.mid", "folk").songs[0].tags == ("hornpipe",)


def test_an_accompaniment_takes_the_melody_of_its_tune(tmp_path: Path) -> None:
    low, drums = (track for track in band() if track.name in ("Kit", "Low"))
    tracks = (make_track("Drum", drums.notes, is_drum=True), make_track("Bass", low.notes))
    path = write_song(tmp_path / "made" / "hpps9__Rock.mid", tracks)
    assert layout_in(tmp_path / "made").name == "backing"
    alone = read(path, "backing")
    assert alone.report.reason == NO_MELODY
    assert "put its set beside this one" in alone.report.remark
    tune = (make_track("", band()[0].notes), make_track("", band()[1].notes))
    write_song(tmp_path / "nottingham" / "midi" / "hpps9.mid", tune)
    reading = read(path, "backing")
    assert pitches(reading, 0) == {72, 74, 76, 77}
    assert pitches(reading, 1) == {36, 41, 43}
    assert (reading.songs[0].name, reading.songs[0].song) == ("hpps9__Rock", "")


def test_known_sets_are_known_by_their_folders(tmp_path: Path) -> None:
    assert known_layout(tmp_path) is None
    for name in ("midi", "beat", "chord"):
        (tmp_path / name).mkdir()
    assert known_layout(tmp_path) is LAYOUTS["pop909"]
    shutil.rmtree(tmp_path / "beat")
    (tmp_path / "Jsb16thSeparated.json").write_text("{}")
    assert known_layout(tmp_path) is LAYOUTS["chorales"]
