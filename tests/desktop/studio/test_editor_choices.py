"""The bar of an open track stands as it was left: its grid, its scale, its ghosts."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.roll.editor_bar import EditorBar
from desktop.studio.page import StudioPage
from engine.music.note_grid import GridStep
from engine.music.scales import Scale, scale_of_words
from tests.desktop.studio.conftest import StudioApp


def trigger(bar: EditorBar, button: str, *path: str) -> None:
    """Choose a row of one of the bar's menus, as a click does."""
    menu = getattr(bar, f"_{button}").menu()
    menu.aboutToShow.emit()
    for name in path:
        row = next(each for each in menu.actions() if each.text() == name)
        menu = row.menu()
    row.trigger()


def test_what_is_chosen_in_the_bar_is_there_at_the_next_start(
    app: StudioApp, page: StudioPage, qtbot: QtBot
) -> None:
    bar = page.area.bar
    trigger(bar, "grid", "1/8 T")
    trigger(bar, "scale", "Dorian", "D")
    bar._ghosts.click()
    kept = app.settings
    assert (kept.roll_grid, kept.roll_scale, kept.roll_ghosts) == ("1/8 T", "2 dorian", False)
    again = StudioPage(app)  # type: ignore[arg-type]
    qtbot.addWidget(again)
    lanes = again.area.lanes
    assert lanes.grid().step is GridStep.EIGHTH_TRIPLET
    assert lanes.look.ghosts is False
    assert [span.scale for span in lanes.look.scales] == [Scale(2, "dorian")]
    assert not again.area.bar._ghosts.isChecked()
    assert again.area.bar._steps[GridStep.EIGHTH_TRIPLET].isChecked()


@pytest.mark.parametrize(
    ("row", "kept"), [("None: black and white keys", "none"), ("The key of the music", "key")]
)
def test_no_scale_and_that_of_the_music_are_choices_too(
    app: StudioApp, page: StudioPage, row: str, kept: str
) -> None:
    trigger(page.area.bar, "scale", "Blues", "A")
    trigger(page.area.bar, "scale", row)
    assert app.settings.roll_scale == kept


def test_the_words_of_a_scale_tell_of_it_and_no_others_do() -> None:
    for scale in (Scale(0), Scale(11, "harmonic minor")):
        assert scale_of_words(scale.words) == scale
    for words in ("", "key", "12 major", "-1 major", "01 major", "² major", "2", "2 jazz"):
        assert scale_of_words(words) is None
