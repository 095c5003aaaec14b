"""A short soak: random deeds of a user in the real window, each looked at, all taken back.

`./tutti benchmark soak` does ten thousand of them, with the shipped models and all pages.
"""

from pathlib import Path
from random import Random

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.shell import Shell
from tests.soak.soak import DIARY, Soak

DEEDS, SEED = 100, 11
ELSEWHERE = frozenset(
    {"page_train", "export_wav", "share_page", "storage", "play", "record", "tap", "click"}
)
"""What starts a trainer, takes long, or goes by the clock: the benchmark does these."""
LONGEST_SECONDS = 600
"""Eight seconds of work; beside others on a busy machine it took two minutes."""


@pytest.mark.timeout(LONGEST_SECONDS)
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_whatever_a_user_does_the_studio_stands_and_all_of_it_can_be_taken_back(
    qtbot: QtBot, app: App, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []
    soak = Soak(
        app,
        shell.window,
        DEEDS,
        SEED,
        tmp_path,
        without=ELSEWHERE,
        put=monkeypatch.setattr,
        waits=True,
    )
    for module in ("band", "variations"):  # the dice, always the same
        monkeypatch.setattr(f"desktop.studio.{module}.SystemRandom", lambda: Random(SEED))
    soak.ended = lambda: ended.append(True)
    soak.start()
    qtbot.waitUntil(lambda: bool(ended), timeout=1000 * LONGEST_SECONDS)
    assert not soak.told.fault, "\n".join((soak.told.fault, *soak.last))
    assert soak.told.done == len((tmp_path / DIARY).read_text().splitlines()) == DEEDS
    assert soak.witness.walks and soak.witness.steps_checked
