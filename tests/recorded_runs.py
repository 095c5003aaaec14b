"""Training runs that no trainer made: small folders with events and samples, for whoever reads."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track
from engine.store.codec import composition_to_json

STEPS_AN_EPOCH = 4
SETTINGS: dict[str, Any] = {
    "preset": {"name": "pop", "learning_rate": 0.0012, "batch_size": 32, "update_ratio": 1},
    "data": ["scales"],
    "tags": ["test"],
    "seed": 0,
}


def sample_music(epoch: int, title: str = "Held out") -> Composition:
    """Two bars: a melody, and a bass that is another one after each epoch."""
    melody = Track("Melody", 0, tuple(Note(480 * beat, 72 + beat, 440, 90) for beat in range(8)))
    bass = Track("Bass", 33, tuple(Note(960 * half, 36 + epoch % 12, 900, 80) for half in range(4)))
    return Composition(title, tracks=(melody, bass))


def write_sample(run: Path, epoch: int, *, kept: bool = True) -> None:
    """One sample, and the weights it was played with."""
    for folder in ("samples", "snapshots"):
        (run / folder).mkdir(exist_ok=True)
    text = composition_to_json(sample_music(epoch))
    (run / "samples" / f"epoch-{epoch:04d}.json").write_text(text, "utf-8")
    if kept:
        (run / "snapshots" / f"epoch-{epoch:04d}.safetensors").write_bytes(b"weights")


def events_of(epochs: int, sampled: Sequence[int], best: int, end: str) -> list[dict[str, Any]]:
    """What such a run tells; an ``end`` of "" is none."""
    events: list[dict[str, Any]] = [
        {
            "event": "started", "name": "Run", "preset": "pop", "from_step": 0,
            "steps": STEPS_AN_EPOCH * epochs, "steps_per_epoch": STEPS_AN_EPOCH, "device": "cpu",
            "references": {"human": {"out_of_key": 2.0}, "other_song": {"out_of_key": 40.0}},
            "curves": [{"name": "generator", "label": "generator", "wanted": "steady"}],
        }
    ]  # fmt: skip
    for epoch in range(epochs + 1):
        step = STEPS_AN_EPOCH * epoch
        if epoch:
            events += [
                {"event": "step", "step": each, "generator": 1.0 / each}
                for each in range(step - STEPS_AN_EPOCH + 1, step + 1)
            ]
            events.append({"event": "epoch", "step": step, "epoch": epoch, "of": epochs,
                           "seconds": 60.0 * epoch})  # fmt: skip
        if epoch in sampled:
            row = {"out_of_key": 5.0, "similarity": 0.5 + 0.01 * epoch}
            events.append({"event": "measures", "step": step, "epoch": epoch, "model": row,
                           "best": epoch == best})  # fmt: skip
            events.append({"event": "sample", "step": step, "epoch": epoch,
                           "file": f"samples/epoch-{epoch:04d}.json",
                           "snapshot": f"snapshots/epoch-{epoch:04d}.safetensors"})  # fmt: skip
    if end:
        step, seconds = STEPS_AN_EPOCH * epochs, 60.0 * epochs
        events.append({"event": end, "step": step, "seconds": seconds, "epoch": best,
                       "model": "/nowhere/run.onnx", "reason": "epochs"})  # fmt: skip
    return events


def write_run(
    folder: Path,
    epochs: int = 4,
    sampled: Sequence[int] = (0, 2, 4),
    *,
    best: int = 2,
    end: str = "finished",
    model: Path | None = None,
) -> Path:
    """A whole run; ``end`` is its last event, "" where it was cut off."""
    folder.mkdir(parents=True)
    settings = {**SETTINGS, "name": folder.name, "epochs": epochs}
    (folder / "settings.json").write_text(json.dumps(settings), "utf-8")
    events = events_of(epochs, sampled, best, end)
    if model is not None:
        events[-1]["model"] = str(model)
    lines = "".join(json.dumps(event) + "\n" for event in events)
    (folder / "events.jsonl").write_text(lines, "utf-8")
    for epoch in sampled:
        write_sample(folder, epoch)
    return folder
