"""The manual beside the window: the fitting page, the way through it, what links do."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.manual.contents import NOTHING
from desktop.manual.guide import Guide
from desktop.manual.text import pages
from desktop.manual.window import ManualWindow
from desktop.pages.studio import StudioPage
from desktop.shell import Shell
from desktop.theme import ThemeName, apply_theme
from engine.music.composition import Composition
from engine.music.note import Note

KEYS: dict[str, tuple[str, ...]] = {}
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def manual(qtbot: QtBot) -> Iterator[ManualWindow]:
    """The manual alone, at its first page."""
    window = ManualWindow(lambda: KEYS)
    qtbot.addWidget(window)
    window.go_to(pages()[0].name)
    window.show()
    yield window
    window.close()
    KEYS.clear()


@pytest.fixture
def guide(app: App, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Guide:
    """Help of the whole window; nobody asks the trainer what it offers."""
    monkeypatch.setattr(app.training.query, "presets", lambda done, failed: None)
    guide = shell.window.findChild(Guide)
    assert isinstance(guide, Guide)
    return guide


def follow(manual: ManualWindow, link: str) -> None:
    manual.view.anchorClicked.emit(QUrl(link))


def studio_of(shell: Shell) -> StudioPage:
    page = shell.window.page_widget("Studio")
    assert isinstance(page, StudioPage)
    return page


def one_note() -> Composition:
    composition = Composition("Song")
    return composition.with_track(0, composition.melody.with_notes([Note(0, 60, 480)]))


def test_help_opens_the_page_that_fits_what_is_on_the_screen(
    shell: Shell, app: App, guide: Guide
) -> None:
    manual = guide.manual

    def helped() -> tuple[str, str]:
        app.actions["manual"].trigger()
        assert manual.isVisible()
        return manual.page.name, manual.section

    assert helped() == ("first-song", "")
    app.document.load(one_note())
    app.actions["timing"].trigger()
    assert helped() == ("timing", "the-timing-card")
    app.actions["tempo_here"].trigger()
    assert helped() == ("timing", "tempo-and-meter")
    studio_of(shell).tempo_here.card.dismiss()
    app.actions["edit_notes"].trigger()
    assert helped() == ("editor", "")
    shell.window.show_page("Library")
    assert helped() == ("library", "")
    shell.window.show_page("Train")
    assert helped() == ("training", "")
    follow(manual, "show:Train/Learn")
    assert helped() == ("training", "learn-how-it-works")
    shell.window.close()
    assert not manual.isVisible()


@pytest.mark.parametrize(
    ("action", "page", "section"),
    [("shortcuts", "keys", ""), ("palette", "window", "find-a-command-by-its-name")],
)
def test_its_key_works_in_a_dialog_and_opens_the_page_of_that(
    shell: Shell, app: App, guide: Guide, qtbot: QtBot, action: str, page: str, section: str
) -> None:
    app.actions[action].trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QDialog), timeout=20_000)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    QTest.keyClick(dialog, Qt.Key.Key_F1)
    assert (guide.manual.page.name, guide.manual.section) == (page, section)
    assert guide.manual.isVisible()
    dialog.reject()


def test_a_link_does_what_it_talks_of_and_says_where_that_is_not_possible(
    shell: Shell, app: App, guide: Guide
) -> None:
    manual = guide.manual
    app.document.load(one_note())
    shell.window.show_page("Settings")
    follow(manual, "do:timing")
    assert shell.window.page == "Studio"
    assert studio_of(shell).note_work.card.isVisible()
    app.actions["extend"].setEnabled(False)
    app.actions["manual"].trigger()
    follow(manual, "do:extend")
    assert manual.told.text() == "“Add 4 bars” is not possible just now."
    manual.go_to("keys")
    assert manual.told.isHidden() and "Ctrl+G" in manual.view.toPlainText()
    app.change_settings(shortcuts=("generate=Ctrl+F9",))
    assert "Ctrl+F9" in manual.view.toPlainText()
    follow(manual, "show:Settings/Files")
    assert shell.window.page == "Settings"


def test_links_lead_through_the_pages_and_the_way_back_is_kept(manual: ManualWindow) -> None:
    follow(manual, "page:takes#more-like-this")
    assert (manual.page.name, manual.section) == ("takes", "more-like-this")
    assert manual.view.textCursor().block().text() == "More like this"
    follow(manual, "page:chords")
    QTest.keyClick(manual, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert manual.page.name == "takes" and manual.forward_button.isEnabled()
    manual.back()
    assert manual.page.name == "first-song" and not manual.back_button.isEnabled()
    manual.forward()
    follow(manual, "page:files")
    assert not manual.forward_button.isEnabled()


def test_a_search_lists_places_and_return_opens_the_first_with_its_words_marked(
    qtbot: QtBot, manual: ManualWindow
) -> None:
    qtbot.keyClicks(manual.field, "legato")
    assert manual.contents.texts[0].endswith("The timing card")
    qtbot.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.page.name == "timing" and manual.view.marked == 2
    qtbot.keyClicks(manual.field, " zeppelin")
    assert manual.contents.texts == [NOTHING]
    qtbot.keyClick(manual, Qt.Key.Key_Escape)
    assert manual.field.text() == "" and manual.isVisible()
    assert manual.contents.texts == [page.title for page in pages()]
    assert manual.contents.currentItem().text(0) == "The timing card"
    qtbot.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()


def test_all_pages_are_reached_by_the_keys_of_the_contents_alone(
    qtbot: QtBot, manual: ManualWindow
) -> None:
    manual.contents.setFocus()
    seen = [manual.page.name]
    for _ in range(sum(len(page.sections) for page in pages())):
        qtbot.keyClick(manual.contents, Qt.Key.Key_Down)
        seen.append(manual.page.name)
    assert list(dict.fromkeys(seen)) == [page.name for page in pages()]
    named = (manual.contents, manual.field, manual.view, manual.back_button)
    assert all(widget.accessibleName() for widget in named)


def test_pictures_are_those_of_the_theme_and_no_wider_than_the_text(manual: ManualWindow) -> None:
    def corner(theme: ThemeName) -> int:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply_theme(application, theme)
        picture = manual.view.loadResource(IMAGE, QUrl("picture:studio"))
        assert isinstance(picture, QImage)
        assert 0 < picture.deviceIndependentSize().width() <= manual.view.viewport().width()
        return picture.pixelColor(2, 2).lightness()

    assert corner("dark") < 80 < 180 < corner("light")
    corner("dark")


def test_a_page_that_stands_is_not_made_again(manual: ManualWindow) -> None:
    made: list[str] = []
    manual.view.document().contentsChanged.connect(lambda: made.append("again"))
    for _ in range(8):  # what is still to be laid out
        QApplication.processEvents()
    made.clear()
    for _ in range(12):
        QApplication.processEvents()
    assert not made
