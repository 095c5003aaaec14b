"""The head of a lane: name, instrument, mute, solo, lock, volume, pan, sends, level."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from desktop.widgets.level_meter import LevelBar
from desktop.widgets.mix_controls import MixDial, MixSlider, PanDial
from engine.music.general_midi import instrument_name
from engine.music.mix import shown_send
from engine.music.track import CENTRE_PAN, CHORUS, DEFAULT_VOLUME, REVERB, Track

STRIPE = 4
BUTTON = 26
SETTLE_MS = 400
INSTRUMENT_STYLE = """
QPushButton { background: transparent; border: none; padding: 0 6px 0 0; min-height: 18px;
    max-height: 18px; text-align: left; font-size: 12px; color: palette(placeholder-text); }
QPushButton:hover { color: palette(text); }
QPushButton:focus { color: palette(highlight); }
QPushButton::menu-indicator { image: none; width: 0; }
"""
HEIGHT_FOR_VOLUME = 64
HEIGHT_FOR_INSTRUMENT = 40
METER_WIDTH = 5
RIGHT_MARGIN = 16
ON_PORT = "How hard the notes are struck: what sounds at a MIDI port, Tutti does not hear"
RENDERED = "Level as rendered a second time beside the sound, without reverb and chorus"


class TrackHeader(QWidget):
    """Shows one track's place in the mix; asks for changes by signals, changes nothing itself.

    ``moved`` comes with every step of a drag, ``settled`` once when it ends.
    """

    moved = Signal(str, int)
    settled = Signal(str, int)
    switched = Signal(str, bool)
    instruments_asked = Signal(QPoint)
    """The list of instruments is to open there, on the screen."""
    renamed = Signal()
    melody_asked = Signal()
    """The track is to be the melody that the band goes with."""
    removed = Signal()
    selected = Signal()
    dragged = Signal()
    """The head was pulled: what it stands for may go to another program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = "melody"
        self._is_melody = True
        self._pressed: QPoint | None = None
        self._name = ElidedLabel()
        self._name.setFont(theme.body_font(14, bold=True))
        self._instrument = QPushButton()
        self._mute = _switch("M", "Mute")
        self._solo = _switch("S", "Solo: only what is soloed sounds")
        self._lock = _lock_button()
        self._volume = MixSlider("volume", 0, 127, DEFAULT_VOLUME)
        self._pan = PanDial()
        self._reverb = MixDial("reverb", 0, "R")
        self._chorus = MixDial("chorus", 0, "C")
        self._meter = LevelBar(Qt.Orientation.Vertical, self)
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(STRIPE + 14, 6, RIGHT_MARGIN, 2)
        column.setSpacing(1)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self._name, 1)
        for button in (self._mute, self._solo, self._lock):
            top.addWidget(button)
        self._style_instrument()
        column.addLayout(top)
        column.addWidget(self._instrument, 0, Qt.AlignmentFlag.AlignLeft)
        self._mix = QWidget()
        mix = QHBoxLayout(self._mix)
        mix.setContentsMargins(0, 0, 0, 0)
        mix.setSpacing(4)
        self._mix.setFixedHeight(20)
        mix.addWidget(self._volume, 1)
        for dial in (self._pan, self._reverb, self._chorus):
            mix.addWidget(dial)
        column.addWidget(self._mix)
        column.addStretch(1)

    def _style_instrument(self) -> None:
        self._instrument.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._instrument.setStyleSheet(INSTRUMENT_STYLE)
        self._instrument.setToolTip("The instrument; another one is heard at once")
        self._instrument.clicked.connect(self._ask_for_instruments)

    def _connect(self) -> None:
        self._mute.clicked.connect(lambda on: self.switched.emit("muted", on))
        self._solo.clicked.connect(lambda on: self.switched.emit("soloed", on))
        self._lock.clicked.connect(lambda on: self.switched.emit("locked", on))
        self._volume.moved.connect(lambda value: self.moved.emit("volume", value))
        self._volume.settled.connect(lambda value: self.settled.emit("volume", value))
        for name, dial in self._dials().items():
            dial.moved.connect(partial(self.moved.emit, name))
            dial.settled.connect(partial(self.settled.emit, name))

    def _dials(self) -> dict[str, MixDial]:
        return {"pan": self._pan, "reverb": self._reverb, "chorus": self._chorus}

    @Slot()
    def _ask_for_instruments(self) -> None:
        corner = self._instrument.rect().bottomLeft()
        self.instruments_asked.emit(self._instrument.mapToGlobal(corner))

    def show_track(
        self,
        track: Track,
        role: str,
        can_lock: bool,
        usual_volume: int = DEFAULT_VOLUME,
        *,
        is_melody: bool = True,
    ) -> None:
        """Show a track; ``role`` is its colour, ``can_lock`` whether the model can keep it.

        ``usual_volume`` is where a double click puts the fader.
        """
        self._role, self._is_melody = role, is_melody
        self._name.setText(track.name)
        self._name.setToolTip(track.name)
        instrument = instrument_name(track.program, track.is_drum)
        where = "" if track.output is None else f" → {track.output}"
        self._instrument.setText(f"{instrument}{where} ▾")
        self._meter.setToolTip(RENDERED if track.output is None else ON_PORT)
        self._name_controls(track.name, instrument)
        self._show_switches(track, can_lock)
        self._volume.show_value(track.volume)
        self._volume.set_role(role)
        self._volume.set_usual(usual_volume)
        self._pan.show_value(track.pan)
        unchosen = replace(track, reverb=None, chorus=None)
        for number, dial in ((REVERB, self._reverb), (CHORUS, self._chorus)):
            dial.set_usual(shown_send(unchosen, number))
            dial.show_value(shown_send(track, number))
        self._meter.set_role(role)
        self.update()

    def _show_switches(self, track: Track, can_lock: bool) -> None:
        self._mute.setChecked(track.muted)
        self._solo.setChecked(track.soloed)
        self._lock.setChecked(track.locked)
        self._lock.setIcon(
            icon(
                "lock" if track.locked else "lock-open-variant-outline",
                "accent" if track.locked else "disabled",
            )
        )
        self._lock.setVisible(can_lock)

    def _name_controls(self, track: str, instrument: str) -> None:
        """Whoever hears the window instead of seeing it must know whose control it is."""
        for widget, what in (
            (self._instrument, f"instrument {instrument}"),
            (self._mute, "mute"),
            (self._solo, "solo"),
            (self._lock, "lock"),
            (self._volume, "volume"),
            (self._pan, "pan"),
            (self._reverb, "reverb"),
            (self._chorus, "chorus"),
        ):
            widget.setAccessibleName(f"{track}: {what}")

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in its order."""
        switches = (self._mute, self._solo, self._lock, self._instrument)
        return (*switches, self._volume, self._pan, self._reverb, self._chorus)

    def set_level(self, level: float) -> None:
        """One frame: the track's peak since the one before, 1 is full scale."""
        self._meter.set_level(level)

    @property
    def is_still(self) -> bool:
        """Whether the level has fallen to its end."""
        return self._meter.is_still

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A folded lane's head leaves out what has no room."""
        super().resizeEvent(event)
        self._mix.setVisible(self.height() >= HEIGHT_FOR_VOLUME)
        self._instrument.setVisible(self.height() >= HEIGHT_FOR_INSTRUMENT)
        top = min(8, max(0, (self.height() - HEIGHT_FOR_VOLUME) // 2))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(STRIPE + 14, top, RIGHT_MARGIN, 0)
        left = self.width() - METER_WIDTH - 4
        self._meter.setGeometry(left, 4, METER_WIDTH, max(0, self.height() - 8))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the head selects the track."""
        left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() if left else None
        self.selected.emit()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pulled far enough, the head is dragged out."""
        if self._pressed is not None:
            way = (event.position().toPoint() - self._pressed).manhattanLength()
            if way >= QApplication.startDragDistance():
                self._pressed = None
                self.dragged.emit()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click is no drag."""
        self._pressed = None
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Rename, instrument and usual values, on the right button and on the menu key."""
        menu = QMenu(self)
        menu.addAction("Rename…", self.renamed.emit)
        menu.addAction("Instrument and output…", self._ask_for_instruments)
        menu.addAction("Centre the pan", lambda: self.settled.emit("pan", CENTRE_PAN))
        menu.addAction("Usual volume", lambda: self.settled.emit("volume", self._volume.usual))
        for name, dial in (("reverb", self._reverb), ("chorus", self._chorus)):
            menu.addAction(f"Usual {name}", partial(self.settled.emit, name, dial.usual))
        if not self._is_melody:
            menu.addSeparator()
            menu.addAction("Make it the melody", self.melody_asked.emit)
            menu.addAction("Remove this track", self.removed.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the track's stripe."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.fillRect(QRect(0, 0, STRIPE, self.height()), theme.colour(self._role))


def _switch(letter: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(letter)
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setFixedSize(BUTTON, 22)
    button.setStyleSheet(
        "min-height: 20px; min-width: 0; padding: 0; font-size: 11px; font-weight: 600;"
    )
    return button


def _lock_button() -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setToolTip("Lock: the band keeps this part when it plays again")
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setFixedSize(BUTTON, 22)
    button.setStyleSheet("min-height: 20px; min-width: 0; padding: 0;")
    return button
