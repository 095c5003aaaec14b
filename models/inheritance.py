"""Putting a parent's weights into a task's networks."""

from collections.abc import Iterator, Mapping

import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from engine.errors import TrainingError
from models.conv_unet import ConvUNet
from models.fine_tune import Parent
from models.onnx_weights import onnx_weights
from models.rank_norm import RankNorm
from models.tensor_files import read_tensors

Weights = Mapping[str, Tensor]


def parents_weights(parent: Parent) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Weights of the parent's generator and of its critic (none in a model file), by name.

    Of a run with a moving average it is the average, which is what is played. Raises
    `TrainingError`.
    """
    if parent.model is not None:
        return onnx_weights(parent.model), {}
    assert parent.run is not None  # a parent is one or the other
    try:
        tensors = read_tensors(parent.run.checkpoint_path)
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"The checkpoint of the run {parent.name} cannot be read.") from error
    averaged = _part(tensors, "module/average/")
    return averaged or _part(tensors, "module/generator/"), _part(tensors, "module/critic/")


def _part(tensors: Weights, prefix: str) -> dict[str, Tensor]:
    return {name[len(prefix) :]: t for name, t in tensors.items() if name.startswith(prefix)}


def inherit(network: nn.Module, weights: Weights, parent: str) -> None:
    """Put a parent's weights into a network. Raises `TrainingError` where they do not fit."""
    wanted = network.state_dict()
    for name, value in wanted.items():
        if name not in weights or weights[name].shape != value.shape:
            found = list(weights[name].shape) if name in weights else "none"
            raise TrainingError(
                f"The weights of {parent} do not fit: {name} is {list(value.shape)} here and "
                f"{found} there. The data must have the parts that {parent} plays."
            )
    network.load_state_dict({name: weights[name] for name in wanted})


def fits(network: nn.Module, weights: Weights) -> bool:
    """Whether a parent's weights are those of this kind and size of network."""
    wanted = {name: value.shape for name, value in network.state_dict().items()}
    return wanted == {name: value.shape for name, value in weights.items()}


def unfolded(network: ConvUNet, weights: Weights, melody: Tensor, noise: Tensor) -> Weights:
    """Weights of a file, whose norms were folded into their convolutions, with norms again.

    Each norm is given the mean and the spread of what its convolution says of real windows, as
    what it is to restore: so it changes nothing at first, and learns as any norm does.
    """
    norms = [name for name, module in network.named_modules() if isinstance(module, RankNorm)]
    if not norms or f"{norms[0]}.weight" in weights:
        return weights
    state = network.state_dict()
    state.update({name: weights[name] for name in state if name in weights})
    missing = [n for n in state if n not in weights and n.rpartition(".")[0] not in norms]
    if missing or any(weights[n].shape != state[n].shape for n in state if n in weights):
        return weights  # `inherit` says what does not fit
    network.load_state_dict(state)
    with torch.no_grad():
        watched = list(_measured(network))
        network.train()(melody, noise)
    for hook in watched:
        hook.remove()
    return network.state_dict()


def _measured(network: ConvUNet) -> Iterator[torch.utils.hooks.RemovableHandle]:
    for module in network.modules():
        if isinstance(module, RankNorm):
            yield module.register_forward_pre_hook(_restore)


def _restore(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    assert isinstance(norm, RankNorm)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    variance, mean = torch.var_mean(inputs[0], (0, 2, 3), correction=0)
    norm.weight.copy_(torch.sqrt(variance + norm.eps))
    norm.bias.copy_(mean)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
