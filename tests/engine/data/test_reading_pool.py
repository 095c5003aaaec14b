import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.data import reading_pool
from engine.data.midi_folder import midi_paths
from engine.data.reading_pool import (
    LONGEST_SECONDS,
    PATIENCE,
    Cancelled,
    ReadingPool,
    worker_count,
)
from engine.data.song_report import UNREADABLE
from engine.errors import DataError
from tests.engine.data.band_songs import band, write_song

SONGS = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("songs")
    for number in range(SONGS):
        write_song(folder / f"{number}.mid", band(4 + 4 * number))
    return folder


def test_answers_come_in_order_from_several_processes(folder: Path) -> None:
    paths = list(midi_paths(folder))
    with ReadingPool(folder, 2) as pool:
        found = list(pool.results(paths))
        assert [result.report.path for result in found] == paths
        beats = [result.songs[0].entry.beats for result in found]
        assert beats == sorted(beats)
        planes = found[0].songs[0].planes
        assert planes.shape == (4 * beats[0], 6, 2, 16)
        assert planes.any()
        examined = [result.report for result in pool.results(paths, "examine")]
        assert examined == [result.report for result in found]


def test_a_process_that_is_brought_down_costs_one_file(folder: Path) -> None:
    with ReadingPool(folder, 1) as pool:
        results = pool.results(midi_paths(folder))
        first = next(results)
        # What it has read ahead is lost with it, but for what it has answered already.
        pool._workers[0].process.kill()
        rest = list(results)
    assert first.report.kept
    reasons = [result.report.reason for result in rest]
    assert len(rest) == SONGS - 1
    assert reasons.count(UNREADABLE) <= 1
    assert all("brought its reader down" in r.report.remark for r in rest if not r.report.kept)


def test_of_files_read_together_only_the_one_that_brings_it_down_is_lost(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader that ends at once over one certain file stands in for a damaged one."""
    code = (
        "import os, engine.data.layouts as layouts, engine.data.reading_worker as worker\n"
        "parse = layouts.parse\n"
        "layouts.parse = lambda path: os._exit(3) if path.name == '2.mid' else parse(path)\n"
        "worker.main()\n"
    )
    (tmp_path / "falls.py").write_text(code)
    reader = tmp_path / "reader"
    reader.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{tmp_path / "falls.py"}"\n')
    reader.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(reader))
    with ReadingPool(folder, 1) as pool:
        kept = {r.report.path: r.report.kept for r in pool.results(midi_paths(folder))}
    assert kept == {f"{number}.mid": number != 2 for number in range(SONGS)}


def test_a_file_that_takes_too_long_is_given_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_pool, "LONGEST_SECONDS", 0.0)
    monkeypatch.setattr(reading_pool._Worker, "begin_again", lambda worker: None)
    with ReadingPool(folder, 1) as pool:
        pool._at, pool._began = pool._workers[0], 0.0
        pool._workers[0].process.wait(20)
        (result, *_) = pool.results(["0.mid"])
    assert result.report.reason == UNREADABLE


def test_a_waiting_import_can_be_cancelled(folder: Path) -> None:
    began = time.monotonic()

    def endless() -> Iterator[str]:
        while True:
            yield "0.mid"

    with (
        ReadingPool(folder, 1, lambda: time.monotonic() > began + 1.0) as pool,
        pytest.raises(Cancelled),
    ):
        for _ in pool.results(endless()):
            pass


def test_without_a_process_it_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(folder / "no python"))
    with pytest.raises(DataError, match="No process could be started"):
        ReadingPool(folder, 1)


def test_processes_that_all_end_at_once_are_told_not_counted_as_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    false = shutil.which("false")
    assert false
    monkeypatch.setattr(sys, "executable", false)
    with (
        ReadingPool(folder, 1) as pool,
        pytest.raises(DataError, match="No process that reads files stays alive"),
    ):
        list(pool.results(midi_paths(folder)))


def test_beside_a_window_the_readers_take_what_nobody_wants_and_a_command_s_do_not(
    folder: Path,
) -> None:
    for gives_way, expected in ((True, "SCHED_IDLE"), (False, "SCHED_OTHER")):
        with ReadingPool(folder, 1, gives_way=gives_way) as pool:
            assert next(pool.results(midi_paths(folder))).report.kept
            process = pool._workers[0].process.pid
            if sys.platform == "linux":  # no other system has that class
                assert os.sched_getscheduler(process) == getattr(os, expected)
            assert pool._longest == LONGEST_SECONDS * (PATIENCE if gives_way else 1)


def test_more_files_are_worth_more_processes_up_to_the_processors() -> None:
    assert worker_count(0) == worker_count(3) == 1
    assert 1 <= worker_count(10**6) <= reading_pool.MOST_WORKERS


def test_the_readers_know_neither_the_window_nor_the_networks() -> None:
    code = (
        "import sys, engine.data.reading_worker as w; "
        "sys.exit(bool({'PySide6', 'torch', 'desktop', 'models', 'mido'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0


def test_the_trainer_reads_packed_songs_without_any_midi_library() -> None:
    code = (
        "import sys\n"
        "for name in ('symusic', 'mido', 'pretty_midi', 'rtmidi', 'onnxruntime', 'PySide6'):\n"
        "    sys.modules[name] = None\n"
        "import engine.data.collection, engine.data.segments\n"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root).returncode == 0
