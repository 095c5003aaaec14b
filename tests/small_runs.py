"""Training runs that the tests make themselves: a folder as a trainer leaves it."""

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

STEPS = 10
"""In an epoch."""
HUMAN = {
    "similarity": 0.94, "out_of_key": 2.0, "dissonant_steps": 6.7, "harmonic_clarity": 94.2,
    "notes_per_bar": 21.8, "long_notes": 63.0, "takes_jaccard": 0.3,
}  # fmt: skip


def run_events(epochs: int, of: int = 20, name: str = "Evening Pop") -> list[dict[str, Any]]:
    """What a trainer tells of so many epochs of a run, without an end."""
    told: list[dict[str, Any]] = [
        {
            "event": "started", "name": name, "preset": "pop", "from_step": 0, "steps": of * STEPS,
            "steps_per_epoch": STEPS, "windows": 320, "songs": 24, "held_out": 3,
            "batch_size": 32, "precision": "32-true", "device": "cpu", "device_name": "CPU",
            "device_reason": "no NVIDIA GPU was found", "similarity_ceiling": 0.94,
            "curves": [
                {"name": "generator", "label": "generator", "wanted": "steady"},
                {"name": "critic", "label": "critic", "wanted": "towards 0"},
            ],
            "references": {"human": HUMAN},
        }
    ]  # fmt: skip
    for step in range(1, epochs * STEPS + 1):
        share = step / STEPS
        told.append(
            {
                "event": "step", "step": step,
                "generator": 2 * math.exp(-share / 4) + 0.3 + 0.1 * math.sin(step * 2.4),
                "critic": -1.6 * math.exp(-share / 5) + 0.08 * math.sin(step * 1.7),
            }
        )  # fmt: skip
        if step % STEPS == 0:
            epoch = step // STEPS
            told.append(
                {"event": "epoch", "step": step, "epoch": epoch, "of": of, "seconds": 1.5 * epoch}
            )
            near = 1 - math.exp(-epoch / 5)
            model = {key: value * (0.4 + 0.58 * near) for key, value in HUMAN.items()}
            told.append(
                {"event": "measures", "step": step, "epoch": epoch, "model": model, "best": True}
            )
    return told


def write_run(folder: Path, events: Iterable[dict[str, Any]], **settings: Any) -> Path:
    """A run's folder with these events; ``settings`` go beside the usual ones."""
    folder.mkdir(parents=True, exist_ok=True)
    preset = {
        "name": "pop", "network": "beat_unet", "learning_rate": 0.0012, "batch_size": 32,
        "epochs": 10, "update_ratio": 1,
    }  # fmt: skip
    usual = {
        "name": folder.name, "preset": preset, "data": ["/anywhere/scales"], "tags": ["test"],
        "seed": 7, "epochs": 20,
    }  # fmt: skip
    (folder / "settings.json").write_text(json.dumps({**usual, **settings}))
    with (folder / "events.jsonl").open("a") as stream:
        stream.writelines(json.dumps(event) + "\n" for event in events)
    return folder
