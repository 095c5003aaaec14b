"""Leaving a JACK server that does not let go."""

import ctypes
import threading
from types import SimpleNamespace
from typing import cast

from engine.live.jack_graph import JackGraph


def test_a_server_that_does_not_let_go_is_left_all_the_same() -> None:
    let_go = threading.Event()
    left: list[int] = []

    def close(client: int) -> None:
        let_go.wait()
        left.append(client)

    library = SimpleNamespace(
        jack_on_shutdown=lambda client, function, data: None, jack_client_close=close
    )
    graph = JackGraph(cast(ctypes.CDLL, library), 7)
    assert not graph.close()
    assert graph.ports(b"8 bit raw midi", 0) == ()
    let_go.set()
    assert graph.close(), "there is nothing left to leave"


def test_a_server_that_lets_go_is_left_once() -> None:
    left: list[int] = []
    library = SimpleNamespace(
        jack_on_shutdown=lambda client, function, data: None, jack_client_close=left.append
    )
    graph = JackGraph(cast(ctypes.CDLL, library), 7)
    assert graph.close()
    assert graph.close()
    assert left == [7]
