from pathlib import Path

import pytest

from engine.data import similarity
from engine.data.corpus import Corpus
from engine.data.measures import Segment
from engine.data.segments import draw_stretches, segment_of
from engine.data.similarity import reference_of
from engine.music.piano_roll import StepNote
from tests.small_songs import write_small_corpus


@pytest.fixture(autouse=True)
def few_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similarity, "HALF_SEGMENTS", 8)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(write_small_corpus(tmp_path / "songs", 16))


def known(value: float | None) -> float:
    assert value is not None
    return value


def test_the_datas_own_music_comes_near_its_ceiling(corpus: Corpus) -> None:
    reference = reference_of(corpus, corpus.songs, 8)
    own = [segment_of(each) for each in draw_stretches(corpus, corpus.songs, 8, seed=5)]
    found, ceiling = known(reference.similarity(own)), known(reference.ceiling)
    assert 0.7 < ceiling <= 1
    assert abs(found - ceiling) < 0.1


def test_silence_and_noise_are_unlike_any_music(corpus: Corpus) -> None:
    reference = reference_of(corpus, corpus.songs, 8)
    silence = Segment((), ((), (), ()), 128)
    assert known(reference.similarity([silence])) < 0.2
    scattered = tuple(StepNote(step, (step * 37) % 128, 1) for step in range(128))
    noise = Segment((), (scattered, (), ()), 128)
    assert known(reference.similarity([noise])) < 0.6


def test_fewer_measured_segments_lower_the_ceiling(corpus: Corpus) -> None:
    few, many = (reference_of(corpus, corpus.songs, count).ceiling for count in (1, 8))
    assert known(few) < known(many)


def test_songs_are_halved_whole_and_the_same_each_time(corpus: Corpus) -> None:
    one, two = (reference_of(corpus, corpus.songs, 8) for _ in range(2))
    assert one.ceiling == two.ceiling
    assert one.counts.keys() == two.counts.keys()


def test_one_song_has_no_ceiling_and_none_too_short_a_reference(tmp_path: Path) -> None:
    corpus = Corpus(write_small_corpus(tmp_path / "one", 1))
    reference = reference_of(corpus, corpus.songs, 4)
    assert reference.ceiling is None
    own = [segment_of(each) for each in draw_stretches(corpus, corpus.songs, 2)]
    assert known(reference.similarity(own)) > 0.9
    nothing = reference_of(corpus, (), 4)
    assert nothing.ceiling is None
    assert nothing.similarity(own) is None
