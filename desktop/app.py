"""Builds every long-lived object once, connects them, and closes them in one order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.actions import Actions
from desktop.document import Document
from desktop.jobs import Jobs
from desktop.messages import Messages

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.midi_bridge import MidiBridge
    from engine.generation.generator import Generator
    from engine.generation.models import AvailableModel
    from engine.live.midi_ports import MidiInputs
    from engine.live.player import Player
    from engine.live.recorder import Recorder
    from engine.live.synth import Synth
    from engine.store.library import Library
    from engine.store.settings import Settings


class App(QObject):
    """The studio: one object for each thing there is one of.

    ``synth``, ``player`` and ``generator`` are replaced when the sound is opened again or another
    model is chosen: read them when they are used, never keep them. Until the sound card is open a
    `SilentSynth` stands in, with the reason in ``synth.problem``; ``generator`` is None until a
    model is loaded.
    """

    synth_changed = Signal(object)
    """The synth that sounds from now on; ``app.player`` is new as well."""
    generator_changed = Signal(object)
    """The `Generator` that is ready now, or None; then ``generator_problem`` says why."""
    ports_changed = Signal(object)
    """tuple[PortState, ...]"""
    models_changed = Signal(object)
    """tuple[AvailableModel, ...]"""
    settings_changed = Signal(object)
    """The new `Settings`."""

    settings: Settings
    library: Library
    synth: Synth
    player: Player
    recorder: Recorder
    inputs: MidiInputs
    bridge: MidiBridge
    models: tuple[AvailableModel, ...]
    generator: Generator | None
    generator_problem: str

    def __init__(self) -> None:
        super().__init__()
        self.messages = Messages(self)
        self.jobs = Jobs(self.messages.tell_error, self)
        self.document = Document(self)
        self.actions = Actions(self)

    def start(self) -> None:
        """Open the sound, the MIDI ports and the model, off the GUI thread."""

    def choose_model(self, name: str) -> None:
        """Load another model off the GUI thread; `generator_changed` tells when it is ready."""

    def open_file(self, path: Path) -> None:
        """Read a MIDI file off the GUI thread and make it the composition."""

    def change_settings(self, **changes: object) -> None:
        """Replace settings by name, keep them, and apply what they touch at once."""

    def close(self) -> None:
        """Close in order: recorder, MIDI, player, jobs, synth, library."""
        self.jobs.close()
