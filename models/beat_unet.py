"""A U-Net over beats: few positions, many channels.

One position is a beat of four steps with all its pitches and tracks, so a bar is four positions
where a picture-like network has sixteen by 88. Three levels (beat, half bar, bar) with skips; each
block looks around with attention, whose bias depends on the distance alone, so that a network
trained on 16 bars hears any length, and phrases that repeat can be answered alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.axes import split_axis
from models.layout import DURATIONS, PLANES, REGISTERS, STEPS_PER_BEAT, Layout
from models.presets.preset import Preset

UNHEARD_BIAS = -1e4


@dataclass(frozen=True, slots=True)
class BeatUNetSettings:
    """Sizes: channels of the beat level and of the two deeper ones, blocks of the outer levels and
    of the innermost (the one between has half as many), attention heads and their reach in beats.
    """

    width: int = 256
    deep_width: int = 304
    blocks: int = 2
    heads: int = 8
    reach: int = 64
    dropout: float = 0.1


def beat_settings(preset: Preset) -> BeatUNetSettings:
    """The sizes of a preset's network."""
    return BeatUNetSettings(
        width=preset.width,
        deep_width=preset.deep_width,
        blocks=preset.blocks,
        heads=preset.heads,
        reach=preset.reach,
        dropout=preset.dropout,
    )


class Attention(nn.Module):
    """Self-attention with a learned bias per distance; what lies beyond ``reach`` is not heard."""

    def __init__(self, width: int, heads: int, reach: int) -> None:
        super().__init__()
        self.heads, self.reach = heads, reach
        self.project = nn.Linear(width, 3 * width)
        self.merge = nn.Linear(width, width)
        self.distance = nn.Embedding(2 * reach + 1, heads)
        nn.init.zeros_(self.distance.weight)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, position, width) to the same; ``bias`` as `bias` makes it for this length."""
        batch, length, width = x.shape
        split = self.project(x).reshape(batch, length, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)  # (batch, head, position, …)
        scores = query @ key.transpose(-1, -2) * (width // self.heads) ** -0.5
        weights = torch.softmax(scores + bias, dim=-1)
        return self.merge((weights @ value).transpose(1, 2).reshape(batch, length, width))

    def bias(self, length: int) -> Tensor:
        """What is added to the scores of so many positions: (head, position, position)."""
        place = torch.arange(length, device=self.distance.weight.device)
        distance = place[None, :] - place[:, None]
        beyond = self.reach + 1
        # One more distance at either end stands for all that is too far to be heard.
        table = functional.pad(self.distance.weight.T, (1, 1), value=UNHEARD_BIAS)
        return table[:, distance.clamp(-beyond, beyond) + beyond]  # (head, position, position)


class Block(nn.Module):
    """Attention, then a gated step over three neighbouring positions, both residual."""

    def __init__(self, width: int, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.before_attention = nn.LayerNorm(width)
        self.attention = Attention(width, heads, reach)
        self.before_mix = nn.LayerNorm(width)
        self.neighbours = nn.Conv1d(width, width, 3, padding=1, groups=width)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, position, width) to the same; ``bias`` is the attention's."""
        x = x + self.dropout(self.attention(self.before_attention(x), bias))
        mixed = self.before_mix(x)
        mixed = mixed + self._beside(mixed)
        return x + self.dropout(self.narrow(functional.gelu(self.widen(mixed))))

    def _beside(self, x: Tensor) -> Tensor:
        """Each channel of a position from itself and its neighbours, as `neighbours` says.

        Written out in the graph: onnxruntime takes several times as long for a convolution of so
        many groups. In torch that is the quicker one.
        """
        if not torch.onnx.is_in_onnx_export():
            return self.neighbours(x.transpose(1, 2)).transpose(1, 2)
        before, here, after = self.neighbours.weight[:, 0].unbind(1)
        around = functional.pad(x, (0, 0, 1, 1))
        assert self.neighbours.bias is not None
        mixed = around[:, :-2] * before + x * here + around[:, 2:] * after
        return mixed + self.neighbours.bias


class Heard(NamedTuple):
    """What the network is given, all float32.

    ``melody`` (batch, plane, step, pitch); ``known`` (batch, track, plane, step, pitch), zero where
    not kept; ``keep`` (batch, track, step); ``chords`` (batch, beat, 24) and ``chords_known``
    (batch, beat); ``position`` (batch, 2, step): bar and beat starts; ``density`` (batch, track),
    −1 where the network chooses.
    """

    melody: Tensor
    known: Tensor
    keep: Tensor
    chords: Tensor
    chords_known: Tensor
    position: Tensor
    density: Tensor


class Logits(NamedTuple):
    """What the network says of every cell.

    ``onset`` and ``sounding`` (batch, track, step, pitch); ``duration`` (batch, track, step,
    register, class); ``velocity`` and its ``spread`` (batch, track, step, register); ``chord``
    (batch, beat, class); ``rest`` (batch, track, beat): that the part is silent in the whole bar.
    """

    onset: Tensor
    sounding: Tensor
    duration: Tensor
    velocity: Tensor
    spread: Tensor
    chord: Tensor
    rest: Tensor


class BeatUNet(nn.Module):
    """The generator: melody, meter and what is known in; logits of every cell out."""

    def __init__(self, layout: Layout, settings: BeatUNetSettings) -> None:
        super().__init__()
        self.layout, self.settings = layout, settings
        width, deep, blocks = settings.width, settings.deep_width, settings.blocks
        between = max(1, blocks // 2)
        self.hear = nn.Linear(layout.inputs, width)
        self.encode = self._blocks(blocks, width, settings.reach)
        self.to_half = nn.Linear(2 * width, deep)
        self.encode_half = self._blocks(between, deep, settings.reach // 2)
        self.to_bar = nn.Linear(2 * deep, deep)
        self.bars = self._blocks(blocks, deep, settings.reach // 4)
        self.from_bar = nn.Linear(deep, 2 * deep)
        self.join_half = nn.Linear(2 * deep, deep)
        self.decode_half = self._blocks(between, deep, settings.reach // 2)
        self.from_half = nn.Linear(deep, 2 * width)
        self.join = nn.Linear(2 * width, width)
        self.decode = self._blocks(blocks, width, settings.reach)
        self.before_heads = nn.LayerNorm(width)
        self.heads = nn.Linear(width, sum(layout.outputs))
        self._start_sparse()

    def _blocks(self, count: int, width: int, reach: int) -> nn.ModuleList:
        made = [
            Block(width, self.settings.heads, reach, self.settings.dropout) for _ in range(count)
        ]
        return nn.ModuleList(made)

    def _start_sparse(self) -> None:
        """Begin near the rate of notes and rests in music, so that no step is lost on it."""
        rolls, *others, rests, _ = self.layout.outputs
        first = rolls + sum(others)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)
        nn.init.constant_(self.heads.bias[:rolls], -4.0)
        nn.init.constant_(self.heads.bias[first : first + rests], -2.0)

    def biases(self, beats: int) -> tuple[Tensor, ...]:
        """The bias of each block's attention, in the order of hearing: they know but the length."""
        levels = (
            (self.encode, beats),
            (self.encode_half, beats // 2),
            (self.bars, beats // 4),
            (self.decode_half, beats // 2),
            (self.decode, beats),
        )
        return tuple(
            block.attention.bias(length)
            for blocks, length in levels
            for block in blocks
            if isinstance(block, Block)
        )

    def forward(self, heard: Heard, biases: tuple[Tensor, ...] | None = None) -> Logits:
        """Logits of every cell. Beats must be a multiple of `POOLING`.

        ``biases`` as of `biases`, for who asks more than once about music of one length.
        """
        ready = self.biases(heard.chords.shape[1]) if biases is None else biases
        return self._logits(self.heads(self.think(self.hear(self._features(heard)), ready)))

    def think(self, beat: Tensor, biases: tuple[Tensor, ...]) -> Tensor:
        """From what was heard of each beat to what the heads read (batch, beat, width)."""
        ready = iter(biases)
        beat = _through(self.encode, beat, ready)
        half = _through(self.encode_half, self.to_half(_paired(beat)), ready)
        bar = _through(self.bars, self.to_bar(_paired(half)), ready)
        half = self.join_half(torch.cat([_unpaired(self.from_bar(bar)), half], -1))
        half = _through(self.decode_half, half, ready)
        beat = self.join(torch.cat([_unpaired(self.from_half(half)), beat], -1))
        return self.before_heads(_through(self.decode, beat, ready))

    def _features(self, heard: Heard) -> Tensor:
        batch = heard.melody.shape[0]
        beats = heard.chords.shape[1]
        rolls = torch.cat([heard.melody[:, None], heard.known], 1)  # (batch, 1 + track, plane, …)
        rolls = split_axis(rolls, 3, (beats, STEPS_PER_BEAT)).permute(0, 3, 1, 2, 4, 5)
        keep = split_axis(heard.keep, 2, (beats, STEPS_PER_BEAT)).transpose(1, 2)
        position = split_axis(heard.position, 2, (beats, STEPS_PER_BEAT)).transpose(1, 2)
        given = (heard.density >= 0).to(heard.density.dtype)
        density = torch.cat([heard.density * given, given], 1)[:, None].expand(-1, beats, -1)
        parts = [
            rolls.reshape(batch, beats, -1),
            keep.reshape(batch, beats, -1),
            position.reshape(batch, beats, -1),
            heard.chords * heard.chords_known[..., None],
            heard.chords_known[..., None],
            density,
        ]
        return torch.cat(parts, -1)

    def _logits(self, flat: Tensor) -> Logits:
        layout = self.layout
        batch, beats, _ = flat.shape
        rolls, duration, velocity, chord, rest, spread = flat.split(layout.outputs, -1)
        cell = (layout.tracks, PLANES, STEPS_PER_BEAT, layout.pitches)
        rolls = rolls.reshape(batch, beats, *cell).permute(0, 2, 3, 1, 4, 5).flatten(3, 4)
        group = (layout.tracks, STEPS_PER_BEAT, REGISTERS)
        duration = duration.reshape(batch, beats, *group, len(DURATIONS))
        return Logits(
            onset=rolls[:, :, 0],
            sounding=rolls[:, :, 1],
            duration=duration.transpose(1, 2).flatten(2, 3),
            velocity=velocity.reshape(batch, beats, *group).transpose(1, 2).flatten(2, 3),
            spread=spread.reshape(batch, beats, *group).transpose(1, 2).flatten(2, 3),
            chord=chord,
            rest=rest.transpose(1, 2),
        )


def _through(blocks: nn.ModuleList, x: Tensor, biases: Iterator[Tensor]) -> Tensor:
    for block in blocks:
        x = block(x, next(biases))
    return x


def _paired(x: Tensor) -> Tensor:
    """(batch, 2n, width) to (batch, n, 2·width): neighbours side by side."""
    batch, length, width = x.shape
    return x.reshape(batch, length // 2, 2 * width)


def _unpaired(x: Tensor) -> Tensor:
    """(batch, n, 2·width) to (batch, 2n, width)."""
    batch, length, width = x.shape
    return x.reshape(batch, 2 * length, width // 2)
