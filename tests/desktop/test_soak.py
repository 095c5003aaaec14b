"""A short soak: random deeds of a user in the real window, each looked at, all taken back.

`./tutti benchmark soak` does ten thousand of them, with the shipped models and all pages.
"""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.shell import Shell
from tests.soak.soak import Soak

DEEDS, SEED = 220, 5
ELSEWHERE = frozenset({"page_train", "manual", "export_wav", "share_page", "storage"})
"""What starts a trainer, or takes long: the benchmark does these."""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_whatever_a_user_does_the_studio_stands_and_all_of_it_can_be_taken_back(
    qtbot: QtBot, app: App, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    soak = Soak(
        app, shell.window, DEEDS, SEED, tmp_path, without=ELSEWHERE, put=monkeypatch.setattr
    )
    soak.ended = lambda: ended.append(True)
    soak.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=600_000)
    assert not soak.told.fault, soak.told.fault
    assert soak.told.done == DEEDS and soak.witness.walks
