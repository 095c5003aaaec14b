"""A model that ships, written anew: its weights and its card, and today's way of drawing.

    python packaging/redraw_model.py MODEL.onnx OUT.onnx --data FOLDER …

The data are the sets that it learned from, packed: by them its habits are set anew
(`models.calibration`). Nothing is trained.
"""

import argparse
import json
from pathlib import Path

from lightning_fabric import Fabric

from engine.generation.model_card import CARD_KEY
from engine.generation.onnx_file import read_onnx_file
from models.export import export
from models.fine_tune import parent_named
from models.infill_task import InfillTask
from models.settings import settings_from


def redraw(model: Path, out: Path, data: list[str]) -> None:
    """Write ``model`` to ``out``. Raises `TuttiError` where its network does not fit the data."""
    card = json.loads(read_onnx_file(model).metadata[CARD_KEY])
    own = {**card["training"], "data": data, "start_from": None, "name": card["name"]}
    task = InfillTask(settings_from(own), Fabric(accelerator="cpu", devices=1))
    task.begin_with(parent_named(str(model)))
    task.calibrate()
    export(task.accompanist(), card, out)


def main() -> None:
    """Read the arguments, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", action="append", required=True)
    asked = parser.parse_args()
    redraw(asked.model, asked.out, asked.data)


if __name__ == "__main__":
    main()
