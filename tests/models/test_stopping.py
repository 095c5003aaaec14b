"""Plateaus and divergence, on curves whose end is known."""

import math
import random
from collections.abc import Callable, Iterator

import pytest

from models.curve import Curve
from models.failures import OfferedError
from models.stopping import Divergence, Plateau

LOSS = Curve("total", "All losses", "down, then flat")
CRITIC = Curve("critic", "Critic", "towards 0")
OPINION = Curve("generator", "Generator", "steady")
STEPS = 10  # an epoch

Shape = Callable[[float], float]  # of the epoch


def plateaus(
    losses: dict[str, Shape],
    epochs: int,
    *,
    score: Shape | None = None,
    noise: float = 0.0,
    measure_every: int = 1,
    seed: int = 0,
) -> Iterator[tuple[int, int]]:
    """The epochs at which a plateau is told, each with its since."""
    rng = random.Random(seed)
    curves = [curve for curve in (LOSS, CRITIC, OPINION) if curve.name in losses]
    watch = Plateau(curves)
    for epoch in range(1, epochs + 1):
        for number in range(STEPS):
            at = epoch - 1 + number / STEPS
            values = {name: shape(at) + rng.gauss(0, noise) for name, shape in losses.items()}
            watch.feed({"event": "step", **{k: v for k, v in values.items() if v == v}})
        watch.feed({"event": "epoch", "epoch": epoch})
        if score and epoch % measure_every == 0:
            found = score(epoch) + rng.gauss(0, noise / 20)
            watch.feed({"event": "measures", "epoch": epoch, "score": found})
        flat = watch.news()
        if flat:
            yield epoch, flat.since_epoch
            watch.feed({"event": "plateau", "since_epoch": flat.since_epoch})


def falling(until: float) -> Shape:
    """A loss that falls from 10 towards 2 and is flat from ``until`` on."""
    return lambda epoch: 2 + 8 * math.exp(-5 * min(epoch, until) / until)


def rising(until: float) -> Shape:
    """A score that rises from 0.2 to 0.8."""
    return lambda epoch: 0.2 + 0.6 * min(epoch, until) / until


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_plateau_is_told_soon_after_the_curves_flatten(noise: float, seed: int) -> None:
    found = list(plateaus({"total": falling(40)}, 90, score=rising(40), noise=noise, seed=seed))
    (epoch, since), *more = found
    assert 25 <= since <= epoch
    assert 40 <= epoch <= (80 if noise else 55)
    assert more == [], "it is told once"


@pytest.mark.parametrize("seed", range(5))
def test_a_run_that_still_learns_is_never_flat(seed: int) -> None:
    def slowly(epoch: float) -> float:
        return 5 - 0.04 * epoch

    assert list(plateaus({"total": slowly}, 80, noise=0.1, seed=seed)) == []


def test_measures_that_still_rise_keep_a_run_from_being_flat() -> None:
    assert list(plateaus({"total": lambda _: 2.0}, 60, score=rising(100), noise=0.01)) == []
    assert list(plateaus({"total": lambda _: 2.0}, 60, score=lambda _: 0.5, noise=0.01))


def test_a_few_measures_are_too_few_to_tell() -> None:
    given = {"total": lambda _: 2.0}
    assert list(plateaus(given, 15, score=lambda _: 0.5, measure_every=5)) == []
    assert list(plateaus(given, 40, score=lambda _: 0.5, measure_every=5))


def test_what_a_critic_says_has_no_zero_and_is_not_watched() -> None:
    losses: dict[str, Shape] = {"critic": lambda _: -3.0, "generator": lambda epoch: 9 * epoch}
    assert list(plateaus(losses, 40, noise=0.2))


def test_a_critic_that_has_not_joined_yet_will_change_things() -> None:
    losses: dict[str, Shape] = {
        "total": lambda _: 2.0,
        "critic": lambda epoch: -3.0 if epoch >= 30 else math.nan,
    }
    (told,) = plateaus(losses, 60, noise=0.1)
    assert told[1] >= 30


def test_a_second_plateau_is_told_after_the_run_has_moved_on() -> None:
    def stairs(epoch: float) -> float:
        return falling(20)(epoch) if epoch < 60 else falling(20)(20) - 0.06 * min(epoch - 60, 25)

    first, second = plateaus({"total": stairs}, 150, noise=0.05)
    assert first[0] < 60 < 85 <= second[0]


def test_a_loss_that_nears_nothing_is_flat_though_it_moves_by_its_own_size() -> None:
    assert list(plateaus({"total": lambda epoch: 0.5**epoch}, 60))


def test_a_curve_that_swings_without_end_is_flat_only_over_its_swings() -> None:
    def swinging(epoch: float) -> float:
        return 5 + math.sin(epoch / 2)

    (told,) = list(plateaus({"critic": swinging}, 100, noise=0.1))[:1]
    assert told[0] - told[1] >= 6


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2e6, -2e6])
def test_a_loss_that_is_no_number_ends_the_run(value: float) -> None:
    watch = Divergence(1e-3)
    watch.check({"total": 3.0}, 1)
    with pytest.raises(OfferedError, match="Training diverged at step 2: the critic loss became"):
        watch.check({"total": 3.0, "critic": value}, 2)


def test_a_critic_that_explodes_ends_the_run_before_its_checkpoint_is_spoiled() -> None:
    watch = Divergence(1.2e-3)
    for step in range(1, 5):
        watch.check({"critic": -2e4 * step}, step)
        assert watch.is_near
    with pytest.raises(OfferedError, match="the critic loss stays above 10,000") as told:
        watch.check({"critic": -1e5}, 5)
    assert told.value.offer == {"setting": "learning_rate", "value": 4e-4}


def test_a_single_spike_is_forgiven() -> None:
    watch = Divergence(1e-3)
    for step in range(40):
        watch.check({"penalty": 5e4 if step % 4 == 0 else 0.1}, step)
    assert not watch.is_near
