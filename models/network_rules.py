"""What a network's settings may be, each rule with the sentence that is said when it is broken."""

import math
from collections.abc import Iterator

from models.presets import PRESETS
from models.presets.preset import Preset

Rule = tuple[bool, str]

CRITIC_BEATS = 16  # that the critic of a `BeatUNet` sees
MOST_LEVELS = 5
WIDEST = 8192
KERNELS = (2, 3, 4, 5, 6)
HEADS = (1, 2, 4, 8, 16)
NORMS = ("batch", "instance", "none")
LOSSES = ("wasserstein", "hinge", "least_squares")
STEPS_PER_BEAT = 4
# What makes the deepcomposer preset that network and that game.
FIXED = (
    "window_beats", "levels", "channels", "kernel", "norm", "noise_channels",
    "critic_levels", "critic_channels", "loss", "penalty_weight", "reconstruction_weight",
    "adversarial_weight", "width", "deep_width",
)  # fmt: skip


def network_rules(preset: Preset) -> tuple[Rule, ...]:
    """Every rule of the preset's network, its critic and its losses."""
    own = _picture_rules(preset) if preset.network == "conv_unet" else _beat_rules(preset)
    return (*_same_network(preset), *own, *_critic_rules(preset))


def _same_network(preset: Preset) -> Iterator[Rule]:
    if preset.name == "deepcomposer":
        known = PRESETS[preset.name]
        same = all(getattr(preset, name) == getattr(known, name) for name in FIXED)
        yield (
            same,
            "The network and losses of deepcomposer cannot be changed: choose the preset own.",
        )


def _picture_rules(preset: Preset) -> Iterator[Rule]:
    yield (
        1 <= preset.levels <= MOST_LEVELS,
        f"A picture network has 1 to {MOST_LEVELS} levels.",
    )
    yield _halved("network", preset.levels, preset)
    yield 4 <= preset.channels <= 256, "The first level has 4 to 256 channels."
    yield preset.kernel in KERNELS, f"A kernel is {_listed(KERNELS)} wide."
    yield preset.norm in NORMS, f"The norm is {_listed(NORMS)}."
    yield 1 <= preset.noise_channels <= 1024, "The noise has 1 to 1024 channels."
    yield (
        preset.adversarial_weight > 0 or preset.reconstruction_weight > 0,
        "Give the critic or the reconstruction a weight: with neither there is nothing to learn.",
    )
    if preset.adversarial_weight > 0:
        yield _halved("critic", preset.critic_levels, preset)


def _halved(what: str, levels: int, preset: Preset) -> Rule:
    multiple = 2 ** min(max(levels, 0), MOST_LEVELS)
    beats = max(1, multiple // STEPS_PER_BEAT)
    fits = preset.window_beats >= 1 and preset.window_beats * STEPS_PER_BEAT % multiple == 0
    return fits, (
        f"A {what} of {levels} levels needs a training window that is a multiple of {beats} beats."
    )


def _beat_rules(preset: Preset) -> Iterator[Rule]:
    widths, beats = (preset.width, preset.deep_width), preset.window_beats
    yield all(w % 8 == 0 for w in widths), "Widths are multiples of 8."
    yield (
        all(8 <= w <= WIDEST and w % 8 == 0 for w in widths),
        f"Widths are multiples of 8, at most {WIDEST:,}.",
    )
    yield preset.heads in HEADS, f"Attention has {_listed(HEADS)} heads."
    yield (
        all(width % preset.heads == 0 for width in widths),
        "Widths must be multiples of the number of attention heads.",
    )
    yield 1 <= preset.blocks <= 6, "A level has 1 to 6 blocks."
    yield preset.reach >= 4 and preset.reach <= 256, "Attention reaches 4 to 256 beats."
    yield 0 <= preset.dropout < 1, "The dropout is a share: at least 0 and below 1."
    yield beats >= 4 and beats % 4 == 0, "A training window is a multiple of 4 beats."
    yield (
        preset.adversarial_weight == 0 or beats >= CRITIC_BEATS,
        f"With a critic a training window needs at least {CRITIC_BEATS} beats.",
    )


def _critic_rules(preset: Preset) -> Iterator[Rule]:
    weights = (preset.penalty_weight, preset.reconstruction_weight)
    yield preset.loss in LOSSES, f"The loss is {_listed(LOSSES)}."
    yield all(0 <= weight < math.inf for weight in weights), "A weight cannot be negative."
    yield 1 <= preset.critic_levels <= MOST_LEVELS, f"A critic has 1 to {MOST_LEVELS} levels."
    yield 4 <= preset.critic_channels <= 256, "The critic's first level has 4 to 256 channels."


def _listed(values: tuple[object, ...]) -> str:
    *others, last = map(str, values)
    return f"{', '.join(others)} or {last}"
