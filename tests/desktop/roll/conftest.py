"""The lanes with music in them."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.roll.lanes import LanesView
from desktop.theme import apply_theme, set_reduced_motion
from engine.music.composition import Composition
from tests.desktop.roll.lanes_hand import (
    MUSIC,
)


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> Iterator[LanesView]:
    """A view of the music whose every edit is granted, as the document would."""
    apply_theme(qapp, "dark")
    set_reduced_motion(False)
    view = LanesView()
    qtbot.addWidget(view)
    view.edit_requested.connect(lambda music, _: view.set_composition(music))
    view.resize(908, 600)
    view.set_composition(MUSIC)
    view.show()
    yield view
    set_reduced_motion(None)
    view.hide()
    view.deleteLater()


@pytest.fixture
def edits(view: LanesView) -> list[tuple[Composition, str]]:
    """The edits asked for."""
    asked: list[tuple[Composition, str]] = []
    view.edit_requested.connect(lambda music, name: asked.append((music, name)))
    return asked
