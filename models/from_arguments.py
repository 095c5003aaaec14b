"""From the command line's arguments to a run's settings and its folder."""

import argparse
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.store.training_run import NAME, WRITE_SECONDS, TrainingRun
from models.arguments import WITH_RESUME, changed
from models.fine_tune import as_parent_has_it
from models.presets.preset import Preset
from models.settings import RunSettings, checked, preset_named, settings_from

PRESET_FIELDS = frozenset(field.name for field in fields(Preset)) - {"name", "epochs"}
RUN_FIELDS = frozenset(field.name for field in fields(RunSettings)) - {"preset", "data", "name"}


def new_run(asked: argparse.Namespace) -> tuple[RunSettings, TrainingRun]:
    """The settings of a new run, and its folder. Raises `TrainingError`."""
    if not asked.data:
        raise TrainingError("Say what to train on: --data with a data set's name or a folder.")
    if not asked.name or not NAME.fullmatch(asked.name):
        raise TrainingError("Give the model a --name of letters, digits, spaces, dots and dashes.")
    settings = settings_asked(asked)
    folder = runs_folder(asked) / asked.name
    if (folder / "settings.json").exists() and TrainingRun(folder).has_checkpoint:
        raise TrainingError(
            f"There is a run named {asked.name} already; choose another name, or --resume it."
        )
    return settings, TrainingRun(folder, WRITE_SECONDS)


def settings_asked(asked: argparse.Namespace) -> RunSettings:
    """The settings that the arguments ask for, with what they leave out. Raises `TrainingError`.

    They are checked before a data set is imported, which may take minutes.
    """
    given = vars(asked)
    preset = preset_named(
        asked.preset, **{name: given[name] for name in PRESET_FIELDS if name in given}
    )
    values = {name: given[name] for name in RUN_FIELDS if name in given}
    settings = RunSettings(
        name=asked.name or "Untitled", preset=preset, data=(), tags=tuple(asked.tag), **values
    )
    settings = as_parent_has_it(settings, asked.runs, PRESET_FIELDS & set(given))
    return replace(checked(settings), data=tuple(str(_packed(each)) for each in asked.data))


def resumed_run(asked: argparse.Namespace) -> tuple[RunSettings, TrainingRun]:
    """An old run with what may be changed of it. Raises `TrainingError`."""
    given = changed(asked)
    foreign = sorted(set(given) - WITH_RESUME)
    if foreign:
        option = "--" + foreign[0].replace("_", "-")
        raise TrainingError(f"A resumed run keeps what it was started with: leave out {option}.")
    run = run_named(asked.resume, asked)
    old = settings_from(run.settings())
    new: dict[str, Any] = {name: value for name, value in given.items() if name in RUN_FIELDS}
    if "learning_rate" in given:
        new["preset"] = replace(old.preset, learning_rate=asked.learning_rate)
    return checked(replace(old, **new)), run


def run_named(name: str, asked: argparse.Namespace) -> TrainingRun:
    """A run by its name or its folder. Raises `TrainingError` where there is none."""
    folder = Path(name)
    if not (folder / "settings.json").exists():
        folder = runs_folder(asked) / name
    if not (folder / "settings.json").exists():
        raise TrainingError(f"There is no run {name}.")
    run = TrainingRun(folder, WRITE_SECONDS)
    run.check_links()
    return run


def _packed(name_or_folder: str) -> Path:
    folder = Path(name_or_folder)
    if (folder / "corpus.json").is_file():
        return folder.resolve()
    from engine.data.importing import packed_folder
    from engine.store.paths import data_sets_folder

    return packed_folder(name_or_folder, data_sets_folder())


def runs_folder(asked: argparse.Namespace) -> Path:
    """Where runs lie."""
    if asked.runs:
        return Path(asked.runs)
    from engine.store.paths import runs_folder as users_runs

    return users_runs()


def model_path(asked: argparse.Namespace, name: str) -> Path:
    """Where the model goes; found out before the training, not after it. Raises `TrainingError`."""
    path: Path | None = asked.out
    if path is None:
        from engine.store.paths import models_folder

        path = models_folder() / f"{name}.onnx"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            f"The model's folder {path.parent} cannot be made: {error.strerror}."
        ) from error
    if path.is_dir():
        raise TrainingError(f"{path} is a folder; name the model's file.")
    return path
