"""Some bars are played anew, and some are added; all else stays bit for bit."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop.studio import band
from engine.generation.generator import Generator
from engine.generation.request import Request
from engine.music.composition import Composition
from engine.music.track import Track
from tests.desktop.roll.lanes_hand import drag
from tests.tiny_models import DRUMS, TRACKS, write_tiny_model

BAR = 1920


@pytest.fixture
def requests(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> list[Request]:  # fmt: skip
    """A page with a kept band, and what is asked of its model from then on."""
    path = write_tiny_model(tmp_path / "m.onnx", known=True, position=True, tracks=(*TRACKS, DRUMS))
    generator = Generator.load(path, "cpu")
    app.generator = generator
    app.generator_changed.emit(generator)
    app.document.load(melody)
    assert not page.panel.extend.isVisible() and not page.panel.bars.isVisible()
    ask(page, app, qtbot, "generate")
    page.panel.cards[0].keep.click()
    asked: list[Request] = []
    compose = generator.compose

    def remember(composition: Composition, request: Request, **options: Any) -> Any:
        asked.append(request)
        return compose(composition, request, **options)

    monkeypatch.setattr(generator, "compose", remember)
    return asked


def ask(page: Any, app: Any, qtbot: QtBot, action: str) -> None:
    with qtbot.waitSignal(page.generation.takes_changed, timeout=5000):
        app.actions[action].trigger()


def mark(page: Any, first: int, last: int) -> None:
    """Drag in the strip above the bar numbers."""
    axis = page.area.lanes.axis
    start, end = axis.x_at((first - 1) * BAR) + 12, axis.x_at(last * BAR) - 12
    drag(page.area.lanes, QPoint(start, 6), QPoint(end, 6))


def without(track: Track, first: int, last: int) -> list[Any]:
    return [n for n in track.notes if not (first - 1) * BAR <= n.start < last * BAR]


def test_marked_bars_alone_are_played_anew_in_one_request(
    page: Any,
    app: Any,
    requests: list[Request],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(band, "SystemRandom", lambda: Random(1))
    assert not page.panel.bars.isEnabled()
    mark(page, 2, 3)
    assert page.panel.bars.isEnabled() and page.panel.bars.text() == "Bars 2–3"
    page.mixing.switch(1, "locked", True)
    before = app.document.composition
    seed = page.panel.seed
    with qtbot.waitSignal(page.generation.takes_changed, timeout=5000):
        page.panel.bars.click()
    assert [request.bars for request in requests] == [(2, 3)]
    assert requests[0].locked == {"Bass"} and requests[0].seed == page.panel.seed != seed
    changed = set()
    for card in page.panel.cards:
        card.listen.click()
        shown = page.desk.shown
        assert shown.tracks[:2] == before.tracks[:2]
        for old, new in zip(before.tracks[2:], shown.tracks[2:], strict=True):
            assert without(new, 2, 3) == without(old, 2, 3)
        changed.add(shown.tracks != before.tracks)
    page.playback.stop()
    assert True in changed
    page.panel.cards[1].keep.click()
    app.document.undo()
    assert app.document.composition == before


def test_without_marked_bars_the_window_says_how_to_mark_them(
    page: Any, app: Any, requests: list[Request]
) -> None:
    page.band.generate_bars()
    assert "Mark the bars first: drag in the strip above the bar numbers." in app.sentences
    assert requests == []


def test_four_bars_are_added_and_four_more_after_them(
    page: Any, app: Any, requests: list[Request], qtbot: QtBot
) -> None:
    before = app.document.composition
    page.area.lanes.zoom(8.0)
    page.area.lanes.viewport.show_tick(0)
    assert page.area.lanes.axis.x_at(4 * BAR) > page.area.lanes.width()
    ask(page, app, qtbot, "extend")
    assert 0 <= page.area.lanes.axis.x_at(4 * BAR) < page.area.lanes.width()
    longer = page.desk.shown
    assert requests[0].extend_bars == 4 and requests[0].bars == (5, 8)
    for old, new in zip(before.accompaniment, longer.accompaniment, strict=True):
        assert without(new, 5, 8) == list(old.notes)
    assert longer.tracks[4].notes[-1].start == 8 * BAR - 480
    assert page.generation.end == 8 * BAR and longer.melody == before.melody
    ask(page, app, qtbot, "extend")
    assert requests[1].extend_bars == 8 and requests[1].bars == (9, 12)
    assert page.desk.shown.tracks[4].notes[-1].start == 12 * BAR - 480
    ask(page, app, qtbot, "generate")
    assert requests[2].extend_bars == 8 and requests[2].bars is None


def test_bars_after_the_melody_can_be_played_anew_too(
    page: Any, app: Any, requests: list[Request], qtbot: QtBot
) -> None:
    ask(page, app, qtbot, "extend")
    mark(page, 6, 7)
    ask(page, app, qtbot, "generate_bars")
    assert requests[1].bars == (6, 7) and requests[1].extend_bars == 4


def test_only_so_many_bars_can_be_added(
    page: Any,
    app: Any,
    requests: list[Request],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(band, "ADDED_BARS", 62)
    ask(page, app, qtbot, "extend")
    ask(page, app, qtbot, "extend")
    assert requests[1].bars == (67, 68) and requests[1].extend_bars == 64
    page.band.extend()
    assert len(requests) == 2
    assert any("64 bars beyond the melody" in sentence for sentence in app.sentences)


def test_while_the_band_plays_nothing_further_is_asked(
    page: Any, app: Any, requests: list[Request], qtbot: QtBot
) -> None:
    app.actions["generate"].trigger()
    assert not page.panel.extend.isVisible()
    qtbot.waitUntil(lambda: not page.generation.busy, timeout=5000)
    assert page.panel.extend.isVisible()
