"""A program that keeps the trainer's protocol and learns nothing: quick, and told how to end."""

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

from engine.store.run_lock import RunLock


def main(words: list[str]) -> int:
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
