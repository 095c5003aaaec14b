"""How Tutti looks: the palettes, the only place in the program with literal colours.

A widget asks for ``colour("accent")`` each time it paints and so follows a change of theme; Qt
sends every widget a ``StyleChange`` then. Standard widgets are dressed by `desktop.stylesheet`,
which lists the ``kind`` properties that they may carry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.stylesheet import stylesheet

ThemeName = Literal["dark", "light", "system"]

BODY_SIZE, CAPTION_SIZE = 13, 11
"""Heights of text in device-independent pixels."""
CARD_RADIUS = 10
TEXT_MARGIN = 6
"""Before the text of a spin box, where a style sheet's padding does not reach."""
TRACK_ROLES = ("melody", "bass", "chords", "counter", "drums", "strings")
"""Colour roles of tracks; the first is the melody's."""
SIGN_ROLES = ("accent", "record", "good", "warning")
"""Roles of signs; as text they are ``<role>_text``."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A palette: role to ``#RRGGBB``."""

    name: Literal["dark", "light"]
    colours: Mapping[str, str]


DARK = Theme(
    "dark",
    MappingProxyType(
        {
            "window": "#14161B",
            "surface": "#1B1E25",
            "raised": "#242833",
            "hover": "#2D3240",
            "line": "#2C313D",
            "bar_line": "#3A4150",
            "beat_line": "#262B35",
            "black_row": "#171A20",
            "lane_gap": "#14161B",
            "text": "#E8EAF0",
            "quiet": "#9AA3B2",
            "disabled": "#5C6473",
            "accent": "#FFB454",
            "record": "#FF5A5F",
            "good": "#5AD1A0",
            "warning": "#FFD166",
            "accent_text": "#FFB454",
            "record_text": "#FF6F73",
            "good_text": "#5AD1A0",
            "warning_text": "#FFD166",
            "on_accent": "#1B1E25",
            "selected": "#FFFFFF",
            "melody": "#FFB454",
            "bass": "#4FB3D9",
            "chords": "#9B8CFF",
            "counter": "#F27D9E",
            "drums": "#8FCB6B",
            "strings": "#E0C36A",
            "white_key": "#EEF0F4",
            "white_key_low": "#D5D9E1",
            "black_key": "#1B1E25",
            "black_key_top": "#2C313D",
            "black_key_label": "#9AA3B2",
            "key_gap": "#14161B",
            "key_label": "#4A5160",
        }
    ),
)
LIGHT = Theme(
    "light",
    MappingProxyType(
        {
            "window": "#F5F6F8",
            "surface": "#FFFFFF",
            "raised": "#ECEFF3",
            "hover": "#E1E5EB",
            "line": "#D9DDE4",
            "bar_line": "#C2C8D2",
            "beat_line": "#E7EAEF",
            "black_row": "#F0F2F5",
            "lane_gap": "#D9DDE4",
            "text": "#1B1E25",
            "quiet": "#5C6473",
            "disabled": "#A7AFBC",
            "accent": "#C97A12",
            "record": "#D63B41",
            "good": "#1F9D6B",
            "warning": "#B8860B",
            "accent_text": "#8A5206",
            "record_text": "#B3262B",
            "good_text": "#0F6B48",
            "warning_text": "#7A5A00",
            "on_accent": "#0D0F13",
            "selected": "#1B1E25",
            "melody": "#CC9043",
            "bass": "#3F8FAE",
            "chords": "#7C70CC",
            "counter": "#C2647E",
            "drums": "#72A256",
            "strings": "#B39C55",
            "white_key": "#FFFFFF",
            "white_key_low": "#EEF0F4",
            "black_key": "#2C313D",
            "black_key_top": "#454C5B",
            "black_key_label": "#D9DDE4",
            "key_gap": "#C2C8D2",
            "key_label": "#5C6473",
        }
    ),
)

# What Qt calls the font where no desktop environment has chosen one.
_NO_CHOICE = ("Sans Serif", "sans", "sans-serif", "")
_PREFERRED_FAMILIES = ("Inter", "Noto Sans", "Cantarell", "Ubuntu")
_ROLE_WORDS = (
    ("bass", "bass"),
    ("drum", "drums"),
    ("percussion", "drums"),
    ("counter", "counter"),
    ("bridge", "counter"),
    ("string", "strings"),
    ("pad", "strings"),
    ("chord", "chords"),
    ("piano", "chords"),
    ("guitar", "chords"),
)


class _Chosen(QObject):
    """Which theme is in force; follows the system where that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.theme = DARK
        self.name: ThemeName = "dark"
        self.reduced_motion: bool | None = None

    @Slot()
    def follow_system(self) -> None:
        app = QApplication.instance()
        if self.name == "system" and isinstance(app, QApplication):
            _dress(app, _system_theme(app))


_chosen = _Chosen()


def apply_theme(app: QApplication, name: ThemeName) -> None:
    """Dress the application; ``system`` follows the desktop's choice from now on."""
    first = app.property("tutti_themed") is None
    _chosen.name = name
    hints = app.styleHints()
    if name == "system":
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if name == "dark" else Qt.ColorScheme.Light)
    if first:
        app.setProperty("tutti_themed", True)
        app.setStyle("Fusion")
        app.setFont(body_font())
        hints.colorSchemeChanged.connect(_chosen.follow_system)
    _dress(app, {"dark": DARK, "light": LIGHT}.get(name) or _system_theme(app))


def current_theme() -> Theme:
    """The palette in force."""
    return _chosen.theme


def colour(role: str, alpha: float = 1.0) -> QColor:
    """The colour of a role in the theme in force; ``alpha`` 0 to 1. A new value each time."""
    result = QColor(_chosen.theme.colours[role])
    if alpha < 1.0:
        result.setAlphaF(alpha)
    return result


def mixed(role: str, other: str, share: float) -> QColor:
    """The colour ``share`` of the way (0 to 1) from one role to another."""
    a, b = colour(role), colour(other)
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


def track_role(index: int, name: str, program: int, is_drum: bool) -> str:
    """The colour role of a track: the melody's, else by name, General MIDI family, place."""
    if index == 0:
        return "melody"
    if is_drum:
        return "drums"
    words = name.lower()
    for word, role in _ROLE_WORDS:
        if word in words:
            return role
    if 32 <= program <= 39:
        return "bass"
    if 40 <= program <= 55 or 88 <= program <= 95:
        return "strings"
    return ("chords", "counter", "strings", "bass")[(index - 1) % 4]


def body_font(size: int = BODY_SIZE, *, bold: bool = False) -> QFont:
    """The system's font at ``size`` device-independent pixels."""
    font = QFont(QGuiApplication.font())
    if font.family() in _NO_CHOICE:
        font.setFamilies([*_PREFERRED_FAMILIES, font.family()])
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def tabular_font(size: int = BODY_SIZE, *, bold: bool = False) -> QFont:
    """A font whose digits are all equally wide, for numbers that move."""
    font = body_font(size, bold=bold)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_reduced_motion(reduced: bool | None) -> None:
    """Whether animations are left out; None asks the system."""
    _chosen.reduced_motion = reduced


def reduced_motion() -> bool:
    """Whether the user wants no animations (a setting, else the system's wish)."""
    if _chosen.reduced_motion is not None:
        return _chosen.reduced_motion
    return not QApplication.isEffectEnabled(Qt.UIEffect.UI_General) and _system_says_still()


def _system_says_still() -> bool:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return False
    style = app.style()
    return style.styleHint(style.StyleHint.SH_Widget_Animation_Duration) == 0


def _system_theme(app: QApplication) -> Theme:
    return LIGHT if app.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK


def _dress(app: QApplication, theme: Theme) -> None:
    """Palette and style sheet for all widgets that there are.

    The old sheet is taken off first: where Qt replaces a sheet it dresses each widget again for
    each widget that holds it, twelve times on average in the whole window. Taking one off and
    putting one on dress it once each.
    """
    _chosen.theme = theme
    app.setPalette(_palette())
    dress = stylesheet(theme.name, theme.colours, TRACK_ROLES)
    if app.styleSheet() != dress:
        app.setStyleSheet("")
        app.setStyleSheet(dress)


def _palette() -> QPalette:
    roles = {
        QPalette.ColorRole.Window: "window",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "black_row",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "raised",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.BrightText: "record_text",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.PlaceholderText: "quiet",
        QPalette.ColorRole.Link: "accent_text",
        QPalette.ColorRole.Mid: "line",
        QPalette.ColorRole.Dark: "line",
        QPalette.ColorRole.Light: "hover",
    }
    palette = QPalette()
    for place, role in roles.items():
        palette.setColor(place, colour(role))
    for place in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, place, colour("disabled"))
    return palette
