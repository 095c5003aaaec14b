"""What can be chosen for a run, as the trainer program tells it: presets, settings and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import TrainingError

Kind = Literal["int", "float", "choice", "bool"]
KINDS: tuple[Kind, ...] = ("int", "float", "choice", "bool")
BIGGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class OfferedSetting:
    """A setting: what it is called, a sentence for a learner, and what it may be.

    ``presets`` None: every preset has it. It acts only while the setting that it ``needs`` is above
    0; empty where it always acts.
    """

    name: str
    label: str
    sentence: str
    kind: Kind
    low: float
    high: float
    step: float
    choices: tuple[str, ...]
    advanced: bool
    presets: tuple[str, ...] | None
    needs: str = ""

    def belongs_to(self, preset: str) -> bool:
        """Whether a preset has this setting."""
        return self.presets is None or preset in self.presets


@dataclass(frozen=True, slots=True)
class OfferedPreset:
    """A preset with the values it starts from; ``roles`` are the parts that it learns to play."""

    name: str
    title: str
    description: str
    roles: tuple[str, ...]
    defaults: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Offers:
    """All presets, all settings."""

    presets: tuple[OfferedPreset, ...] = ()
    settings: tuple[OfferedSetting, ...] = ()
    gentler: float = 1.0
    """The share of a model's own learning rate that teaches it something else."""

    def preset(self, name: str) -> OfferedPreset | None:
        """A preset by its name."""
        return next((each for each in self.presets if each.name == name), None)

    def setting(self, name: str) -> OfferedSetting | None:
        """A setting by its name."""
        return next((each for each in self.settings if each.name == name), None)

    def among(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Of a run's settings those that the trainer takes again, with the preset's name."""
        preset = str(values.get("preset", ""))
        taken = {
            each.name: values[each.name]
            for each in self.settings
            if each.belongs_to(preset) and values.get(each.name) is not None
        }
        return {"preset": preset, **taken}

    def label(self, name: str) -> str:
        """What a setting is called."""
        found = self.setting(name)
        return found.label if found is not None else name.replace("_", " ").capitalize()


def offers_from(answer: Mapping[str, Any]) -> Offers:
    """From the answer to ``--presets``. Raises `TrainingError` where it is none."""
    try:
        return Offers(
            tuple(_preset(each) for each in answer["presets"]),
            tuple(_setting(each) for each in answer["settings"]),
            _number(answer.get("gentler"), 1.0),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(
            "The trainer's presets could not be read; window and trainer are of two versions."
        ) from error


def _preset(told: Mapping[str, Any]) -> OfferedPreset:
    name = str(told["name"])
    return OfferedPreset(
        name,
        str(told.get("title") or name.capitalize()),
        str(told.get("description", "")),
        tuple(str(role) for role in told.get("roles", ())),
        dict(told.get("defaults", {})),
    )


def _setting(told: Mapping[str, Any]) -> OfferedSetting:
    presets = told.get("presets")
    kind = told["kind"]
    if kind not in KINDS:
        raise ValueError(kind)
    return OfferedSetting(
        name=str(told["name"]),
        label=str(told.get("label") or told["name"]),
        sentence=str(told.get("sentence", "")),
        kind=kind,
        low=_number(told.get("low"), 0),
        high=_number(told.get("high"), BIGGEST),
        step=_number(told.get("step"), 1),
        choices=tuple(str(each) for each in told.get("choices") or ()),
        advanced=bool(told.get("advanced", False)),
        presets=None if presets is None else tuple(str(each) for each in presets),
        needs=str(told.get("needs", "")),
    )


def _number(value: Any, otherwise: float) -> float:
    return otherwise if value is None else float(value)
