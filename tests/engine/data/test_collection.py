import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data.collection import Collection
from engine.data.corpus import Corpus, CorpusCard, RoleNote, Song, write_corpus
from engine.data.segments import held_out
from engine.errors import DataError
from tests.small_songs import POP_CARD, small_song, write_small_corpus

BAND = CorpusCard(
    "band",
    "2",
    "CC0",
    ("Melody", "Bass", "Chords", "Counter", "Strings", "Drums"),
    (0, 33, 4, 71, 48, 0),
    ("rock",),
)
BAR = tuple(range(4))


def band_song(name: str, roles: tuple[int, ...] = (0, 1, 2, 3, 4, 5), **changes: object) -> Song:
    notes = tuple(
        RoleNote(role, 4 * beat, 40 + role, 4, 60 + role) for role in roles for beat in BAR
    )
    return replace(Song(name, notes, 4, 4, 0, (7,) * 4), **changes)  # type: ignore[arg-type]


@pytest.fixture
def pop(tmp_path: Path) -> Path:
    return write_small_corpus(tmp_path / "pop", 4)


@pytest.fixture
def band(tmp_path: Path) -> Path:
    songs = [
        band_song("one"),
        band_song("two", tags=("slow",)),
        band_song("waltz", meter="", beats_per_bar=2),
        band_song("jig", beats_per_bar=2, meter="6/8"),
        band_song("only drums", (0, 5)),
    ]
    write_corpus(tmp_path / "band", BAND, songs)
    return tmp_path / "band"


def test_one_set_is_read_as_it_is(pop: Path) -> None:
    corpus, collection = Corpus(pop), Collection([pop])
    assert collection.songs == corpus.songs
    assert collection.card == corpus.card
    for song in corpus.songs:
        one, two = corpus.stretch(song, 3, 20), collection.stretch(song, 3, 20)
        assert np.array_equal(one.planes, two.planes)
        assert np.array_equal(one.velocity, two.velocity)
        assert np.array_equal(one.bar_starts, two.bar_starts)


def test_several_sets_are_joined_by_the_parts_that_all_have(pop: Path, band: Path) -> None:
    collection = Collection([pop, band, pop])
    assert collection.card.roles == ("Melody", "Bass", "Chords", "Counter")
    assert collection.card.programs == (0, 33, 4, 71)
    assert collection.card.name == "scales+band"
    assert collection.card.licence == "made by the tests; CC0"
    assert collection.card.tags == ("test", "rock")
    assert len(collection.songs) == 4 + 2
    assert [song.name for song in collection.songs[-2:]] == ["band/one", "band/two"]
    assert collection.songs[0].name == "scales/song-00"
    assert [card.name for card in collection.cards] == ["scales", "band"]
    assert collection.card_of(collection.songs[-1]).licence == "CC0"


def test_strings_are_read_as_chords_where_nobody_asks_for_them(band: Path) -> None:
    chosen = Collection([band], roles=("Chords", "Bass"))
    stretch = chosen.stretch(chosen.songs[0], 0, 4)
    sounding = [sorted(set(np.nonzero(plane[1])[1])) for plane in stretch.planes]
    assert sounding == [[40], [42, 44], [41]]
    assert stretch.velocity[1, 0] == 64
    asked = Collection([band], roles=("Chords", "Strings"))
    planes = asked.stretch(asked.songs[0], 0, 4).planes
    assert [sorted(set(np.nonzero(plane[1])[1])) for plane in planes] == [[40], [42], [44]]


def test_what_is_not_read_is_counted(band: Path) -> None:
    parts = ("Bass", "Chords", "Counter")
    assert Collection([band], roles=parts).left_out == {"another meter": 2, "no accompaniment": 1}
    slow = Collection([band], ("slow",))
    assert [song.name for song in slow.songs] == ["two"]
    assert slow.left_out == {"another meter": 2, "another tag": 2}
    assert len(Collection([band], ("rock",)).songs) == 3
    assert [s.name for s in Collection([band], meters=("6/8",)).songs] == ["jig"]
    assert len(Collection([band], meters=()).songs) == 5


def test_a_tag_may_be_a_songs_or_its_sets(pop: Path, band: Path) -> None:
    assert len(Collection([pop, band], ("slow", "test")).songs) == 5


def test_what_cannot_be_joined_or_found_is_a_sentence(
    pop: Path, band: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="at least one"):
        Collection([])
    with pytest.raises(DataError, match="has no Tuba"):
        Collection([pop], roles=("Tuba",))
    with pytest.raises(DataError, match="is tagged jazz"):
        Collection([band], ("jazz",))
    with pytest.raises(DataError, match="3 for another meter"):
        write_corpus(
            tmp_path / "three", BAND, [band_song(str(n), beats_per_bar=3) for n in range(3)]
        )
        Collection([tmp_path / "three"])
    lone = CorpusCard("lone", "1", "", ("Melody", "Tuba"), (0, 58))
    write_corpus(tmp_path / "lone", lone, [band_song("s", (0, 1))])
    with pytest.raises(DataError, match="no part in common"):
        Collection([pop, tmp_path / "lone"])


def test_sets_of_one_name_keep_their_songs_apart(tmp_path: Path) -> None:
    write_corpus(tmp_path / "a", BAND, [band_song("one")])
    write_corpus(tmp_path / "b", BAND, [band_song("one", (0, 1))])
    collection = Collection([tmp_path / "a", tmp_path / "b"])
    first, second = (collection.stretch(song, 0, 4).planes for song in collection.songs)
    assert first[2].any()
    assert not second[2].any()


def test_a_song_is_on_one_side_in_whatever_set_it_lies(pop: Path, tmp_path: Path) -> None:
    songs = [
        replace(small_song(number), name=f"other/song-{number:02d}__rock") for number in range(4)
    ]
    write_corpus(tmp_path / "other", replace(POP_CARD, name="other"), songs)
    train, kept = held_out(Collection([pop, tmp_path / "other"]).songs, 0.5)
    sides = [{song.name.split("/")[1][:7] for song in side} for side in (train, kept)]
    assert all(sides)
    assert not sides[0] & sides[1]


def _held(key: str) -> bool:
    return hashlib.sha256(key.encode()).digest()[0] < 128


def test_what_shares_a_melody_with_a_held_out_song_is_held_out_too(tmp_path: Path) -> None:
    held = next(f"h{n}" for n in range(99) if _held(f"h{n}"))
    free = [f"f{n}" for n in range(99) if not _held(f"f{n}")][:3]
    songs = [
        band_song(held, melody="aa"),
        band_song(free[0], melody="aa"),
        band_song(f"{free[0]}__again", melody="bb"),
        band_song(free[1], melody="bb"),
        band_song(free[2], melody="cc"),
    ]
    write_corpus(tmp_path / "set", BAND, songs)
    train, kept = held_out(Collection([tmp_path / "set"]).songs, 0.5)
    assert [song.name for song in train] == [free[2]]
    assert len(kept) == 4
