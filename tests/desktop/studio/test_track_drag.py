"""A track is pulled out of the Studio by its head and arrives as a MIDI file."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.files.midi import read_midi
from engine.music.composition import Composition


def test_a_pulled_head_carries_a_midi_file_of_its_track_until_the_window_closes(
    page: Any, app: Any, melody: Composition, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[Path] = []

    def take(drag: QDrag, _action: Qt.DropAction) -> Qt.DropAction:
        carried.extend(Path(url.toLocalFile()) for url in drag.mimeData().urls())
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", take)
    app.document.load(melody)
    head = page.area.column.headers[0]
    place = QPoint(head.width() // 2, head.height() - 4)
    QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(head, place + QPoint(2, 0))
    assert carried == []
    QTest.mouseMove(head, place + QPoint(60, 0))
    QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=place)
    (path,) = carried
    assert path.name == "Scale - Melody.mid" and path.parent.name.startswith("tutti-drag-")
    arrived = read_midi(path).composition
    assert arrived.melody.notes == melody.melody.notes and arrived.tempos == melody.tempos
    QTest.mouseClick(head, Qt.MouseButton.LeftButton, pos=place)
    assert carried == [path]
    assert page.track_drag.dragged(0).urls()[0].toLocalFile().endswith("Melody 2.mid")
    app.closing.emit()
    assert not path.parent.exists()


def test_an_empty_track_is_not_dragged(page: Any, app: Any) -> None:
    assert page.track_drag.dragged(0) is None
    assert "no notes" in app.sentences[-1]
