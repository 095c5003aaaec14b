"""A real JACK server for the tests of live playing."""

import os
from collections.abc import Iterator

import pytest

from engine.live.audio import AudioSettings
from engine.live.fluid_output import FluidSynthOutput
from engine.live.jack_graph import JackGraph, open_jack_graph
from engine.live.names import unique_name
from engine.live.sound_fonts import sound_fonts
from engine.live.synth import open_synth
from tests.jack_server import JackProbe, JackServer


@pytest.fixture(scope="session")
def running_jack() -> Iterator[JackServer]:
    """One server for all tests that leave it running."""
    with JackServer(f"live{os.getpid()}") as server:
        yield server


@pytest.fixture
def jack(running_jack: JackServer, monkeypatch: pytest.MonkeyPatch) -> JackServer:
    """The server, found by everything in this process."""
    for name, value in running_jack.environment.items():
        monkeypatch.setenv(name, value)
    return running_jack


@pytest.fixture
def graph(jack: JackServer) -> Iterator[JackGraph]:
    """The server as seen from beside it."""
    graph = open_jack_graph(unique_name("test"))
    assert graph is not None
    yield graph
    graph.close()


@pytest.fixture
def small_font() -> AudioSettings:
    """The smallest sound font: it loads in a moment."""
    return AudioSettings(sound_font=min(sound_fonts(), key=lambda path: path.stat().st_size))


@pytest.fixture
def synth(jack: JackServer, small_font: AudioSettings) -> Iterator[FluidSynthOutput]:
    """FluidSynth on the server."""
    synth = open_synth(small_font)
    yield synth
    synth.close()


@pytest.fixture
def keyboard(jack: JackServer) -> Iterator[JackProbe]:
    """A keyboard in a second process."""
    with JackProbe(jack) as probe:
        yield probe
