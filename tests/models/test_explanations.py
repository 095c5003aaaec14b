import json
import subprocess
import sys

import pytest

from models.arguments import parser
from models.explanations import SETTINGS, explanations, has
from models.from_arguments import PRESET_FIELDS, RUN_FIELDS, settings_asked
from models.presets import PRESETS
from tests.models.conftest import ROOT


def test_presets_and_settings_are_told_without_torch() -> None:
    script = (
        "import sys; from models.cli import main; code = main(['--presets', '--json']); "
        "print(code, 'torch' in sys.modules, 'symusic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    answer, last = done.stdout.splitlines()
    assert last == "0 False False"
    assert json.loads(answer) == json.loads(json.dumps(explanations()))


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_explained_to_a_learner(setting) -> None:  # type: ignore[no-untyped-def]
    assert setting.label[0].isupper()
    assert setting.sentence.endswith(".")
    assert "!" not in setting.sentence
    assert setting.name in PRESET_FIELDS | RUN_FIELDS | {"epochs"}
    assert f"--{setting.name.replace('_', '-')}" in parser().format_help()
    if setting.kind in ("int", "float"):
        assert setting.low < setting.high
    assert (setting.kind == "choice") == bool(setting.choices)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_presets_defaults_are_what_the_command_line_takes(name: str) -> None:
    (told,) = [each for each in explanations()["presets"] if each["name"] == name]
    words = []
    for setting, value in told["defaults"].items():
        option = "--" + setting.replace("_", "-")
        words += [] if value is False else [option] if value is True else [f"{option}={value}"]
    settings = settings_asked(parser().parse_args(["--preset", name, *words]))
    assert settings.preset == PRESETS[name]
    assert settings.total_epochs == PRESETS[name].epochs


def test_defaults_lie_in_their_range() -> None:
    for preset in explanations()["presets"]:
        for setting in SETTINGS:
            if setting.low is not None and setting.name in preset["defaults"]:
                value = preset["defaults"][setting.name]
                assert setting.low <= value <= setting.high, (preset["name"], setting.name)


def test_what_makes_deepcomposer_that_network_cannot_be_changed() -> None:
    fixed = [each.name for each in SETTINGS if not has(PRESETS["deepcomposer"], each)]
    assert {"levels", "channels", "kernel", "loss", "window_beats"} <= set(fixed)
    assert {"epochs", "learning_rate", "update_ratio", "batch_size"}.isdisjoint(fixed)


def test_what_only_a_critic_heeds_needs_one() -> None:
    told = explanations()
    needing = {each["name"] for each in told["settings"] if each["needs"]}
    assert {"update_ratio", "loss", "penalty_weight", "critic_levels"} <= needing
    weights = {each["name"]: each["defaults"].get("adversarial_weight") for each in told["presets"]}
    assert weights["first-steps"] == 0 and weights["pop"] > 0
