"""Curves on the screen, for the tests of the plots."""

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.jobs import Jobs
from desktop.messages import Message, Messages
from desktop.train.plots.run_curves import RunCurves
from engine.store.curves import Curves


@pytest.fixture
def told() -> list[Message]:
    return []


@pytest.fixture
def show(qtbot: QtBot, told: list[Message]) -> Iterator[Callable[[Curves], RunCurves]]:
    """Shows the curves of a run and waits until they are drawn."""
    messages = Messages()
    messages.told.connect(told.append)
    jobs = Jobs(messages.tell_error)
    shown: list[RunCurves] = []

    def open_run(curves: Curves) -> RunCurves:
        widget = RunCurves(jobs, messages)
        qtbot.addWidget(widget)
        shown.append(widget)
        widget.resize(1000, 360)
        widget.set_curves(curves)
        widget.show()
        qtbot.waitUntil(lambda: widget.losses.area.picture is not None)
        return widget

    yield open_run
    jobs.close()
