"""Noises as recipes: fresh ones, near ones, and paths between two."""

from pathlib import Path

import numpy as np
import pytest

from engine.errors import MusicError
from engine.generation.flavours import (
    MOST_SHARES,
    NEAR,
    between,
    flavour_of,
    fresh,
    near,
    noise_of,
    path,
)
from engine.generation.request import Request
from engine.generation.seeds import take_noise
from engine.store.codec import accompaniment_from_json, accompaniment_to_json
from tests.engine.generation.tunes import model, tune

SIZE = 128


def angle(first: object, second: object) -> float:
    a, b = noise_of(first, SIZE), noise_of(second, SIZE)  # type: ignore[arg-type]
    return float(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))


def test_a_fresh_recipe_is_the_contract_s_noise_to_the_bit() -> None:
    assert np.array_equal(noise_of(fresh(3, 2), SIZE), take_noise(3, 2, SIZE))


def test_near_ones_lie_around_theirs_and_a_path_goes_on_from_end_to_end() -> None:
    here, there = fresh(0, 0), fresh(0, 1)
    whole = angle(here, there)
    for take, each in enumerate(near(here, 9, 3, SIZE)):
        assert angle(here, each) == pytest.approx(NEAR * angle(here, fresh(9, take)), rel=1e-3)
    stations = list(path(here, there, 3, SIZE))
    turned = [angle(here, each) / whole for each in stations]
    assert turned == pytest.approx([0.25, 0.5, 0.75], abs=1e-3)
    lengths = [np.linalg.norm(noise_of(each, SIZE)) for each in (here, *stations, there)]
    assert lengths == sorted(lengths) or lengths == sorted(lengths, reverse=True)


def test_recipes_stay_short_and_as_loud_however_often_they_are_varied() -> None:
    flavour = fresh(0, 0)
    for seed in range(1, 60):
        flavour = near(flavour, seed, 1, SIZE)[0]
    assert len(flavour) == MOST_SHARES
    assert np.linalg.norm(noise_of(flavour, SIZE)) == pytest.approx(SIZE**0.5, rel=0.25)
    halfway = noise_of(between(flavour, flavour, 0.5, SIZE), SIZE)
    assert halfway == pytest.approx(noise_of(flavour, SIZE), abs=1e-4)


def test_a_take_tells_its_recipe_and_can_be_made_again_after_it_was_stored(tmp_path: Path) -> None:
    generator, melody = model(tmp_path), tune()
    flavours = near(fresh(0, 0), 5, 2, generator.card.noise_size)
    takes = generator.compose(melody, Request(seed=5, takes=2, flavours=flavours))
    assert [take.origin.blend for take in takes] == list(flavours)
    text = accompaniment_to_json(takes[1].tracks, takes[1].origin)
    tracks, origin = accompaniment_from_json(text)
    again = generator.compose(melody, Request(flavours=(flavour_of(origin),)))
    assert again[0].tracks == takes[1].tracks == tracks
    plain = generator.compose(melody, Request(seed=5))[0]
    assert flavour_of(plain.origin) == fresh(5, 0) and plain.origin.blend == ()


def test_flavours_that_do_not_fit_are_refused() -> None:
    with pytest.raises(MusicError, match="flavour of its own"):
        Request(takes=2, flavours=(fresh(0, 0),))
