"""The Settings page: what it shows is what is, what it changes is applied at once."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QPushButton,
    QSlider,
)
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.pages.settings import SettingsPage
from desktop.settings.sound import font_options, font_words, latency_words
from desktop.theme import current_theme
from engine.errors import AudioError
from engine.live.audio import AudioSettings, SilentSynth, Synth
from engine.live.channels import LIVE_CHANNEL
from engine.live.events import SCREEN, LiveEvent
from engine.live.midi_ports import PortState
from engine.store.settings import Settings
from tests.desktop.conftest import HeardSynth, SoundCard


@pytest.fixture
def page(qtbot: QtBot, app: App) -> SettingsPage:
    page = SettingsPage(app)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return page


def combo(page: SettingsPage, name: str) -> QComboBox:
    return next(each for each in page.findChildren(QComboBox) if each.accessibleName() == name)


def choose(box: QComboBox, value: object) -> None:
    index = next(i for i in range(box.count()) if box.itemData(i) == value)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def button(page: SettingsPage, text: str) -> QPushButton:
    return next(each for each in page.findChildren(QPushButton) if each.text() == text)


def texts(page: SettingsPage) -> str:
    return "\n".join(each.text() for each in page.findChildren(QLabel) if not each.isHidden())


def test_the_true_latency_and_device_stand_there(page: SettingsPage) -> None:
    assert "True latency: 5.3 ms." in texts(page)
    assert "runs on the CPU" in texts(page)


def test_another_buffer_opens_the_sound_again(
    qtbot: QtBot, app: App, page: SettingsPage, sound_card: SoundCard
) -> None:
    choose(combo(page, "Buffer size"), 512)
    qtbot.waitUntil(lambda: not app.sound.opening)
    assert sound_card.opened[-1].settings.period_size == 512


def test_a_refused_driver_is_told_where_it_was_chosen(
    qtbot: QtBot, app: App, page: SettingsPage, sound_card: SoundCard
) -> None:
    sound_card.refusal = "The driver alsa could not be opened."
    choose(combo(page, "Buffers"), 8)
    qtbot.waitUntil(lambda: not app.sound.opening)
    assert "The driver alsa could not be opened." in texts(page)
    assert not button(page, "Play a chord").isEnabled()


def test_a_value_from_elsewhere_is_shown_as_it_is(app: App, page: SettingsPage) -> None:
    app.change_settings(period_size=333)
    assert combo(page, "Buffer size").currentText() == "333"


def test_the_test_chord_sounds_and_ends(
    qtbot: QtBot, page: SettingsPage, sound_card: SoundCard
) -> None:
    synth = sound_card.opened[-1]
    released: list[int] = []
    synth.note_off = lambda channel, pitch: released.append(pitch)  # type: ignore[method-assign]
    button(page, "Play a chord").click()
    assert len(synth.struck) == 5
    qtbot.waitUntil(lambda: released == synth.struck)
    assert LIVE_CHANNEL == 16


def test_the_loudness_is_set_once_the_slider_stands_still(
    qtbot: QtBot, app: App, page: SettingsPage, sound_card: SoundCard
) -> None:
    slider = page.findChild(QSlider)
    slider.setFocus()
    slider.setSliderDown(True)
    for value in (60, 70, 80):
        slider.setValue(value)
    qtbot.wait(350)
    assert app.settings.gain == Settings().gain
    slider.setSliderDown(False)
    qtbot.waitUntil(lambda: app.settings.gain == 0.8)
    qtbot.waitUntil(lambda: not app.sound.opening)
    assert [synth.gain for synth in sound_card.opened] == [0.8]


def test_a_sound_font_can_be_chosen_from_anywhere(
    qtbot: QtBot,
    app: App,
    page: SettingsPage,
    sound_card: SoundCard,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "Mellow.sf2")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *arguments: (path, ""))
    button(page, "Choose…").click()
    qtbot.waitUntil(lambda: not app.sound.opening)
    assert sound_card.opened[-1].settings.sound_font == Path(path)
    assert combo(page, "Sound font").currentText() == "Mellow"


def test_the_list_of_sound_fonts_begins_with_the_best() -> None:
    fonts = (Path("/a/Good.sf2"), Path("/b/Small.sf2"))
    assert font_options(fonts, "/c/Own.sf2") == [
        ("Best there is (Good)", None),
        ("Good", "/a/Good.sf2"),
        ("Small", "/b/Small.sf2"),
        ("Own", "/c/Own.sf2"),
    ]
    assert font_options((), None) == [("Best there is", None)]


def test_the_theme_changes_at_once(app: App, page: SettingsPage) -> None:
    choose(combo(page, "Theme"), "light")
    assert current_theme().name == "light" and app.settings.theme == "light"
    choose(combo(page, "Theme"), "dark")
    assert current_theme().name == "dark"


def test_keyboards_come_and_go_with_their_checkboxes(
    qtbot: QtBot, app: App, page: SettingsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports: list[PortState] = [PortState("AKM322", True), PortState("Piano", False)]
    chosen: list[frozenset[str] | None] = []
    monkeypatch.setattr(app.inputs, "states", lambda: tuple(ports))
    monkeypatch.setattr(app.inputs, "choose", chosen.append)
    app.ports_changed.emit(tuple(ports))
    boxes = {each.accessibleName(): each for each in page.findChildren(QCheckBox)}
    assert boxes["AKM322"].isChecked() and not boxes["AKM322"].isEnabled()
    assert "not plugged in" in boxes["Piano"].text()
    every = next(each for each in page.findChildren(QCheckBox) if "every" in each.text())
    every.click()
    boxes["AKM322"].click()
    assert chosen[-1] == frozenset({"Piano"})
    assert app.settings.midi_inputs == ("Piano",)
    ports.pop()
    app.ports_changed.emit(tuple(ports))
    boxes["AKM322"].click()
    assert app.settings.midi_inputs == ("Piano", "AKM322")  # the one that is away stays chosen


def test_direct_hearing_can_be_turned_off(app: App, page: SettingsPage) -> None:
    direct = next(each for each in page.findChildren(QCheckBox) if "directly" in each.text())
    direct.click()
    assert app.settings.midi_direct is False


def test_the_wheel_scrolls_the_page_and_changes_no_setting(
    qtbot: QtBot, app: App, page: SettingsPage
) -> None:
    before = app.settings
    for control in (*page.findChildren(QComboBox), *page.findChildren(QSlider)):
        at = QPointF(control.rect().center())
        turn = QWheelEvent(
            at, control.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(control, turn)
    qtbot.wait(350)
    assert app.settings == before


def test_everything_has_a_name_for_those_who_cannot_see_it(page: SettingsPage) -> None:
    for kind in (QComboBox, QSlider):
        assert all(each.accessibleName() for each in page.findChildren(kind))
    for each in page.findChildren(QCheckBox):
        assert each.text() or each.accessibleName()


def test_the_data_folder_is_shown(page: SettingsPage, tutti_home: Path) -> None:
    assert str(tutti_home) in texts(page)


def test_no_keyboard_and_no_sound_are_sentences(
    qtbot: QtBot, open_app: Callable[[], App], sound_card: SoundCard
) -> None:
    sound_card.refusal = "No audio device could be opened."
    app = open_app()
    page = SettingsPage(app)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: "No audio device could be opened." in texts(page))


def test_a_choice_that_fails_is_said_and_the_one_that_works_stays(
    qtbot: QtBot,
    app: App,
    page: SettingsPage,
    sound_card: SoundCard,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def open_synth(settings: AudioSettings) -> Synth:
        if settings.period_count == 8:
            raise AudioError("The device has not so many buffers.")
        return sound_card.open(settings)

    monkeypatch.setattr(app.sound, "_open_synth", open_synth)
    told: list[str] = []
    app.messages.told.connect(lambda message: told.append(message.sentence))
    choose(combo(page, "Buffers"), 8)
    qtbot.waitUntil(lambda: not app.sound.opening and app.synth.problem is None, timeout=20_000)
    assert told == ["The device has not so many buffers. The sound stays as it was."]
    assert app.settings.period_count == Settings().period_count
    assert combo(page, "Buffers").currentData() == Settings().period_count
    assert len(sound_card.opened) == 2 and not sound_card.opened[-1].closed


def test_latency_and_font_are_those_in_use(tmp_path: Path) -> None:
    synth = SilentSynth("")
    assert latency_words(synth) == ""
    synth.latency_ms, synth.driver, synth.period_size = 10.67, "jack", 256
    assert latency_words(synth).startswith("True latency: 10.7 ms. The JACK server runs at 256")
    synth.driver = "alsa"
    assert latency_words(synth) == "True latency: 10.7 ms."
    font = tmp_path / "TimGM6mb.sf2"
    font.write_bytes(bytes(1_000_000))
    assert font_words(font).startswith("In use: 1 MB · GNU GPL 2.")
    assert font_words(None).startswith("A larger font")


def test_keyboards_can_sound_by_themselves(app: App, page: SettingsPage) -> None:
    choose(combo(page, "Keyboards sound"), "off")
    assert app.settings.live_keys == app.live_path.local == "off"
    synth = cast(HeardSynth, app.synth)
    app.live_path.hear(LiveEvent(0.0, "note_on", 60, 99, "Piano"))
    assert synth.struck == []
    app.live_path.hear(LiveEvent(0.0, "note_on", 61, 99, SCREEN))  # has no sound of its own
    choose(combo(page, "Keyboards sound"), "port")
    app.live_path.hear(LiveEvent(0.0, "note_on", 62, 99, "Piano"))  # the melody has no port
    assert synth.struck == [61, 62]


def test_each_side_can_be_heard_alone(
    page: SettingsPage, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    pans: list[int] = []
    monkeypatch.setattr(
        app.player.audition, "play", lambda number, track, phrase: pans.append(track.pan)
    )
    button(page, "Left").click()
    button(page, "Right").click()
    assert pans == [0, 127]
