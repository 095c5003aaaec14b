"""The whole studio for tests of the window: real but for the audio device."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop import app as app_module
from desktop.app import App
from desktop.messages import Message
from desktop.shell import Shell
from engine.errors import AudioError
from engine.live.audio import AudioSettings, SilentSynth, Synth
from engine.store.paths import models_folder
from tests.tiny_models import write_tiny_model

OPEN_SECONDS = 20
PATIENCE_MS = 60_000


class HeardSynth(SilentSynth):
    """A synthesizer that remembers what it was told; it keeps the face of the real one."""

    def __init__(self, settings: AudioSettings) -> None:
        super().__init__("", settings.sample_rate)
        self.settings = settings
        self.problem: str | None = None
        self.latency_ms = 5.3
        self.description = "Test output"
        self.struck: list[int] = []
        self.closed = False
        self.gain = settings.gain

    def set_gain(self, gain: float) -> None:
        self.gain = gain

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        self.struck.append(pitch)

    def close(self) -> None:
        self.closed = True


class SoundCard:
    """Stands for the system's audio: each opening is remembered, and may be refused."""

    def __init__(self) -> None:
        self.opened: list[HeardSynth] = []
        self.refusal = ""
        self.may_open = Event()
        self.may_open.set()

    def open(self, settings: AudioSettings) -> Synth:
        assert self.may_open.wait(OPEN_SECONDS), "Whoever waits for the sound keeps it waiting."
        if self.refusal:
            raise AudioError(self.refusal)
        self.opened.append(HeardSynth(settings))
        return self.opened[-1]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fails because a busy machine is slow: what is awaited has a minute, at the least."""

    def patient(wait: Callable[..., Any]) -> Callable[..., Any]:
        def waits(bot: QtBot, *arguments: Any, timeout: int = 0, **more: Any) -> Any:
            if more.get("raising", True):  # else it looks for what shall not come
                timeout = max(timeout, PATIENCE_MS)
            return wait(bot, *arguments, timeout=timeout, **more)

        return waits

    for name in ("waitUntil", "waitSignal", "waitSignals"):
        monkeypatch.setattr(QtBot, name, patient(getattr(QtBot, name)))


@pytest.fixture
def sound_card(monkeypatch: pytest.MonkeyPatch) -> SoundCard:
    card = SoundCard()
    monkeypatch.setattr(app_module, "open_synth", card.open)
    return card


@pytest.fixture
def own_model(tutti_home: Path) -> Path:
    """A small model of the user's in place of the one that comes with Tutti."""
    models_folder().mkdir(parents=True)
    path = models_folder() / "pop.onnx"
    write_tiny_model(path)
    return path


@pytest.fixture
def open_app(qtbot: QtBot, sound_card: SoundCard, own_model: Path) -> Iterator[Callable[[], App]]:
    """Opens a studio without a window; each is closed at the end."""
    opened: list[App] = []

    def start() -> App:
        opened.append(App())
        opened[-1].start()
        return opened[-1]

    yield start
    for app in opened:
        app.close()
        app.deleteLater()


@pytest.fixture
def app(qtbot: QtBot, open_app: Callable[[], App]) -> App:
    """A studio that is ready: the sound is open, the model loaded."""
    app = open_app()
    qtbot.waitUntil(lambda: app.generator is not None and not app.sound.opening)
    return app


@pytest.fixture
def told(app: App) -> list[Message]:
    """What the user was told from here on."""
    told: list[Message] = []
    app.messages.told.connect(lambda message: told.append(message))
    return told


@pytest.fixture
def shell(qtbot: QtBot, app: App) -> Iterator[Shell]:
    """The studio with its window."""
    shell = Shell(app)
    shell.window.show()
    yield shell
    shell.window.close()
    shell.window.deleteLater()
