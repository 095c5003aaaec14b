"""The real thing, nothing faked: a screen, a JACK server, the program, and a keyboard beside it.

Whatever is missing is a failure with a sentence, never a skipped test.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.live.jack_graph import JackGraph, open_jack_graph
from engine.live.names import unique_name
from tests.flows.ear import FLOW_PERIOD, Ear
from tests.flows.studio import Studio
from tests.jack_server import JackProbe, JackServer

Start = Callable[..., Studio]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Tells the fixtures whether the test itself has failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def running_jack() -> Iterator[JackServer]:
    """One server for all flows."""
    with JackServer(f"flows{os.getpid()}", period=FLOW_PERIOD) as server:
        yield server


@pytest.fixture
def jack(running_jack: JackServer, monkeypatch: pytest.MonkeyPatch) -> JackServer:
    """The server, found by everything that this process starts."""
    for name, value in running_jack.environment.items():
        monkeypatch.setenv(name, value)
    return running_jack


@pytest.fixture
def graph(jack: JackServer) -> Iterator[JackGraph]:
    """The server as seen from beside it."""
    graph = open_jack_graph(unique_name("flows"))
    assert graph is not None, "The JACK server cannot be joined."
    yield graph
    graph.close()


@pytest.fixture
def keyboard(jack: JackServer) -> Iterator[JackProbe]:
    """A keyboard in a second process."""
    with JackProbe(jack) as probe:
        yield probe


@pytest.fixture
def ear(jack: JackServer, graph: JackGraph, tmp_path: Path) -> Iterator[Ear]:
    """Hears what the studio sounds, in a process of its own."""
    # A name of our own, so that its MIDI port is not taken for a keyboard.
    with JackProbe(jack, "tutti-ear") as probe:
        yield Ear(probe, graph, tmp_path)


@pytest.fixture
def home(tutti_home: Path) -> Path:
    """The folder of this test's settings, library and log."""
    return tutti_home / "tutti"


@pytest.fixture
def start(
    virtual_screen: dict[str, str],
    tutti_home: Path,
    home: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Start]:
    """Starts the studio; a picture of each that still runs is kept when the test fails."""
    started: list[Studio] = []

    def begin(*arguments: object, home: Path = home) -> Studio:
        sound = {name: value for name, value in os.environ.items() if name.startswith("JACK_")}
        environment = {**virtual_screen, **sound}
        started.append(Studio(home, tutti_home, environment, list(map(str, arguments))))
        return started[-1]

    yield begin
    for studio in started:
        if studio.process.poll() is None and request.node.stash.get(FAILED, True):
            studio.picture(request.node.name)
        studio.kill()


@pytest.fixture
def studio(jack: JackServer, start: Start) -> Studio:
    """The studio on the server, with its sound open and its model warm."""
    studio = start()
    studio.find("Audio 48 kHz", kind="StatusChip")
    studio.find("CPU", kind="StatusChip")
    return studio
