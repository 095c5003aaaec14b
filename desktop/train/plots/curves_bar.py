"""The controls of the curves: along what, how smooth, everything, another run, export."""

from functools import partial
from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)

from desktop import theme
from desktop.train.plots.x_scale import UNITS, Unit
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu

ExportKind = Literal["png", "svg", "csv"]

WIDTHS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
UNIT_NAMES: dict[Unit, str] = {"steps": "Steps", "epochs": "Epochs", "minutes": "Minutes"}
UNIT_TIPS: dict[Unit, str] = {
    "steps": "Draw along the steps: one step is one change of the network",
    "epochs": "Draw along the epochs: in one, every song is heard once",
    "minutes": "Draw along the time that was trained",
}
SMOOTHING_TIP = (
    "Each point becomes the mean of about so many steps before it, later ones counting more. "
    "What was measured stands faintly behind it."
)
EXPORTS: tuple[tuple[ExportKind, str], ...] = (
    ("png", "Picture (PNG) …"),
    ("svg", "Drawing (SVG) …"),
    ("csv", "Numbers (CSV) …"),
)


class CurvesBar(QWidget):
    """Says what the user wants to see; holds no run."""

    unit_changed = Signal(str)
    width_changed = Signal(int)
    everything_asked = Signal()
    overlay_unwanted = Signal()
    export_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = QButtonGroup(self)
        self._unit_buttons = {unit: self._unit_button(unit) for unit in UNITS}
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, len(WIDTHS) - 1)
        self.smoothing.setFixedWidth(120)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip(SMOOTHING_TIP)
        self.smoothing.valueChanged.connect(self._on_smoothing)
        self._smoothing_words = QLabel()
        self._smoothing_words.setProperty("kind", "caption")
        self._smoothing_words.setFont(theme.tabular_font(theme.CAPTION_SIZE))
        self.everything = _button("Show all", "fit-to-page-outline", "Undo the zoom (double-click)")
        self.everything.clicked.connect(self.everything_asked)
        self.overlay = _button("", "close", "Show the run alone again")
        self.overlay.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.overlay.clicked.connect(self.overlay_unwanted)
        self.export = _button("Export", "download", "Keep the curves as a picture or as numbers")
        self._build_menu()
        self._build()
        self.show_smoothing(1)
        self.show_zoomed(False)
        self.show_overlay("")

    def _unit_button(self, unit: Unit) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "flat")
        button.setText(UNIT_NAMES[unit])
        button.setToolTip(UNIT_TIPS[unit])
        button.setAccessibleDescription(UNIT_TIPS[unit])
        button.setCheckable(True)
        button.clicked.connect(lambda: self.unit_changed.emit(unit))
        self._units.addButton(button)
        return button

    def _build_menu(self) -> None:
        menu = QMenu(self.export)
        for kind, text in EXPORTS:
            add_row(menu, text, partial(self.export_asked.emit, kind))
        give_menu(self.export, menu)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self._unit_buttons.values():
            row.addWidget(button)
        row.addSpacing(12)
        title = QLabel("Smoothing")
        title.setProperty("kind", "caption")
        title.setBuddy(self.smoothing)
        row.addWidget(title)
        row.addSpacing(4)
        row.addWidget(self.smoothing)
        row.addSpacing(4)
        row.addWidget(self._smoothing_words)
        row.addStretch(1)
        for button in (self.overlay, self.everything, self.export):
            row.addWidget(button)

    @property
    def smoothing_words(self) -> str:
        """What the slider says."""
        return self._smoothing_words.text()

    def unit_button(self, unit: Unit) -> QToolButton:
        """The button of a unit."""
        return self._unit_buttons[unit]

    def show_units(self, chosen: Unit, offered: frozenset[Unit]) -> None:
        """Which units there are, and the one in use."""
        for unit, button in self._unit_buttons.items():
            button.setEnabled(unit in offered)
            button.setChecked(unit == chosen)

    def show_smoothing(self, width: int) -> None:
        """A width in steps, one of ``WIDTHS``."""
        before = self.smoothing.blockSignals(True)
        self.smoothing.setValue(WIDTHS.index(width))
        self.smoothing.blockSignals(before)
        self._tell_smoothing(width)

    def show_zoomed(self, zoomed: bool) -> None:
        """Whether there is more than is shown."""
        self.everything.setVisible(zoomed)

    def show_overlay(self, name: str) -> None:
        """The name of the run laid over, "" without one."""
        self.overlay.setVisible(bool(name))
        self.overlay.setText(f"with {name}")
        self.overlay.setAccessibleName(f"Compared with {name}: show the run alone again")

    @Slot(int)
    def _on_smoothing(self, index: int) -> None:
        self._tell_smoothing(WIDTHS[index])
        self.width_changed.emit(WIDTHS[index])

    def _tell_smoothing(self, width: int) -> None:
        self._smoothing_words.setText("off" if width == 1 else f"over {width:,} steps")
        # As wide as any of its words: what stands right of it must not move.
        widest = self._smoothing_words.fontMetrics().horizontalAdvance("over 50,000 steps")
        self._smoothing_words.setMinimumWidth(widest)


def _button(text: str, sign: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(sign, "quiet"))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip(tip)
    return button
