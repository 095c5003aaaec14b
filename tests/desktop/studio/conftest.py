"""An App for the Studio's tests: real but for sound, MIDI ports and the model's loading."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from desktop.actions import Actions
from desktop.document import Document
from desktop.jobs import Jobs
from desktop.live_path import LivePath
from desktop.messages import Message, Messages
from desktop.midi_bridge import MidiBridge
from desktop.studio.page import StudioPage
from engine.files.midi import read_midi
from engine.live.audio import SilentSynth
from engine.live.levels import Levels
from engine.live.midi_outputs import MidiOutputs
from engine.live.recorder import Recorder
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.phrase import PhraseNote
from engine.music.ticks import tempo_map
from engine.music.track import Track
from engine.store.library import Library
from engine.store.settings import Settings
from tests.tiny_models import write_tiny_model


class FakeAudition:
    """Remembers the phrases that were to be heard: their track's program and pitches."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, list[int]]] = []
        self.stopped = 0

    def play(self, number: int, track: Track, phrase: Sequence[PhraseNote]) -> None:
        self.heard.append((track.program, [note.pitch for note in phrase]))

    def stop(self) -> None:
        self.stopped += 1


class FakePlayer:
    """A player whose clock is the computer's; it makes no sound and never ends by itself."""

    def __init__(self) -> None:
        self.composition = Composition()
        self.played: list[Composition] = []
        self.loop: tuple[int, int] | None = None
        self.click = False
        self.playing = False
        self.endless = False
        self.audition = FakeAudition()
        self._from = 0.0
        self._since = 0.0

    def set_composition(self, composition: Composition) -> None:
        self.composition = composition
        self.played.append(composition)

    def play(self, from_tick: int | None = None) -> None:
        self._from = self.position_ticks() if from_tick is None else float(from_tick)
        self._since, self.playing = perf_counter(), True

    def play_with_count_in(self, bars: int, from_tick: int | None = None) -> float:
        self.play(from_tick)
        self.endless = True
        self._since += 0.2 * bars
        return self._since

    def since_count_in(self, moments: Sequence[float]) -> list[float]:
        return [moment - self._since for moment in moments]

    def stop(self) -> None:
        self._from, self.playing = self.position_ticks(), False

    def end_with_music(self) -> None:
        self.endless = False

    def seek(self, tick: int) -> None:
        self._from, self._since = float(tick), perf_counter()

    def set_loop(self, start_tick: int, end_tick: int | None) -> None:
        self.loop = None if end_tick is None else (start_tick, end_tick)

    def set_metronome(self, on: bool) -> None:
        self.click = on

    def position_ticks(self) -> float:
        if not self.playing:
            return self._from
        tempos = tempo_map(self.composition)
        seconds = max(0.0, perf_counter() - self._since)
        return tempos.tick_at(tempos.seconds_at(self._from) + seconds)


class RecordingSynth(SilentSynth):
    """A synth that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__("No sound in tests.")
        self.asked: list[tuple[Any, ...]] = []
        self.measured: Levels | None = None

    def levels(self) -> Levels | None:
        return self.measured

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        self.asked.append(("on", channel, pitch, velocity))

    def note_off(self, channel: int, pitch: int) -> None:
        self.asked.append(("off", channel, pitch))

    def program(self, channel: int, program: int, is_drum: bool = False) -> None:
        self.asked.append(("program", channel, program, is_drum))


class OpenedFiles:
    """The list of recent files, without a menu."""

    def __init__(self) -> None:
        self.added: list[Path] = []

    def add(self, path: Path) -> None:
        self.added.append(path)


class StudioApp(QObject):
    """What the Studio needs of the App."""

    synth_changed = Signal(object)
    generator_changed = Signal(object)
    ports_changed = Signal(object)
    models_changed = Signal(object)
    settings_changed = Signal(object)
    closing = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.told: list[Message] = []
        self.messages = Messages(self)
        self.messages.told.connect(self.told.append)
        self.jobs = Jobs(self.messages.tell_error, self)
        self.document = Document(self)
        self.actions = Actions(self)
        self.settings = Settings()
        self.library = Library(folder / "library.sqlite")
        self.synth = RecordingSynth()
        self.player = FakePlayer()
        self.outputs = MidiOutputs(lambda _: None)
        self.recorder = Recorder()
        self.bridge = MidiBridge(self)
        self.live_path = LivePath(self.synth, self.recorder, self.bridge)
        self.models: tuple[Any, ...] = ()
        self.generator: Any = None
        self.generator_problem = ""
        self.opened: list[Path] = []
        self.recent = OpenedFiles()

    def choose_model(self, name: str) -> None:
        self.settings = replace(self.settings, model=name)

    def change_settings(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def open_file(self, path: Path) -> None:
        self.opened.append(path)
        self.document.load(read_midi(path).composition)

    @property
    def sentences(self) -> list[str]:
        return [message.sentence for message in self.told]

    def close(self) -> None:
        self.jobs.close()
        self.library.close()


@pytest.fixture
def app(qtbot: QtBot, tmp_path: Path) -> Iterator[StudioApp]:
    made = StudioApp(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(app: StudioApp, qtbot: QtBot) -> Iterator[StudioPage]:
    made = StudioPage(app)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1440, 852)
    made.show()
    yield made
    made.playback.stop()
    made.hide()


@pytest.fixture
def melody() -> Composition:
    """Four bars of quarters in C."""
    pitches = (60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60, 60)
    notes = tuple(Note(index * 480, pitch, 440) for index, pitch in enumerate(pitches))
    return Composition(title="Scale", tracks=(Track("Melody", notes=notes),))


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file that keeps the contract."""
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny.onnx")
