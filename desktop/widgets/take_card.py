"""One take of a request: its name, what sets it apart, a picture, Listen and Keep."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu
from desktop.widgets.take_strip import TakeStrip
from engine.music.track import Track

LOW_STRIP, HIGH_STRIP = 28, 44
BUTTON_STYLE = """
QToolButton { background: transparent; border: none; padding: 0; min-height: 24px; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton:hover, QToolButton:focus { background: transparent; color: palette(highlight); }
"""


class TakeCard(QFrame):
    """Shows a take and whether it sounds, is shown and is kept; asks by signals."""

    listen_asked = Signal()
    keep_asked = Signal()
    more_asked = Signal()
    between_asked = Signal(int)
    """The number of the take that the way should lead to."""

    def __init__(
        self,
        name: str,
        words: str,
        tracks: tuple[Track, ...],
        end_tick: int,
        parent: QWidget | None = None,
    ) -> None:
        """``words`` set the take apart; ``end_tick`` is where its picture ends."""
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.setObjectName(name)
        self._name = QLabel(name)
        self._name.setFont(theme.body_font(13, bold=True))
        self._words = ElidedLabel(words)
        self._words.setProperty("kind", "caption")
        self._words.setToolTip(f"Compared with the other takes: {words}")
        self._said = words
        self._strip = TakeStrip()
        self._strip.set_tracks(tracks, 0, end_tick)
        self.listen = _action_button("play", "Listen", "Hear this take with the melody")
        self.keep = _action_button("check", "Keep", "Put this take into the composition")
        self.more = _action_button(
            "approximately-equal", "More", "Takes like this one, or on the way to another"
        )
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        give_menu(self.more, self.menu)
        self.listen.clicked.connect(self.listen_asked)
        self.keep.clicked.connect(self.keep_asked)
        self._build()
        self.show_state(shown=False, sounding=False, kept=False)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 4)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._name)
        top.addWidget(self._words, 1)
        column.addLayout(top)
        column.addWidget(self._strip)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(0, 0, 0, 0)
        bottom.addWidget(self.listen)
        bottom.addStretch(1)
        bottom.addWidget(self.more)
        bottom.addStretch(1)
        bottom.addWidget(self.keep)
        column.addLayout(bottom)

    def set_others(self, others: Sequence[tuple[int, str]]) -> None:
        """Numbers and names of the takes beside this one, to which a way can lead."""
        self.menu.clear()
        add_row(self.menu, "More like this", self.more_asked.emit)
        if others:
            self.menu.addSeparator()
        for number, name in others:
            add_row(self.menu, f"The way to {name}", partial(self.between_asked.emit, number))

    def set_busy(self, busy: bool) -> None:
        """While the band plays nothing further is asked of it."""
        self.more.setEnabled(not busy)

    def show_state(self, *, shown: bool, sounding: bool, kept: bool) -> None:
        """``shown``: its notes stand in the lanes; ``sounding``: and are played now."""
        self.setProperty("chosen", "true" if shown else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        self.listen.setText("Stop" if sounding else "Listen")
        self.listen.setIcon(icon("pause" if sounding else "play"))
        self.keep.setText("Kept" if kept else "Keep")
        self.keep.setIcon(icon("check", "good" if kept else "text"))
        self.keep.setEnabled(not kept)
        self.keep.setStyleSheet(_keep_style(kept))
        state = [word for word, true in (("playing", sounding), ("kept", kept)) if true]
        self._words.setText(" · ".join([*state, self._said] if len(state) < 2 else state))

    def set_compact(self, compact: bool) -> None:
        """A lower picture, so that three cards fit a small window."""
        self._strip.setFixedHeight(LOW_STRIP if compact else HIGH_STRIP)

    def set_position(self, tick: float | None) -> None:
        """Where the playhead stands in this take; None while it does not sound."""
        self._strip.set_position(tick)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Beside the picture: listen. On the picture its first press has begun that already."""
        if not self._is_picture(event):
            self.listen_asked.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on the picture listens too."""
        if event.button() is Qt.MouseButton.LeftButton and self._is_picture(event):
            self.listen_asked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button opens what else can be done with the take."""
        if self.more.isEnabled():
            self.menu.popup(event.globalPos())

    def _is_picture(self, event: QMouseEvent) -> bool:
        return self._strip.geometry().contains(event.position().toPoint())


def _keep_style(kept: bool) -> str:
    text = theme.colour("good_text" if kept else "text").name()
    return BUTTON_STYLE + f"QToolButton, QToolButton:disabled {{ color: {text}; }}"


def _action_button(name: str, text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setText(text)
    button.setIcon(icon(name))
    button.setIconSize(QSize(16, 16))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setStyleSheet(BUTTON_STYLE)
    return button
