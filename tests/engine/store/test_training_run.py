import resource
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
    with pytest.raises(TrainingError, match="could not be written: a folder has that name"):
        run.append({"event": "started"})
    run.settings_path.mkdir()
    with pytest.raises(TrainingError, match="could not be written"):
        run.save_settings({})


def test_steps_are_written_together_and_all_else_at_once(tmp_path: Path) -> None:
    run = TrainingRun(tmp_path, write_seconds=60)
    for step in range(50):
        run.append({"event": "step", "step": step})
    assert run.events_path.read_text().count("\n") == 1
    run.append({"event": "epoch", "step": 49})
    assert run.events_path.read_text().count("\n") == 51
    assert [event["step"] for event in run.events()] == [*range(50), 49]


def test_a_full_disk_is_a_sentence_and_leaves_whole_lines(run: TrainingRun) -> None:
    run.append({"event": "epoch", "step": 1})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (run.events_path.stat().st_size + 20, hard))
    try:
        with pytest.raises(TrainingError, match="could not be written"):
            run.append({"event": "epoch", "step": 2})
        assert len(run.events_path.read_text().splitlines()) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    run.append({"event": "epoch", "step": 3})
    assert [event["step"] for event in run.events()] == [1, 2, 3]


def test_samples_that_came_after_a_checkpoint_are_cut_with_their_events(run: TrainingRun) -> None:
    for epoch in (0, 5, 10):
        for path in (run.sample_path(epoch), run.snapshot_path(epoch)):
            path.parent.mkdir(exist_ok=True)
            path.write_text("music")
        run.append({
            "event": "sample", "step": 4 * epoch, "epoch": epoch,
            "file": f"samples/epoch-{epoch:04d}.json",
            "snapshot": f"snapshots/epoch-{epoch:04d}.safetensors",
        })  # fmt: skip
    run.cut_after(20)
    assert [event["epoch"] for event in run.events()] == [0, 5]
    assert sorted(path.name for path in run.folder.glob("samples/*")) == [
        "epoch-0000.json", "epoch-0005.json",
    ]  # fmt: skip
    assert run.snapshot_path(5).exists()
    assert not run.snapshot_path(10).exists()


def test_a_run_without_a_checkpoint_can_begin_anew(run: TrainingRun) -> None:
    run.save_settings({})
    run.append({"event": "step", "step": 1})
    run.sample_path(0).parent.mkdir()
    run.sample_path(0).write_text("music")
    assert not run.has_checkpoint
    run.begin_anew()
    assert list(run.folder.iterdir()) == []
    run.append({"event": "step", "step": 1})
    assert len(list(run.events())) == 1


HALF_WRITTEN = (".events.jsonl.0a1b2c3d.part", "checkpoint-before.partial", ".tmpBBNSm0")


@pytest.mark.parametrize("name", HALF_WRITTEN)
def test_what_a_kill_left_half_written_goes_when_the_run_goes_on(
    run: TrainingRun, name: str
) -> None:
    run.append({"event": "step", "step": 1})
    run.checkpoint_path.write_text("weights")
    (run.folder / name).write_text("weigh")
    run.cut_after(1)
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "checkpoint.safetensors", "events.jsonl",
    ]  # fmt: skip


@pytest.mark.parametrize("name", HALF_WRITTEN)
def test_what_a_kill_left_half_written_goes_when_the_run_begins_anew(
    run: TrainingRun, name: str
) -> None:
    (run.folder / name).write_text("weigh")
    run.begin_anew()
    assert list(run.folder.iterdir()) == []
