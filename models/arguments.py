"""The arguments of ``tutti train``."""

import argparse
from pathlib import Path

from models.presets import PRESETS

# What a run that is resumed may be given; the rest is kept from its beginning.
WITH_RESUME = frozenset(
    {"resume", "runs", "out", "json", "stop_on_eof", "epochs", "device", "precision"}
    | {"checkpoint_minutes"}
)


def parser() -> argparse.ArgumentParser:
    """The arguments; wrong ones end the program with code 2."""
    made = argparse.ArgumentParser(prog="tutti train", description="Train a generator of your own.")
    _add_music(made)
    _add_network(made)
    _add_run(made)
    return made


def _add_music(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--data", action="append", default=[], metavar="NAME_OR_FOLDER", help="what to learn from")
    add("--name", help="the model's name")
    add("--preset", default="pop", choices=sorted(PRESETS))
    add("--tag", action="append", default=[], help="a word for the style; may be given often")


def _add_network(made: argparse.ArgumentParser) -> None:
    """What changes the preset; None leaves it as it is."""
    add = made.add_argument
    add("--learning-rate", type=float, metavar="F")
    add("--update-ratio", type=int, metavar="N", help="critic updates for each of the generator")
    add("--batch-size", type=int, metavar="N")
    add("--adversarial-weight", type=float, metavar="F", help="0 trains without a critic")
    add("--adversarial-from", type=float, metavar="F", help="share of the run before the critic")
    add("--width", type=int, metavar="N", help="channels of the beat level")
    add("--deep-width", type=int, metavar="N", help="channels of the deeper levels")
    add("--window-beats", type=int, metavar="N", help="length of a training window")


def _add_run(made: argparse.ArgumentParser) -> None:
    add = made.add_argument
    add("--epochs", type=int, metavar="N")
    add("--seed", type=int, default=0, metavar="N")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--precision", choices=("auto", "32", "bf16"), default="auto")
    add("--checkpoint-minutes", type=float, default=5.0, metavar="F")
    add("--measure-every", type=int, default=5, metavar="EPOCHS")
    add("--measured-segments", type=int, default=24, metavar="N")
    add("--resume", metavar="RUN", help="a run's name or folder")
    add("--runs", type=Path, help="where runs lie (default: the user's data folder)")
    add("--out", type=Path, help="the model file (default: among the user's models)")
    add("--json", action="store_true", help="one JSON line per event")
    add("--stop-on-eof", action="store_true", help="end of stdin means stop and keep")


def changed(asked: argparse.Namespace) -> dict[str, object]:
    """The arguments that were given, those left at their defaults being left out."""
    defaults = vars(parser().parse_args([]))
    return {name: value for name, value in vars(asked).items() if value != defaults[name]}
