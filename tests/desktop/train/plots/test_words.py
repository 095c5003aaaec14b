"""From curves to what they say."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from desktop.train.plots import words
from desktop.train.plots.trends import runs_away, trend
from desktop.train.plots.words import (
    loss_sentence,
    similarity_sentence,
    standing_plateau,
    wanted_words,
)
from engine.store.curves import Curves

Array = npt.NDArray[np.float64]
STEPS = 600
AT = np.linspace(0, 1, STEPS)


def noise(size: float, seed: int = 3) -> Array:
    return np.random.default_rng(seed).normal(0, size, STEPS)


def run(total: int = STEPS, **curves: Array) -> Curves:
    found = Curves()
    found.feed({"event": "started", "from_step": 0, "steps": total, "steps_per_epoch": 20})
    count = len(next(iter(curves.values())))
    found.feed_many(
        [
            {"event": "step", "step": index + 1}
            | {name: float(values[index]) for name, values in curves.items()}
            for index in range(count)
        ]
    )
    return found


def contest(gap: Array, penalty: float = 0.05, total: int = STEPS) -> Curves:
    """A generator and a critic whose distance goes as ``gap``."""
    return run(
        total,
        generator=0.3 * noise(0.5, 5)[: len(gap)],
        critic=10 * penalty - gap,
        distance=gap,
        penalty=np.abs(penalty + noise(0.01, 7)[: len(gap)]),
    )


def measured(
    values: Iterable[float],
    ceiling: float | None = 0.94,
    best: int = -1,
    plateau: dict[str, Any] | None = None,
) -> Curves:
    found = Curves()
    found.feed({"event": "started", "from_step": 0, "similarity_ceiling": ceiling})
    for epoch, value in enumerate(values):
        event = {"event": "measures", "step": 20 * epoch, "epoch": epoch, "best": epoch == best}
        found.feed({**event, "model": {"similarity": value}})
    if plateau is not None:
        found.feed({"event": "plateau", **plateau})
    return found


@pytest.mark.parametrize(
    ("values", "way"),
    [
        (np.exp(-3 * AT) + noise(0.05), "falling"),
        (np.exp(-30 * AT) + noise(0.02), "steady"),
        (noise(1.0), "steady"),
        (AT + noise(0.3), "rising"),
        (-AT + noise(0.3), "falling"),
        (np.full(STEPS, 4.0), "steady"),
    ],
    ids=["decaying", "settled", "noise", "climbing", "sinking", "constant"],
)
def test_trends_are_told_from_noise(values: Array, way: str) -> None:
    found = trend(values)
    assert found is not None and found.way == way


@pytest.mark.parametrize("seed", range(20))
def test_pure_noise_has_no_trend(seed: int) -> None:
    found = trend(noise(1.0, seed))
    assert found is not None and found.way == "steady"


def test_of_few_values_nothing_is_said() -> None:
    assert trend(np.arange(20.0)) is None
    assert not runs_away(np.arange(20.0))


def test_a_long_curve_is_judged_like_a_short_one() -> None:
    long = np.repeat(np.exp(-3 * AT) + noise(0.05), 50)
    found = trend(long.astype(np.float32))
    assert found is not None and found.way == "falling"


def test_before_the_first_step_that_is_said() -> None:
    assert loss_sentence(Curves()) == words.NOTHING_YET
    assert similarity_sentence(Curves()) == words.NOT_MEASURED


def test_after_a_few_steps_it_is_too_early() -> None:
    assert loss_sentence(run(total=STEPS, generator=AT[:1])) == "Too early to tell: 1 step so far."
    assert "30 steps" in loss_sentence(run(total=STEPS, generator=AT[:30]))


def test_a_critic_that_finds_it_harder_means_that_the_generator_catches_up() -> None:
    assert loss_sentence(contest(2 * np.exp(-2 * AT) + noise(0.1))) == words.CATCHING_UP


def test_balance_is_said_to_be_balance() -> None:
    assert loss_sentence(contest(2 * np.exp(-40 * AT) + noise(0.1))) == words.BALANCED


def test_a_critic_that_gets_ahead_late_is_winning() -> None:
    assert loss_sentence(contest(3 * AT + noise(0.1))) == words.WINNING


def test_a_critic_that_gets_ahead_at_the_beginning_is_learning() -> None:
    assert loss_sentence(contest(3 * AT + noise(0.1), total=20 * STEPS)) == words.GETTING_AHEAD


def test_without_a_distance_the_critic_s_own_loss_tells() -> None:
    gap = 3 * AT + noise(0.1)
    assert loss_sentence(run(generator=noise(0.1, 4), critic=-gap)) == words.WINNING


def test_a_high_gradient_penalty_is_said_first() -> None:
    assert loss_sentence(contest(3 * AT + noise(0.1), penalty=2.0)) == words.STRAYING


def test_a_curve_that_explodes_is_named() -> None:
    values = np.concatenate([noise(0.5)[:580], np.linspace(50, 900, 20)])
    assert "“generator” is running away" in loss_sentence(run(generator=values, critic=noise(0.1)))


def test_filling_in_falls_levels_off_or_gets_lost() -> None:
    falling = run(total=STEPS, onset=AT, chord=AT, velocity=AT)
    assert loss_sentence(falling) == words.RISING
    assert loss_sentence(run(onset=2 - AT + noise(0.1))) == words.STILL_FALLING
    assert loss_sentence(run(onset=np.exp(-40 * AT) + noise(0.1))) == words.LEVELLED


def test_the_total_speaks_for_its_parts_and_a_late_critic_is_told() -> None:
    late = {"critic": 0.1, "generator": 0.1}
    curves = Curves()
    curves.feed({"event": "started", "from_step": 0, "steps": STEPS, "steps_per_epoch": 20})
    curves.feed_many(
        [
            {"event": "step", "step": n + 1, "onset": float(n), "total": 600.0 - n}
            | (late if n >= 480 else {})
            for n in range(STEPS)
        ]
    )
    assert loss_sentence(curves) == f"{words.STILL_FALLING} The critic joined at epoch 24."


def test_a_failed_run_says_where_and_why() -> None:
    curves = run(generator=noise(0.1))
    reason = "The generator loss became nan. What was saved before is kept."
    curves.feed({"event": "failed", "step": STEPS, "reason": reason})
    said = loss_sentence(curves)
    assert said == "Training ended at step 600. The generator loss became nan."
    curves.feed({"event": "failed", "step": STEPS, "reason": "It diverged at step 600: nan. Kept."})
    assert loss_sentence(curves) == "It diverged at step 600: nan."


def test_wishes_are_gathered_and_hidden_curves_left_out() -> None:
    curves = Curves()
    kinds = [("a", "falling"), ("b", "falling"), ("c", "falling"), ("d", "near 0"), ("e", "")]
    told = [{"name": name, "label": name, "wanted": wanted} for name, wanted in kinds]
    curves.feed({"event": "started", "from_step": 0, "curves": told})
    assert wanted_words(curves) == "wanted: losses falling, d near 0"
    assert wanted_words(curves, frozenset({"a", "d"})) == "wanted: b and c falling"


def test_a_first_measure_is_told_with_what_can_be_reached() -> None:
    said = similarity_sentence(measured([0.3]))
    assert said.startswith("0.30 so far, 0.94 is the data against itself.")
    assert "data" not in similarity_sentence(measured([0.3], ceiling=None))


RISE = 0.2 + 0.65 * (1 - np.exp(-np.arange(60) / 20))


def test_a_rising_index_gets_closer() -> None:
    assert similarity_sentence(measured(RISE[:20])).startswith("Rising: the music gets closer")


def test_an_index_that_rises_calmly_at_last_is_getting_smooth() -> None:
    rough = np.random.default_rng(2).normal(0, 0.05, 40)
    values = RISE[:40] + np.where(np.arange(40) < 25, rough, rough / 20)
    assert similarity_sentence(measured(values)) == words.SMOOTH


def test_an_index_that_jumps_is_not_settled() -> None:
    values = 0.5 + 0.1 * (np.arange(30) % 2)
    assert similarity_sentence(measured(values)).startswith("Still jumping by about")


def test_an_index_that_stays_hardly_changes() -> None:
    assert similarity_sentence(measured([0.7] * 12)).startswith("Hardly changing")


def test_an_index_that_falls_names_the_epoch_to_keep() -> None:
    values = [*np.linspace(0.2, 0.85, 12), *np.linspace(0.84, 0.6, 8)]
    said = similarity_sentence(measured(values))
    assert said.startswith("Getting worse since epoch 11, where it was 0.85.")


def test_at_the_data_s_own_value_there_is_no_more_to_gain() -> None:
    assert "no more to gain" in similarity_sentence(measured(np.linspace(0.5, 0.93, 9)))


PLATEAU = {"step": 1000, "epoch": 50, "since_epoch": 40, "reason": "", "stops": True}


def test_a_plateau_is_said_with_its_reason() -> None:
    said = similarity_sentence(measured([0.7] * 51, plateau=PLATEAU))
    assert said.startswith("No longer learning since epoch 40")
    reasoned = {**PLATEAU, "reason": "The index rose by less than 0.01."}
    said = similarity_sentence(measured([0.7] * 51, plateau=reasoned))
    assert said == "No longer learning since epoch 40. The index rose by less than 0.01."


def test_a_better_epoch_after_a_plateau_ends_it() -> None:
    curves = measured([0.7] * 51, plateau=PLATEAU)
    assert standing_plateau(curves) is not None
    event = {"event": "measures", "step": 1200, "epoch": 60, "best": True}
    curves.feed({**event, "model": {"similarity": 0.8}})
    assert standing_plateau(curves) is None
