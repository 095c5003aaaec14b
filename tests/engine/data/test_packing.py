import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import Corpus, CorpusCard, RoleNote, Song
from engine.data.packing import (
    CorpusWriter,
    GrowingArray,
    entry_from,
    entry_json,
    pack,
    pack_all,
)
from engine.data.song import SongEntry, meter_of, song_key
from engine.errors import DataError
from engine.music.harmony import NO_CHORD
from engine.music.piano_roll import ONSET, SOUNDING
from tests.small_songs import POP_CARD, small_song

ROLES = ("Melody", "Bass", "Drums")


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(0, 3))
def test_a_growing_array_is_the_array_that_numpy_writes(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], width: int
) -> None:
    folder = tmp_path_factory.mktemp("grow")
    parts = [np.full((length, width, 2), number, np.uint8) for number, length in enumerate(lengths)]
    array = GrowingArray(folder / "a.npy", (width, 2), np.uint8)
    for part in parts:
        array.append(part)
    array.close()
    whole = np.concatenate([np.zeros((0, width, 2), np.uint8), *parts])
    np.save(folder / "b.npy", whole)
    assert (folder / "a.npy").read_bytes() == (folder / "b.npy").read_bytes()


def test_rows_of_another_shape_are_refused(tmp_path: Path) -> None:
    array = GrowingArray(tmp_path / "a.npy", (3,), np.uint8)
    with pytest.raises(ValueError, match="own shape"):
        array.append(np.zeros((2, 4), np.uint8))
    array.close()


NOTES = st.lists(
    st.builds(
        RoleNote,
        st.integers(0, 2),
        st.integers(0, 15),
        st.integers(0, 127),
        st.integers(1, 20),
        st.integers(1, 127),
    ),
    max_size=20,
)


@given(NOTES)
def test_planes_hold_every_note_and_the_mean_of_their_velocities(notes: list[RoleNote]) -> None:
    packed = pack(Song("s", tuple(notes), 4, 4, 0, (NO_CHORD,) * 4), ROLES)
    planes = np.unpackbits(packed.planes, axis=-1).astype(bool)
    wanted = np.zeros((16, 3, 2, 128), bool)
    for note in notes:
        wanted[note.step, note.role, ONSET, note.pitch] = True
        wanted[note.step : note.step + note.length, note.role, SOUNDING, note.pitch] = True
    assert np.array_equal(planes, wanted)
    for role, step in np.ndindex(3, 16):
        loud = [n.velocity for n in notes if (n.role, n.step) == (role, step)]
        assert packed.velocity[step, role] == (round(sum(loud) / len(loud)) if loud else 0)


def test_an_entry_keeps_what_is_not_as_usual(tmp_path: Path) -> None:
    entry = SongEntry("a/b__1", 8, 6, 3, 0, ("pop", "slow"), "6/8", "b", "12ab", ("Melody",))
    assert entry_from(entry_json(entry, 8)) == entry
    plain = SongEntry("a/b__1", 8, 6, 4, 0)
    assert entry_json(plain, 8) == {
        "name": "a/b__1",
        "first_beat": 8,
        "beats": 6,
        "beats_per_bar": 4,
        "first_bar_beat": 0,
    }
    assert (meter_of(entry), meter_of(plain)) == ("6/8", "4/4")
    assert (song_key(entry), song_key(plain)) == ("b", "b")


def test_songs_are_written_one_behind_the_other(tmp_path: Path) -> None:
    tagged = Song("mine", small_song(1).notes, 48, 4, 0, small_song(1).chords, tags=("slow",))
    with CorpusWriter(tmp_path, POP_CARD.roles) as writer:
        writer.add(pack(small_song(0), POP_CARD.roles))
        writer.add(pack(tagged, POP_CARD.roles))
        writer.finish(POP_CARD)
    corpus = Corpus(tmp_path)
    assert [(song.name, song.first_beat) for song in corpus.songs] == [
        ("scales/song-00", 0),
        ("mine", 48),
    ]
    assert corpus.songs[1].tags == ("slow",)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "chords.npy",
        "corpus.json",
        "planes.npy",
        "velocity.npy",
    ]


def test_a_pack_that_was_not_finished_is_none(tmp_path: Path) -> None:
    with CorpusWriter(tmp_path, POP_CARD.roles) as writer:
        writer.add(pack(small_song(0), POP_CARD.roles))
    with pytest.raises(DataError):
        Corpus(tmp_path)


def test_parts_are_told_where_some_are_silent(tmp_path: Path) -> None:
    whole = pack(Song("s", tuple(RoleNote(r, 0, 60, 1, 9) for r in range(3)), 1, 4, 0, (0,)), ROLES)
    some = pack(
        Song("s", (RoleNote(0, 0, 60, 1, 9), RoleNote(2, 0, 36, 1, 9)), 1, 4, 0, (0,)), ROLES
    )
    assert (whole.entry.parts, some.entry.parts) == ((), ("Melody", "Drums"))


def window_song(melody: list[int], company: list[int], bars: int) -> Song:
    """A song that sounds in these bars, after a pick-up of one beat."""
    notes = [
        RoleNote(role, 4 + 16 * bar, 60, 2, 64)
        for role, found in ((0, melody), (1, company))
        for bar in found
    ]
    return Song("s", tuple(sorted(notes)), 4 * bars + 1, 4, 1, (0,) * (4 * bars + 1))


@pytest.mark.parametrize(
    ("melody", "company", "found"),
    [
        ([0, 4], [1, 5], 2),
        ([0], [5], 0),
        ([0], [3], 1),
        ([], [0], 1),
        ([], [], 0),
        ([0, 8], [0, 8], 1),
    ],
)
def test_windows_are_counted_where_melody_and_company_sound(
    melody: list[int], company: list[int], found: int
) -> None:
    assert pack(window_song(melody, company, 9), ("Melody", "Bass")).windows == found


def test_a_card_may_hold_any_text(tmp_path: Path) -> None:
    card = CorpusCard('na"me', "1\n2", 'lic "card": {', ("Melody", "Bass"), (0, 1), ("ö",))
    with CorpusWriter(tmp_path, card.roles) as writer:
        writer.add(pack(Song('s "songs": [', (), 1, 4, 0, (0,)), card.roles))
        writer.finish(card)
    assert Corpus(tmp_path).card == card


def test_songs_packed_together_are_as_each_alone() -> None:
    rng = random.Random(5)
    songs = [
        Song(
            f"{number}",
            tuple(
                RoleNote(rng.randrange(3), rng.randrange(4 * beats), rng.randrange(128), length, 80)
                for length in (1, 3, 9, 200)
            ),
            beats,
            4,
            beats % 4,
            (NO_CHORD,) * beats,
        )
        for number, beats in enumerate((5, 17, 64))
    ]
    songs.append(Song("silent", (), 2, 4, 0, (NO_CHORD,) * 2))
    for alone, together in zip(
        [pack(song, ROLES) for song in songs], pack_all(songs, ROLES), strict=True
    ):
        assert together.entry == alone.entry
        assert together.windows == alone.windows
        for name in ("planes", "velocity", "chords"):
            assert np.array_equal(getattr(together, name), getattr(alone, name))
