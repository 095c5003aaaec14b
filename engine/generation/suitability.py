"""Which model suits a melody: by its meter, and by the melodies that the model learned from.

A hint, no judgement. `engine.data.melody_habits` measures the habits, and what suggestions are
worth: ``docs/models.md``.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isfinite, log
from typing import Any

from engine.generation.frame import frame_of
from engine.generation.melody_traits import TRAITS, MelodyTraits, traits_of
from engine.generation.model_card import ModelCard
from engine.music.composition import Composition

CLEARLY = 3.0
"""By how much (of a log likelihood) the other must be more likely."""
RAREST = 0.004
"""The share of a meter that was never met."""
FARTHEST = 3.0
METER = "meter"
MELODIES = "melodies"
"""Under which a card's account of its training tells the habits of the melodies."""


@dataclass(frozen=True, slots=True)
class Habits:
    """Of a model's melodies: mean and spread of each trait, and the share of each meter."""

    traits: Mapping[str, tuple[float, float]]
    meters: Mapping[str, float]


WORDS = {
    "busyness": ("melodies as calm", "melodies as busy"),
    "off_beat": ("melodies that keep the beat as this one", "melodies as syncopated"),
    "leaps": ("melodies with steps as small", "melodies with leaps as wide"),
    "chromatic": ("melodies as plain in their key", "melodies as chromatic"),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A model by its number among those that were asked about, and a clause that says why."""

    index: int
    why: str


def suggested(melody: Composition, cards: Sequence[ModelCard], current: int) -> Suggestion | None:
    """A model that clearly suits the melody better than the current one; None without one."""
    traits = traits_of(melody.melody.notes, melody.ticks_per_quarter)
    if traits is None:
        return None
    known = [index for index, card in enumerate(cards) if habits_of(card) is not None]
    if current not in known:
        return None
    gains = {index: _gains(melody, traits, cards[index], cards[current]) for index in known}
    best = max(known, key=lambda index: sum(gains[index].values()))
    if sum(gains[best].values()) < CLEARLY:
        return None
    return Suggestion(best, _why(melody, gains[best], cards[best], cards[current]))


def _gains(
    melody: Composition, traits: MelodyTraits, card: ModelCard, other: ModelCard
) -> dict[str, float]:
    """By how much each trait, and the meter, is more likely with a model than with another."""
    meters = frame_of(melody, card).used_meters()
    here, there = (
        likelihood_of(traits, meters, habits)
        for habits in (habits_of(card), habits_of(other))
        if habits is not None
    )
    return {name: here[name] - there[name] for name in here}


def likelihood_of(
    traits: MelodyTraits, meters: Collection[str], habits: Habits
) -> dict[str, float]:
    """The log likelihood of each trait, and of the rarest meter, among a model's melodies."""
    fits = {trait: _likelihood(getattr(traits, trait), *habits.traits[trait]) for trait in TRAITS}
    shares = [habits.meters.get(meter, 0.0) for meter in meters]
    return fits | {METER: log(max(RAREST, min(shares, default=1.0)))}


@cache
def _all_habits() -> Mapping[str, Habits]:
    """The habits by model, measured once (``docs/models.md``)."""
    # Here, for a bare machine that trains has no user's folders to tell.
    from engine.store.paths import shipped_models_folder

    path = shipped_models_folder().parent / "melody_habits.json"
    return {name: _habits(values) for name, values in json.loads(path.read_text("utf-8")).items()}


def _habits(values: Mapping[str, Any]) -> Habits:
    traits = {name: (float(each[0]), float(each[1])) for name, each in values["traits"].items()}
    return Habits(traits, {meter: float(share) for meter, share in values["meters"].items()})


def habits_of(card: ModelCard) -> Habits | None:
    """The habits of the melodies that a model learned from; None where they are not known.

    A model that was trained here tells its own, those of the models that come with Tutti lie beside
    them.
    """
    told = card.training.get(MELODIES)
    return _all_habits().get(card.name) if told is None else _told_habits(told)


def _told_habits(told: Any) -> Habits | None:
    """Habits as a card tells them; None where they are no habits: a card may come from anybody."""
    try:
        habits = _habits(told)
        numbers = [each for pair in habits.traits.values() for each in pair]
        shares = habits.meters.values()
        sound = all(map(isfinite, (*numbers, *shares))) and all(
            habits.traits[trait][1] > 0 for trait in TRAITS
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
    return habits if sound else None


def _likelihood(value: float, mean: float, spread: float) -> float:
    far = max(-FARTHEST, min(FARTHEST, (value - mean) / spread))
    return -0.5 * far * far - log(spread)


def _why(melody: Composition, gains: Mapping[str, float], card: ModelCard, other: ModelCard) -> str:
    """What speaks most for it."""
    trait = max(gains, key=gains.__getitem__)
    if trait == METER:
        return f"it knows {', '.join(sorted(frame_of(melody, card).used_meters()))} better"
    low, high = WORDS[trait]
    more = _mean(card, trait) > _mean(other, trait)
    return f"it learned from {high if more else low}"


def _mean(card: ModelCard, trait: str) -> float:
    habits = habits_of(card)
    return habits.traits[trait][0] if habits is not None else 0.0
