"""The dress of Qt's own widgets, from a palette.

A widget chooses its dress by the property ``kind`` (``widget.setProperty("kind", "primary")``,
before it is shown):

- `QPushButton`, `QToolButton`: ``primary`` (one a page), ``chip`` (round, a switch when checkable),
  ``flat`` (no ground), ``transport`` (36 px), ``danger``
- `QLabel`: ``title``, ``heading``, ``caption``, ``quiet``, ``accent``, ``good``, ``warning``,
  ``record``
- `QFrame`, `QWidget`: ``panel`` (surface), ``card`` (raised, rounded; property ``chosen`` true
  draws the accent's outline), ``bar`` (surface with a line below), ``section`` (surface,
  rounded), ``toast`` (a message)
- `QSlider`: property ``role``, a track's colour role, colours what is filled; ``neutral`` true
  fills nothing: no value is chosen
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog, QStackedWidget#pages { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $bar_line; padding: 4px 6px; }

QFrame[kind="panel"], QWidget[kind="panel"] { background: $surface; border: none; }
QFrame[kind="bar"], QWidget[kind="bar"] {
    background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame[kind="card"] { background: $raised; border: 1px solid $raised; border-radius: 10px; }
QFrame[kind="section"] {
    background: $surface; border: 1px solid $line; border-radius: 10px; }
QFrame[kind="toast"] {
    background: $raised; border: 1px solid $bar_line; border-radius: 10px; }
QFrame[kind="toast"] QPushButton { color: $accent_text; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QFrame[kind="card"][chosen="true"] { border: 1px solid $accent; }

QLabel { background: transparent; }
QLabel:disabled { color: $disabled; }
QLabel[kind="title"] { font-size: 20px; font-weight: 600; }
QLabel[kind="heading"] { font-size: 15px; font-weight: 600; }
QLabel[kind="caption"] { font-size: 11px; color: $quiet; }
QLabel[kind="quiet"] { color: $quiet; }
QLabel[kind="accent"] { color: $accent_text; }
QLabel[kind="good"] { color: $good_text; }
QLabel[kind="warning"] { color: $warning_text; }
QLabel[kind="record"] { color: $record_text; }

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $raised; border-radius: 6px;
    min-height: 26px; padding: 0 12px; }
QToolButton { padding: 0 6px; min-width: 14px; }
QPushButton:hover, QToolButton:hover { background: $hover; border-color: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; border-color: $line; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:checked, QToolButton:checked {
    background: $checked; border-color: $accent; color: $accent_text; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] {
    background: $accent; border-color: $accent; color: $on_accent; font-weight: 600;
    min-height: 40px; border-radius: 8px; font-size: 15px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_down; border-color: $accent_down; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled {
    background: $raised; border-color: $raised; color: $disabled; }
QPushButton[kind="chip"], QToolButton[kind="chip"] { border-radius: 14px; color: $quiet; }
QPushButton[kind="chip"]:checked, QToolButton[kind="chip"]:checked { color: $accent_text; }
QPushButton[kind="flat"], QToolButton[kind="flat"] {
    background: transparent; border-color: transparent; }
QPushButton[kind="flat"]:hover, QToolButton[kind="flat"]:hover { background: $hover; }
QPushButton[kind="flat"]:focus, QToolButton[kind="flat"]:focus { border-color: $accent; }
QPushButton[kind="flat"]:checked, QToolButton[kind="flat"]:checked {
    background: $raised; border-color: transparent; color: $text; }
QPushButton[kind="transport"], QToolButton[kind="transport"] {
    min-height: 34px; min-width: 42px; padding: 0; }
QPushButton[kind="danger"] { color: $record_text; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $raised; color: $text; border: 1px solid $raised; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 26px; padding: 0 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $bar_line; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus,
QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $disabled; }
QLineEdit QToolButton {
    background: transparent; border: none; padding: 0; min-width: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 22px; }
QComboBox::down-arrow { image: url("$icons/chevron-down-$theme.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $bar_line; padding: 4px;
    selection-background-color: $hover; selection-color: $text; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    background: transparent; border: none; width: 16px; }
QAbstractSpinBox::up-arrow {
    image: url("$icons/chevron-up-$theme.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow {
    image: url("$icons/chevron-down-$theme.svg"); width: 10px; height: 10px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; background: $raised; border: 1px solid $bar_line;
    border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus,
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked {
    background: $accent; border-color: $accent; image: url("$icons/check-$theme.svg"); }

QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    background: $handle; border: 1px solid $handle_edge; width: 12px; margin: -5px 0;
    border-radius: 7px; }
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $disabled; }
$track_sliders
QSlider[neutral="true"]::sub-page:horizontal { background: $line; }

QMenuBar { background: $surface; }
QMenuBar::item { padding: 4px 10px; background: transparent; }
QMenuBar::item:selected { background: $hover; border-radius: 6px; }
QMenu { background: $raised; border: 1px solid $bar_line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollArea, QAbstractScrollArea { border: none; background: transparent; }
QPlainTextEdit, QTextEdit { background: $surface; border: 1px solid $line; padding: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $bar_line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar {
    background: $line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QAbstractItemView { alternate-background-color: $black_row; }
QListView, QTreeView, QTableView {
    background: $surface; border: none; selection-background-color: $hover;
    selection-color: $text; }
QListView::item, QTreeView::item { padding: 6px 8px; border-radius: 6px; }
QListView::item:hover, QTreeView::item:hover { background: $raised; }
QListView::item:selected, QTreeView::item:selected { background: $hover; color: $text; }
QHeaderView::section {
    background: $surface; color: $quiet; border: none; border-bottom: 1px solid $line;
    padding: 6px 8px; font-size: 11px; }
QTabBar::tab { padding: 6px 14px; color: $quiet; border-radius: 6px; }
QTabBar::tab:selected { background: $raised; color: $text; }
QSplitter::handle { background: $line; }
""")


def stylesheet(theme: str, colours: Mapping[str, str], track_roles: Sequence[str]) -> str:
    """Qt's style sheet for a palette of role to ``#RRGGBB``; ``theme`` chooses the indicators."""
    dark = theme == "dark"
    derived = {
        "checked": _mix(colours["surface"], colours["accent"], 0.14),
        "accent_hover": _mix(colours["accent"], colours["selected" if dark else "surface"], 0.14),
        "accent_down": _mix(colours["accent"], colours["window" if dark else "text"], 0.14),
        "handle": colours["text"] if dark else colours["surface"],
        # A white knob needs an outline on a white panel.
        "handle_edge": colours["text"] if dark else colours["disabled"],
        "track_sliders": "\n".join(_track_slider(role, colours[role]) for role in track_roles),
        "icons": ICONS.as_posix(),
        "theme": theme,
    }
    return _SHEET.substitute(colours, **derived)


def _track_slider(role: str, colour: str) -> str:
    return f'QSlider[role="{role}"]::sub-page:horizontal {{ background: {colour}; }}'


def _mix(first: str, second: str, share: float) -> str:
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
