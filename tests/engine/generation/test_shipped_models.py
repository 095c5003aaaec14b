"""The models that come with Tutti keep the contract, and play."""

import pytest

from engine.generation.generator import Generator, Request
from engine.generation.models import DEFAULT_MODEL, available_models, model_named
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import make_track

MAX_BYTES = 16 * 1024 * 1024


def tune(bars: int, beats: int = 4) -> Composition:
    scale = (60, 64, 67, 65, 62, 59, 60, 72)
    notes = [Note(index * 480, scale[index % 8], 480) for index in range(bars * beats)]
    melody = make_track("Melody", notes)
    return Composition(meters=(MeterChange(0, beats, 4),), tracks=(melody,))


@pytest.fixture(scope="module")
def pop() -> Generator:
    return Generator.load(model_named(DEFAULT_MODEL), "cpu")


def test_every_shipped_model_keeps_the_contract_and_tells_its_rights() -> None:
    shipped = [each for each in available_models() if each.shipped]
    assert DEFAULT_MODEL in {each.name for each in shipped}
    for each in shipped:
        assert each.problem == ""
        assert each.card is not None
        assert each.card.licence
        assert each.path.stat().st_size <= MAX_BYTES


def test_the_default_model_plays_the_same_in_any_batch_on_any_threads(pop: Generator) -> None:
    one_thread = Generator.load(model_named(DEFAULT_MODEL), "cpu", threads=1)
    batch = pop.compose(tune(4), Request(seed=3, takes=3))
    for take, made in enumerate(batch):
        (alone,) = one_thread.compose(tune(4), Request(seed=3, first_take=take))
        assert alone.tracks == made.tracks


def test_the_default_model_s_takes_differ_and_hold_music(pop: Generator) -> None:
    first, second = pop.compose(tune(8), Request(takes=2))
    for take in (first, second):
        assert all(track.notes for track in take.tracks)
        assert max(track.end for track in take.tracks) <= 8 * 1920
    assert first.tracks != second.tracks


@pytest.mark.parametrize(("bars", "beats"), [(1, 4), (3, 3), (5, 5)])
def test_the_default_model_plays_any_length_and_meter(
    pop: Generator, bars: int, beats: int
) -> None:
    (take,) = pop.compose(tune(bars, beats), Request())
    assert any(track.notes for track in take.tracks)
    assert max(track.end for track in take.tracks) <= bars * beats * 480
