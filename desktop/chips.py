"""What the three chips say: each a state, some words, and the whole story."""

from dataclasses import dataclass

from desktop.model_choice import ModelChoice
from desktop.sound import Sound
from desktop.widgets.status_chip import ChipState
from engine.live.midi_ports import PortState

NO_KEYBOARD = "No MIDI keyboard yet. Plug one in, or play with the keys A to K."


@dataclass(frozen=True, slots=True)
class ChipText:
    """What a chip shows; ``story`` is its tooltip."""

    state: ChipState
    text: str
    story: str


def keyboard_chip(ports: tuple[PortState, ...], problem: str | None) -> ChipText:
    """The keyboards by name."""
    if problem is not None:
        return ChipText("warning", "No MIDI", f"{problem} You can play with the keys A to K.")
    here = [port for port in ports if port.connected]
    gone = [port for port in ports if not port.connected and not port.unheard]
    story = "\n".join(_port_story(port) for port in ports) or NO_KEYBOARD
    if here:
        more = f" + {len(here) - 1}" if len(here) > 1 else ""
        return ChipText("good", f"{device_name(here[0].name)}{more}", story)
    if gone:
        return ChipText("warning", f"{device_name(gone[0].name)} is away", story)
    if ports:
        return ChipText("absent", f"{device_name(ports[0].name)} is off", story)
    return ChipText("absent", "No keyboard", story)


def device_name(port: str) -> str:
    """The keyboard's own name out of a port's: "AKM322" of "AKM322:AKM322 MIDI 1"."""
    device, _, rest = port.partition(":")
    return device if rest.startswith(device) else port


def _port_story(port: PortState) -> str:
    if port.unheard:
        return f"{port.name} is not listened to. Choose it in Settings."
    if not port.connected:
        return f"{port.name} was unplugged. It is heard again as soon as it is back."
    lane = "the synthesizer hears it directly" if port.direct else "it is heard through Tutti"
    return f"{port.name} is connected; {lane}."


def audio_chip(sound: Sound) -> ChipText:
    """The true rate and latency of the sound, or why there is none."""
    synth = sound.synth
    if sound.opening:
        return ChipText("busy", "Opening the sound…", "The sound font is being loaded.")
    if synth.problem is not None:
        return ChipText("warning", "No sound", f"{synth.problem} Everything else works.")
    rate = f"{synth.sample_rate / 1000:g} kHz"
    if synth.latency_ms is None:
        return ChipText("good", f"Audio {rate}", synth.description)
    return ChipText(
        "good",
        f"Audio {rate} · {synth.latency_ms:.1f} ms",
        f"{synth.description}. From a computed frame to its sound: {synth.latency_ms:.1f} ms.",
    )


def device_chip(choice: ModelChoice, request_seconds: float | None = None) -> ChipText:
    """What generates, on which device, how fast it was last, and why not on the graphics card."""
    generator = choice.generator
    if choice.loading:
        return ChipText("busy", f"Loading {choice.loading}…", "The model is loaded and warmed up.")
    if generator is None:
        return ChipText("warning", "No model", choice.problem)
    on_card = generator.provider == "CUDA"
    took = f" · {request_seconds:.2f} s a request" if request_seconds is not None else ""
    idle = bool(generator.device_note) and has_card()
    note = f" — {_clause(generator.device_note)}" if idle else ""
    story = f"{generator.card.name} runs on the {'GPU' if on_card else 'CPU'}."
    return ChipText(
        "warning" if idle else "good",
        f"{'GPU' if on_card else 'CPU'}{took}{note}",
        f"{story} {generator.device_note}".strip(),
    )


def has_card() -> bool:
    """Whether there is a graphics card that could do the work: to have none is no fault."""
    # Here, so that the window need not wait for onnxruntime; where a model is loaded, it is there.
    from engine.generation.devices import cuda_card

    return bool(cuda_card().name)


def _clause(sentence: str) -> str:
    """A sentence as the end of another: no capital, no full stop."""
    first = sentence.split(". ")[0].rstrip(".")
    return first if first[:2].isupper() else first[:1].lower() + first[1:]
