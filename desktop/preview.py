"""Listening to something that is not in the Studio, such as a take of the library."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from engine.live.player import Player
from engine.music.composition import Composition

WATCH_MS = 100


class Preview(QObject):
    """Borrows the player; whoever else plays sets it up again when `ended` is emitted."""

    ended = Signal()

    def __init__(self, player: Callable[[], Player], parent: QObject | None = None) -> None:
        """``player`` gives the player of the moment: it changes with the synthesizer."""
        super().__init__(parent)
        self._player = player
        self._name = ""
        self._before = 0.0
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self._end_when_silent)

    @property
    def name(self) -> str:
        """What is heard, as `start` was told; empty when nothing is."""
        return self._name

    def start(self, composition: Composition, name: str) -> None:
        """Play a composition from its first note; ``name`` tells it from others."""
        player = self._player()
        if not self._name:
            self._before = player.position_ticks()
        player.stop()
        player.set_loop(0, None)
        player.set_metronome(False)
        player.set_composition(composition)
        starts = [note.start for track in composition.tracks for note in track.notes]
        player.play(min(starts, default=0))
        self._name = name
        self._watch.start()

    def change(self, composition: Composition, name: str) -> None:
        """Go on with other music from where it stands, without a gap; else begin with it."""
        if not self._name:
            self.start(composition, name)
            return
        self._player().set_composition(composition)
        self._name = name

    @property
    def position_ticks(self) -> float:
        """What is heard now; 0 while nothing is."""
        return self._player().position_ticks() if self._name else 0.0

    @Slot()
    def stop(self) -> None:
        """Give the player back, where it stood before."""
        if not self._name:
            return
        self._watch.stop()
        self._player().stop()
        self._player().seek(round(self._before))
        self._name = ""
        self.ended.emit()

    @Slot()
    def _end_when_silent(self) -> None:
        if not self._player().playing:
            self.stop()
