"""What can be set before a training, in a learner's words: label, sentence and sensible range.

Needs no torch: a form is filled from it before anything is installed.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from models.fine_tune import GENTLER
from models.network_rules import FIXED
from models.presets import PRESETS
from models.presets.preset import Network, Preset
from models.settings import MAX_SEED, RunSettings

Kind = Literal["int", "float", "choice", "bool"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, named as on the command line (with underscores).

    ``low`` to ``high`` is the range in which it is known to make sense, ``step`` how far one click
    moves it; for a learning rate ``step`` is a factor. ``networks`` have it, all where it is empty.
    It acts only while the setting that it ``needs`` is above 0.
    """

    name: str
    label: str
    sentence: str
    kind: Kind
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    advanced: bool = False
    networks: tuple[Network, ...] = ()
    needs: str = ""


CRITIC = "adversarial_weight"
BEATS: tuple[Network, ...] = ("beat_unet",)
PICTURES: tuple[Network, ...] = ("conv_unet",)

SETTINGS = (
    Setting(
        "epochs",
        "Epochs",
        "How often the network hears all the songs; more of them teach more, until the curves "
        "have flattened and it only learns the songs by heart.",
        "int", 1, 2000, 1,
    ),
    Setting(
        "learning_rate",
        "Learning rate",
        "How far each update moves the weights: too high and the losses jump or the training "
        "diverges, too low and it takes for ever.",
        "float", 1e-5, 1e-2, 2.0,
    ),
    Setting(
        "update_ratio",
        "Update ratio",
        "How many lessons the critic gets for each one of the generator; a critic that is ahead "
        "tells the generator more.",
        "int", 1, 10, 1, needs=CRITIC,
    ),
    Setting(
        "batch_size",
        "Batch size",
        "How many windows of music are heard before the weights move; larger ones give steadier "
        "updates and need more memory.",
        "int", 4, 256, 4,
    ),
    Setting(
        "seed",
        "Seed",
        "Where chance begins: the same seed, data and settings on the same machine give the same "
        "training again.",
        "int", 0, MAX_SEED, 1,
    ),
    Setting(
        "minutes",
        "Stop after minutes",
        "The training ends and keeps its best epoch when it has trained for so long, even if "
        "epochs are left; 0 sets no limit.",
        "float", 0, 10_000, 10, advanced=True,
    ),
    Setting(
        "until_flat",
        "Stop when it no longer learns",
        "The training ends by itself when neither the losses nor the measures have moved for a "
        "while; otherwise it only says so.",
        "bool", advanced=True,
    ),
    Setting(
        "measure_every",
        "Measure every so many epochs",
        "How often the network plays the held-out melodies: each time it is measured, a sample is "
        "kept to listen to, and so are the weights.",
        "int", 1, 100, 1, advanced=True,
    ),
    Setting(
        "measured_segments",
        "Measured segments",
        "How many held-out excerpts of eight bars the measures are taken from; more of them give "
        "calmer curves and take longer.",
        "int", 4, 200, 4, advanced=True,
    ),
    Setting(
        "kept_epoch",
        "Epoch to keep",
        "Which epoch becomes the model at the end: the best one by the measures, or the last.",
        "choice", choices=("best", "last"), advanced=True,
    ),
    Setting(
        "epoch_steps",
        "Steps in an epoch",
        "How many updates make one epoch; 0 means as many as it takes to hear every song once.",
        "int", 0, 1000, 10, advanced=True,
    ),
    Setting(
        "window_beats",
        "Window",
        "How many beats of music one example holds; longer ones teach form and take more memory.",
        "int", 8, 128, 8, advanced=True,
    ),
    Setting(
        "width",
        "Width",
        "Channels of the network's outer levels, where each beat is looked at; wider networks "
        "remember more and are slower.",
        "int", 16, 512, 16,
        advanced=True, networks=BEATS,
    ),
    Setting(
        "deep_width",
        "Width of the deep levels",
        "Channels where the network looks at half bars and bars: form and harmony live there.",
        "int", 16, 512, 16,
        advanced=True, networks=BEATS,
    ),
    Setting(
        "blocks",
        "Depth",
        "How many blocks stand behind each other in the outer and in the innermost levels; deeper "
        "networks can follow longer thoughts.",
        "int", 1, 6, 1,
        advanced=True, networks=BEATS,
    ),
    Setting(
        "heads",
        "Attention heads",
        "How many places of the music a block may look at for different reasons at once; the "
        "widths must be multiples of it.",
        "choice", choices=("1", "2", "4", "8", "16"),
        advanced=True, networks=BEATS,
    ),
    Setting(
        "reach",
        "Reach of attention",
        "How many beats away the network still listens; 64 beats are 16 bars of 4/4.",
        "int", 4, 256, 4,
        advanced=True, networks=BEATS,
    ),
    Setting(
        "dropout",
        "Dropout",
        "The share of the network that is switched off at random in each update, so that it cannot "
        "rely on single details and learn songs by heart.",
        "float", 0, 0.5, 0.05,
        advanced=True, networks=BEATS,
    ),
    Setting(
        "levels",
        "Levels",
        "How often the picture of the music is halved on the way to the bottom of the U, and "
        "doubled on the way back.",
        "int", 1, 5, 1,
        advanced=True, networks=PICTURES,
    ),
    Setting(
        "channels",
        "Channels",
        "How many kinds of pattern the first level looks for; each deeper level looks for twice as "
        "many.",
        "int", 4, 128, 4,
        advanced=True, networks=PICTURES,
    ),
    Setting(
        "kernel",
        "Kernel",
        "The side of the small square of steps and pitches that a convolution looks at.",
        "choice", choices=("2", "3", "4", "5", "6"),
        advanced=True, networks=PICTURES,
    ),
    Setting(
        "norm",
        "Norm",
        "What keeps the numbers between the levels in one range: over the batch, over each "
        "example, or nothing.",
        "choice", choices=("batch", "instance", "none"),
        advanced=True, networks=PICTURES,
    ),
    Setting(
        "noise_channels",
        "Noise",
        "How many channels of chance join at the bottom of the U: they let one melody have many "
        "answers.",
        "int", 1, 512, 16,
        advanced=True, networks=PICTURES,
    ),
    Setting(
        CRITIC,
        "Weight of the critic",
        "How much the critic's opinion counts beside the generator's other losses; 0 trains "
        "without a critic.",
        "float", 0, 1, 0.01, advanced=True,
    ),
    Setting(
        "adversarial_from",
        "Critic joins at",
        "The share of the training after which the critic joins, when the generator has learned "
        "enough to be worth judging.",
        "float", 0, 1, 0.05,
        advanced=True, networks=BEATS, needs=CRITIC,
    ),
    Setting(
        "loss",
        "Loss of the critic",
        "The game that critic and generator play: by distance (Wasserstein), by a margin (hinge), "
        "or by squares.",
        "choice", choices=("wasserstein", "hinge", "least_squares"), advanced=True, needs=CRITIC,
    ),
    Setting(
        "penalty_weight",
        "Gradient penalty",
        "How strictly the critic's slope is held near 1, so that what it says stays useful to the "
        "generator.",
        "float", 0, 50, 1, advanced=True, needs=CRITIC,
    ),
    Setting(
        "reconstruction_weight",
        "Weight of the original",
        "How much the generator is asked to come near the music as it stands in the data, beside "
        "pleasing the critic.",
        "float", 0, 100, 1,
        advanced=True, networks=PICTURES,
    ),
    Setting(
        "critic_levels",
        "Levels of the critic",
        "How often the critic halves the picture before it says one number.",
        "int", 1, 5, 1, advanced=True, needs=CRITIC,
    ),
    Setting(
        "critic_channels",
        "Channels of the critic",
        "How many kinds of pattern the critic's first level looks for; a critic much stronger than "
        "the generator teaches it little.",
        "int", 4, 128, 4, advanced=True, needs=CRITIC,
    ),
    Setting(
        "checkpoint_minutes",
        "Minutes between checkpoints",
        "How often all is written to disk; what came after the last checkpoint is lost if the "
        "power fails.",
        "float", 0.5, 60, 0.5, advanced=True,
    ),
    Setting(
        "device",
        "Device",
        "Where the training runs: automatic takes an NVIDIA GPU where there is one.",
        "choice", choices=("auto", "cpu", "cuda"), advanced=True,
    ),
    Setting(
        "devices",
        "GPUs",
        "How many GPUs of this machine train together; each hears its own share of every batch.",
        "int", 1, 16, 1, advanced=True,
    ),
    Setting(
        "precision",
        "Precision",
        "How exactly the network counts: bf16 is faster on a GPU, 32 is exact.",
        "choice", choices=("auto", "32", "bf16"), advanced=True,
    ),
)  # fmt: skip


def explanations() -> dict[str, Any]:
    """All presets and settings as plain values."""
    return {
        "presets": [_preset(preset) for preset in PRESETS.values()],
        "settings": [_setting(setting) for setting in SETTINGS],
        "gentler": GENTLER,
    }


def _preset(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "title": preset.title or preset.name,
        "description": preset.description,
        "network": preset.network,
        "roles": list(preset.roles),
        "defaults": {each.name: default_of(preset, each) for each in SETTINGS if has(preset, each)},
        "minutes_hint": preset.minutes_hint,
    }


def has(preset: Preset, setting: Setting) -> bool:
    """Whether a preset lets this be changed."""
    fixed = preset.name == "deepcomposer" and setting.name in FIXED
    return not fixed and (not setting.networks or preset.network in setting.networks)


def default_of(preset: Preset, setting: Setting) -> Any:
    """What a setting is where nobody changes it."""
    of_preset = setting.name in Preset.__dataclass_fields__
    owner = preset if of_preset else RunSettings("any", preset, ())
    value = getattr(owner, setting.name)
    return str(value) if setting.kind == "choice" else value


def _setting(setting: Setting) -> dict[str, Any]:
    values = asdict(setting)
    del values["networks"]
    having = [preset.name for preset in PRESETS.values() if has(preset, setting)]
    everywhere = len(having) == len(PRESETS)
    return {
        **values,
        "choices": list(setting.choices),
        "presets": None if everywhere else having,
    }
