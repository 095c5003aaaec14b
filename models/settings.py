"""What a training run is started with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from models.presets import PRESETS
from models.presets.preset import Preset


@dataclass(frozen=True, slots=True)
class RunSettings:
    """A run: the preset with the user's changes, the data, and how often things are saved.

    ``data`` are folders of packed data sets. ``held_out`` is the share of songs kept back.
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
    return replace(PRESETS[name], **{key: value for key, value in changes.items() if value is not None})


def settings_from(values: Mapping[str, Any]) -> RunSettings:
    """Settings from `RunSettings.as_json`'s values. Raises `TrainingError` for what does not fit."""
    try:
        preset = Preset(**{key: _frozen(value) for key, value in values["preset"].items()})
        known = {each.name for each in fields(RunSettings)} - {"preset"}
        rest = {key: _frozen(value) for key, value in values.items() if key in known}
        return RunSettings(preset=preset, **rest)
    except (KeyError, TypeError) as error:
        raise TrainingError("The run's settings are damaged.") from error


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
