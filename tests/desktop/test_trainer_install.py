"""Fetching the trainer from the window: the size said first, progress, cancel, another try."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop import trainer_install
from desktop.train import installing
from desktop.train.installing import Installing

PATIENCE_MS = 15_000
PLAN = {"event": "plan", "packages": ["torch 2"], "bytes": 530_000_000, "unknown": 0}
FETCH = {"event": "fetch", "name": "torch 2", "done": 265_000_000, "bytes": 530_000_000}
Script = Callable[..., None]


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Script:
    """Lets a small program stand for the set-up: it tells events, and may hang then."""
    path = tmp_path / "set_up.py"
    monkeypatch.setattr(trainer_install, "SET_UP", path)
    monkeypatch.setattr(installing, "can_install", lambda: True)

    def write(
        plan: list[dict[str, Any]], install: list[dict[str, Any]], hang: bool = False
    ) -> None:
        path.write_text(
            "import json, sys, time\n"
            f"told = json.loads({json.dumps([plan, install])!r})\n"
            "for event in told[sys.argv[1] != '--plan']:\n"
            "    print(json.dumps(event), flush=True)\n"
            f"if {hang!r} and sys.argv[1] != '--plan':\n"
            "    sys.stdin.read()\n"
        )

    return write


@pytest.fixture
def card(qtbot: QtBot) -> Installing:
    made = Installing()
    qtbot.addWidget(made, before_close_func=lambda card: card.install.close())
    return made


def test_the_size_is_said_and_nothing_fetched_before_it_is_wanted(
    qtbot: QtBot, script: Script, card: Installing
) -> None:
    script([PLAN], [FETCH, {"event": "place", "packages": 30}, {"event": "done"}])
    card.begin()
    qtbot.waitUntil(lambda: not card.go.isHidden(), timeout=PATIENCE_MS)
    assert card.words.text().startswith("530 MB to fetch.")
    with qtbot.waitSignal(card.ready, timeout=PATIENCE_MS):
        card.go.click()
    assert card.isHidden()


def test_progress_is_shown_and_cancel_ends_it(
    qtbot: QtBot, script: Script, card: Installing
) -> None:
    script([PLAN], [FETCH], hang=True)
    card.begin()
    qtbot.waitUntil(lambda: not card.go.isHidden(), timeout=PATIENCE_MS)
    card.go.click()
    qtbot.waitUntil(lambda: card.bar.value() == 500, timeout=PATIENCE_MS)
    assert card.words.text() == "Fetching torch 2, 265 of 530 MB"
    with qtbot.waitSignal(card.ended):
        card.back.click()
    assert not card.install.running and card.isHidden()


def test_without_a_network_a_sentence_says_so_and_another_try_is_offered(
    qtbot: QtBot, script: Script, card: Installing
) -> None:
    script([{"event": "failed", "reason": "there is no network"}], [])
    with qtbot.waitSignal(card.ended, timeout=PATIENCE_MS):
        card.begin()
    assert card.words.text() == "There is no network. Try again goes on here."
    assert card.go.text() == "Try again" and not card.go.isHidden()


def test_a_set_up_that_was_killed_is_told(qtbot: QtBot, script: Script, card: Installing) -> None:
    script([PLAN], [FETCH])
    card.begin()
    qtbot.waitUntil(lambda: not card.go.isHidden(), timeout=PATIENCE_MS)
    with qtbot.waitSignal(card.ended, timeout=PATIENCE_MS):
        card.go.click()
    assert "ended without a word" in card.words.text()


def test_another_python_is_told_what_to_install(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, card: Installing
) -> None:
    monkeypatch.setattr(installing, "can_install", lambda: False)
    card.begin()
    assert "extra “train”" in card.words.text() and not card.install.running


def test_files_of_a_set_up_that_was_cut_short_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_install, "ROOT", tmp_path)
    monkeypatch.setattr("sys.prefix", str(tmp_path / ".venv"))
    stamp = tmp_path / ".venv" / "tutti.json"
    stamp.parent.mkdir()
    stamp.write_text(json.dumps({"extras": []}))
    assert not trainer_install.is_installed()
    stamp.write_text(json.dumps({"extras": ["train"]}))
    assert trainer_install.is_installed()
