"""What every export to ONNX shares: tracing, weights in half precision, a file that was checked."""

import contextlib
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from engine.errors import TrainingError

CARD_KEY = "tutti.card"
SMALL_TENSOR = 512  # elements; smaller ones (a key's profiles, say) stay exact
LARGE_TENSOR = 1 << 19  # elements; matrices as large are kept in bytes, with a scale per output
MOST = 127
FOLDED, SHAPE = 8192, 8  # elements of what the optimiser computes beforehand; those of a shape
# What names of weights are made of, beside those that the network has for them.
NETWORK, TRANSPOSED = "network.", ".transposed"
HALF, BYTES, SCALE = ".half", ".bytes", ".scale"

Axes = Mapping[int, str]


def to_onnx(
    module: nn.Module,
    arguments: tuple[Tensor, ...],
    axes: Sequence[Axes],
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    fold: bool = True,
) -> onnx.ModelProto:
    """A traced module as ONNX; ``axes`` name what may have another size, for every argument.

    Without ``fold`` what can be computed from weights alone is left to who loads the file (but for
    matrices that are turned round), and each weight stands in it once and whole.

    By the tracing exporter: the one that reasons about symbols takes a minute for what this one
    does in seconds. It would write a size that became a plain number into the graph; it warns
    then, and the warning is an error here.
    """
    # Loading it takes a second and a half, which no run needs before its end.
    from onnxscript import optimizer

    written = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", torch.jit.TracerWarning)  # type: ignore[attr-defined]
        torch.onnx.export(
            module,
            arguments,
            written,  # type: ignore[arg-type]
            dynamo=False,
            do_constant_folding=fold,
            opset_version=20,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=dict(zip(inputs, axes, strict=True)),
        )
        limit = FOLDED if fold else SHAPE
        model = onnx.load_from_string(written.getvalue())
        return optimizer.optimize(model, input_size_limit=limit)


def round_to_half(network: nn.Module) -> None:
    """Round all weights to half precision, in place, as the file will hold them.

    Buffers too: a norm's running means are weights as much as any.
    """
    with torch.no_grad():
        for weight in (*network.parameters(), *network.buffers()):
            if weight.dtype == torch.float32 and weight.numel() >= SMALL_TENSOR:
                weight.copy_(weight.half().float())


def round_to_bytes(network: nn.Module) -> None:
    """Round the largest matrices to 8 bits, in place, each output with a scale of its own.

    Scales are rounded to half precision, so that 127 of them is exact and they are found again.
    """
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Linear) and module.weight.numel() >= LARGE_TENSOR:
                largest = module.weight.abs().amax(1, keepdim=True).clamp(min=1e-2)
                scale = (largest / MOST).half().float()
                steps = (module.weight / scale).round().clamp(-MOST, MOST)
                module.weight.copy_(steps * scale)


def name_weights(graph: onnx.GraphProto, network: nn.Module) -> None:
    """Give weights that the exporter has turned round their names again, marked as such.

    So a file can be read back into a network. ``graph`` is changed in place.
    """
    wanted = {
        _content(weight.detach().T.contiguous().numpy()): f"{NETWORK}{name}{TRANSPOSED}"
        for name, weight in network.named_parameters()
        if weight.ndim == 2
    }
    names = {}
    for tensor in graph.initializer:
        name = wanted.get(_content(numpy_helper.to_array(tensor)))
        if name is not None and NETWORK not in tensor.name:
            names[tensor.name] = name
            tensor.name = name
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]


def _content(array: npt.NDArray[np.generic]) -> bytes:
    return bytes(f"{array.dtype}{array.shape}", "ascii") + array.tobytes()


def halve(graph: onnx.GraphProto) -> None:
    """Store large float weights in half precision; a cast widens them when the file is loaded.

    Those that `round_to_bytes` has rounded are stored as bytes and their scales.
    """
    casts: list[onnx.NodeProto] = []
    weights: list[onnx.TensorProto] = []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if (in_bytes := _in_bytes(tensor.name, array)) is not None:
            weights += in_bytes
            names = [each.name for each in in_bytes]
            axis = 1 if TRANSPOSED in tensor.name else 0
            casts.append(helper.make_node("DequantizeLinear", names, [tensor.name], axis=axis))
        elif array.dtype == np.float32 and array.size >= SMALL_TENSOR:
            half = numpy_helper.from_array(array.astype(np.float16), f"{tensor.name}{HALF}")
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


def _in_bytes(
    name: str, array: npt.NDArray[np.generic]
) -> tuple[onnx.TensorProto, onnx.TensorProto] | None:
    """A matrix (output, input) as bytes and the scale of each output; None if it is not such.

    As its name tells, it may be turned round.
    """
    if array.ndim != 2 or array.dtype != np.float32 or array.size < LARGE_TENSOR:
        return None
    inputs = 0 if TRANSPOSED in name else 1
    scale = (np.abs(array).max(inputs) / MOST).astype(np.float32)
    each = np.expand_dims(scale, inputs)
    steps = np.rint(array / np.maximum(each, np.finfo(np.float32).tiny)).astype(np.int8)
    if not np.array_equal(steps * each, array):
        return None
    return (
        numpy_helper.from_array(steps, f"{name}{BYTES}"),
        numpy_helper.from_array(scale, f"{name}{SCALE}"),
    )


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
