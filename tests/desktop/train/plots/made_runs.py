"""Runs made for the tests of the plots."""

from collections.abc import Callable
from typing import Any

import numpy as np

from desktop.train.plots.run_curves import RunCurves
from engine.store.curves import Curves

AN_EPOCH = 10
KINDS = [
    {"name": "generator", "label": "generator", "wanted": "steady"},
    {"name": "critic", "label": "critic", "wanted": "towards 0"},
]


def events(epochs: int, of: int = 40, name: str = "Evening") -> list[dict[str, Any]]:
    """A calm run: the generator falls from 2 to 1, the critic rises to 0."""
    found: list[dict[str, Any]] = [
        {
            "event": "started",
            "name": name,
            "from_step": 0,
            "steps": of * AN_EPOCH,
            "steps_per_epoch": AN_EPOCH,
            "similarity_ceiling": 0.94,
            "curves": KINDS,
        }
    ]
    for epoch in range(epochs + 1):
        step = epoch * AN_EPOCH
        if epoch:
            for each in range(step - AN_EPOCH + 1, step + 1):
                wave = 0.1 * np.sin(each)
                generator, critic = 1 + np.exp(-each / 50) + wave, -np.exp(-each / 80) + wave
                found.append(
                    {"event": "step", "step": each, "generator": generator, "critic": critic}
                )
            found.append(
                {"event": "epoch", "step": step, "epoch": epoch, "of": of, "seconds": 6.0 * epoch}
            )
        model = {"similarity": 0.9 - 0.7 * np.exp(-epoch / 8), "out_of_key": 5.0}
        found.append({"event": "measures", "step": step, "epoch": epoch, "model": model})
    return found


def run_of(epochs: int, **how: Any) -> Curves:
    curves = Curves()
    curves.feed_many(events(epochs, **how))
    return curves


Show = Callable[[Curves], RunCurves]
