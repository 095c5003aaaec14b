"""Beginning with the weights of another model or run: its network, and what it has learned."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.store.training_run import TrainingRun
from models.presets import PRESETS
from models.presets.preset import Preset
from models.settings import RunSettings, settings_from

# What is of the network and its music, and so comes from the parent; the rest is of the training.
OF_THE_NETWORK = frozenset(
    {"network", "roles", "programs", "one_voice", "width", "deep_width", "blocks", "heads"}
    | {"reach", "levels", "channels", "kernel", "norm", "noise_channels"}
)
OF_A_PICTURE = frozenset({"window_beats"})  # a picture has one length, beats have any
GENTLER = 0.3  # of the parent's learning rate: what is known shall bend, not break


@dataclass(frozen=True, slots=True)
class Parent:
    """What a fine-tuning begins with: ``name`` for the child's card, and where its weights lie.

    ``card`` is a model's.
    """

    name: str
    preset: Preset
    model: Path | None = None
    run: TrainingRun | None = None
    card: Mapping[str, Any] = field(default_factory=dict)


def as_parent_has_it(
    settings: RunSettings,
    runs_folder: Path | None = None,
    asked_for: Collection[str] = (),
) -> RunSettings:
    """The settings with their parent's network; unchanged where they have no parent.

    What was changed of the preset, or ``asked_for`` by name though the preset has it so, is kept; a
    network that was changed is refused, since the parent's weights would not fit it. Raises
    `TrainingError` or `ModelError`.
    """
    if settings.start_from is None:
        return settings
    source = parent_named(settings.start_from, runs_folder)
    if source.run is not None:
        # Whoever asks for it later, for the card say, does not know where runs lay today.
        settings = replace(settings, start_from=str(source.run.folder.resolve()))
    parent, asked = source.preset, settings.preset
    usual = PRESETS.get(asked.name, asked)
    names = [each.name for each in fields(Preset)]
    changed = {
        name: getattr(asked, name)
        for name in names
        if name in asked_for or getattr(asked, name) != getattr(usual, name)
    }
    inherited = OF_THE_NETWORK | (OF_A_PICTURE if parent.network == "conv_unet" else frozenset())
    for name in sorted(inherited & set(changed)):
        if changed[name] != getattr(parent, name):
            raise TrainingError(
                f"A fine-tuned model keeps its parent's network: leave out "
                f"--{name.replace('_', '-')}."
            )
    rate = {"learning_rate": parent.learning_rate * GENTLER} | changed
    return replace(settings, preset=replace(parent, **rate))


def parent_title(settings: RunSettings) -> str | None:
    """What a child's card calls its parent; None where it has none. The parent may be gone."""
    return None if settings.start_from is None else Path(settings.start_from).stem


def parent_named(source: str, runs_folder: Path | None = None) -> Parent:
    """A run by its name or folder, or a model by its name or file.

    Raises `TrainingError` or `ModelError`.
    """
    path = Path(source).expanduser()
    if path.suffix == ".onnx" and path.is_file():
        return _model(path)
    for folder in (path, *([runs_folder / source] if runs_folder else [])):
        if (folder / "settings.json").is_file():
            return _run(TrainingRun(folder))
    # Imported late: they read the user's folders, which a bare machine with a GPU does not have.
    from engine.generation.models import model_named
    from engine.store.paths import runs_folder as users_runs

    if (users_runs() / source / "settings.json").is_file():
        return _run(TrainingRun(users_runs() / source))
    return _model(model_named(source))


def _run(run: TrainingRun) -> Parent:
    if not run.checkpoint_path.exists():
        raise TrainingError(f"The run {run.folder.name} has no checkpoint to start from yet.")
    settings = settings_from(run.settings())
    return Parent(settings.name, settings.preset, run=run)


def _model(path: Path) -> Parent:
    card = _card(path)
    try:
        training = card["training"]["preset"]
        preset = settings_from({"name": "parent", "data": [], "preset": training}).preset
        tracks = card["tracks"]
        roles = tuple(str(track["name"]) for track in tracks)
        programs = tuple(int(track["program"]) for track in tracks)
        return Parent(
            str(card["name"]),
            replace(preset, roles=roles, programs=programs),
            model=path,
            card=card,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            f"{path.name} does not tell how it was trained, so it cannot be trained on."
        ) from error


def _card(path: Path) -> Mapping[str, Any]:
    from engine.generation.model_card import CARD_KEY
    from engine.generation.onnx_file import read_onnx_file

    try:
        card = json.loads(read_onnx_file(path).metadata[CARD_KEY])
    except (KeyError, ValueError, RecursionError) as error:
        raise TrainingError(f"{path.name} has no readable card.") from error
    if not isinstance(card, dict):
        raise TrainingError(f"{path.name} has no readable card.")
    return card
