import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import (
    NOT_ANNOTATED,
    Corpus,
    CorpusCard,
    RoleNote,
    Song,
    SongEntry,
    write_corpus,
)
from engine.errors import DataError
from engine.music.harmony import NO_CHORD
from engine.music.piano_roll import ONSET, SOUNDING, PianoRoll, decode
from tests.small_songs import POP_CARD, small_song, write_small_corpus

CARD = CorpusCard("pair", "1", "none", ("Melody", "Bass"), (0, 33), ("pop",))


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_corpus(tmp_path_factory.mktemp("corpus") / "scales", 3)


@pytest.fixture
def broken(packed: Path, tmp_path: Path) -> Path:
    """A copy to be broken by the test."""
    return Path(shutil.copytree(packed, tmp_path / "broken"))


def test_what_was_packed_is_read_back(packed: Path) -> None:
    corpus = Corpus(packed)
    assert corpus.card == POP_CARD
    assert [song.name for song in corpus.songs] == [small_song(n).name for n in range(3)]
    for number, entry in enumerate(corpus.songs):
        song = small_song(number)
        stretch = corpus.stretch(entry, 0, entry.beats)
        tracks = decode(PianoRoll(stretch.planes))
        found = [(role, *_of(note)) for role, track in enumerate(tracks) for note in track]
        assert sorted(found) == [(n.role, n.step, n.pitch, n.length) for n in song.notes]
        assert tuple(stretch.chords) == song.chords


def _of(note: object) -> tuple[int, int, int]:
    return note.step, note.pitch, note.length  # type: ignore[attr-defined]


def test_velocities_are_the_mean_of_a_steps_onsets(tmp_path: Path) -> None:
    notes = (RoleNote(0, 0, 60, 4, 100), RoleNote(1, 4, 40, 1, 50), RoleNote(1, 4, 47, 1, 61))
    write_corpus(tmp_path, CARD, [Song("s", notes, 2, 4, 0, (NO_CHORD, 0))])
    corpus = Corpus(tmp_path)
    velocity = corpus.stretch(corpus.songs[0], 0, 2).velocity
    assert velocity[0, 0] == 100
    assert velocity[1, 4] == 56
    assert velocity.sum() == 156


def test_beyond_both_ends_of_a_song_there_is_silence(packed: Path) -> None:
    corpus = Corpus(packed)
    song = corpus.songs[1]
    whole = corpus.stretch(song, 0, song.beats)
    wide = corpus.stretch(song, -3, song.beats + 8)
    assert wide.planes.shape[2] == 4 * (song.beats + 8)
    assert not wide.planes[:, :, :12].any()
    assert not wide.planes[:, :, -20:].any()
    assert np.array_equal(wide.planes[:, :, 12:-20], whole.planes)
    assert np.array_equal(wide.velocity[:, 12:-20], whole.velocity)
    assert set(wide.chords[:3]) | set(wide.chords[-5:]) == {NOT_ANNOTATED}
    assert np.array_equal(wide.chords[3:-5], whole.chords)


@pytest.mark.parametrize("beat", [-40, -8, 48, 49, 1000])
def test_wholly_beyond_a_song_there_is_silence(packed: Path, beat: int) -> None:
    corpus = Corpus(packed)
    stretch = corpus.stretch(corpus.songs[1], beat, 8)
    assert stretch.planes.shape == (4, 2, 32, 128)
    assert stretch.velocity.shape == (4, 32)
    assert not stretch.planes.any()
    assert not stretch.velocity.any()
    assert set(stretch.chords) == {NOT_ANNOTATED}


def test_bar_starts_follow_the_first_whole_bar(tmp_path: Path) -> None:
    write_corpus(tmp_path, CARD, [Song("waltz", (), 9, 3, 2, (NO_CHORD,) * 9)])
    corpus = Corpus(tmp_path)
    stretch = corpus.stretch(corpus.songs[0], -2, 9)
    assert list(np.flatnonzero(stretch.bar_starts)) == [1, 4, 7]


@given(
    st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 31), st.integers(0, 127), st.integers(1, 12)),
        max_size=12,
        unique_by=lambda note: (note[0], note[2]),
    ),
    st.integers(-6, 10),
    st.integers(1, 14),
)
def test_any_stretch_is_cut_out_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory,
    notes: list[tuple[int, int, int, int]],
    beat: int,
    beats: int,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    made = tuple(sorted(RoleNote(r, s, p, min(length, 32 - s), 64) for r, s, p, length in notes))
    before = Song("before", (RoleNote(0, 0, 1, 16, 9),), 4, 4, 0, (3,) * 4)
    write_corpus(folder, CARD, [before, Song("any", made, 8, 4, 0, (7,) * 8), before])
    corpus = Corpus(folder)
    stretch = corpus.stretch(corpus.songs[1], beat, beats)
    wanted = np.zeros((2, 2, 4 * beats, 128), bool)
    for note in made:
        for step in range(note.step, note.step + note.length):
            place = step - 4 * beat
            if 0 <= place < 4 * beats:
                wanted[note.role, SOUNDING, place, note.pitch] = True
                wanted[note.role, ONSET, place, note.pitch] |= step == note.step
    assert np.array_equal(stretch.planes, wanted)
    inside = [0 <= beat + each < 8 for each in range(beats)]
    assert list(stretch.chords) == [7 if each else NOT_ANNOTATED for each in inside]


def test_songs_of_no_length_are_left_out(tmp_path: Path) -> None:
    song = small_song(0)
    empty = Song("empty", (), 0, 4, 0, ())
    assert write_corpus(tmp_path, POP_CARD, [empty, song, empty]) == 1
    assert [each.name for each in Corpus(tmp_path).songs] == [song.name]


def test_no_song_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="None of the files"):
        write_corpus(tmp_path / "none", CARD, [])


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match="could not be written"):
        write_small_corpus(tmp_path / "file" / "under", 1)


def test_a_folder_without_a_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no readable data set"):
        Corpus(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[1]", '{"format": 1}', '{"format": 1, "card": 3}']
)
def test_a_damaged_index_is_refused(broken: Path, text: str) -> None:
    (broken / "corpus.json").write_text(text)
    with pytest.raises(DataError, match="import it again"):
        Corpus(broken)


@pytest.mark.parametrize("name", ["planes.npy", "velocity.npy", "chords.npy"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "text", "other", "zipped"])
def test_a_damaged_array_is_refused(broken: Path, name: str, damage: str) -> None:
    path = broken / name
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "other":
        np.save(path, np.zeros((5, 4)))
    elif damage == "zipped":
        with path.open("wb") as stream:
            np.savez(stream, a=np.zeros(3))
    else:
        path.write_bytes({"empty": b"", "cut": content[:-7], "text": b"hello"}[damage])
    with pytest.raises(DataError, match="import it again"):
        Corpus(broken)


def test_an_array_that_would_run_code_is_refused(broken: Path) -> None:
    np.save(broken / "chords.npy", np.array([object()]), allow_pickle=True)
    with pytest.raises(DataError, match="import it again"):
        Corpus(broken)


@pytest.mark.parametrize(
    "change",
    [
        {"first_beat": -4},
        {"beats": 10_000},
        {"beats": 0},
        {"beats_per_bar": 0},
        {"first_bar_beat": -1},
        {"beats": "many"},
        {"first_beat": 1.5},
    ],
)
def test_a_song_that_lies_elsewhere_is_refused(broken: Path, change: dict[str, object]) -> None:
    index = json.loads((broken / "corpus.json").read_text())
    index["songs"][1] |= change
    (broken / "corpus.json").write_text(json.dumps(index))
    with pytest.raises(DataError, match="damaged"):
        Corpus(broken)


def test_another_format_is_told_apart(broken: Path) -> None:
    index = json.loads((broken / "corpus.json").read_text())
    (broken / "corpus.json").write_text(json.dumps(index | {"format": 99}))
    with pytest.raises(DataError, match="packed by another version"):
        Corpus(broken)


def test_an_entry_says_where_its_song_lies(packed: Path) -> None:
    assert Corpus(packed).songs[2] == SongEntry("scales/song-02", 96, 48, 4, 0)
