"""Writing a generator as one ONNX file that carries its card.

What is asked in every pass is traced once, as the body of an ONNX ``Loop``: one over the chords,
one over the parts. Weights are stored in half precision and widened at load; they are rounded
before the parity check, so torch and ONNX hold the same numbers.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import helper
from torch import Tensor

from models.decode import Accompanist
from models.export_parts import (
    BEGUN,
    BY_BATCH,
    CHORD_TASK,
    GIVEN,
    KEPT,
    LASTING,
    LINE,
    NOTE_TASK,
    NOTES,
    REST_TASK,
    SETTLED,
    SHIFT,
    Begin,
    ChordPass,
    End,
    NotePass,
    Part,
    Settle,
    axes_of,
)
from models.joined_graph import TURN, JoinedGraph, float_values
from models.layout import PLANES
from models.noise_field import CHORD_PASSES, NOISE_SIZE
from models.onnx_file import (
    CARD_KEY,
    halve,
    name_weights,
    round_to_bytes,
    round_to_half,
    save_checked,
    to_onnx,
)
from models.parity import OUTPUTS, check_parity, example_request

INPUTS = ("melody", "noise", "known", "keep", "chords", "density", "position")


def export(accompanist: Accompanist, card: Mapping[str, Any], path: Path) -> None:
    """Write the ONNX file with its card, then check it against torch.

    Raises `TrainingError` when the file plays other notes than the network.
    """
    accompanist.eval()
    round_to_half(accompanist)
    round_to_bytes(accompanist)
    model = _Tracing(accompanist).model()
    halve(model.graph)
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, json.dumps(card, ensure_ascii=False)
    onnx.checker.check_model(model)
    save_checked(model, path, lambda written: check_parity(accompanist, written))


class _Tracing:
    """Traces the parts one after the other, with the values that a request has between them."""

    def __init__(self, accompanist: Accompanist) -> None:
        self._accompanist = accompanist
        self._values = example_request(accompanist, 2, 3)
        begun = Begin(accompanist)(*self._values.values())
        # Each attention's bias, by the beats, half bars or bars that it looks at.
        self._biases = tuple(f"bias_{number}" for number in range(len(begun) - len(BEGUN)))
        self._begun = (*BEGUN, *self._biases)
        self._values |= dict(zip(self._begun, begun, strict=True))
        settle = Settle(accompanist)
        asked = (*LINE, *REST_TASK, *GIVEN, *LASTING)
        self._values |= dict(zip(SETTLED, settle(*self._of(asked)), strict=True))
        self._values[KEPT[0]] = self._values[SETTLED[0]]
        self._values[TURN] = torch.tensor(0.0)

    def model(self) -> onnx.ModelProto:
        """All parts in one graph."""
        own, joined, turn = self._accompanist, JoinedGraph(), (TURN,)
        joined.add(self._traced(Begin(own), INPUTS, self._begun), "begin")
        asked = (*turn, *LINE, *CHORD_TASK, *self._biases)
        traced = self._traced(ChordPass(own), asked, _made(LINE))
        joined.add_loop(traced, "chords", CHORD_PASSES, LINE)
        asked = (*LINE, *REST_TASK, *GIVEN, *LASTING)
        joined.add(self._traced(Settle(own), asked, SETTLED), "settle")
        asked = (*turn, *NOTES, *NOTE_TASK, *GIVEN, *SETTLED, *self._biases)
        traced = self._traced(NotePass(own), asked, _made(NOTES))
        joined.rename(SETTLED[0], KEPT[0])
        joined.add_loop(traced, "notes", own.settings.rounds, NOTES)
        joined.add(self._traced(End(own), (*NOTES, *GIVEN, *SHIFT), OUTPUTS), "end")
        graph = helper.make_graph(
            joined.nodes, "tutti", _inputs(own), _outputs(own), joined.weights
        )
        return helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", 20)],
            ir_version=10,
            producer_name="tutti",
        )

    def _traced(self, part: Part, inputs: Sequence[str], outputs: Sequence[str]) -> onnx.GraphProto:
        axes = [
            BY_BATCH if name in ("noise", "density") else {} if name == TURN else axes_of(name)
            for name in inputs
        ]
        given = self._of(inputs)
        graph = to_onnx(part.eval(), given, axes, inputs, outputs, fold=False).graph
        name_weights(graph, self._accompanist.network)
        return graph

    def _of(self, names: Sequence[str]) -> tuple[Tensor, ...]:
        # Cloned, since tracing takes one tensor that is passed twice for one input.
        return tuple(self._values[name].clone() for name in names)


def _made(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"made_{name}" for name in names)


def _inputs(accompanist: Accompanist) -> list[onnx.ValueInfoProto]:
    layout = accompanist.layout
    shapes: dict[str, list[int | str | None]] = {
        "melody": ["batch", PLANES, "steps", layout.pitches],
        "noise": ["batch", NOISE_SIZE],
        "known": ["batch", layout.tracks * PLANES, "steps", layout.pitches],
        "keep": ["batch", layout.tracks, "steps"],
        "chords": ["batch", 24, "steps"],
        "density": ["batch", layout.tracks],
        "position": ["batch", 2, "steps"],
    }
    return [float_values(name, shapes[name]) for name in INPUTS]


def _outputs(accompanist: Accompanist) -> list[onnx.ValueInfoProto]:
    layout = accompanist.layout
    return [
        float_values("accompaniment", ["batch", layout.tracks * PLANES, "steps", layout.pitches]),
        float_values("velocity", ["batch", layout.tracks, "steps", layout.pitches]),
    ]
