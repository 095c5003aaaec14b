"""The first steps: each mark comes from what is so."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.learn.first_steps import ALL_DONE, FirstSteps
from desktop.learn.steps import (
    PRESET,
    STEPS,
    LearnerState,
    done,
    next_step,
)
from engine.store.runs import RunSummary


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "My band.onnx"
    path.write_bytes(b"a model")
    return path


def a_run(**changes: Any) -> RunSummary:
    run = RunSummary("My band", Path("runs/My band"), "running", preset=PRESET)
    return replace(run, **changes)


def test_nothing_is_done_at_first() -> None:
    assert done(LearnerState()) == (False,) * len(STEPS)
    assert next_step(LearnerState()) == 0


def test_step_by_step_the_marks_come(model: Path) -> None:
    state = LearnerState(data_sets=1)
    assert next_step(state) == 1
    state = replace(state, preset=PRESET)
    assert next_step(state) == 2
    state = replace(state, runs=(a_run(step=12),))
    assert next_step(state) == 3
    state = replace(state, listened=frozenset({0, 5}))
    assert next_step(state) == 4
    state = replace(state, runs=(a_run(step=640, state="finished", model=model),))
    assert next_step(state) == 5
    state = replace(state, played="My band")
    assert next_step(state) is None


def test_other_presets_and_shipped_runs_do_not_count(model: Path) -> None:
    others = (a_run(step=9, model=model, preset="pop"), a_run(step=9, model=model, shipped=True))
    marks = done(LearnerState(runs=others, played="Pop"))
    assert not any(marks)


def test_a_model_that_was_deleted_is_not_kept(model: Path) -> None:
    state = LearnerState(runs=(a_run(step=9, model=model),))
    assert done(state)[4]
    model.unlink()
    assert not done(state)[4]


def test_the_list_marks_what_is_done_and_outlines_what_comes_next(qtbot: QtBot) -> None:
    steps = FirstSteps()
    qtbot.addWidget(steps)
    steps.show_state(LearnerState(data_sets=1))
    assert [row.is_done for row in steps.rows] == [True] + [False] * 5
    assert [row.is_next for row in steps.rows].index(True) == 1


def test_a_button_asks_for_its_step(qtbot: QtBot) -> None:
    steps = FirstSteps()
    qtbot.addWidget(steps)
    with qtbot.waitSignal(steps.asked) as asked:
        steps.rows[1].button.click()
    assert asked.args[0].deed == "preset"


def test_at_the_end_it_says_so(qtbot: QtBot, model: Path) -> None:
    steps = FirstSteps()
    qtbot.addWidget(steps)
    runs = (a_run(step=9, model=model),)
    steps.show_state(LearnerState(1, PRESET, runs, listened=frozenset({0, 16}), played="My band"))
    assert steps.words == ALL_DONE
