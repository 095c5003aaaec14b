"""One ONNX graph out of traced parts: their weights shared, some of them the bodies of loops."""

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.onnx_file import NETWORK

TURN = "turn"


class JoinedGraph:
    """Nodes and weights so far. Values flow between parts by their names."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self._shared: dict[bytes, str] = {}
        self._now: dict[str, str] = {}

    def add(self, part: onnx.GraphProto, prefix: str) -> None:
        """A part that is run once; its outputs stand from here on under their names."""
        outputs = [value.name for value in part.output]
        self.nodes += self._renamed(part, prefix, self._now, outputs)
        for name in outputs:
            self._now.pop(name, None)

    def rename(self, value: str, name: str) -> None:
        """From here on ``name`` stands for what ``value`` is."""
        self._now[name] = self._now.get(value, value)

    def add_loop(
        self, part: onnx.GraphProto, prefix: str, passes: int, carried: Sequence[str]
    ) -> None:
        """A part that is run so often; its input `TURN` counts from 0 on.

        Its outputs are, in order, what the inputs ``carried`` are in the next turn; others stay.
        """
        inner = {name: f"{prefix}.in_{name}" for name in carried} | {TURN: f"{prefix}.turn"}
        made = [f"{prefix}.out_{name}" for name in carried]
        nodes = self._renamed(part, prefix, self._now | inner, made)
        ranks = [len(value.type.tensor_type.shape.dim) for value in part.output]
        body = _body(nodes, prefix, dict(zip(carried, ranks, strict=True)))
        count, always = f"{prefix}.passes", f"{prefix}.always"
        self.weights.append(numpy_helper.from_array(np.array(passes, np.int64), count))
        self.weights.append(numpy_helper.from_array(np.array(True), always))
        after = {name: f"{prefix}.after_{name}" for name in carried}
        before = [self._now.get(name, name) for name in carried]
        self.nodes.append(
            helper.make_node(
                "Loop", [count, always, *before], list(after.values()), body=body, name=prefix
            )
        )
        self._now |= after

    def _renamed(
        self, part: onnx.GraphProto, prefix: str, inputs: dict[str, str], outputs: list[str]
    ) -> list[onnx.NodeProto]:
        """The part's nodes with names of their own; equal weights are kept once."""
        names = {value.name: inputs.get(value.name, value.name) for value in part.input}
        names |= {tensor.name: self._weight(tensor, prefix) for tensor in part.initializer}

        def named(name: str) -> str:
            return names.setdefault(name, f"{prefix}.{name}") if name else ""

        nodes = []
        for node in part.node:
            copy = onnx.NodeProto()
            copy.CopyFrom(node)
            copy.name = ""  # values are named; names of nodes are weight without use
            copy.doc_string = ""
            del copy.metadata_props[:]
            copy.input[:] = [named(name) for name in node.input]
            copy.output[:] = [named(name) for name in node.output]
            nodes.append(copy)
        for value, name in zip(part.output, outputs, strict=True):
            nodes.append(helper.make_node("Identity", [names[value.name]], [name]))
        return nodes

    def _weight(self, tensor: onnx.TensorProto, prefix: str) -> str:
        content = bytes(f"{tensor.data_type}{list(tensor.dims)}", "ascii")
        content += numpy_helper.to_array(tensor).tobytes()
        if NETWORK in tensor.name:  # equal ones of a network are weights of their own all the same
            content += tensor.name.partition(NETWORK)[2].encode()
        if content not in self._shared:
            self._shared[content] = f"{prefix}.{tensor.name}"
            kept = onnx.TensorProto()
            kept.CopyFrom(tensor)
            kept.name = self._shared[content]
            self.weights.append(kept)
        return self._shared[content]


def _body(nodes: list[onnx.NodeProto], prefix: str, ranks: Mapping[str, int]) -> onnx.GraphProto:
    """The body of a loop that carries values of so many axes; all else is read from outside."""
    number, going, going_on = (f"{prefix}.{each}" for each in ("number", "going", "going_on"))
    prelude = [
        helper.make_node("Cast", [number], [f"{prefix}.turn"], to=TensorProto.FLOAT),
        helper.make_node("Identity", [going], [going_on]),
    ]
    before, after = (
        [float_values(f"{prefix}.{way}_{name}", [None] * rank) for name, rank in ranks.items()]
        for way in ("in", "out")
    )
    number_in = helper.make_tensor_value_info(number, TensorProto.INT64, [])
    going_in = helper.make_tensor_value_info(going, TensorProto.BOOL, [])
    going_out = helper.make_tensor_value_info(going_on, TensorProto.BOOL, [])
    return helper.make_graph(
        [*prelude, *nodes], prefix, [number_in, going_in, *before], [going_out, *after]
    )


def float_values(name: str, shape: Sequence[int | str | None]) -> onnx.ValueInfoProto:
    """A tensor of float32; None is any size."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
