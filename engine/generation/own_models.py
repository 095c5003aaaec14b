"""The user's own models: taken in, given away, renamed, deleted and taken back.

Nothing here runs a model, and nothing is replaced without being asked for.
"""

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import ModelError
from engine.files.atomic import write_atomically
from engine.generation.contract import check_contract
from engine.generation.model_card import CARD_KEY, ModelCard, card_json, card_of
from engine.generation.models import SUFFIX
from engine.generation.onnx_file import MAX_FILE_BYTES, parse_onnx, read_bounded, with_metadata
from engine.store.paths import shipped_models_folder
from engine.store.runs import NAME, NAME_RULE
from engine.store.trash import bring_back, put_aside

NAMELESS = "model"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A model that can be chosen now.

    ``was_there``: it could be already, byte for byte the same. ``renamed``: another model has the
    name that its file came with, so it got one of its own.
    """

    path: Path
    card: ModelCard
    was_there: bool = False
    renamed: bool = False


def take_in(source: Path, folder: Path) -> TakenIn:
    """Copy a model file of anybody's into the user's folder, checked, under a name that is free.

    Raises `ModelError` with a sentence for what is no model, and for one whose card and graph
    disagree.
    """
    if source.suffix.lower() != SUFFIX:
        raise ModelError(f"{source.name} is no model file: its name would end in {SUFFIX}.")
    content = read_bounded(source)
    file = parse_onnx(content, source.name)
    card = card_of(file.metadata, source.name)
    check_contract(card, file, source.name)
    for path in _files(folder):
        if _holds(path, content):
            return TakenIn(path, card, was_there=True)
    wanted = fitting_name(source.stem)
    name = free_name(wanted, folder)
    target = folder / f"{name}{SUFFIX}"
    _write(target, content)
    return TakenIn(target, card, renamed=name != wanted)


def give_away(model: Path, target: Path) -> Path:
    """Copy a model's file to where the user wants it; whoever asks has settled what it replaces.

    Raises `ModelError`.
    """
    if target.suffix.lower() != SUFFIX:
        target = target.with_name(f"{target.name}{SUFFIX}")
    if target.exists() and target.samefile(model):
        return target
    with write_atomically(target, ModelError) as beside:
        shutil.copyfile(model, beside)
    return target


def rename_model(model: Path, name: str) -> Path:
    """Call a model of the user's by another name, on its card too; where it lies then.

    Its weights stay as they are. Raises `ModelError` for a name that cannot be, or is taken.
    """
    if not NAME.fullmatch(name):
        raise ModelError(NAME_RULE)
    if name.casefold() != model.stem.casefold() and name.casefold() in _taken(model.parent):
        raise ModelError(f"There is a model named {name} already; choose another name.")
    content = read_bounded(model)
    card = card_of(parse_onnx(content, model.name).metadata, model.name)
    target = model.with_name(f"{name}{SUFFIX}")
    _write(target, with_metadata(content, CARD_KEY, card_json(replace(card, name=name))))
    try:
        if target != model and not target.samefile(model):
            model.unlink()
    except OSError as error:
        raise ModelError(f"{model.name} is still there too: {error.strerror}.") from error
    return target


def delete_model(model: Path) -> Path:
    """Put a model of the user's aside; `restore_model` takes what is returned.

    Raises `ModelError`.
    """
    return put_aside(model, ModelError)


def restore_model(aside: Path) -> Path:
    """Take back what `delete_model` put aside. Raises `ModelError`."""
    return bring_back(aside, ModelError)


def fitting_name(name: str) -> str:
    """A name that a file can have on any system, as near to ``name`` as may be."""
    cleaned = re.sub(r"[^\w .\-]+", " ", name)
    cleaned = re.sub(r"\s+", " ", cleaned).strip(" .-")[:64].rstrip(" .")
    return cleaned if NAME.fullmatch(cleaned) else NAMELESS


def free_name(name: str, folder: Path) -> str:
    """``name``, or ``name 2`` and so on where a model has it: one that came with Tutti counts."""
    taken, number, free = _taken(folder), 2, name
    while free.casefold() in taken:
        free = f"{name[:58]} {number}"
        number += 1
    return free


def _taken(folder: Path) -> set[str]:
    return {path.stem.casefold() for path in _files(folder)}


def _files(folder: Path) -> list[Path]:
    """All model files: those that came with Tutti, and the user's."""
    return [path for each in (shipped_models_folder(), folder) for path in each.glob(f"*{SUFFIX}")]


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:  # gone meanwhile, or not to be read: then it is not the same
        return False


def _write(target: Path, content: bytes) -> None:
    if len(content) > MAX_FILE_BYTES:
        raise ModelError(f"{target.name} would be larger than a model may be.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"The folder of models cannot be made: {error.strerror}.") from error
    with write_atomically(target, ModelError) as beside:
        beside.write_bytes(content)
