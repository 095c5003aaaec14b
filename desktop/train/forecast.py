"""What the trainer says before a run: where it will run, how long, and what speaks against it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from desktop.training_words import about, sentence_case, size


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence about a run that is not begun yet; ``setting`` may mend it, "" where none does."""

    kind: str
    sentence: str
    setting: str = ""
    value: Any = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer to ``--probe``: bytes, seconds and counts; 0 where something is not known.

    ``songs`` are those that are learned from, ``held_out`` those besides.
    """

    device: str
    device_name: str
    device_reason: str
    precision: str
    memory_free: float
    memory_needed: float
    disk_free: float
    disk_needed: float
    songs: int
    held_out: int
    windows: int
    seconds_per_epoch: float
    seconds_total: float
    advice: tuple[Advice, ...]

    @property
    def on_card(self) -> bool:
        """Whether a graphics card does the work."""
        return self.device.startswith("cuda")

    @property
    def runs_on(self) -> str:
        """The device in words, with the precision where it is not the usual one."""
        name = _plain(self.device_name) or ("NVIDIA GPU" if self.on_card else "CPU")
        return f"Runs on: {name}{' (bf16)' if 'bf16' in self.precision else ''}"

    @property
    def lasts(self) -> str:
        """Time for an epoch and in all."""
        if not self.seconds_per_epoch:
            return ""
        each = self.seconds_per_epoch
        epoch = f"{each:.1f} s" if each < 10 else f"{each:.0f} s" if each < 120 else about(each)
        return f"{sentence_case(epoch)} an epoch · {about(self.seconds_total)} in all"

    @property
    def takes(self) -> str:
        """Memory and disk."""
        words = []
        if self.memory_needed and self.memory_free:
            words.append(f"Memory {size(self.memory_needed)} of {size(self.memory_free)} free")
        if self.disk_needed:
            words.append(f"Disk {size(self.disk_needed)}")
        return " · ".join(words)

    @property
    def music(self) -> str:
        """What it learns from."""
        if not self.windows:
            return ""
        songs = self.songs + self.held_out
        return f"{self.windows:,} windows, {self.held_out:,} of {songs:,} songs held out"


def _plain(device: str) -> str:
    """A device's name without what its maker adds: ``Intel Xeon @ 2.50GHz``."""
    return " ".join(re.sub(r"\((R|TM|tm)\)|\bProcessor\b", " ", device).split())


def forecast_from(answer: Mapping[str, Any]) -> Forecast:
    """From the trainer's answer; what is missing in it is 0 or empty."""
    word, number = partial(_word, answer), partial(_number, answer)
    return Forecast(
        device=word("device"),
        device_name=word("device_name"),
        device_reason=word("device_reason"),
        precision=word("precision"),
        memory_free=number("memory_free"),
        memory_needed=number("memory_needed"),
        disk_free=number("disk_free"),
        disk_needed=number("disk_needed"),
        songs=int(number("songs")),
        held_out=int(number("held_out")),
        windows=int(number("windows")),
        seconds_per_epoch=number("seconds_per_epoch"),
        seconds_total=number("seconds_total"),
        advice=tuple(_advice(each) for each in answer.get("advice") or ()),
    )


def _advice(told: Mapping[str, Any]) -> Advice:
    offer = told.get("offer")
    kind, sentence = str(told.get("kind", "")), str(told.get("sentence", ""))
    if not isinstance(offer, Mapping):
        return Advice(kind, sentence)
    return Advice(kind, sentence, str(offer.get("setting", "")), offer.get("value"))


def _word(answer: Mapping[str, Any], name: str) -> str:
    return str(answer.get(name) or "")


def _number(answer: Mapping[str, Any], name: str) -> float:
    value = answer.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
