"""Which models there are: those that come with Tutti, and the user's own."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError
from engine.generation.contract import check_contract
from engine.generation.model_card import ModelCard, card_of
from engine.generation.onnx_file import read_onnx_file
from engine.store.paths import models_folder, shipped_models_folder

DEFAULT_MODEL = "pop"
SUFFIX = ".onnx"


@dataclass(frozen=True, slots=True)
class AvailableModel:
    """A model file. ``name`` is its file's, by which it is chosen; ``problem`` why it cannot be."""

    name: str
    path: Path
    card: ModelCard | None = None
    problem: str = ""
    shipped: bool = False


def available_models(user_folder: Path | None = None) -> tuple[AvailableModel, ...]:
    """All models, the user's after those that come with Tutti; nothing is run.

    ``user_folder`` None is the user's models folder. Files that break the contract are listed with
    their problem.
    """
    folders = ((shipped_models_folder(), True), (user_folder or models_folder(), False))
    return tuple(
        _described(path, shipped)
        for folder, shipped in folders
        for path in sorted(folder.glob(f"*{SUFFIX}"), key=_default_first)
        if path.is_file()
    )


def model_named(name: str, user_folder: Path | None = None) -> Path:
    """The file of a model by its name, its card's name or its path. Raises `ModelError`.

    A model of the user's goes before one of the same name that comes with Tutti.
    """
    path = _file_at(name)
    if path is not None:
        return path
    models = tuple(reversed(available_models(user_folder)))
    for matches in (_is_called, _is_titled):
        for model in models:
            if matches(model, name):
                return model.path
    names = ", ".join(model.name for model in reversed(models)) or "none"
    raise ModelError(f"There is no model called “{name}”. There is: {names}.")


def _file_at(name: str) -> Path | None:
    """The model file whose path this is; None where it is no path to one."""
    try:
        path = Path(name).expanduser()
        return path if path.suffix == SUFFIX and path.is_file() else None
    except (OSError, RuntimeError):  # too long for a path, or in the home of somebody unknown
        return None


def _described(path: Path, shipped: bool) -> AvailableModel:
    try:
        file = read_onnx_file(path)
        card = card_of(file.metadata, path.name)
        check_contract(card, file, path.name)
    except ModelError as error:
        return AvailableModel(path.stem, path, problem=str(error), shipped=shipped)
    return AvailableModel(path.stem, path, card, shipped=shipped)


def _default_first(path: Path) -> tuple[bool, str]:
    return path.stem != DEFAULT_MODEL, path.stem


def _is_called(model: AvailableModel, name: str) -> bool:
    return model.name == name


def _is_titled(model: AvailableModel, name: str) -> bool:
    titles = {model.name.casefold(), model.card.name.casefold() if model.card else ""}
    return name.casefold() in titles
