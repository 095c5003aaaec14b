"""What the band panel tells about models: rows of the menu, and which controls there are."""

from collections.abc import Sequence

from desktop.widgets.model_button import ModelChoice
from engine.generation.model_card import ModelCard
from engine.generation.models import AvailableModel


def model_choices(models: Sequence[AvailableModel]) -> list[ModelChoice]:
    """A row for each model file, the broken ones with their problem."""
    return [_choice(model) for model in models]


def _choice(model: AvailableModel) -> ModelChoice:
    if model.card is None:
        return ModelChoice(model.name, model.name, "cannot be used", "", model.problem)
    parts = " · ".join(track.name.lower() for track in model.card.tracks)
    title = model.card.name[:1].upper() + model.card.name[1:]
    return ModelChoice(model.name, title, parts, model_tip(model.card), model.problem)


def model_tip(card: ModelCard) -> str:
    """Description, meters, licence and rights of a model, in lines."""
    lines = [
        card.description,
        f"Plays {', '.join(card.meters)}." if card.meters else "",
        f"Licence: {card.licence}" if card.licence else "",
        card.rights,
    ]
    return "\n".join(line for line in lines if line)


def styles_of(card: ModelCard | None) -> str:
    """What a model plays, from its tags."""
    return f"plays {', '.join(card.tags)}" if card is not None and card.tags else ""
