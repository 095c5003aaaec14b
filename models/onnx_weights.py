"""A network's weights out of the model file that it was exported to: data, nothing is run.

Weights have their names, and a mark where they are stored turned round. In files of an earlier
version, a matrix that the exporter transposed has no name: which
one it is stands in the graph, for what comes out of the multiplication is added to the bias of the
same layer. Tables of distances follow each other in the order of the attentions that read them.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import numpy_helper
from torch import Tensor

from engine.errors import TrainingError
from models.onnx_file import BYTES, HALF, NETWORK, SCALE, TRANSPOSED

LARGEST = 1 << 30  # bytes of a file that is read
ATTENTIONS = ("encode", "encode_half", "bars", "decode_half", "decode")  # as they hear

Weights = dict[str, Tensor]


def onnx_weights(path: Path) -> Weights:
    """Weights by the names that the network has for them, float32. Raises `TrainingError`."""
    graph = _graph(path)
    stored = {tensor.name.removesuffix(HALF): tensor for tensor in graph.initializer}
    found = _named(stored, path)
    if any(TRANSPOSED in name for name in stored):
        return found
    # A file of an earlier version.
    nodes = list(_nodes(graph))
    for name, tensor in _matrices(nodes, stored):
        found[name] = _tensor(tensor, path).T.contiguous()
    for name, tensor in _distances(nodes, stored, found):
        found[name] = _tensor(tensor, path)[1:-1].contiguous()
    return found


def _named(stored: dict[str, onnx.TensorProto], path: Path) -> Weights:
    """The weights that have a name; those that were turned round or are in bytes as they were."""
    found = {}
    for name, tensor in stored.items():
        if NETWORK not in name or name.endswith(SCALE):
            continue
        value, plain = _tensor(tensor, path), name.removesuffix(BYTES)
        if plain != name:
            if f"{plain}{SCALE}" not in stored:
                raise TrainingError(f"The weights in {path.name} are damaged.")
            scale = _tensor(stored[f"{plain}{SCALE}"], path)
            value = value * (scale if plain.endswith(TRANSPOSED) else scale[:, None])
        if plain.endswith(TRANSPOSED):
            value = value.T.contiguous()
        found[plain.partition(NETWORK)[2].removesuffix(TRANSPOSED)] = value
    return found


def _graph(path: Path) -> onnx.GraphProto:
    try:
        if path.stat().st_size > LARGEST:
            raise TrainingError(f"{path.name} is too large to be a model of Tutti's.")
        graph: onnx.GraphProto = onnx.load(path, load_external_data=False).graph
    except (OSError, DecodeError) as error:
        raise TrainingError(f"{path.name} cannot be read as a model.") from error
    return graph


def _nodes(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    """All nodes in order; those of a loop's body in its place."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from attribute.g.node


def _tensor(tensor: onnx.TensorProto, path: Path) -> Tensor:
    try:
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            raise ValueError("lies in another file")
        array = numpy_helper.to_array(tensor).astype(np.float32)
    except (ValueError, TypeError) as error:
        raise TrainingError(f"The weights in {path.name} are damaged.") from error
    return torch.from_numpy(array.copy())


def _matrices(
    nodes: list[onnx.NodeProto], stored: dict[str, onnx.TensorProto]
) -> Iterator[tuple[str, onnx.TensorProto]]:
    """Matrices without a name, by the bias that is added to their product."""
    products = {
        node.output[0]: node.input[1]
        for node in nodes
        if node.op_type == "MatMul" and node.input[1] in stored
    }
    for node in nodes:
        if node.op_type == "Add" and NETWORK in node.input[1]:
            matrix, bias = products.get(node.input[0]), node.input[1].partition(NETWORK)[2]
            if matrix is not None and NETWORK not in matrix:
                yield f"{bias.removesuffix('bias')}weight", stored[matrix]


def _distances(
    nodes: list[onnx.NodeProto], stored: dict[str, onnx.TensorProto], found: Weights
) -> Iterator[tuple[str, onnx.TensorProto]]:
    """The attentions' tables, each with a row at either end for what is too far to be heard."""
    numbered = [name.split(".") for name in found if name.endswith("attention.project.bias")]
    if not numbered:
        return
    order = sorted((ATTENTIONS.index(level), int(number)) for level, number, *_ in numbered)
    tables = [
        name
        for node in nodes
        for name in node.input
        if node.op_type in ("Gather", "GatherND")
        and name in stored
        and NETWORK not in name
        and len(stored[name].dims) == 2
        and stored[name].dims[0] % 2 == 1
        and stored[name].data_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16)
    ]
    for (level, number), name in zip(order, tables, strict=False):
        yield f"{ATTENTIONS[level]}.{number}.attention.distance.weight", stored[name]
