"""Model files that were dropped onto the window or chosen: checked, copied, told of."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.jobs import JobControl
from desktop.messages import MessageAction
from engine.generation.own_models import TakenIn, take_in
from engine.store.paths import models_folder

if TYPE_CHECKING:
    from desktop.app import App


def take_in_models(app: "App", files: Sequence[Path]) -> None:
    """Check each file and keep it among the user's models; a refusal is one sentence."""

    def done(taken: TakenIn) -> None:
        app.model_choice.list_again()
        use = MessageAction("Use it", lambda: app.choose_model(taken.path.stem))
        app.messages.tell(words(taken), "good", use)

    def work(file: Path) -> Callable[[JobControl], TakenIn]:
        return lambda control: take_in(file, models_folder())

    for file in files:
        app.jobs.run(work(file), done, title=f"Importing {file.name}")


def words(taken: TakenIn) -> str:
    """What became of a file."""
    if taken.was_there:
        return f"{taken.card.name} is among the models already."
    if taken.renamed:
        return (
            f"{taken.card.name} is among the models now, as {taken.path.stem}: another one has "
            "the name of its file."
        )
    return f"{taken.card.name} is among the models now."
