"""What answers in a user's place where the system's own dialogs would open and wait."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QDrag
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox

from desktop.training import Training
from engine.errors import TrainingError
from tests.soak.hand import Hand

WORDS = ("", "Waltz", "Bass 2", "A very long name that no head has room for, not even a wide one")


Put = Callable[[type, str, Any], None]


def answer_in_place_of_a_user(
    hand: Hand, folder: Path, songs: list[Path], put: Put = setattr
) -> None:
    """Let every dialog of the system answer at once; files are written into ``folder``.

    There is no network, and no run is begun.

    ``put`` puts an answer in the place of a class's own function.
    """

    def save(_window: Any, _title: str, suggested: str, *_more: Any, **_named: Any) -> Any:
        if hand.likely(0.15):
            return "", ""
        written = folder / f"{hand.chance.randrange(4)}{Path(suggested).suffix or '.mid'}"
        if written.suffix in (".mid", ".tutti") and written not in songs:
            songs.append(written)
        return str(written), ""

    def open_one(_window: Any, _title: str, _folder: str = "", kinds: str = "") -> Any:
        there = [song for song in songs if song.is_file()]
        wanted = "mid" in kinds and hand.likely(0.8)
        return (str(hand.one_of(there)) if wanted else ""), ""

    def text(*_arguments: Any, **_named: Any) -> Any:
        return hand.one_of(WORDS), hand.likely(0.7)

    def press_one(box: QMessageBox) -> int:
        hand.one_of(box.buttons()).click()
        return 0

    async def unreachable(_client: httpx.AsyncClient, request: httpx.Request, **_more: Any) -> Any:
        raise httpx.ConnectError("No network.", request=request)

    def refuse_run(*_arguments: Any, **_named: Any) -> Any:
        raise TrainingError("No run is begun while chance presses the buttons.")

    replaced: list[tuple[type, str, Any]] = [
        (QFileDialog, "getSaveFileName", staticmethod(save)),
        (QFileDialog, "getOpenFileName", staticmethod(open_one)),
        (QFileDialog, "getOpenFileNames", staticmethod(lambda *_a, **_n: ([], ""))),
        (QFileDialog, "getExistingDirectory", staticmethod(lambda *_a, **_n: "")),
        (QInputDialog, "getText", staticmethod(text)),
        (QMessageBox, "exec", press_one),
        (httpx.AsyncClient, "send", unreachable),
        (Training, "start", refuse_run),
        (Training, "resume", lambda *_arguments, **_changes: None),
        (QDrag, "exec", lambda *_a: Qt.DropAction.IgnoreAction),
        (QDesktopServices, "openUrl", staticmethod(lambda _url: True)),
    ]
    for kind, name, answer in replaced:
        put(kind, name, answer)
