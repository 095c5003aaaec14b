"""The transport: to start, play, stop, record, where we are, tempo, meter, key and switches."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.actions import Actions
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu, tell_tip
from desktop.widgets.transport_fields import VALUE_STYLE, PositionLabel, TempoField

METERS = ((2, 4), (3, 4), (4, 4), (5, 4), (6, 8), (7, 8), (9, 8), (12, 8))
COUNT_INS = ((0, "No count-in"), (1, "One bar"), (2, "Two bars"))
ICON_SIZE = QSize(20, 20)
HEIGHT = 56
WIDE, CLOSE = 8, 4  # between what stands in the bar


class TransportBar(QWidget):
    """The row of controls above the lanes. Shows what it is told; asks by signals."""

    tempo_chosen = Signal(float)
    meter_chosen = Signal(int, int)
    count_in_chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        # The same with and without a key: the lanes below must not jump.
        self.setFixedHeight(HEIGHT)
        self._actions = actions
        self._position = PositionLabel()
        self._time = QLabel("0:00.000")
        self._time.setProperty("kind", "quiet")
        self._time.setFont(theme.tabular_font(14))
        self._tempo = TempoField()
        self._tempo.chosen.connect(self.tempo_chosen)
        self._meter = _menu_button("4/4", "Meter")
        self._meter.setToolTip("Beats in a bar, and the note that a beat is")
        self._key = QLabel("")
        self._key.setFont(theme.body_font(14, bold=True))
        self._key.setFixedHeight(22)
        self._key.setContentsMargins(5, 0, 0, 0)
        self._key.setToolTip("The key that fits the melody best")
        self._count_in = _chip("Count-in 1")
        self._counted, self._looped = 1, (0, 0)
        self._build()

    def _build(self) -> None:
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        for action_id in ("to_start", "play", "stop", "record"):
            button = _transport_button(self._actions[action_id])
            row.addWidget(button)
        self._record = button
        row.addWidget(self._record_modes())
        row.addWidget(_flat_button(self._actions["capture"]))
        row.addSpacing(8)
        row.addWidget(self._position)
        row.addWidget(self._time)
        row.addSpacing(12)
        row.addLayout(_captioned("Tempo", self._tempo))
        row.addWidget(self._tap_button())
        row.addSpacing(4)
        row.addLayout(_captioned("Meter", self._meter))
        self._key_caption = QLabel("Key")
        row.addLayout(_captioned(self._key_caption, self._key))
        row.addSpacing(8)
        self._add_chips(row)
        row.addStretch(1)
        for action_id in ("undo", "redo"):
            row.addWidget(_flat_button(self._actions[action_id]))
        row.addWidget(self._file_button())
        row.addWidget(self._export_button())
        self._fill_meter_menu()
        self.set_key("")

    def _record_modes(self) -> QToolButton:
        button = _icon_button("chevron-down", "How recording goes")
        button.setIconSize(QSize(14, 14))
        button.setStyleSheet("padding: 0; min-width: 16px;")
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.addAction(self._actions["overdub"])
        menu.addSeparator()
        for action_id in ("punch", "loop_takes"):
            menu.addAction(self._actions[action_id])
        give_menu(button, menu)
        return button

    def _tap_button(self) -> QToolButton:
        button = _flat_button(self._actions["tap"])
        button.setText("Tap")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._actions["tap"].changed.connect(lambda: button.setText("Tap"))
        return button

    def _add_chips(self, row: QHBoxLayout) -> None:
        self._click = _chip_for(self._actions["click"], "Click")
        self._loop = _chip_for(self._actions["loop"], "Loop")
        self._snap = _chip_for(self._actions["snap"], "Snap 1/16")
        self._count_in.setCheckable(True)
        self._count_in.setChecked(True)
        self._count_in.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._count_in.setToolTip("Bars of clicks before recording begins")
        menu = QMenu(self._count_in)
        self._count_in_rows = QActionGroup(menu)
        for bars, text in COUNT_INS:
            choice = add_row(menu, text, partial(self.count_in_chosen.emit, bars))
            choice.setCheckable(True)
            choice.setData(bars)
            self._count_in_rows.addAction(choice)
        self._count_in.setMenu(menu)
        for chip in (self._click, self._count_in, self._loop, self._snap):
            row.addWidget(chip)

    def _fill_meter_menu(self) -> None:
        menu = QMenu(self._meter)
        for above, below in METERS:
            add_row(menu, f"{above}/{below}", partial(self.meter_chosen.emit, above, below))
        self._meter.setMenu(menu)

    def _file_button(self) -> QToolButton:
        button = _icon_button("folder-outline", "New, open, samples")
        self.file_menu = QMenu(button)
        give_menu(button, self.file_menu)
        return button

    def _export_button(self) -> QToolButton:
        button = _icon_button("tray-arrow-down", "Export")
        button.setText("Export")
        button.setToolTip("Write a MIDI file, audio, a page to share or the whole song")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        menu = QMenu(button)
        menu.addAction(self._actions["export_midi"])
        menu.addAction(self._actions["export_wav"])
        menu.addAction(self._actions["share_page"])
        menu.addAction(self._actions["save_song"])
        give_menu(button, menu)
        return button

    def set_position(self, bar: int, beat: int, tick: int, seconds: float) -> None:
        """Where the playhead stands."""
        self._position.set_position(bar, beat, tick)
        minutes, rest = divmod(max(0.0, seconds), 60)
        self._time.setText(f"{int(minutes)}:{rest:06.3f}")

    def set_count_down(self, beats: int) -> None:
        """Beats left before recording begins, in place of the position."""
        self._position.set_count_down(beats)

    def set_tempo(self, beats_per_minute: float) -> None:
        """The tempo in force at the playhead."""
        self._tempo.show_tempo(beats_per_minute)

    def set_meter(self, numerator: int, denominator: int) -> None:
        """The meter in force at the playhead."""
        self._meter.setText(f"{numerator}/{denominator}")

    def set_key(self, name: str) -> None:
        """The estimated key; absent while there is none."""
        self._key.setText(name)
        self._key.setVisible(bool(name))
        self._key_caption.setVisible(bool(name))
        self._fit()

    def set_count_in(self, bars: int) -> None:
        """How many bars are counted in."""
        self._counted = bars
        self._count_in.setChecked(bars > 0)
        for row in self._count_in_rows.actions():
            row.setChecked(row.data() == bars)
        self._fit()

    def set_loop_bars(self, first: int, last: int) -> None:
        """The bars of the loop, both inclusive; 0 for none."""
        self._looped = (first, last)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the room is known."""
        super().showEvent(event)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What can be said shorter is, before anything is cut off."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Say all of it where there is room; else stand closer, then spare the seconds, then words.

        Nothing is tried before the bar is seen: it has no room of its own then.
        """
        for spared in range(4):
            self._row.setSpacing(CLOSE if spared else WIDE)
            self._time.setVisible(spared < 2)
            self._tell(short=spared == 3)
            self._row.invalidate()
            if not self.isVisible() or self._row.sizeHint().width() <= self.width():
                return

    def _tell(self, short: bool) -> None:
        bars = f"{self._counted}" if self._counted else "off"
        self._count_in.setText(f"Count {bars}" if short else f"Count-in {bars}")
        first, last = self._looped
        loop = f"{first}–{last}" if first != last else f"{first}"
        self._loop.setText((loop if short else f"Loop {loop}") if first else "Loop")

    def set_recording(self, recording: bool) -> None:
        """While recording tempo and meter stay as they are, and the button glows."""
        glow = theme.mixed("surface", "record", 0.3).name()
        edge = theme.colour("record").name()
        self._record.setStyleSheet(
            f"QToolButton {{ background: {glow}; border-color: {edge}; }}" if recording else ""
        )
        for widget in (self._tempo, self._meter):
            widget.setEnabled(not recording)


def _captioned(caption: str | QLabel, widget: QWidget) -> QVBoxLayout:
    label = QLabel(caption) if isinstance(caption, str) else caption
    label.setProperty("kind", "caption")
    label.setContentsMargins(5, 0, 0, 0)
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    column.addWidget(label)
    column.addWidget(widget, 0, Qt.AlignmentFlag.AlignLeft)
    column.addStretch(1)
    return column


def _transport_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "transport")
    button.setIconSize(ICON_SIZE)
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


def _flat_button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIconSize(ICON_SIZE)
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    return button


def _icon_button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIcon(icon(name))
    button.setIconSize(ICON_SIZE)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _menu_button(text: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setText(text)
    button.setAccessibleName(name)
    button.setFont(theme.body_font(14, bold=True))
    button.setStyleSheet(VALUE_STYLE.format(kind="QToolButton"))
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _chip(text: str) -> QToolButton:
    chip = QToolButton()
    chip.setProperty("kind", "chip")
    chip.setText(text)
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return chip


def _chip_for(action: QAction, text: str) -> QToolButton:
    """A switch for a checkable action that keeps its own text."""
    chip = _chip(text)
    chip.setCheckable(True)
    chip.setChecked(action.isChecked())
    tell_tip(chip, action)
    chip.clicked.connect(action.trigger)
    action.toggled.connect(chip.setChecked)
    return chip
