"""Music that comes in: from a keyboard, from the band, as chords that are written."""

import threading
import time

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton

from engine.live.events import LiveEvent
from engine.music.take import TakeEventKind
from tests.soak.hand import Modifiers
from tests.soak.reach import Reach

CHORDS = ("C", "Am7", "F#m", "Bb", "G7", "Dsus4", "", "H", "Ebmaj7", "no chord", "C/E")


class MusicDeeds:
    """Plays, records, writes chords, asks the band."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._hand = reach, reach.hand

    def play_keyboard(self) -> str:
        """Some notes of a keyboard, told as its thread tells them."""
        chance = self._hand.chance
        pitches = [chance.randint(36, 84) for _ in range(chance.randint(1, 5))]
        keyboard = threading.Thread(target=self._play, args=(pitches, self._hand.likely(0.2)))
        keyboard.start()
        keyboard.join()
        return f"play {pitches}"

    def _play(self, pitches: list[int], pedal: bool) -> None:
        """Called on a thread of its own."""
        for value in (127, 0) if pedal else ():
            self._tell("control", 64, value)
        for kind in ("note_on", "note_off"):
            for pitch in pitches:
                self._tell(kind, pitch, 80 if kind == "note_on" else 0)
                time.sleep(0.002)

    def _tell(self, kind: TakeEventKind, number: int, value: int) -> None:
        event = LiveEvent(time.perf_counter(), kind, number, value, "Keyboard")
        self._reach.app.live_path.hear(event)

    def record(self) -> str:
        """Begin to record, or end it."""
        if "record" in self._reach.never:
            return ""
        if not self._reach.page.recording.active and self._hand.likely(0.7):
            self._reach.page.recording.count_in_bars = 0
        self._reach.app.actions["record"].trigger()
        return f"record: {self._reach.page.recording.state}"

    def write_chord(self) -> str:
        """A chord by its symbol, some of them none."""
        if not self._reach.app.actions["write_chord"].isEnabled():
            return ""
        self._reach.app.actions["write_chord"].trigger()
        symbol = self._hand.one_of(CHORDS)
        self._hand.press(Qt.Key.Key_A, Modifiers.ControlModifier)
        self._hand.type(symbol)
        self._hand.press(self._hand.one_of((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))
        return f"chord {symbol!r}"

    # The band

    def ask_band(self) -> str:
        """One request of those that can be made; seldom a change of mind."""
        if self._reach.page.generation.busy:
            if self._hand.likely(0.9):
                return ""
            self._reach.page.panel.cancel.click()
            return "cancel the request"
        names = ("generate", "generate", "generate_bars", "extend", "dice")
        action = self._reach.app.actions[self._hand.one_of(names)]
        if not action.isEnabled():
            return ""
        action.trigger()
        return f"ask for {action.objectName()}"

    def use_take(self) -> str:
        """Listen to a take, keep it, ask for others like it."""
        cards = self._reach.page.panel.cards
        if not cards:
            return ""
        card = self._hand.one_of(cards)
        buttons = [each for each in card.findChildren(QAbstractButton) if each.isEnabled()]
        button = self._hand.one_of(buttons)
        told = f"take {cards.index(card)}: {button.toolTip()!r}"  # the click may replace its card
        self._hand.click(button, button.rect().center())
        return told
