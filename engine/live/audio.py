"""The synthesizer as the rest of Tutti sees it, and a silent one that stands in openly."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.live.sequencer import Sequencer, SilentSequencer
from engine.music.take import TakeEventKind

if TYPE_CHECKING:
    from engine.live.levels import Levels


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """How sound is made. ``driver`` and ``sound_font`` None: the best there is.

    ``period_size`` is frames of ``sample_rate``; ``gain`` is the synthesizer's, 0 to 10;
    ``metered`` has the levels measured.
    """

    driver: str | None = None
    period_size: int = 128
    period_count: int = 3
    sample_rate: int = 48_000
    sound_font: Path | None = None
    gain: float = 0.7
    metered: bool = False


@dataclass(frozen=True, slots=True)
class SystemPort:
    """A MIDI port as its system names it: ``system`` is alsa, jack, coremidi or windows.

    ``name`` is what the user reads and what survives being unplugged; ``address`` is where the
    system has it now.
    """

    system: str
    address: str
    name: str


class DirectInput(Protocol):
    """A synthesizer's own ears: keyboards it hears with no Python in between."""

    def listen(self, port: SystemPort) -> bool:
        """Hear this port from now on; False where that is not possible."""
        ...

    def forget(self, port: SystemPort) -> None:
        """Hear it no longer."""
        ...


class Synth(Protocol):
    """Makes sound at once; safe to call on any thread. Channels count from 0."""

    @property
    def latency_ms(self) -> float | None:
        """From a computed frame to its sound; None where nothing sounds."""
        ...

    @property
    def description(self) -> str:
        """What sounds and how, in some words."""
        ...

    @property
    def sample_rate(self) -> int:
        """Frames a second."""
        ...

    @property
    def driver(self) -> str:
        """The audio driver that was opened; empty where nothing sounds."""
        ...

    @property
    def period_size(self) -> int:
        """Frames of a buffer, as they really are; 0 where nothing sounds."""
        ...

    @property
    def sound_font(self) -> Path | None:
        """The font that sounds."""
        ...

    @property
    def problem(self) -> str | None:
        """A sentence while nothing can be heard, else None."""
        ...

    @property
    def sequencer(self) -> Sequencer:
        """The clock that playback is scheduled on."""
        ...

    @property
    def direct_input(self) -> DirectInput | None:
        """The fast lane, where the system has one."""
        ...

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Strike a key."""

    def note_off(self, channel: int, pitch: int) -> None:
        """Release a key."""

    def control(self, channel: int, number: int, value: int) -> None:
        """Move a controller."""

    def program(self, channel: int, program: int, is_drum: bool = False) -> None:
        """Choose an instrument of General MIDI, or a drum kit."""

    def bend(self, channel: int, value: int) -> None:
        """Bend the pitch, −8192 to 8191."""

    def set_gain(self, gain: float) -> None:
        """How loud everything is, 0 to 10, from now on."""

    def overheard(self, channel: int, kind: TakeEventKind, number: int, value: int) -> None:
        """A message that sounds already, through `direct_input`: the levels are to tell of it."""

    def levels(self) -> "Levels | None":
        """The levels since this was asked last, by one reader; None where none are measured."""
        ...

    def panic(self) -> None:
        """Silence everything at once."""

    def close(self) -> None:
        """Give back the audio driver. Nothing may be called afterwards."""


class SilentSynth:
    """Stands in where no sound can be made, and says why."""

    def __init__(self, reason: str, sample_rate: int = 48_000) -> None:
        self.problem: str | None = reason
        self.latency_ms: float | None = None
        self.description = "No sound"
        self.sample_rate = sample_rate
        self.driver = ""
        self.period_size = 0
        self.sound_font: Path | None = None
        self.direct_input: DirectInput | None = None
        self.sequencer: Sequencer = SilentSequencer()

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Nothing sounds."""

    def note_off(self, channel: int, pitch: int) -> None:
        """Nothing sounds."""

    def control(self, channel: int, number: int, value: int) -> None:
        """Nothing sounds."""

    def program(self, channel: int, program: int, is_drum: bool = False) -> None:
        """Nothing sounds."""

    def bend(self, channel: int, value: int) -> None:
        """Nothing sounds."""

    def set_gain(self, gain: float) -> None:
        """Nothing sounds."""

    def overheard(self, channel: int, kind: TakeEventKind, number: int, value: int) -> None:
        """Nothing sounds."""

    def levels(self) -> "Levels | None":
        """Nothing sounds."""
        return None

    def panic(self) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """There is nothing to give back."""
