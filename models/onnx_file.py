"""What every export to ONNX shares: tracing, weights in half precision, a file that was checked."""

import contextlib
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from engine.errors import TrainingError

CARD_KEY = "tutti.card"
SMALL_TENSOR = 512  # elements; smaller ones (a key's profiles, say) stay exact


def to_onnx(
    module: nn.Module, arguments: tuple[Tensor, ...], shapes: tuple[Any, ...], **names: Any
) -> onnx.ModelProto:
    """A traced module as ONNX, without the exporter's chatter about libraries it would like."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            arguments,
            dynamo=True,
            dynamic_shapes=shapes,
            opset_version=20,
            verbose=False,
            **names,
        )
    if program is None:
        raise TrainingError("The model could not be exported to ONNX.")
    return program.model_proto


def round_to_half(network: nn.Module) -> None:
    """Round all weights to half precision, in place, as the file will hold them.

    Buffers too: a norm's running means are weights as much as any.
    """
    with torch.no_grad():
        for weight in (*network.parameters(), *network.buffers()):
            if weight.dtype == torch.float32 and weight.numel() >= SMALL_TENSOR:
                weight.copy_(weight.half().float())


def halve(graph: onnx.GraphProto) -> None:
    """Store large float weights in half precision; a cast widens them when the file is loaded."""
    casts, weights = [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype == np.float32 and array.size >= SMALL_TENSOR:
            half = numpy_helper.from_array(array.astype(np.float16), f"{tensor.name}.half")
            weights.append(half)
            casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
        else:
            weights.append(tensor)
    nodes = [*casts, *graph.node]
    kept = [onnx.TensorProto.FromString(tensor.SerializeToString()) for tensor in weights]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    copied = [onnx.NodeProto.FromString(node.SerializeToString()) for node in nodes]
    del graph.node[:]
    graph.node.extend(copied)


def save_checked(model: onnx.ModelProto, path: Path, check: Callable[[Path], object]) -> None:
    """Write a model beside its place and put it there once ``check`` has passed it."""
    partial = path.with_suffix(".partial")
    try:
        onnx.save(model, partial)
        check(partial)
        partial.replace(path)
    except OSError as error:
        raise TrainingError(
            f"The model could not be written to {path}: {error.strerror}."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def quiet_session(path: Path) -> onnxruntime.InferenceSession:
    """A session on the CPU that logs errors alone."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
