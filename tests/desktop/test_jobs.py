"""Jobs: one end each, on the GUI thread."""

import sys
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.jobs import JobControl, Jobs, UnexpectedError
from engine.errors import FileError, TuttiError


@pytest.fixture
def unheard() -> list[TuttiError]:
    return []


@pytest.fixture
def jobs(qtbot: QtBot, unheard: list[TuttiError]) -> Iterator[Jobs]:
    jobs = Jobs(unheard.append)
    yield jobs
    jobs.close()


def test_a_result_arrives_on_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[tuple[str, threading.Thread]] = []
    here = threading.current_thread()
    worked: list[threading.Thread] = []

    def work(control: JobControl) -> str:
        worked.append(threading.current_thread())
        return "notes"

    jobs.run(work, lambda result: heard.append((result, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("notes", here)]
    assert worked[0] is not here


class Asker(QObject):
    """A dialog that asks for something and may be closed before the answer."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self.heard = heard

    def take(self, result: str) -> None:
        self.heard.append(f"{result} for {self.objectName()}")

    def take_as(self, name: str, result: str) -> None:
        self.take(f"{result} as {name}")


def test_who_has_gone_is_told_nothing(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[str] = []
    go, asker, other = threading.Event(), Asker(heard), Asker(heard)

    def work(control: JobControl) -> str:
        assert go.wait(20)
        return "notes"

    for each in (asker, other):
        for done in (each.take, partial(each.take_as, "music")):
            jobs.run(work, done)
    asker.deleteLater()
    QCoreApplication.sendPostedEvents(asker, QEvent.Type.DeferredDelete.value)
    go.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert sorted(heard) == ["notes as music for ", "notes for "]  # whichever ended first


def test_progress_arrives_on_the_gui_thread_and_within_bounds(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[tuple[float, str, threading.Thread]] = []
    go = threading.Event()

    def work(control: JobControl) -> None:
        go.wait(5)
        control.progress(0.5, "half")
        control.progress(7.0)

    job = jobs.run(work, lambda result: None)
    job.progressed.connect(lambda f, text: heard.append((f, text, threading.current_thread())))
    with qtbot.waitSignal(job.ended):
        go.set()
    here = threading.current_thread()
    assert heard == [(0.5, "half", here), (1.0, "", here)]


def test_a_known_failure_is_told_by_its_sentence(qtbot: QtBot, jobs: Jobs) -> None:
    heard: list[TuttiError] = []

    def work(control: JobControl) -> None:
        raise FileError("The disk is full.")

    jobs.run(work, lambda result: None, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert str(heard[0]) == "The disk is full."


def test_a_failure_nobody_waits_for_is_told_all_the_same(
    qtbot: QtBot, jobs: Jobs, unheard: list[TuttiError]
) -> None:
    def work(control: JobControl) -> None:
        raise FileError("The disk is full.")

    jobs.run(work, lambda result: None)
    qtbot.waitUntil(lambda: bool(unheard))
    assert str(unheard[0]) == "The disk is full."


def test_a_fault_is_reported_and_ends_the_job_with_a_sentence(
    qtbot: QtBot, jobs: Jobs, unheard: list[TuttiError], monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: reported.append(error))

    def work(control: JobControl) -> None:
        raise ZeroDivisionError("oops")

    with qtbot.waitSignal(jobs.run(work, lambda result: None, title="Rendering").ended):
        pass
    assert [str(error) for error in reported] == ["oops"]
    assert isinstance(unheard[0], UnexpectedError)
    assert str(unheard[0]) == "Rendering stopped because of a fault in Tutti."


def test_a_cancelled_job_ends_without_a_word(
    qtbot: QtBot, jobs: Jobs, unheard: list[TuttiError]
) -> None:
    heard: list[object] = []
    started = threading.Event()

    def work(control: JobControl) -> str:
        started.set()
        while not control.cancelled():
            threading.Event().wait(0.001)
        return "late"

    job = jobs.run(work, heard.append)
    assert started.wait(5)
    with qtbot.waitSignal(job.ended):
        job.cancel()
    assert heard == [] and unheard == []
    assert jobs.running == ()


def test_work_may_leave_at_a_check(qtbot: QtBot, jobs: Jobs, unheard: list[TuttiError]) -> None:
    reached: list[str] = []
    go = threading.Event()

    def work(control: JobControl) -> None:
        go.wait(5)
        control.check()
        reached.append("after")

    job = jobs.run(work, lambda result: None)
    job.cancel()
    with qtbot.waitSignal(job.ended):
        go.set()
    assert reached == [] and unheard == []


def test_closing_cancels_what_runs_and_leaves_no_thread(qtbot: QtBot) -> None:
    jobs = Jobs(lambda error: None)
    heard: list[object] = []

    def work(control: JobControl) -> None:
        while not control.cancelled():
            threading.Event().wait(0.001)

    for _ in range(6):
        jobs.run(work, heard.append)
    jobs.close()
    qtbot.wait(20)
    assert heard == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("job")]


def test_a_job_asked_for_after_closing_does_nothing(qtbot: QtBot) -> None:
    jobs = Jobs(lambda error: None)
    jobs.close()
    assert not jobs.run(lambda control: 1, lambda result: None, title="Late").running


def test_a_job_may_go_while_its_worker_is_still_leaving_the_emission(qtbot: QtBot) -> None:
    """The signal is one of `Jobs`, which stays: Qt does not survive a sender that goes then."""
    jobs, gone = Jobs(print), threading.Event()
    held: list[bool] = []

    def hold_the_worker(_call: object) -> None:
        held.append(gone.wait(5))

    jobs._posted.connect(hold_the_worker, Qt.ConnectionType.DirectConnection)
    job = jobs.run(lambda control: None, lambda result: None)
    qtbot.waitUntil(lambda: not isValid(job))
    assert not held
    gone.set()
    jobs.close()
    assert held == [True]
