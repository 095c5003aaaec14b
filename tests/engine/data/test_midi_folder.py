import os
from pathlib import Path

import pytest

from engine.data import midi_folder
from engine.data.corpus import Corpus
from engine.data.importing import packed_folder
from engine.data.midi_folder import BASS, CHORDS, COUNTER, MELODY
from engine.errors import DataError
from engine.files.midi import write_midi
from engine.music.composition import Composition, MeterChange
from engine.music.harmony import chord_index
from engine.music.note import Note
from engine.music.track import make_track

BEAT = 480


def _line(pitches: list[int], length: int = BEAT) -> list[Note]:
    return [Note(i * length, pitch, length) for i, pitch in enumerate(pitches)]


def _triads(roots: list[int]) -> list[Note]:
    return [
        Note(i * 4 * BEAT, root + above, 4 * BEAT)
        for i, root in enumerate(roots)
        for above in (0, 4, 7)
    ]


def _song(**changes: object) -> Composition:
    tracks = (
        make_track("Melody", _line([72, 74, 76, 77] * 4)),
        make_track("Piano", _triads([60, 65, 67, 60]), program=0),
        make_track("Flute", _line([79, 77, 76, 74] * 4), program=73),
        make_track("Low", _line([36, 36, 41, 43] * 4), program=0),
        make_track("Kit", _line([36, 38] * 8), is_drum=True),
    )
    return Composition(tracks=tracks, **changes)  # type: ignore[arg-type]


def test_roles_are_found_by_register_and_voices() -> None:
    song = midi_folder.song_of(_song(), "one")
    assert song is not None
    pitches = {role: {note.pitch for note in song.notes if note.role == role} for role in range(4)}
    assert pitches[MELODY] == {72, 74, 76, 77}
    assert pitches[BASS] == {36, 41, 43}
    assert pitches[CHORDS] == {60, 64, 67, 65, 69, 72, 71, 74}
    assert pitches[COUNTER] == {79, 77, 76, 74}


def test_a_bass_program_is_a_bass_wherever_it_lies() -> None:
    high = make_track("Slap", _line([60, 62, 64, 65] * 4), program=36)
    song = midi_folder.song_of(Composition(tracks=(_song().melody, high)), "one")
    assert song is not None
    assert {note.role for note in song.notes} == {MELODY, BASS}


def test_a_piano_alone_is_parted_into_bass_and_chords() -> None:
    low = [Note(i * BEAT, 40, BEAT) for i in range(16)]
    piano = make_track("Piano", [*_triads([60, 65, 67, 60]), *low])
    song = midi_folder.song_of(Composition(tracks=(_song().melody, piano)), "one")
    assert song is not None
    assert {note.pitch for note in song.notes if note.role == BASS} == {40}
    assert 40 not in {note.pitch for note in song.notes if note.role == CHORDS}


def test_chords_are_those_that_the_tracks_imply() -> None:
    tracks = (make_track("Melody", _line([60, 64, 67, 64] * 4)), make_track("P", _triads([48] * 4)))
    song = midi_folder.song_of(Composition(tracks=tracks), "one")
    assert song is not None
    assert set(song.chords[:16]) == {chord_index(0, "maj")}


def test_the_first_bar_comes_after_a_pick_up() -> None:
    meters = (MeterChange(0, 1, 4), MeterChange(BEAT, 4, 4))
    song = midi_folder.song_of(_song(meters=meters), "one")
    assert song is not None
    assert song.first_bar_beat == 1


@pytest.mark.parametrize("meter", [(3, 4), (6, 8)])
def test_other_meters_are_left_out(meter: tuple[int, int]) -> None:
    assert midi_folder.song_of(_song(meters=(MeterChange(0, *meter),)), "one") is None


def test_a_melody_alone_is_no_song() -> None:
    assert midi_folder.song_of(Composition(tracks=(_song().melody,)), "one") is None


def test_a_folder_of_midi_files_is_packed_and_what_cannot_be_read_is_left_out(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "mine"
    (folder / "more").mkdir(parents=True)
    write_midi(_song(), folder / "one.mid")
    write_midi(_song(), folder / "more" / "two.MID")
    (folder / "letter.mid").write_text("dear diary")
    packed = packed_folder(str(folder), tmp_path / "sets")
    corpus = Corpus(packed)
    assert [song.name for song in corpus.songs] == ["more/two", "one"]
    assert corpus.card.roles == midi_folder.ROLES
    assert packed_folder(str(folder), tmp_path / "sets") == packed
    write_midi(_song(), folder / "three.mid")
    assert len(Corpus(packed_folder(str(folder), tmp_path / "sets")).songs) == 3


def test_a_folder_without_songs_is_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.mid").write_text("dear diary")
    with pytest.raises(DataError, match="None of the files"):
        packed_folder(str(folder), tmp_path / "sets")
    assert not list((tmp_path / "sets").glob("*"))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_midi(_song(), tmp_path / "secret.mid")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "link.mid").symlink_to(tmp_path / "secret.mid")
    assert midi_folder.midi_files(folder) == []


def test_a_file_name_that_is_no_text_is_no_trouble(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    write_midi(_song(), folder / "one.mid")
    (folder / "one.mid").rename(folder / os.fsdecode(b"\xff.mid"))
    corpus = Corpus(packed_folder(str(folder), tmp_path / "sets"))
    assert [song.name for song in corpus.songs] == ["?"]
