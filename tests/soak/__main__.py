"""The real program, worked by chance: ``python -m tests.soak --actions 10000 --seed 1``.

``TUTTI_HOME`` and the screen are whoever's who starts it; ``python -m tests.benchmarks soak`` gives
it an empty home and a screen of its own. Exit code 1 where something did not hold.
"""

import argparse
import faulthandler
import json
import sys
import threading
from pathlib import Path

from PySide6.QtCore import QTimer

from desktop import start
from desktop.app import App
from desktop.shell import Shell
from engine.store.paths import data_folder
from tests.soak.ledger import Ledger
from tests.soak.soak import Soak, Stacks

READY_MS = 100


class SoakedShell(Shell):
    """The window as ever, with a soak that begins when the studio is ready."""

    options: argparse.Namespace
    soaks: list[Soak] = []

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._studio = app
        self._ready = QTimer(self, interval=READY_MS)
        self._ready.timeout.connect(self._begin)
        self._ready.start()

    def _begin(self) -> None:
        if self._studio.generator is None or self._studio.sound.opening:
            return
        self._ready.stop()
        folder = data_folder() / "files"
        folder.mkdir(parents=True, exist_ok=True)
        soak = Soak(self._studio, self.window, self.options.actions, self.options.seed, folder)
        soak.ended = self.end
        if self.options.look:
            soak.stacks = Stacks(folder / "stacks.txt")
        soak.ledger = Ledger() if self.options.ledger else None
        self.soaks.append(soak)
        print(f"  sound: {self._studio.synth.description}", flush=True)
        soak.start()


def main(arguments: list[str]) -> int:
    """Run the studio until the soak closes it; print what was found as one line of JSON."""
    parser = argparse.ArgumentParser("python -m tests.soak", description=__doc__)
    parser.add_argument("--actions", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--look", action="store_true", help="tell what slow actions do")
    parser.add_argument("--ledger", action="store_true", help="tell what takes the memory")
    SoakedShell.options = parser.parse_args(arguments)
    faulthandler.enable()
    setattr(start, "Shell", SoakedShell)  # noqa: B010 — the one seam: what `start` opens
    code = start.main([])
    told = SoakedShell.soaks[0].told
    left = [thread.name for thread in threading.enumerate() if thread.name != "MainThread"]
    found = {
        "code": code,
        "done": told.done,
        "fault": told.fault,
        "memory": told.memory,
        "at_rest": told.at_rest,
        "widgets": told.widgets,
        "walks": SoakedShell.soaks[0].witness.walks,
        "whole_walks": SoakedShell.soaks[0].witness.whole_walks,
        "steps_checked": SoakedShell.soaks[0].witness.steps_checked,
        "slow": dict(told.slow),
        "threads": left,
    }
    (data_folder() / "soak.json").write_text(json.dumps(found))
    return 1 if told.fault or left else code


if __name__ == "__main__":
    Path(data_folder()).mkdir(parents=True, exist_ok=True)
    sys.exit(main(sys.argv[1:]))
