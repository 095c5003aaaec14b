"""What a network is made of: its layers with shapes and parameters, for whoever builds one.

The network is made and run without memory or numbers (PyTorch's meta device), so that a form can
ask again at every change.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.data.collection import Collection
from models.beat_unet import Attention, BeatUNet, Heard, beat_settings
from models.conv_unet import PITCHES, ConvUNet, picture_settings
from models.critic import Critic, critic_widths
from models.layout import CHORD_FEATURES, PLANES, STEPS_PER_BEAT, Layout
from models.network_rules import CRITIC_BEATS
from models.presets.preset import Preset
from models.settings import RunSettings, checked

USUAL_PARTS = 3  # where neither preset nor data say how many
Layer = dict[str, Any]
# The parts that a child of the network belongs to; what stands after the bottom decodes.
BEAT_PARTS: Mapping[str, str] = {
    "hear": "encoder", "encode": "encoder", "to_half": "encoder", "encode_half": "encoder",
    "to_bar": "encoder", "bars": "latent",
}  # fmt: skip


def describe(settings: RunSettings) -> dict[str, Any]:
    """All networks of a run's settings, layer by layer. Raises `TrainingError` or `DataError`.

    Shapes are of one window, without the batch.
    """
    preset = checked(settings).preset
    parts = _parts(settings, preset)
    with torch.device("meta"), torch.no_grad():
        found = _pictures(preset, parts) if preset.network == "conv_unet" else _beats(preset, parts)
    return {"preset": preset.name, "parts": parts, "networks": found}


def _parts(settings: RunSettings, preset: Preset) -> int:
    if preset.roles:
        return len(preset.roles)
    if not settings.data:
        return USUAL_PARTS
    meters = settings.preset.meters
    return len(Collection(settings.folders(), settings.tags, meters=meters).card.roles) - 1


def _pictures(preset: Preset, parts: int) -> list[Layer]:
    sizes = picture_settings(preset, parts)
    network = ConvUNet(sizes).as_written().eval()
    melody, noise = torch.empty(1, 1, sizes.steps, PITCHES), torch.empty(1, sizes.noise_size)
    layers = _layers(network, (melody, noise), _picture_part)
    joined = _noise_layer(layers, sizes.bottleneck)
    at = next(i for i, layer in enumerate(layers) if layer["part"] == "decoder")
    found = [_network("generator", network, [*layers[:at], joined, *layers[at:]])]
    if preset.adversarial_weight:
        channels = sizes.tracks + 1
        found.append(_critic(preset, channels, sizes.steps, PITCHES, melody))
    return found


def _picture_part(name: str) -> str:
    return "encoder" if name.startswith("down") else "decoder"


def _noise_layer(layers: list[Layer], bottleneck: tuple[int, int, int]) -> Layer:
    """Where the noise joins what was heard."""
    heard = next(each["shape_out"] for each in reversed(layers) if each["part"] == "encoder")
    return {
        "name": "noise",
        "kind": "Noise joins",
        "part": "latent",
        "shape_in": list(heard),
        "shape_out": [heard[0] + bottleneck[0], *heard[1:]],
        "parameters": 0,
    }


def _beats(preset: Preset, parts: int) -> list[Layer]:
    layout = Layout(tracks=parts, one_voice=preset.one_voice or (False,) * parts)
    network = BeatUNet(layout, beat_settings(preset)).eval()
    layers = _layers(network, (_unheard(layout, preset.window_beats),), _beat_part)
    found = [_network("generator", network, layers)]
    if preset.adversarial_weight:
        steps, multiple = CRITIC_BEATS * STEPS_PER_BEAT, 2**preset.critic_levels
        pitches = -(-layout.pitches // multiple) * multiple
        melody = torch.empty(1, PLANES, steps, pitches)
        found.append(_critic(preset, layout.tracks + PLANES, steps, pitches, melody))
    return found


def _beat_part(name: str) -> str:
    return BEAT_PARTS.get(name.partition(".")[0], "decoder")


def _unheard(layout: Layout, beats: int) -> Heard:
    steps, tracks, pitches = beats * STEPS_PER_BEAT, layout.tracks, layout.pitches
    return Heard(
        melody=torch.empty(1, PLANES, steps, pitches),
        known=torch.empty(1, tracks, PLANES, steps, pitches),
        keep=torch.empty(1, tracks, steps),
        chords=torch.empty(1, beats, CHORD_FEATURES),
        chords_known=torch.empty(1, beats),
        position=torch.empty(1, 2, steps),
        density=torch.empty(1, tracks),
    )


def _critic(preset: Preset, channels: int, steps: int, pitches: int, melody: Tensor) -> Layer:
    widths = critic_widths(preset.critic_levels, preset.critic_channels)
    critic = Critic(channels, steps, pitches, widths).eval()
    rolls = torch.empty(1, channels - melody.shape[1], steps, pitches)
    return _network("critic", critic, _layers(critic, (rolls, melody), lambda _: "critic"))


def _network(role: str, network: nn.Module, layers: list[Layer]) -> Layer:
    return {"role": role, "parameters": _count(network), "layers": layers}


def _count(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters() if weight.requires_grad)


def _layers(
    network: nn.Module, given: tuple[Any, ...], part_of: Callable[[str], str]
) -> list[Layer]:
    """The layers with weights, in the order in which they are used."""
    told: list[Layer] = []
    watched = []
    for name, module in network.named_modules():
        if _is_told(network, name, module):
            layer: Layer = {"name": name, "kind": _kind(module), "part": part_of(name)}
            layer["parameters"] = _count(_own(module))
            watched.append(module.register_forward_pre_hook(_entered(told, layer)))
            watched.append(module.register_forward_hook(_left(layer)))
    network(*given)
    for hook in watched:
        hook.remove()
    return told


def _is_told(network: nn.Module, name: str, module: nn.Module) -> bool:
    """Whether it is a layer of its own: it has weights, and is no part of one that is told."""
    above = name.rpartition(".")[0]
    if above and isinstance(network.get_submodule(above), Attention):
        return False
    has_weights = any(True for _ in module.parameters(recurse=False))
    return has_weights or isinstance(module, Attention) or _upsamples(module)


def _upsamples(module: nn.Module) -> bool:
    """An upsampling level reads its convolution's weights itself, so no hook sees that one."""
    return hasattr(module, "by_phases")


def _own(module: nn.Module) -> nn.Module:
    return module.get_submodule("convolution") if _upsamples(module) else module


def _kind(module: nn.Module) -> str:
    if _upsamples(module):
        return "Upsample + Conv2d"
    return "BatchNorm2d" if isinstance(module, nn.BatchNorm2d) else type(module).__name__


def _entered(told: list[Layer], layer: Layer) -> Callable[..., None]:
    def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        layer["shape_in"] = list(inputs[0].shape[1:])
        told.append(layer)

    return hook


def _left(layer: Layer) -> Callable[..., None]:
    def hook(_: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        layer["shape_out"] = list(output.shape[1:])

    return hook
