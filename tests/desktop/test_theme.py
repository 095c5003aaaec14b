"""The palettes: readable, told apart, and the only place with colours."""

import re
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.stylesheet import ICONS, stylesheet
from desktop.theme import (
    DARK,
    LIGHT,
    SIGN_ROLES,
    TRACK_ROLES,
    Theme,
    apply_theme,
    body_font,
    colour,
    current_theme,
    reduced_motion,
    set_reduced_motion,
    tabular_font,
    track_role,
)

ROOT = Path(__file__).resolve().parents[2]
THEMES = [DARK, LIGHT]


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""

    def luminance(name: str) -> float:
        ink = QColor(name)
        parts = (
            c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
            for c in (ink.redF(), ink.greenF(), ink.blueF())
        )
        return sum(p * w for p, w in zip(parts, (0.2126, 0.7152, 0.0722), strict=True))

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["window", "surface", "raised"])
@pytest.mark.parametrize("ink", ["text", "quiet", *(f"{role}_text" for role in SIGN_ROLES)])
def test_text_can_be_read_on_every_ground(theme: Theme, ground: str, ink: str) -> None:
    assert contrast(theme.colours[ink], theme.colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["accent", *TRACK_ROLES])
def test_names_inside_notes_and_on_the_primary_button_can_be_read(
    theme: Theme, ground: str
) -> None:
    assert contrast(theme.colours["on_accent"], theme.colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", [*TRACK_ROLES, *SIGN_ROLES])
def test_notes_and_signs_stand_out_from_the_lanes(theme: Theme, role: str) -> None:
    wanted = 3.0 if theme.name == "dark" or role in SIGN_ROLES else 2.5
    assert contrast(theme.colours[role], theme.colours["surface"]) >= wanted


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_recording_and_living_differ_in_blue_for_those_who_see_no_red_and_green(
    theme: Theme,
) -> None:
    record, good = QColor(theme.colours["record"]), QColor(theme.colours["good"])
    assert abs(record.lightnessF() - good.lightnessF()) + abs(record.blueF() - good.blueF()) >= 0.15


def test_both_palettes_have_the_same_roles() -> None:
    assert DARK.colours.keys() == LIGHT.colours.keys()


def test_no_other_module_of_the_window_has_a_literal_colour() -> None:
    literal = re.compile(r"#[0-9A-Fa-f]{6}\b|#[0-9A-Fa-f]{3}\b(?=[\"';])|rgba?\(\s*\d")
    offenders = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "desktop").rglob("*.py"))
        if path.name != "theme.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if literal.search(line)
    ]
    assert offenders == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_indicators_are_painted_in_the_palette(theme: Theme) -> None:
    pictures = sorted(ICONS.glob(f"*-{theme.name}.svg"))
    assert len(pictures) == 3
    for picture in pictures:
        for ink in re.findall(r"#[0-9A-Fa-f]{6}", picture.read_text(encoding="utf-8")):
            assert ink in theme.colours.values()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_style_sheet_names_only_files_that_are_there(theme: Theme) -> None:
    sheet = stylesheet(theme.name, theme.colours, TRACK_ROLES)
    named = re.findall(r'url\("([^"]+)"\)', sheet)
    assert named
    assert all(Path(name).is_file() for name in named)


def test_choosing_a_theme_changes_what_widgets_ask_for(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    assert current_theme() is LIGHT
    assert colour("window") == QColor(LIGHT.colours["window"])
    assert qapp.palette().color(QPalette.ColorRole.Window) == colour("window")
    apply_theme(qapp, "dark")
    assert current_theme() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.colours["window"])


class StyleChanges(QObject):
    """Counts how often each widget is dressed."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.times = Counter[QObject]()
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count, and let it go on."""
        if event.type() is QEvent.Type.StyleChange:
            self.times[watched] += 1
        return False


def nested(depth: int) -> tuple[QWidget, QLabel]:
    """A label that stands in so many frames, and the outermost."""
    outermost = QWidget()
    outermost.resize(200, 100)
    inner = outermost
    for _ in range(depth):
        inner = QFrame(inner)
        inner.setProperty("kind", "card")
    label = QLabel("Words", inner)
    label.setProperty("kind", "caption")
    return outermost, label


def test_another_theme_dresses_a_widget_as_often_however_deep_it_stands(
    qtbot: QtBot, qapp: QApplication
) -> None:
    apply_theme(qapp, "dark")
    window, label = nested(12)
    qtbot.addWidget(window)
    window.show()
    seen = StyleChanges(qapp)
    apply_theme(qapp, "light")
    qapp.removeEventFilter(seen)
    assert 1 <= seen.times[label] <= 2
    ink = label.palette().color(QPalette.ColorRole.WindowText)
    assert ink == QColor(LIGHT.colours["quiet"]) and label.font().pixelSize() == 11
    apply_theme(qapp, "dark")


def test_the_same_theme_once_more_dresses_nothing(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    window, _label = nested(2)
    qtbot.addWidget(window)
    window.show()
    seen = StyleChanges(qapp)
    apply_theme(qapp, "dark")
    qapp.removeEventFilter(seen)
    assert not seen.times


def test_the_system_s_theme_can_be_followed(qapp: QApplication) -> None:
    apply_theme(qapp, "system")
    assert current_theme() in (DARK, LIGHT)
    apply_theme(qapp, "dark")


def test_a_role_that_does_not_exist_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        colour("mauve")


def test_numbers_that_move_are_equally_wide(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    assert tabular_font(15).pixelSize() == 15
    assert body_font(11, bold=True).weight() > body_font(11).weight()


def test_reduced_motion_is_a_setting_before_it_is_the_system_s_wish(qapp: QApplication) -> None:
    set_reduced_motion(True)
    assert reduced_motion()
    set_reduced_motion(False)
    assert not reduced_motion()
    set_reduced_motion(None)


@pytest.mark.parametrize(
    ("index", "name", "program", "is_drum", "role"),
    [
        (0, "Bass", 33, False, "melody"),
        (1, "Bass", 33, False, "bass"),
        (2, "Chords", 4, False, "chords"),
        (3, "Counter-melody", 71, False, "counter"),
        (4, "Drums", 0, True, "drums"),
        (5, "Strings", 48, False, "strings"),
        (2, "Fingered", 33, False, "bass"),
        (3, "Warm", 89, False, "strings"),
        (1, "Track", 0, False, "chords"),
    ],
)
def test_a_track_has_the_colour_of_what_it_plays(
    index: int, name: str, program: int, is_drum: bool, role: str
) -> None:
    assert track_role(index, name, program, is_drum) == role
