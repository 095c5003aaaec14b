"""The on-screen keyboard, played by mouse, by fingers and by computer keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QPaintEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.theme import apply_theme, colour
from desktop.widgets.keyboard import OnScreenKeyboard

Left = Qt.MouseButton.LeftButton
Plain = Qt.KeyboardModifier.NoModifier


class Heard:
    """What a keyboard asked for: (pitch, velocity), and (pitch,) for a release."""

    def __init__(self, keyboard: OnScreenKeyboard) -> None:
        self.events: list[tuple[int, ...]] = []
        keyboard.note_pressed.connect(self._pressed)
        keyboard.note_released.connect(self._released)

    def _pressed(self, pitch: int, velocity: int) -> None:
        self.events.append((pitch, velocity))

    def _released(self, pitch: int) -> None:
        self.events.append((pitch,))

    @property
    def pitches(self) -> list[int]:
        """Pitches pressed, in order; released ones are negative."""
        return [event[0] if len(event) == 2 else -event[0] for event in self.events]


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[QWidget]:
    apply_theme(qapp, "dark")
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(QPushButton("Generate"))
    layout.addWidget(QLineEdit())
    keyboard = OnScreenKeyboard()
    keyboard.setFixedHeight(180)
    layout.addWidget(keyboard)
    window.resize(1100, 300)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.findChildren(QPushButton)[0].setFocus()
    yield window
    window.close()
    window.deleteLater()


@pytest.fixture
def keyboard(window: QWidget) -> OnScreenKeyboard:
    found = window.findChild(OnScreenKeyboard)
    assert found is not None
    return found


@pytest.fixture
def heard(keyboard: OnScreenKeyboard) -> Heard:
    return Heard(keyboard)


@pytest.fixture
def button(window: QWidget) -> QPushButton:
    """What has the focus: keys play nevertheless."""
    return window.findChildren(QPushButton)[0]


def at(keyboard: OnScreenKeyboard, pitch: int, share: float = 0.95) -> QPoint:
    layout = keyboard._layout
    key = next(k for k in (*layout.whites, *layout.blacks) if k.pitch == pitch)
    return QPoint(round(key.left + key.width / 2), round(key.height * share) - 1)


def test_a_click_plays_a_key_louder_at_its_lower_end(
    keyboard: OnScreenKeyboard, heard: Heard
) -> None:
    QTest.mouseClick(keyboard, Left, Plain, at(keyboard, 60))
    QTest.mouseClick(keyboard, Left, Plain, at(keyboard, 61, 0.2))
    assert heard.pitches == [60, -60, 61, -61]
    assert heard.events[0][1] > 100 > 60 > heard.events[2][1]


def test_dragging_glides_from_key_to_key_and_ends_beside_them(
    keyboard: OnScreenKeyboard, heard: Heard
) -> None:
    QTest.mousePress(keyboard, Left, Plain, at(keyboard, 60))
    QTest.mouseMove(keyboard, at(keyboard, 62))
    QTest.mouseMove(keyboard, at(keyboard, 62, 0.9))
    QTest.mouseMove(keyboard, at(keyboard, 64))
    QTest.mouseMove(keyboard, QPoint(300, -40))
    QTest.mouseRelease(keyboard, Left, Plain, QPoint(300, -40))
    assert heard.pitches == [60, -60, 62, -62, 64, -64]


def test_several_fingers_play_a_chord(keyboard: OnScreenKeyboard, heard: Heard) -> None:
    screen: QPointingDevice = QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)
    QTest.touchEvent(keyboard, screen).press(0, at(keyboard, 60), keyboard).commit()
    QTest.touchEvent(keyboard, screen).stationary(0).press(1, at(keyboard, 64), keyboard).commit()
    QTest.touchEvent(keyboard, screen).stationary(1).release(0, at(keyboard, 60), keyboard).commit()
    QTest.touchEvent(keyboard, screen).release(1, at(keyboard, 64), keyboard).commit()
    assert heard.pitches == [60, 64, -60, -64]


def test_computer_keys_play_wherever_the_focus_is(button: QPushButton, heard: Heard) -> None:
    for key in (Qt.Key.Key_A, Qt.Key.Key_W, Qt.Key.Key_K):
        QTest.keyClick(button, key)
    assert heard.pitches == [60, -60, 61, -61, 72, -72]


def test_a_held_key_is_one_note(button: QPushButton, heard: Heard) -> None:
    QTest.keyPress(button, Qt.Key.Key_A)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 3:
        QApplication.sendEvent(button, QKeyEvent(kind, Qt.Key.Key_A, Plain, "a", True))
    assert heard.pitches == [60]
    QTest.keyRelease(button, Qt.Key.Key_A)
    assert heard.pitches == [60, -60]


def test_z_and_x_shift_the_octave_and_let_held_keys_go(
    keyboard: OnScreenKeyboard, button: QPushButton, heard: Heard
) -> None:
    QTest.keyPress(button, Qt.Key.Key_A)
    QTest.keyClick(button, Qt.Key.Key_X)
    QTest.keyRelease(button, Qt.Key.Key_A)
    QTest.keyClick(button, Qt.Key.Key_A)
    assert heard.pitches == [60, -60, 72, -72]
    for _ in range(20):
        QTest.keyClick(button, Qt.Key.Key_Z)
    assert keyboard.octave == -1
    QTest.keyClick(button, Qt.Key.Key_A)
    assert heard.pitches[-2:] == [0, 0]


def test_the_octave_buttons_do_the_same_and_the_keys_scroll_along(
    keyboard: OnScreenKeyboard,
) -> None:
    up, down = keyboard.findChildren(QToolButton)
    for _ in range(4):
        QTest.mouseClick(up, Left)
    assert keyboard.octave == 8
    assert keyboard._layout.shows(12 * 9)
    QTest.mouseClick(down, Left)
    assert keyboard.octave == 7


def test_where_text_is_written_letters_are_letters(
    window: QWidget, button: QPushButton, heard: Heard
) -> None:
    line = window.findChild(QLineEdit)
    assert line is not None
    QTest.keyPress(button, Qt.Key.Key_S)
    line.setFocus()
    assert heard.pitches == [62, -62]
    QTest.keyClicks(line, "ade")
    assert line.text() == "ade"
    assert heard.pitches == [62, -62]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_D)
    assert heard.pitches == [62, -62, 64, -64]


def test_with_ctrl_a_letter_is_a_shortcut(button: QPushButton, heard: Heard) -> None:
    QTest.keyClick(button, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert heard.pitches == []


def test_losing_the_window_lets_everything_go(
    window: QWidget, keyboard: OnScreenKeyboard, button: QPushButton, heard: Heard
) -> None:
    QTest.keyPress(button, Qt.Key.Key_A)
    QTest.mousePress(keyboard, Left, Plain, at(keyboard, 64))
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert -60 in heard.pitches
    keyboard.hide()
    assert sorted(heard.pitches) == [-64, -60, 60, 64]


def test_hidden_it_hears_no_keys(
    keyboard: OnScreenKeyboard, button: QPushButton, heard: Heard
) -> None:
    keyboard.hide()
    QTest.keyClick(button, Qt.Key.Key_A)
    assert heard.pitches == []
    keyboard.show()
    QTest.keyClick(button, Qt.Key.Key_A)
    assert heard.pitches == [60, -60]


def test_the_same_key_by_mouse_and_by_letter_sounds_once(
    keyboard: OnScreenKeyboard, button: QPushButton, heard: Heard
) -> None:
    QTest.keyPress(button, Qt.Key.Key_A)
    QTest.mouseClick(keyboard, Left, Plain, at(keyboard, 60))
    assert heard.pitches == [60]
    QTest.keyRelease(button, Qt.Key.Key_A)
    assert heard.pitches == [60, -60]


@pytest.mark.parametrize("role", ["melody", "bass", "drums"])
def test_what_sounds_lights_up_in_its_colour(keyboard: OnScreenKeyboard, role: str) -> None:
    spot = at(keyboard, 55, 0.75)
    dark = keyboard.grab().toImage().pixelColor(spot)
    keyboard.set_sounding({55: role})
    assert keyboard.grab().toImage().pixelColor(spot) == colour(role)
    keyboard.set_sounding({})
    assert keyboard.grab().toImage().pixelColor(spot) == dark


class Painted(QObject):
    """Notes the widths of what a widget was asked to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: list[int] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.widths.append(event.rect().width())
        return False


def test_a_change_of_what_sounds_repaints_those_keys_alone(
    keyboard: OnScreenKeyboard, qtbot: QtBot
) -> None:
    QTest.qWait(30)
    painted = Painted()
    keyboard.installEventFilter(painted)
    keyboard.set_sounding({60: "melody"})
    qtbot.waitUntil(lambda: bool(painted.widths), timeout=1000)
    assert max(painted.widths) < 60
