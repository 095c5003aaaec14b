"""Networks as the trainer would describe them, and runs as they would be told."""

from typing import Any

import pytest

from desktop.learn.network import Description, description_of
from engine.store.curves import Curves

PICTURE_LAYERS = (
    ("down 1", "encoder", (1, 32, 128), (8, 16, 64)),
    ("down 2", "encoder", (8, 16, 64), (16, 8, 32)),
    ("noise", "latent", (16, 8, 32), (20, 8, 32)),
    ("up 1", "decoder", (20, 8, 32), (8, 16, 64)),
    ("up 2", "decoder", (16, 16, 64), (4, 32, 128)),
)


def told_network(scale: int = 1, critic: bool = True) -> dict[str, Any]:
    """An answer to ``--describe``."""
    layers = [
        {
            "name": name,
            "kind": "convolution",
            "part": part,
            "shape_in": list(before),
            "shape_out": list(after),
            "parameters": 1000 * scale,
        }
        for name, part, before, after in PICTURE_LAYERS
    ]
    judge = {**layers[0], "part": "critic", "name": "convolution"}
    networks = [{"role": "generator", "parameters": 5000 * scale, "layers": layers}]
    if critic:
        networks.append({"role": "critic", "parameters": 300, "layers": [judge]})
    return {"networks": networks}


@pytest.fixture
def description() -> Description:
    return description_of(told_network(), "My band")


@pytest.fixture
def curves() -> Curves:
    """A run with a critic, measured twice; its first measured epoch was the better one."""
    curves = Curves()
    curves.feed(
        {
            "event": "started",
            "name": "My band",
            "from_step": 0,
            "steps": 40,
            "steps_per_epoch": 10,
            "similarity_ceiling": 0.94,
            "references": {"human": {"out_of_key": 2.0}, "other_song": {"out_of_key": 46.0}},
            "curves": [
                {"name": "generator", "label": "Generator", "wanted": "steady"},
                {"name": "critic", "label": "Critic", "wanted": "towards 0"},
            ],
        }
    )
    for step in range(1, 41):
        curves.feed({"event": "step", "step": step, "generator": 1 / step, "critic": -2 / step})
    for epoch, similarity, best in ((2, 0.81, True), (4, 0.74, False)):
        model = {"similarity": similarity, "out_of_key": 3.5}
        step = 10 * epoch
        told = {"event": "measures", "step": step, "epoch": epoch, "model": model, "best": best}
        curves.feed(told)
    return curves
