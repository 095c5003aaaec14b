"""What a training run is started with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.store.training_run import NAME, NAME_RULE
from models.network_rules import network_rules
from models.presets import PRESETS
from models.presets.preset import Preset

MAX_SEED = 2**31 - 1
MILLION = 1_000_000
PRECISIONS = frozenset({"auto", "32", "bf16"})


@dataclass(frozen=True, slots=True)
class RunSettings:
    """A run: the preset with the user's changes, the data, and how often things are saved.

    ``data`` are folders of packed data sets. ``held_out`` is the share of songs kept back.
    ``minutes`` (0: no limit) and ``until_flat`` end it before its last epoch, ``kept_epoch`` says
    whether the best measured epoch becomes the model or the last. ``start_from`` names the model or
    run whose weights it begins with. ``devices`` is for each of the ``nodes``.
    """

    name: str
    preset: Preset
    data: tuple[str, ...]
    tags: tuple[str, ...] = ()
    seed: int = 0
    held_out: float = 0.1
    epochs: int | None = None
    checkpoint_minutes: float = 5.0
    measure_every: int = 5
    measured_segments: int = 24
    precision: str = "auto"
    device: str = "auto"
    minutes: float = 0.0
    until_flat: bool = False
    kept_epoch: str = "best"
    start_from: str | None = None
    devices: int = 1
    nodes: int = 1

    @property
    def total_epochs(self) -> int:
        """Epochs asked for, else the preset's."""
        return self.preset.epochs if self.epochs is None else self.epochs

    def folders(self) -> tuple[Path, ...]:
        """The data sets' folders."""
        return tuple(Path(folder) for folder in self.data)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def preset_named(name: str, **changes: Any) -> Preset:
    """A preset with the values that are not None changed. Raises `TrainingError`."""
    if name not in PRESETS:
        raise TrainingError(f"There is no preset {name}; there are {', '.join(PRESETS)}.")
    return replace(
        PRESETS[name], **{key: value for key, value in changes.items() if value is not None}
    )


def settings_from(values: Mapping[str, Any]) -> RunSettings:
    """Settings from `RunSettings.as_json`'s values. Raises `TrainingError` for what cannot be."""
    try:
        preset = Preset(**{key: _frozen(value) for key, value in values["preset"].items()})
        known = {each.name for each in fields(RunSettings)} - {"preset"}
        rest = {key: _frozen(value) for key, value in values.items() if key in known}
        return RunSettings(preset=preset, **rest)
    except (KeyError, TypeError, AttributeError) as error:
        raise TrainingError("The run's settings are damaged.") from error


def checked(settings: RunSettings) -> RunSettings:
    """The settings as they are. Raises `TrainingError`: the first thing that cannot be."""
    try:
        for allowed, sentence in (*_run_rules(settings), *network_rules(settings.preset)):
            if not allowed:
                raise TrainingError(sentence)
    except TypeError as error:
        raise TrainingError("The run's settings are damaged.") from error
    return settings


def _run_rules(settings: RunSettings) -> tuple[tuple[bool, str], ...]:
    preset = settings.preset
    return (
        (NAME.fullmatch(settings.name) is not None, NAME_RULE),
        (1 <= settings.total_epochs <= MILLION, "Train for 1 to 1,000,000 epochs."),
        (0 <= settings.seed <= MAX_SEED, f"A seed is a whole number from 0 to {MAX_SEED}."),
        (0 < settings.held_out < 1, "The share of songs held out must lie between 0 and 1."),
        (settings.checkpoint_minutes >= 0, "The minutes between checkpoints cannot be negative."),
        (settings.measure_every >= 1, "Measure every 1 or more epochs."),
        (2 <= settings.measured_segments <= 10_000, "Measure 2 to 10,000 segments."),
        (settings.precision in PRECISIONS, "The precision is auto, 32 or bf16."),
        (0 <= settings.minutes < float("inf"), "The minutes to train cannot be negative."),
        (settings.kept_epoch in ("best", "last"), "The epoch to keep is best or last."),
        (settings.devices >= 1 and settings.nodes >= 1, "Train on at least one device."),
        (0 < preset.learning_rate <= 1, "The learning rate must be above 0 and at most 1."),
        (1 <= preset.batch_size <= 65_536, "A batch holds 1 to 65,536 windows."),
        (0 <= preset.epoch_steps <= MILLION, "An epoch has at most 1,000,000 steps."),
        (1 <= preset.window_beats <= 4096, "A training window has at most 4,096 beats."),
        (1 <= preset.update_ratio <= 1000, "The critic has 1 to 1,000 updates for each one."),
        (0 <= preset.adversarial_weight < float("inf"), "A weight cannot be negative."),
        (0 <= preset.adversarial_from <= 1, "The critic joins at a share of the run from 0 to 1."),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
