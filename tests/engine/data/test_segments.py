import numpy as np
import pytest

from engine.data.corpus import Corpus, SongEntry
from engine.data.measures import measure
from engine.data.segments import (
    draw_excerpts,
    draw_stretches,
    held_out,
    is_full,
    segment_of,
    with_accompaniment,
)
from engine.errors import DataError
from tests.small_songs import small_song, write_small_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus(write_small_corpus(tmp_path_factory.mktemp("segments")))


def entry(name: str) -> SongEntry:
    return SongEntry(name, 0, 8, 4, 0)


def test_every_song_is_on_one_side() -> None:
    songs = [entry(f"set/song {number}") for number in range(400)]
    train, kept = held_out(songs, 0.1)
    assert sorted(train + kept, key=songs.index) == songs
    assert 20 <= len(kept) <= 60


def test_a_song_is_held_out_in_any_company() -> None:
    songs = [entry(f"set/song {number}") for number in range(100)]
    _, kept = held_out(songs, 0.1)
    _, of_half = held_out(songs[::2], 0.1)
    assert of_half == [song for song in kept if song in songs[::2]]


def test_a_larger_share_holds_out_the_same_songs_and_more() -> None:
    songs = [entry(f"{number}") for number in range(200)]
    few, many = held_out(songs, 0.1)[1], held_out(songs, 0.3)[1]
    assert set(few) < set(many)


def test_of_a_handful_of_songs_one_is_kept_and_the_same_one_each_time() -> None:
    for count in range(2, 9):
        songs = [entry(f"folder/song {number}") for number in range(count)]
        train, kept = held_out(songs, 0.001)
        assert len(kept) == 1 and len(train) == count - 1
        assert held_out(songs[::-1], 0.001)[1] == kept
    assert held_out([entry("alone")], 0.001) == ([entry("alone")], [])


def test_arrangements_of_one_song_stay_together() -> None:
    songs = [entry(f"{place}/tune{n}__{v}") for n in range(60) for v in "ab" for place in "xy"]
    train, kept = held_out(songs, 0.2)
    sides = [{_tune(song) for song in side} for side in (train, kept)]
    assert all(sides)
    assert not sides[0] & sides[1]


def _tune(song: SongEntry) -> str:
    return song.name.split("/")[1].split("__")[0]


def test_the_same_stretches_are_drawn_every_time(corpus: Corpus) -> None:
    one, two = (draw_stretches(corpus, corpus.songs[:4], 10) for _ in range(2))
    assert len(one) == 10
    assert all(np.array_equal(a.planes, b.planes) for a, b in zip(one, two, strict=True))
    other = draw_stretches(corpus, corpus.songs[:4], 10, seed=1)
    assert any(not np.array_equal(a.planes, b.planes) for a, b in zip(one, other, strict=True))


def test_songs_take_turns(corpus: Corpus) -> None:
    names = [song.name for song, _ in draw_excerpts(corpus, corpus.songs[:3], 6)]
    assert names == [song.name for song in corpus.songs[:3]] * 2


def test_a_stretch_has_whole_bars_and_something_to_say(corpus: Corpus) -> None:
    for stretch in draw_stretches(corpus, corpus.songs, 8):
        assert stretch.planes.shape == (4, 2, 128, 128)
        assert list(np.flatnonzero(stretch.bar_starts)) == list(range(0, 32, 4))
        assert is_full(stretch, 8)


def test_silence_is_not_full(corpus: Corpus) -> None:
    assert not is_full(corpus.stretch(corpus.songs[0], 48, 32), 8)


def test_songs_that_are_too_short_are_said_to_be_too_few(corpus: Corpus) -> None:
    with pytest.raises(DataError, match="No held-out song"):
        draw_stretches(corpus, corpus.songs[:2], 4, bars=13)
    with pytest.raises(DataError, match="No held-out song"):
        draw_stretches(corpus, [], 4)


def test_a_segment_is_the_songs_own_music(corpus: Corpus) -> None:
    song = small_song(2)
    segment = segment_of(corpus.stretch(corpus.songs[2], 8, 32))
    assert (segment.steps, segment.steps_per_bar, segment.bars) == (128, 16, 8)
    assert segment.chords == song.chords[8:40]
    melody = [(n.step + 32, n.pitch, n.length) for n in segment.melody]
    wanted = [n for n in song.notes if n.role == 0 and 32 <= n.step < 160]
    assert melody == [(n.step, n.pitch, n.length) for n in wanted]
    assert [len(track) for track in segment.tracks] == [16, 48, 8]


def test_other_planes_stand_under_the_melody(corpus: Corpus) -> None:
    stretch = corpus.stretch(corpus.songs[0], 0, 32)
    planes = np.zeros((1, 2, 128, 88), bool)
    planes[0, :, 3, 20] = True
    segment = with_accompaniment(stretch, planes, pitch_low=21)
    assert [(n.step, n.pitch, n.length) for n in segment.accompaniment] == [(3, 41, 1)]
    assert segment.melody == segment_of(stretch).melody


def test_the_songs_of_the_tests_sound_like_music(corpus: Corpus) -> None:
    human = [segment_of(each) for each in draw_stretches(corpus, corpus.songs, 12)]
    found = measure(human, human)
    assert found["chord_tones"] > 90
    assert found["out_of_key"] == 0
