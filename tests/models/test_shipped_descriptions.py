"""What the Learn tab says of the presets' networks is what the trainer says today."""

import json
from pathlib import Path

import pytest

from models.describe import describe
from models.presets import PRESETS
from models.settings import RunSettings

NETWORKS = Path(__file__).parents[2] / "resources" / "learn" / "networks"


@pytest.mark.parametrize("name", PRESETS)
def test_the_shipped_description_is_that_of_the_preset(name: str) -> None:
    shipped = json.loads((NETWORKS / f"{name}.json").read_text("utf-8"))
    told = describe(RunSettings("any", PRESETS[name], ()))
    again = "Run: python packaging/make_lessons.py networks"
    assert shipped["networks"] == told["networks"], again
