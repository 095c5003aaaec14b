"""What the chips say in each state."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from desktop import chips
from desktop.chips import audio_chip, device_chip, keyboard_chip
from engine.live.audio import SilentSynth
from engine.live.midi_ports import PortState


@dataclass
class Card:
    name: str = "Pop"


@dataclass
class Loaded:
    provider: str = "CPU"
    device_note: str = ""
    card: Card = field(default_factory=Card)


@dataclass
class Choice:
    generator: Any = None
    loading: str = ""
    problem: str = ""


@dataclass
class Opened:
    synth: Any
    opening: bool = False


def sounding(latency_ms: float | None) -> SilentSynth:
    synth = SilentSynth("", 44_100)
    synth.problem, synth.latency_ms, synth.description = None, latency_ms, "JACK"
    return synth


def test_keyboards_are_called_by_name() -> None:
    one = keyboard_chip((PortState("AKM322", True, True),), None)
    assert (one.state, one.text) == ("good", "AKM322")
    assert "directly" in one.story
    two = keyboard_chip((PortState("AKM322", True), PortState("Piano", True)), None)
    assert two.text == "AKM322 + 1" and "Piano" in two.story


def test_a_keyboard_that_is_not_chosen_is_not_called_unplugged() -> None:
    chip = keyboard_chip((PortState("AKM322", False, unheard=True),), None)
    assert (chip.state, chip.text) == ("absent", "AKM322 is off")
    assert "Choose it in Settings" in chip.story and "unplugged" not in chip.story


def test_a_keyboard_that_was_unplugged_is_awaited() -> None:
    chip = keyboard_chip((PortState("AKM322", False),), None)
    assert (chip.state, chip.text) == ("warning", "AKM322 is away")


def test_no_keyboard_and_no_midi_are_told_apart() -> None:
    assert keyboard_chip((), None).state == "absent"
    none = keyboard_chip((), "This system offers no MIDI.")
    assert none.state == "warning" and none.story.startswith("This system offers no MIDI.")


def test_the_sound_tells_its_rate_and_true_latency() -> None:
    chip = audio_chip(Opened(sounding(5.33)))  # type: ignore[arg-type]
    assert (chip.state, chip.text) == ("good", "Audio 44.1 kHz · 5.3 ms")
    unknown = audio_chip(Opened(sounding(None)))  # type: ignore[arg-type]
    assert unknown.text == "Audio 44.1 kHz"


def test_no_sound_tells_why() -> None:
    chip = audio_chip(Opened(SilentSynth("No audio device.")))  # type: ignore[arg-type]
    assert chip.state == "warning" and chip.story.startswith("No audio device.")
    opening = audio_chip(Opened(SilentSynth("Opening."), True))  # type: ignore[arg-type]
    assert opening.state == "busy"


def test_the_device_is_the_true_one_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chips, "has_card", lambda: True)
    on_cpu = Choice(Loaded("CPU", "The CUDA libraries could not be loaded."))
    chip = device_chip(on_cpu, 0.214)  # type: ignore[arg-type]
    assert chip.text == "CPU · 0.21 s a request — the CUDA libraries could not be loaded"
    assert chip.state == "warning"
    assert chip.story == "Pop runs on the CPU. The CUDA libraries could not be loaded."
    on_gpu = device_chip(Choice(Loaded("CUDA")))  # type: ignore[arg-type]
    assert (on_gpu.state, on_gpu.text) == ("good", "GPU")
    chosen = device_chip(Choice(Loaded("CPU")))  # type: ignore[arg-type]
    assert (chosen.state, chosen.text) == ("good", "CPU")


def test_a_machine_without_a_graphics_card_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chips, "has_card", lambda: False)
    chip = device_chip(Choice(Loaded("CPU", "No NVIDIA driver is installed.")))  # type: ignore[arg-type]
    assert (chip.state, chip.text) == ("good", "CPU")
    assert chip.story == "Pop runs on the CPU. No NVIDIA driver is installed."


def test_a_model_that_loads_or_failed_says_so() -> None:
    assert device_chip(Choice(loading="pop")).state == "busy"  # type: ignore[arg-type]
    failed = device_chip(Choice(problem="pop.onnx is no model."))  # type: ignore[arg-type]
    assert (failed.text, failed.story) == ("No model", "pop.onnx is no model.")


def test_a_long_port_name_is_shortened_to_the_keyboards_own() -> None:
    chip = keyboard_chip((PortState("AKM322:AKM322 MIDI 1", True),), None)
    assert chip.text == "AKM322" and "AKM322 MIDI 1" in chip.story
    assert keyboard_chip((PortState("Loop: out", True),), None).text == "Loop: out"
