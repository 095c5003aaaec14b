from pathlib import Path

import pytest

from engine.errors import TrainingError
from engine.store.training_run import TrainingRun


@pytest.fixture
def run(tmp_path: Path) -> TrainingRun:
    return TrainingRun(tmp_path / "runs" / "first")


def test_events_are_read_as_they_were_told(run: TrainingRun) -> None:
    assert list(run.events()) == []
    told: list[dict[str, object]] = [
        {"event": "started", "name": "Größe"},
        {"event": "step", "step": 1, "loss": 0.5},
    ]
    for event in told:
        run.append(event)
    assert list(TrainingRun(run.folder).events()) == told


def test_a_line_that_a_kill_cut_short_is_left_out(run: TrainingRun) -> None:
    run.append({"event": "step", "step": 1})
    with run.events_path.open("a") as stream:
        stream.write('{"event": "st')
    assert [event["step"] for event in run.events()] == [1]


def test_the_event_after_a_cut_line_is_not_lost(run: TrainingRun) -> None:
    run.append({"event": "step", "step": 1})
    with run.events_path.open("ab") as stream:
        stream.write(b'{"event": "\xc3')
    again = TrainingRun(run.folder)
    again.append({"event": "step", "step": 2})
    again.append({"event": "step", "step": 3})
    assert [event["step"] for event in again.events()] == [1, 2, 3]


def test_what_came_after_a_checkpoint_is_cut(run: TrainingRun) -> None:
    run.append({"event": "started"})
    for step in range(1, 6):
        run.append({"event": "step", "step": step})
    run.cut_after(3)
    assert [event.get("step") for event in run.events()] == [None, 1, 2, 3]


def test_settings_come_back(run: TrainingRun) -> None:
    run.save_settings({"name": "a", "values": [1, 2.5, None]})
    assert run.settings() == {"name": "a", "values": [1, 2.5, None]}
    assert [path.name for path in run.folder.iterdir()] == ["settings.json"]


def test_a_folder_without_settings_is_no_run(run: TrainingRun) -> None:
    with pytest.raises(TrainingError, match="There is no training run in"):
        run.settings()


@pytest.mark.parametrize(("text", "sentence"), [("{", "no training run"), ("[1]", "damaged")])
def test_damaged_settings_are_a_sentence(run: TrainingRun, text: str, sentence: str) -> None:
    run.settings_path.write_text(text)
    with pytest.raises(TrainingError, match=sentence):
        run.settings()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TrainingError, match="cannot be made"):
        TrainingRun(tmp_path / "file" / "run")


def test_a_run_that_cannot_be_written_is_a_sentence(run: TrainingRun) -> None:
    run.events_path.mkdir()
    with pytest.raises(TrainingError, match="cannot be written"):
        run.append({"event": "started"})
    run.settings_path.mkdir()
    with pytest.raises(TrainingError, match="could not be written"):
        run.save_settings({})
