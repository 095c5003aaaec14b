"""Writing a generator as one ONNX file that carries its card.

The network is exported once, as the body of an ONNX ``Loop`` over the passes; what comes before and
after stands around it. Weights are stored in half precision and widened at load; they are rounded
before the parity check, so torch and ONNX hold the same numbers.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from engine.errors import TrainingError
from models.beat_unet import Heard
from models.decode import NOISE_SIZE, Accompanist, Draws, State
from models.layout import PLANES, STEPS_PER_BEAT
from models.onnx_file import (
    CARD_KEY,
    halve,
    name_weights,
    quiet_session,
    round_to_bytes,
    round_to_half,
    save_checked,
    to_onnx,
)

INPUTS = ("melody", "noise", "known", "keep", "chords", "density", "position")
OUTPUTS = ("accompaniment", "velocity")
BEATS_PER_MULTIPLE = 4
GIVEN = ("melody", "known", "keep", "chords", "chords_known", "position", "density")
DRAWS = ("onset", "duration", "chord", "rest", "loudness", "rank", "daring")
STATE = ("onset", "length", "velocity", "keep", "chords", "chords_known")

# The values that flow between the three parts, named alike in all of them.
STATE_NAMES = tuple(f"state_{name}" for name in STATE)
CONSTANT_NAMES = (*(f"draw_{name}" for name in DRAWS), *(f"given_{name}" for name in GIVEN))

_BY_BATCH = {0: "batch"}
_BY_STEP = {0: "batch", 2: "steps"}
_CHORD_AXES = {0: "batch", 1: "beats"}
_FLOW_AXES = {
    "draw_daring": _BY_BATCH,
    "given_density": _BY_BATCH,
    "draw_chord": _CHORD_AXES,
    "state_chords": _CHORD_AXES,
    "given_chords": _CHORD_AXES,
    "state_chords_known": _CHORD_AXES,
    "given_chords_known": _CHORD_AXES,
    "draw_rank": {0: "batch", 2: "beats"},
    "draw_rest": {0: "batch", 2: "beats"},
    "given_known": {0: "batch", 3: "steps"},
}


class _Begin(nn.Module):
    """Contract inputs to state, draws and request in C, and the shift."""

    def __init__(self, accompanist: Accompanist) -> None:
        super().__init__()
        self.accompanist = accompanist

    def forward(
        self,
        melody: Tensor,
        noise: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> tuple[Tensor, ...]:
        given, draws, state, shift = self.accompanist.begin(
            melody, noise, known, keep, chords, density, position
        )
        biases = self.accompanist.filler.network.biases(given.chords.shape[1])
        values = (*_values(state, STATE), *_values(draws, DRAWS), *_values(given, GIVEN))
        return (*values, *biases, shift)


class _Pass(nn.Module):
    """One pass: turn, state, draws and request to the next state."""

    def __init__(self, accompanist: Accompanist) -> None:
        super().__init__()
        self.filler = accompanist.filler

    def forward(self, turn: Tensor, *values: Tensor) -> tuple[Tensor, ...]:
        state, draws, given = _unpacked(values)
        biases = values[len(STATE) + len(DRAWS) + len(GIVEN) :]
        return _values(self.filler(turn, state, draws, given, biases), STATE)


class _End(nn.Module):
    """The last state and the shift to contract outputs."""

    def __init__(self, accompanist: Accompanist) -> None:
        super().__init__()
        self.accompanist = accompanist

    def forward(self, shift: Tensor, *values: Tensor) -> tuple[Tensor, Tensor]:
        state, _, given = _unpacked(values)
        return self.accompanist.end(state, given, shift)


def _values(record: object, names: Sequence[str]) -> tuple[Tensor, ...]:
    return tuple(getattr(record, name) for name in names)


def _unpacked(values: tuple[Tensor, ...]) -> tuple[State, Draws, Heard]:
    state, rest = values[: len(STATE)], values[len(STATE) :]
    draws, given = rest[: len(DRAWS)], rest[len(DRAWS) : len(DRAWS) + len(GIVEN)]
    return (
        State(**dict(zip(STATE, state, strict=True))),
        Draws(**dict(zip(DRAWS, draws, strict=True))),
        Heard(**dict(zip(GIVEN, given, strict=True))),
    )


def example_request(
    accompanist: Accompanist, batch: int, bars: int, seed: int = 0
) -> dict[str, Tensor]:
    """A random request of the contract's shapes, for tracing and for the parity check."""
    layout, rng = accompanist.layout, torch.Generator().manual_seed(seed)
    steps = bars * BEATS_PER_MULTIPLE * STEPS_PER_BEAT
    melody = torch.zeros(batch, PLANES, steps, layout.pitches)
    places = torch.randint(35, 60, (batch, steps // 2), generator=rng)
    for row, pitches in enumerate(places):
        for beat, pitch in enumerate(pitches):
            melody[row, 0, 2 * beat, pitch] = 1
            melody[row, 1, 2 * beat : 2 * beat + 2, pitch] = 1
    position = torch.zeros(batch, 2, steps)
    position[:, 0, ::16] = 1
    position[:, 1, ::STEPS_PER_BEAT] = 1
    return {
        "melody": melody,
        "noise": torch.randn(batch, NOISE_SIZE, generator=rng),
        "known": torch.zeros(batch, layout.tracks * PLANES, steps, layout.pitches),
        "keep": torch.zeros(batch, layout.tracks, steps),
        "chords": torch.zeros(batch, 24, steps),
        "density": -torch.ones(batch, layout.tracks),
        "position": position,
    }


def export(accompanist: Accompanist, card: Mapping[str, Any], path: Path) -> None:
    """Write the ONNX file with its card, then check it against torch.

    Raises `TrainingError` when the file plays other notes than the network.
    """
    accompanist.eval()
    round_to_half(accompanist)
    round_to_bytes(accompanist)
    model = _assembled(accompanist)
    halve(model.graph)
    entry = model.metadata_props.add()
    entry.key, entry.value = CARD_KEY, json.dumps(card, ensure_ascii=False)
    onnx.checker.check_model(model)
    save_checked(model, path, lambda written: check_parity(accompanist, written))


def _assembled(accompanist: Accompanist) -> onnx.ModelProto:
    request = example_request(accompanist, 2, 3)
    values = _Begin(accompanist)(*(request[name] for name in INPUTS))
    # Cloned, since tracing takes one tensor that is passed twice for one input.
    flowing, shift = tuple(value.clone() for value in values[:-1]), values[-1].clone()
    state = list(STATE_NAMES)
    named = [*state, *CONSTANT_NAMES]
    # Each attention's bias, by the beats, half bars or bars that it looks at.
    biases = [f"bias_{number}" for number in range(len(flowing) - len(named))]
    flow = [*named, *biases]
    axes = [_FLOW_AXES.get(name, _BY_STEP) for name in named]
    axes += [{1: f"{name}_length", 2: f"{name}_length"} for name in biases]
    asked = [_BY_BATCH if name in ("noise", "density") else _BY_STEP for name in INPUTS]
    begin = to_onnx(
        _Begin(accompanist).eval(), tuple(request.values()), asked, INPUTS, [*flow, "shift"]
    )
    turn, made = torch.tensor(0.0), [f"out_{name}" for name in state]
    body = to_onnx(_Pass(accompanist).eval(), (turn, *flowing), [{}, *axes], ["turn", *flow], made)
    end = to_onnx(
        _End(accompanist).eval(), (shift, *flowing), [_BY_BATCH, *axes], ["shift", *flow], OUTPUTS
    )
    for part in (begin, body):
        name_weights(part.graph, accompanist.filler.network)
    return _joined(begin.graph, body.graph, end.graph, accompanist)


def _joined(
    begin: onnx.GraphProto, body: onnx.GraphProto, end: onnx.GraphProto, accompanist: Accompanist
) -> onnx.ModelProto:
    shared: dict[bytes, str] = {}
    weights: list[onnx.TensorProto] = []
    nodes: list[onnx.NodeProto] = []
    ready = [value.name for value in begin.output]
    nodes += _renamed(begin, "begin", {}, ready, shared, weights)
    inner = {name: f"in_{name}" for name in STATE_NAMES}
    produced = [f"out_{name}" for name in STATE_NAMES]
    loop_nodes = _renamed(body, "pass", inner, produced, shared, weights)
    nodes.append(_loop(loop_nodes, body))
    weights.append(numpy_helper.from_array(np.array(accompanist.passes, np.int64), "passes"))
    weights.append(numpy_helper.from_array(np.array(True), "always"))
    final = {name: f"final_{name}" for name in STATE_NAMES}
    nodes += _renamed(end, "end", final, list(OUTPUTS), shared, weights)
    graph = helper.make_graph(nodes, "tutti", _inputs(accompanist), _outputs(accompanist), weights)
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10, producer_name="tutti"
    )


def _loop(nodes: list[onnx.NodeProto], body: onnx.GraphProto) -> onnx.NodeProto:
    """The ``Loop`` over the passes; its body reads weights, draws and request from outside."""
    carried = [f"in_{name}" for name in STATE_NAMES]
    produced = [f"out_{name}" for name in STATE_NAMES]
    prelude = [
        helper.make_node("Cast", ["number"], ["turn"], to=TensorProto.FLOAT),
        helper.make_node("Identity", ["going"], ["going_on"]),
    ]
    ranks = [len(value.type.tensor_type.shape.dim) for value in body.output]
    inputs = [
        helper.make_tensor_value_info("number", TensorProto.INT64, []),
        helper.make_tensor_value_info("going", TensorProto.BOOL, []),
        *(_float_info(name, [None] * rank) for name, rank in zip(carried, ranks, strict=True)),
    ]
    outputs = [
        helper.make_tensor_value_info("going_on", TensorProto.BOOL, []),
        *(_float_info(name, [None] * rank) for name, rank in zip(produced, ranks, strict=True)),
    ]
    graph = helper.make_graph([*prelude, *nodes], "pass", inputs, outputs)
    return helper.make_node(
        "Loop",
        ["passes", "always", *STATE_NAMES],
        [f"final_{name}" for name in STATE_NAMES],
        body=graph,
        name="passes_loop",
    )


def _renamed(
    graph: onnx.GraphProto,
    prefix: str,
    inputs: Mapping[str, str],
    outputs: list[str],
    shared: dict[bytes, str],
    weights: list[onnx.TensorProto],
) -> list[onnx.NodeProto]:
    """The graph's nodes with names of their own; its weights join ``weights``, equal ones once.

    Its inputs take the names that ``inputs`` has for them, or keep theirs.
    """
    names = {value.name: inputs.get(value.name, value.name) for value in graph.input}
    for tensor in graph.initializer:
        content = bytes(f"{tensor.data_type}{list(tensor.dims)}", "ascii")
        content += numpy_helper.to_array(tensor).tobytes()
        if content not in shared:
            shared[content] = f"{prefix}.{tensor.name}"
            kept = onnx.TensorProto()
            kept.CopyFrom(tensor)
            kept.name = shared[content]
            weights.append(kept)
        names[tensor.name] = shared[content]
    nodes = []
    for node in graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.name = f"{prefix}.{node.name}"
        copy.doc_string = ""
        del copy.metadata_props[:]
        copy.input[:] = [
            names.setdefault(name, f"{prefix}.{name}") if name else "" for name in node.input
        ]
        copy.output[:] = [
            names.setdefault(name, f"{prefix}.{name}") if name else "" for name in node.output
        ]
        nodes.append(copy)
    for value, name in zip(graph.output, outputs, strict=True):
        nodes.append(
            helper.make_node("Identity", [names[value.name]], [name], name=f"{prefix}.{name}")
        )
    return nodes


def _float_info(name: str, shape: Sequence[Any]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def _inputs(accompanist: Accompanist) -> list[onnx.ValueInfoProto]:
    layout = accompanist.layout
    shapes: dict[str, list[Any]] = {
        "melody": ["batch", PLANES, "steps", layout.pitches],
        "noise": ["batch", NOISE_SIZE],
        "known": ["batch", layout.tracks * PLANES, "steps", layout.pitches],
        "keep": ["batch", layout.tracks, "steps"],
        "chords": ["batch", 24, "steps"],
        "density": ["batch", layout.tracks],
        "position": ["batch", 2, "steps"],
    }
    return [_float_info(name, shapes[name]) for name in INPUTS]


def _outputs(accompanist: Accompanist) -> list[onnx.ValueInfoProto]:
    layout = accompanist.layout
    return [
        _float_info("accompaniment", ["batch", layout.tracks * PLANES, "steps", layout.pitches]),
        _float_info("velocity", ["batch", layout.tracks, "steps", layout.pitches]),
    ]


def check_parity(accompanist: Accompanist, path: Path) -> float:
    """Play fixed requests in torch and in ONNX: the same notes, velocities within 1e-4.

    Returns the largest difference of velocity. Raises `TrainingError` for another note.
    """
    session = quiet_session(path)
    worst = 0.0
    for batch, bars in ((1, 2), (3, 5)):
        request = example_request(accompanist, batch, bars, seed=bars)
        with torch.no_grad():
            notes, velocity = accompanist(**request)
        feeds = {name: value.numpy() for name, value in request.items()}
        ours, played = session.run(list(OUTPUTS), feeds)
        if (notes.numpy() >= 0.5).tolist() != (ours >= 0.5).tolist():
            raise TrainingError(
                "The exported model plays other notes than the trained one; it was not kept."
            )
        worst = max(worst, float(np.abs(velocity.numpy() - played).max()))
    if worst > 1e-4:
        raise TrainingError(
            "The exported model's velocities differ from the trained one's; it was not kept."
        )
    return worst
