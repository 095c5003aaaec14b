"""What the chapter on rights tells of the models and the data sets on this machine."""

from collections.abc import Mapping
from typing import Any

from desktop.learn.material import CardWords
from engine.data.data_sets import DataSet
from engine.generation.models import AvailableModel

NO_LICENCE = "Nobody said which licence these songs have; ask before you share a model of them."
NO_RIGHTS = "This model's card does not say what may be done with its music."


def card_words(model: AvailableModel) -> CardWords:
    """What the chapter on rights shows of a model."""
    card = model.card
    assert card is not None
    learned = ", ".join(_set_name(each) for each in card.trained_on) or "data that it does not name"
    licence = f" Licence: {card.licence}." if card.licence else ""
    return CardWords(card.name, f"Learned from {learned}.{licence}", card.rights or NO_RIGHTS)


def set_words(found: DataSet) -> CardWords:
    """What the chapter on rights shows of a data set."""
    about = f"A data set of {found.songs:,} songs."
    return CardWords(
        found.name, about, f"Licence: {found.licence}" if found.licence else NO_LICENCE
    )


def _set_name(told: Any) -> str:
    return str(told.get("name", "a data set")) if isinstance(told, Mapping) else str(told)
