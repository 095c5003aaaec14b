"""Data sets, models and training runs in the Library: told of, changed, shared, taken back."""

import random
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.file_drop import FileDrop
from desktop.library.details import LOW
from desktop.library.lines import ShelfName
from desktop.library.small_curves import small_curves
from desktop.library.taking_in import take_in_models
from desktop.messages import Message
from desktop.pages.library import LibraryPage
from engine.data.corpus import write_corpus
from engine.generation.model_card import read_card
from engine.generation.models import available_models
from engine.store.curves import Curves
from engine.store.paths import data_sets_folder, models_folder, runs_folder
from engine.store.runs import runs
from tests.recorded_runs import write_run
from tests.small_songs import POP_CARD, small_song
from tests.tiny_models import write_tiny_model

SHIPPED = ("Bach", "Band", "Folk", "Pop")


@pytest.fixture
def page(qtbot: QtBot, app: App) -> LibraryPage:
    page = LibraryPage(app)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


def titles(page: LibraryPage) -> tuple[str, ...]:
    return page.list.found


def show(qtbot: QtBot, page: LibraryPage, shelf: ShelfName, *expected: str) -> None:
    page.bar.show_shelf(shelf)
    page.read()
    qtbot.waitUntil(lambda: set(titles(page)) == set(expected))


def choose(page: LibraryPage, place: int) -> None:
    page.list.setCurrentIndex(page.list.model().index(place, 0))


def choose_titled(page: LibraryPage, title: str, *, last: bool = False) -> None:
    places = [place for place, each in enumerate(titles(page)) if each == title]
    choose(page, places[-1 if last else 0])


def told_words(page: LibraryPage) -> str:
    groups = page.details.facts.groups
    return "\n".join(" | ".join(row) for group in groups for row in (*group.rows, (group.note,)))


def edit_title(qtbot: QtBot, page: LibraryPage, title: str) -> None:
    page.details.button("rename").click()
    editor = page.list.findChild(QLineEdit)
    editor.setText(title)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


# Models


def test_a_shipped_model_tells_its_card_beside_people_s_measures_and_its_real_curves(
    qtbot: QtBot, page: LibraryPage
) -> None:
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    choose_titled(page, "Pop")
    qtbot.waitUntil(lambda: "similarity index" in page.details.curves.labels)
    words = told_words(page)
    for expected in ("Fingered Bass", "pop909", "Out of key", "GPL-3.0-or-later", "52 min"):
        assert expected in words
    assert not {"rename", "delete"} & set(page.details.offered)
    with qtbot.waitSignal(page.requests.run_asked) as asked:
        page.details.button("run").click()
    assert asked.args[0].name == "pop.run"


def test_a_model_is_used_in_the_studio(qtbot: QtBot, app: App, page: LibraryPage) -> None:
    write_tiny_model(models_folder() / "other.onnx", name="Other")
    app.model_choice.list_again()
    show(qtbot, page, "Models", *SHIPPED, "Tiny", "Other")
    choose_titled(page, "Other")
    with qtbot.waitSignal(page.requests.studio_asked):
        page.details.button("open").click()
    assert app.settings.model == "other"
    qtbot.waitUntil(lambda: app.generator is not None)


def test_a_model_of_the_user_s_is_renamed_and_stays_the_chosen_one(
    qtbot: QtBot, app: App, page: LibraryPage
) -> None:
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    choose_titled(page, "Tiny")
    edit_title(qtbot, page, "My band")
    qtbot.waitUntil(lambda: "My band" in titles(page))
    assert read_card(models_folder() / "My band.onnx").name == "My band"
    assert app.settings.model == "My band"
    qtbot.waitUntil(lambda: app.generator is not None)
    assert app.generator.card.name == "My band"


def test_a_name_that_cannot_be_is_refused_and_the_model_keeps_its_own(
    qtbot: QtBot, page: LibraryPage, told: list[Message]
) -> None:
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    choose_titled(page, "Tiny")
    edit_title(qtbot, page, "a/b")
    qtbot.waitUntil(lambda: bool(told))
    assert "letters, digits" in told[-1].sentence and "Tiny" in titles(page)


def test_a_deleted_model_leaves_the_studio_with_the_shipped_one_and_can_be_taken_back(
    qtbot: QtBot, app: App, page: LibraryPage, told: list[Message]
) -> None:
    write_tiny_model(models_folder() / "other.onnx", name="Other")
    app.model_choice.list_again()
    show(qtbot, page, "Models", *SHIPPED, "Tiny", "Other")
    app.choose_model("other")
    qtbot.waitUntil(lambda: app.generator is not None)
    choose_titled(page, "Other")
    page.details.button("delete").click()
    qtbot.waitUntil(lambda: "Other" not in titles(page))
    assert told[-1].sentence == "Other is deleted."
    qtbot.waitUntil(lambda: app.settings.model == "pop")
    told[-1].action.act()
    qtbot.waitUntil(lambda: "Other" in titles(page))
    qtbot.waitUntil(lambda: app.generator is not None)


def test_a_copy_of_a_model_is_saved_and_a_line_can_be_dragged_out_as_a_file(
    qtbot: QtBot, page: LibraryPage, told: list[Message], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    choose_titled(page, "Tiny")
    target = tmp_path / "for you.onnx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(target), ""))
    page.details.button("export").click()
    qtbot.waitUntil(lambda: bool(told))
    assert target.read_bytes() == (models_folder() / "pop.onnx").read_bytes()
    dragged = page.list.model().mimeData([page.list.currentIndex()])
    assert [Path(url.toLocalFile()) for url in dragged.urls()] == [models_folder() / "pop.onnx"]


def test_models_are_imported_by_a_button(
    qtbot: QtBot, page: LibraryPage, told: list[Message], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    given = write_tiny_model(tmp_path / "pop.onnx", name="A friend's")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_args: ([str(given)], ""))
    page.bar.tool("Import a model …").click()
    qtbot.waitUntil(lambda: "A friend's" in titles(page))
    assert "as pop 2" in told[-1].sentence
    assert len(available_models()) == len(SHIPPED) + 2


def drop(window: QWidget, files: list[Path]) -> bool:
    """Drag files over a window and let them go; whether it took them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = (
        Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    enter = QDragEnterEvent(QPoint(5, 5), copy, mime, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, mime, left, none))
    return enter.isAccepted()


def test_a_model_that_is_dropped_onto_the_window_is_checked_and_kept(
    qtbot: QtBot, app: App, told: list[Message], tmp_path: Path
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    FileDrop(window, (".onnx",), lambda files: take_in_models(app, files))
    given = write_tiny_model(tmp_path / "gift.onnx", name="Gift")
    assert drop(window, [given])
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].sentence == "Gift is among the models now."
    assert told[-1].action.text == "Use it"
    assert drop(window, [given])
    qtbot.waitUntil(lambda: "already" in told[-1].sentence)
    (tmp_path / "bad.onnx").write_text("no model")
    assert drop(window, [tmp_path / "bad.onnx"])
    qtbot.waitUntil(lambda: "bad.onnx is not an ONNX model" in told[-1].sentence)
    assert not drop(window, [tmp_path / "song.mid"])


# Training runs


def compare_menu(page: LibraryPage) -> QMenu:
    menu = page.details.button("compare").menu()
    assert menu is not None
    return menu


def test_runs_are_listed_with_their_state_and_told_of(qtbot: QtBot, page: LibraryPage) -> None:
    write_run(runs_folder() / "Evening")
    write_run(runs_folder() / "Cut", end="")
    show(qtbot, page, "Training runs", "Cut", "Evening", *SHIPPED)
    choose_titled(page, "Evening")
    assert "finished · 4 epochs · 4 min 0 s" in page.list.chosen.details
    qtbot.waitUntil(lambda: page.details.curves.labels == ("generator", "similarity index"))
    assert "0.0012" in told_words(page) and "40.0 %" in told_words(page)
    choose_titled(page, "Cut")
    assert "cut off" in page.list.chosen.details and "resume" in page.details.offered


def test_a_run_is_shown_compared_and_lends_its_settings(qtbot: QtBot, page: LibraryPage) -> None:
    folder = write_run(runs_folder() / "Evening")
    show(qtbot, page, "Training runs", "Evening", *SHIPPED)
    choose_titled(page, "Evening")
    with qtbot.waitSignal(page.requests.run_asked) as asked:
        page.details.button("open").click()
    assert asked.args == [folder]
    with qtbot.waitSignal(page.requests.comparison_asked) as asked:
        compare_menu(page).actions()[0].trigger()
    assert asked.args[0] == folder and asked.args[1].name == "Pop"
    with qtbot.waitSignal(page.requests.settings_asked) as asked:
        page.details.button("settings").click()
    assert asked.args[0]["learning_rate"] == 0.0012
    with qtbot.waitSignal(page.requests.more_epochs_asked) as asked:
        page.details.button("more").click()
    assert asked.args == [folder]


def test_a_run_whose_model_is_there_can_be_fine_tuned_from(
    qtbot: QtBot, app: App, page: LibraryPage, own_model: Path
) -> None:
    folder = write_run(runs_folder() / "Evening", model=own_model)
    show(qtbot, page, "Training runs", "Evening", *SHIPPED)
    choose_titled(page, "Evening")
    with qtbot.waitSignal(page.requests.fine_tuning_asked) as asked:
        page.details.button("fine_tune").click()
    assert asked.args == [own_model]
    show(qtbot, page, "Models", *SHIPPED, "Tiny")
    choose_titled(page, "Tiny")
    qtbot.waitUntil(lambda: "run" in page.details.offered)
    with qtbot.waitSignal(page.requests.run_asked) as asked:
        page.details.button("run").click()
    assert asked.args == [folder]


def test_a_run_is_renamed_deleted_and_taken_back(
    qtbot: QtBot, page: LibraryPage, told: list[Message]
) -> None:
    write_run(runs_folder() / "Evening")
    show(qtbot, page, "Training runs", "Evening", *SHIPPED)
    choose_titled(page, "Evening")
    edit_title(qtbot, page, "Morning")
    qtbot.waitUntil(lambda: "Morning" in titles(page))
    choose_titled(page, "Morning")
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: set(titles(page)) == set(SHIPPED))
    told[-1].action.act()
    qtbot.waitUntil(lambda: "Morning" in titles(page))
    assert runs(runs_folder())[0].bytes > 0


def test_a_shipped_run_is_looked_at_and_never_changed(qtbot: QtBot, page: LibraryPage) -> None:
    show(qtbot, page, "Training runs", *SHIPPED)
    choose(page, 0)
    assert page.details.offered == ("open", "compare", "settings", "fine_tune")
    qtbot.waitUntil(lambda: "Each point is " in told_words(page))
    qtbot.keyClick(page.list, Qt.Key.Key_Delete)
    assert set(titles(page)) == set(SHIPPED)


# Data sets


@pytest.fixture
def scales(tutti_home: Path) -> Path:
    """A small packed data set."""
    folder = data_sets_folder() / "scales"
    folder.parent.mkdir(parents=True)
    write_corpus(folder, POP_CARD, [small_song(number) for number in range(3)])
    return folder


def test_a_data_set_is_told_of_and_gets_other_tags(
    qtbot: QtBot, scales: Path, page: LibraryPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, page, "Data sets", "scales")
    choose(page, 0)
    assert "3 songs" in page.list.chosen.details
    assert "made by the tests" in told_words(page) and "Bass" in told_words(page)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_named: ("slow, waltz", True))
    page.details.button("tags").click()
    qtbot.waitUntil(lambda: "slow, waltz" in page.list.chosen.details)


def test_a_data_set_is_removed_and_taken_back(
    qtbot: QtBot, scales: Path, page: LibraryPage, told: list[Message]
) -> None:
    show(qtbot, page, "Data sets", "scales")
    choose(page, 0)
    page.details.button("delete").click()
    qtbot.waitUntil(lambda: titles(page) == ())
    assert told[-1].sentence == "scales is removed." and not scales.exists()
    told[-1].action.act()
    qtbot.waitUntil(lambda: titles(page) == ("scales",))


def test_an_empty_shelf_of_data_sets_offers_to_add_one(qtbot: QtBot, page: LibraryPage) -> None:
    page.bar.show_shelf("Data sets")
    qtbot.waitUntil(lambda: "Fetch one" in page.empty_sentence)
    with qtbot.waitSignal(page.requests.data_asked):
        page.bar.tool("Add a data set …").click()


# All of them


def test_a_search_looks_through_everything(qtbot: QtBot, scales: Path, page: LibraryPage) -> None:
    write_run(runs_folder() / "Evening")
    show(qtbot, page, "Everything", "scales", *SHIPPED, "Tiny", "Evening")
    page.bar.search.setText("scales")
    assert titles(page) == ("scales", "Evening")  # the set, and the run that learned from it
    chips = [button.text() for button in page.bar.buttons.buttons()]
    assert "Data sets · 1" in chips and "Everything · 2" in chips
    page.bar.show_shelf("Takes")
    assert "Elsewhere: Data sets (1), Training runs (1)" in page.empty_sentence
    page.bar.search.setText("")
    assert [button.text() for button in page.bar.buttons.buttons()][1] == "Takes"


def test_in_a_low_window_buttons_share_a_menu_and_the_facts_keep_their_room(
    qtbot: QtBot, page: LibraryPage
) -> None:
    write_run(runs_folder() / "Evening", end="paused")
    show(qtbot, page, "Training runs", "Evening", *SHIPPED)
    choose_titled(page, "Evening")
    low, rest = page.details, page.details.button("delete")
    page.resize(1100, 900)
    qtbot.waitUntil(rest.isVisible)
    assert low.height() >= LOW and not low.more.isVisible()
    page.resize(1100, 560)
    qtbot.waitUntil(low.more.isVisible)
    assert low.button("open").isVisible() and low.button("resume").isVisible()
    assert not rest.isVisible()
    low.more.menu().aboutToShow.emit()
    rows = {row.text(): row for row in low.more.menu().actions()}
    compared = rows["Compare with …"].menu()
    assert isinstance(compared, QMenu) and compared.actions()
    rows["Delete"].trigger()
    qtbot.waitUntil(lambda: "Evening" not in titles(page))


def test_a_small_curve_shows_the_course_and_not_the_noise() -> None:
    rng = random.Random(1)
    steps = [
        {"event": "step", "step": n, "total": 9 - n / 100 + rng.gauss(0, 1)} for n in range(800)
    ]
    kinds = [{"name": "total", "label": "All losses", "wanted": "down"}]
    curves = Curves()
    curves.feed_many([{"event": "started", "steps": 800, "curves": kinds}, *steps])
    (drawn,) = small_curves(curves)
    moves = np.diff(drawn.values)
    assert (moves < 0).mean() > 0.8 and abs(drawn.values[80] - 5) < 0.5
