"""A model that ships, written anew: its weights and its card, and today's way of drawing.

    python packaging/redraw_model.py MODEL.onnx OUT.onnx --data FOLDER … [--habits-of SET …]
        [--rest-lean F …]

The data are the sets that it learned from, packed: by them its habits are set anew
(`models.calibration`), or by the songs of some of them alone. Nothing is trained.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from lightning_fabric import Fabric

from engine.errors import TrainingError
from engine.generation.model_card import CARD_KEY
from engine.generation.onnx_file import read_onnx_file
from models.export import export
from models.fine_tune import parent_named
from models.infill_task import InfillTask
from models.settings import settings_from


def redraw(
    model: Path,
    out: Path,
    data: list[str],
    habits_of: Sequence[str] = (),
    rest_lean: Sequence[float] = (),
) -> None:
    """Write ``model`` to ``out``. Raises `TuttiError` where its network does not fit the data.

    ``habits_of`` names the sets whose songs its habits are judged by; all of them if it is empty.
    ``rest_lean`` is added to each part's logit of a rest; the preset's if it is empty.
    """
    card = json.loads(read_onnx_file(model).metadata[CARD_KEY])
    own = {**card["training"], "data": data, "start_from": None, "name": card["name"]}
    task = InfillTask(settings_from(own), Fabric(accelerator="cpu", devices=1))
    task.begin_with(parent_named(str(model)))
    if habits_of:
        of_sets = tuple(f"{name}/" for name in habits_of)
        task.train_songs, task.habit_songs = (
            [song for song in songs if song.name.startswith(of_sets)]
            for songs in (task.train_songs, task.habit_songs)
        )
    if rest_lean and len(rest_lean) != task.layout.tracks:
        raise TrainingError(f"Give one number for each of {task.layout.tracks} parts.")
    task.calibrate(rest_lean)
    export(task.accompanist(), card, out)


def main() -> None:
    """Read the arguments, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--habits-of", action="append", default=[], metavar="SET")
    parser.add_argument("--rest-lean", type=float, nargs="*", default=[], metavar="F")
    asked = parser.parse_args()
    redraw(asked.model, asked.out, asked.data, asked.habits_of, asked.rest_lean)


if __name__ == "__main__":
    main()
