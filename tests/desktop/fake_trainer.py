"""A program that keeps the trainer's protocol and learns nothing: quick, and told how to end."""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from engine.store.run_lock import RunLock

PRESETS = {
    "presets": [
        {"name": "pop", "title": "Pop", "description": "Bass and chords.", "roles": ["Bass"],
         "defaults": {"epochs": 10, "learning_rate": 0.0012, "width": 256, "critic": 0.0}},
        {"name": "deepcomposer", "title": "DeepComposer", "description": "A U-Net.", "roles": [],
         "defaults": {"epochs": 60, "learning_rate": 0.001}},
    ],
    "settings": [
        {"name": "epochs", "label": "Epochs", "sentence": "How often; or so.", "kind": "int",
         "low": 1, "high": 2000, "step": 1, "advanced": False, "presets": None},
        {"name": "learning_rate", "label": "Learning rate", "sentence": "How far.",
         "kind": "float", "low": 1e-05, "high": 0.01, "step": 2, "advanced": False},
        {"name": "until_flat", "label": "Stop when flat", "sentence": "Ends.", "kind": "bool",
         "advanced": True, "presets": None},
        {"name": "device", "label": "Device", "sentence": "Where.", "kind": "choice",
         "choices": ["auto", "cpu"], "advanced": True},
        {"name": "width", "label": "Width", "sentence": "Channels.", "kind": "int", "low": 16,
         "high": 512, "step": 8, "advanced": True, "presets": ["pop"]},
        {"name": "critic", "label": "Critic", "sentence": "How much.", "kind": "float", "low": 0,
         "high": 1, "step": 0.1, "advanced": True, "presets": ["pop"]},
        {"name": "update_ratio", "label": "Update ratio", "sentence": "Lessons.", "kind": "int",
         "low": 1, "high": 9, "step": 1, "advanced": False, "presets": None, "needs": "critic"},
    ],
    "gentler": 0.25,
}  # fmt: skip
PROBE = {
    "device": "cpu", "device_name": "CPU", "device_reason": "No NVIDIA GPU was found.",
    "precision": "32-true", "memory_free": 8e9, "memory_needed": 1.6e9, "disk_free": 5e10,
    "disk_needed": 9e7, "songs": 24, "held_out": 3, "windows": 320, "steps_per_epoch": 10,
    "seconds_per_epoch": 0.9, "seconds_total": 180,
    "advice": [
        {"kind": "too_small", "sentence": "These are few songs.",
         "offer": {"setting": "epochs", "value": 4}},
        {"kind": "slow", "sentence": "It takes long.", "offer": None},
    ],
}  # fmt: skip


def answer(words: list[str]) -> int:
    """What a question to the trainer is answered."""
    if "--presets" in words:
        print(json.dumps(PRESETS))
    elif "--describe" in words:
        print("a library's own words\n" + json.dumps({"networks": []}))
    elif "--keep" in words:
        model = Path(os.environ["TUTTI_HOME"]) / "models" / "Kept.onnx"
        print(json.dumps({"model": str(model), "epoch": 3}))
    elif any("slow" in word for word in words):
        time.sleep(60)
    elif any("nothing" in word for word in words):
        print("There is no data set called nothing.", file=sys.stderr)
        return 1
    else:
        print(json.dumps(PROBE))
    return 0


def reap() -> None:
    """Wait for the trainers that a window let go: the test's process is their parent."""
    from desktop.training_process import LET_GO

    while LET_GO:
        LET_GO.pop().wait(30)


def main(words: list[str]) -> int:
    if "--json" in words:
        return answer(words)
    given = dict(word.removeprefix("--").split("=", 1) for word in words if "=" in word)
    if "--resume" in words:
        folder = Path(words[words.index("--resume") + 1])
    else:
        folder = Path(os.environ["TUTTI_HOME"]) / "runs" / given["name"]
    if "Refused" in folder.name:
        print("There is no data set called nothing.", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(json.dumps({"name": folder.name, "preset": {}}))
    with RunLock(folder):
        return _train(folder)


def _train(folder: Path) -> int:
    words: list[str] = []
    threading.Thread(target=_listen, args=(words,), daemon=True).start()
    step = 0
    with (folder / "events.jsonl").open("a") as lines:

        def tell(event: str, **fields: Any) -> None:
            lines.write(json.dumps({"event": event, "step": step, **fields}) + "\n")
            lines.flush()

        tell("started", name=folder.name, steps=1000, steps_per_epoch=10)
        while step < 2000:
            step += 1
            tell("step", generator=1.0)
            if "Crash" in folder.name and step == 5:
                os.abort()
            if "Diverges" in folder.name and step == 5:
                offer = {"setting": "learning_rate", "value": 0.001}
                tell("failed", reason="Training diverged at step 5.", offer=offer)
                return 1
            if "detach" in words and "end" in words:
                words.clear()
                tell("warning", reason="alone")
            elif "pause" in words:
                tell("paused", seconds=1.0)
                return 0
            elif "stop" in words or ("end" in words and "detach" not in words):
                tell("stopped", seconds=1.0, model=str(folder / "made.onnx"), epoch=3)
                return 0
            if (folder / "request").exists():
                (folder / "request").unlink()
                tell("stopped", seconds=1.0, model="", epoch=3)
                return 0
            time.sleep(0.005)
    return 0


def _listen(words: list[str]) -> None:
    for line in sys.stdin:
        words.append(line.strip())
    words.append("end")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
