"""The arguments of ``tutti train``."""

import argparse
from pathlib import Path

from models.presets import PRESETS

# What a run that is resumed may be given; the rest is kept from its beginning.
WITH_RESUME = frozenset(
    {"resume", "runs", "out", "json", "stop_on_eof", "epochs", "device", "precision"}
    | {"checkpoint_minutes", "learning_rate", "minutes", "until_flat", "kept_epoch"}
    | {"devices", "nodes"}
)


def parser() -> argparse.ArgumentParser:
    """The arguments; wrong ones end the program with code 2."""
    made = argparse.ArgumentParser(prog="tutti train", description="Train a generator of your own.")
    _add_questions(made)
    _add_music(made)
    _add_network(made)
    _add_critic(made)
    _add_run(made)
    _add_machine(made)
    return made


def _add_questions(made: argparse.ArgumentParser) -> None:
    """What is answered without training anything."""
    group = made.add_argument_group("instead of training")
    one = group.add_mutually_exclusive_group()
    one.add_argument("--presets", action="store_true", help="tell what can be set")
    one.add_argument("--probe", action="store_true", help="try these settings for a moment")
    one.add_argument("--describe", action="store_true", help="tell the network's layers")
    one.add_argument("--keep", metavar="RUN", help="make a model of an epoch of this run")
    group.add_argument("--epoch", default="best", metavar="N", help="with --keep: which (or: best)")


def _add_music(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--data", action="append", default=[], metavar="NAME_OR_FOLDER", help="what to learn from")
    add("--name", help="the model's name")
    add("--preset", default="pop", choices=sorted(PRESETS))
    add("--tag", action="append", default=[], help="learn from songs of this style alone")
    add("--start-from", metavar="MODEL_OR_RUN", help="begin with the weights of another")


def _add_network(made: argparse.ArgumentParser) -> None:
    """What changes the preset; None leaves it as it is."""
    add = made.add_argument
    add("--learning-rate", type=float, metavar="F")
    add("--batch-size", type=int, metavar="N")
    add("--epoch-steps", type=int, metavar="N", help="updates in an epoch (0: hear all once)")
    add("--window-beats", type=int, metavar="N", help="length of a training window")
    add("--width", type=int, metavar="N", help="channels of the beat level")
    add("--deep-width", type=int, metavar="N", help="channels of the deeper levels")
    add("--blocks", type=int, metavar="N", help="depth of a beat network's levels")
    add("--heads", type=int, metavar="N", help="attention heads")
    add("--reach", type=int, metavar="BEATS", help="how far attention hears")
    add("--dropout", type=float, metavar="F")
    add("--levels", type=int, metavar="N", help="levels of a picture network")
    add("--channels", type=int, metavar="N", help="channels of its first level")
    add("--kernel", type=int, metavar="N")
    add("--norm", choices=("batch", "instance", "none"))
    add("--noise-channels", type=int, metavar="N")


def _add_critic(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--update-ratio", type=int, metavar="N", help="critic updates for each of the generator")
    add("--adversarial-weight", type=float, metavar="F", help="0 trains without a critic")
    add("--adversarial-from", type=float, metavar="F", help="share of the run before the critic")
    add("--loss", choices=("wasserstein", "hinge", "least_squares"))
    add("--penalty-weight", type=float, metavar="F", help="of the critic's gradient penalty")
    add("--reconstruction-weight", type=float, metavar="F", help="of being like the original")
    add("--critic-levels", type=int, metavar="N")
    add("--critic-channels", type=int, metavar="N")


def _add_run(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--epochs", type=int, metavar="N")
    add("--minutes", type=float, default=0.0, metavar="F", help="stop after so long (0: never)")
    add("--until-flat", action="store_true", help="stop when it no longer learns")
    add("--kept-epoch", choices=("best", "last"), default="best", help="what becomes the model")
    add("--seed", type=int, default=0, metavar="N")
    add("--checkpoint-minutes", type=float, default=5.0, metavar="F")
    add("--measure-every", type=int, default=5, metavar="EPOCHS")
    add("--measured-segments", type=int, default=24, metavar="N")
    add("--resume", metavar="RUN", help="a run's name or folder")
    add("--runs", type=Path, help="where runs lie (default: the user's data folder)")
    add("--out", type=Path, help="the model file (default: among the user's models)")


def _add_machine(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--precision", choices=("auto", "32", "bf16"), default="auto")
    add("--devices", type=int, default=1, metavar="N", help="how many of them, on each machine")
    add("--nodes", type=int, default=1, metavar="N", help="how many machines")
    add("--json", action="store_true", help="one JSON line per event")
    add("--stop-on-eof", action="store_true", help="end of stdin means stop and keep")


def changed(asked: argparse.Namespace) -> dict[str, object]:
    """The arguments that were given, those left at their defaults being left out."""
    defaults = vars(parser().parse_args([]))
    return {name: value for name, value in vars(asked).items() if value != defaults[name]}
