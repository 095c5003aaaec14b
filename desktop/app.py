"""Builds every long-lived object once, connects them, and closes them in one order."""

import logging
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from desktop.actions import Actions
from desktop.away_instruments import AwayInstruments
from desktop.document import Document
from desktop.jobs import Jobs
from desktop.keeping import Keeping
from desktop.library_bridge import LibraryBridge
from desktop.live_path import LivePath, chosen_ports
from desktop.messages import MessageAction, Messages
from desktop.midi_bridge import MidiBridge
from desktop.model_choice import ModelChoice
from desktop.opening import Opening
from desktop.preview import Preview
from desktop.recent_files import RecentFiles
from desktop.settings_file import SettingsFile
from desktop.sound import Sound, audio_settings, sound_choices
from desktop.theme import apply_theme, set_reduced_motion
from desktop.training import Training
from desktop.versions import VersionKeeping
from engine.generation.models import AvailableModel, available_models
from engine.live.audio import AudioSettings, Synth
from engine.live.midi_outputs import MidiOutputs
from engine.live.midi_ports import MidiInputs
from engine.live.player import Player
from engine.live.recorder import Recorder
from engine.live.synth import open_synth
from engine.music.composition import Composition
from engine.store.library import Library
from engine.store.paths import data_folder, library_path, models_folder, settings_path
from engine.store.settings import load_settings

if TYPE_CHECKING:
    from engine.generation.generator import Generator

AUDIO = frozenset({"audio_driver", "period_size", "period_count", "sample_rate", "sound_font"})
MIDI = frozenset({"midi_inputs", "midi_direct", "live_keys"})
LOOK = frozenset({"theme", "reduced_motion"})

SECOND = (
    "Tutti is open in another window already. Both keep their work in the same library; "
    "this one begins with an empty composition."
)
LOCK_NAME = "tutti.lock"

log = logging.getLogger(__name__)


class App(QObject):
    """The studio: one object for each thing there is one of.

    ``synth``, ``player`` and ``generator`` are replaced when the sound is opened again or another
    model is chosen: read them when they are used, never keep them. Until the sound is open a
    `SilentSynth` stands in, with the reason in ``synth.problem``; ``generator`` is None until a
    model is loaded, and where none can be, ``generator_problem`` says why.
    """

    synth_changed = Signal(object)
    """The `Synth` that sounds from now on; ``player`` is new and to be set up."""
    generator_changed = Signal(object)
    """The `Generator` that is ready now, or None."""
    ports_changed = Signal(object)
    """tuple[PortState, ...]"""
    models_changed = Signal(object)
    """tuple[AvailableModel, ...]"""
    settings_changed = Signal(object)
    """The new `Settings`."""
    closing = Signal()
    """Everything is still whole: finish what runs."""

    def __init__(self) -> None:
        """Builds all and opens nothing slow: see `start`."""
        super().__init__()
        loaded = load_settings(settings_path())
        self.settings = loaded.settings
        self._remarks = loaded.remarks
        self._started = self._closed = False
        self.messages = Messages(self)
        self.jobs = Jobs(self.messages.tell_error, self)
        self._settings_file = SettingsFile(settings_path(), self.jobs, self.messages, self)
        self.actions = Actions(self)
        self.document = Document(self)
        self._build_store()
        self.opening = Opening(self)
        self.version_keeping = VersionKeeping(self.library, self.document, self)
        self.recent = RecentFiles(self, self.opening.open_file)
        self.model_choice = ModelChoice(self.jobs, lambda: available_models(models_folder()), self)
        self.training = Training(self.jobs, self.messages, self)
        self.sound = Sound(self.jobs, open_synth, self)
        self.bridge = MidiBridge(self)
        self.recorder = Recorder()
        self.outputs = MidiOutputs(self.bridge.send_outputs)
        AwayInstruments(self.bridge, self.messages, self)
        self.player = Player(self.sound.synth, self.outputs)
        self.preview = Preview(lambda: self.player, self)
        self.live_path = LivePath(self.sound.synth, self.recorder, self.bridge)
        self.inputs = MidiInputs(
            self.live_path.hear, self.bridge.send_transport, self.bridge.send_ports
        )
        self._connect()
        self._apply_look()

    def _build_store(self) -> None:
        self._lock = QLockFile(str(data_folder() / LOCK_NAME))
        self.library_bridge = LibraryBridge(self)
        self.library = Library(
            library_path(),
            self.library_bridge.send_problem,
            on_recovered=self.library_bridge.send_recovered,
            on_change=self.library_bridge.send_change,
        )
        self.keeping = Keeping(
            self.library, self.library_bridge, self.document, self.jobs, self.messages, self
        )

    def _connect(self) -> None:
        self._sound_problem = ""
        self.sound.changed.connect(self._use_synth)
        self.sound.problem_changed.connect(self._tell_sound)
        self.sound.refused.connect(self._keep_sound)
        self.bridge.ports_changed.connect(self.ports_changed)
        self.model_choice.models_changed.connect(self.models_changed)
        self.model_choice.generator_changed.connect(self._tell_generator)
        self.training.model_made.connect(lambda _path: self.model_choice.list_again())
        self.training.use_asked.connect(self.use_model)
        self.document.loaded.connect(self._remember_composition)
        self.bridge.transport.connect(self.preview.stop)
        self.preview.ended.connect(self._give_player_back)
        self.actions["panic"].triggered.connect(self._panic)
        self.actions["undo"].triggered.connect(self.document.undo)
        self.actions["redo"].triggered.connect(self.document.redo)

    @property
    def synth(self) -> Synth:
        """What sounds now."""
        return self.sound.synth

    @property
    def models(self) -> tuple[AvailableModel, ...]:
        """The models there are, shipped and own."""
        return self.model_choice.models

    @property
    def generator(self) -> "Generator | None":
        """The model that is loaded."""
        return self.model_choice.generator

    @property
    def generator_problem(self) -> str:
        """Why no model is loaded; empty while one loads."""
        return self.model_choice.problem

    def start(self, file: Path | None = None) -> None:
        """Open sound, keyboards and model; the window is shown already and stays usable. Once.

        A ``file`` is opened in place of the composition that was open last.
        """
        if self._started:
            return
        self._started = True
        for remark in self._remarks:
            self.messages.tell(remark, "warning")
        self.sound.open(audio_settings(self.settings))
        self.inputs.choose(chosen_ports(self.settings))
        self.live_path.local = self.settings.live_keys
        self.inputs.start()
        self.outputs.start()
        self.model_choice.open(self.settings.model, self.settings.device)
        self._take_up(file)
        self.training.look_for_runs()

    def _take_up(self, file: Path | None) -> None:
        alone = self._lock.tryLock(0)
        # Where the folder cannot be written there is no lock either; the library tells of that.
        if self._lock.error() == QLockFile.LockError.LockFailedError:
            self.messages.tell(SECOND, "warning")
        last = self.settings.last_composition if alone and file is None else None
        self.keeping.take_up(last, alone)
        if file is not None:
            self.open_file(file)

    def restart_sound(self) -> None:
        """Open the sound again with the same settings, as after another card was plugged in."""
        self.sound.open(audio_settings(self.settings))

    def choose_model(self, name: str) -> None:
        """Load another model off the GUI thread; `generator_changed` tells when it is ready."""
        self.change_settings(model=name)

    @Slot(object)
    def use_model(self, path: Path) -> None:
        """List the models again and load that of a file; the Studio plays with it then."""
        name, before = path.stem, self.settings.model

        def choose() -> None:
            self.choose_model(name)
            if before == name:  # trained anew under its name
                self.model_choice.choose(name, self.settings.device)

        self.model_choice.list_again(choose)
        self.actions["page_studio"].trigger()

    def change_settings(self, **changes: Any) -> None:
        """Replace settings by name, keep them, and apply what they touch at once."""
        settings = replace(self.settings, **changes)
        changed = {name for name in changes if changes[name] != getattr(self.settings, name)}
        if not changed:
            return
        self.settings = settings
        self._settings_file.keep(self.settings)
        self._apply(changed)
        self.settings_changed.emit(settings)

    def _apply(self, changed: set[str]) -> None:
        if changed & LOOK:
            self._apply_look()
        if changed & AUDIO:
            self.restart_sound()
        elif "gain" in changed:
            self.player.set_gain(self.settings.gain)
        if changed & MIDI:
            self.inputs.choose(chosen_ports(self.settings))
            self.live_path.local = self.settings.live_keys
            self._use_direct_input()
        if changed & {"model", "device"}:
            self.model_choice.choose(self.settings.model, self.settings.device)

    def _apply_look(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            set_reduced_motion(True if self.settings.reduced_motion else None)
            apply_theme(application, self.settings.theme)

    @Slot(object)
    def _use_synth(self, synth: Synth) -> None:
        self._withdraw_sound_problem()
        self.live_path.synth = synth
        self._replace_player(synth)
        self._use_direct_input()
        self.synth_changed.emit(synth)

    @Slot(str)
    def _tell_sound(self, problem: str) -> None:
        self._withdraw_sound_problem()
        if problem:
            again = MessageAction("Open the sound again", self.restart_sound)
            self.messages.tell(problem, "warning", again, stays=True)
            self._sound_problem = problem

    def _withdraw_sound_problem(self) -> None:
        """What was told of the sound is over: it is back by itself, or was opened anew."""
        if self._sound_problem:
            self.messages.withdraw(self._sound_problem)
            self._sound_problem = ""

    @Slot(object, str)
    def _keep_sound(self, working: AudioSettings, reason: str) -> None:
        """What was chosen cannot be opened: the choice that works is the choice again."""
        self.settings = replace(self.settings, **sound_choices(working))
        self._settings_file.keep(self.settings)
        self.settings_changed.emit(self.settings)
        self.messages.tell(f"{reason} The sound stays as it was.", "warning")

    def _replace_player(self, synth: Synth) -> None:
        """A player lives on the clock of one synthesizer."""
        tick = round(self.player.position_ticks())
        self.player.close()
        self._start_player(synth)
        self.player.seek(tick)

    def _start_player(self, synth: Synth) -> None:
        self.player = Player(synth, self.outputs)
        self.player.set_gain(self.settings.gain)
        self.outputs.on_opened = self.player.state_again
        self.live_path.play_out = self.player.play_live

    @Slot()
    def _give_player_back(self) -> None:
        """Whoever plays sets the player up as for a new synthesizer."""
        self.synth_changed.emit(self.synth)

    def _use_direct_input(self) -> None:
        wanted = self.settings.midi_direct and self.settings.live_keys == "tutti"
        direct = self.synth.direct_input if wanted else None
        self.inputs.use_direct_input(direct)

    @Slot(object)
    def _tell_generator(self, generator: "Generator | None") -> None:
        if self.generator_problem:
            self.messages.tell(self.generator_problem, "warning")
        self.generator_changed.emit(generator)

    @Slot(object)
    def _remember_composition(self, composition: Composition) -> None:
        self.settings = replace(self.settings, last_composition=self.document.composition_id)
        self._settings_file.keep(self.settings)

    @Slot()
    def _panic(self) -> None:
        self.player.stop()
        self.synth.panic()
        self.outputs.panic()

    def open_file(self, path: Path) -> None:
        """Read a MIDI file or a song off the GUI thread and make it the composition."""
        self.opening.open_file(path)

    def new_composition(self) -> None:
        """Begin anew; the composition before stays in the library."""
        self.document.load(Composition())

    def close(self) -> None:
        """Close in order: what runs, MIDI, player, outputs, trainer, jobs, synth, library."""
        if self._closed:
            return
        self._closed = True
        began = perf_counter()
        self.closing.emit()
        self.recent.close()
        self.preview.stop()
        self.keeping.keep_recording(self.recorder, self.document.composition.title)
        self.inputs.use_direct_input(None)
        self.inputs.close()
        self.player.close()
        self.outputs.close()
        self.training.close()
        self.jobs.close()
        self._settings_file.close()
        self.sound.close()
        self.library.close()
        self._lock.unlock()
        # A stack that is destroyed tells of its end, when its listeners may be gone already.
        self.document.undo_stack.clear()
        log.info("Closed in %.2f s", perf_counter() - began)
