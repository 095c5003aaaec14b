"""What moves by itself: notes that glow, lanes that shimmer, a picture that fades in."""

from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPixmap

from desktop.theme import reduced_motion

GLOW_SECONDS = 0.120
FADE_SECONDS = 0.150
SHIMMER_SECONDS = 1.4
_FRAME_MS = 16
# A broad, soft light: more frames are not seen, and would take time from the network at work.
_SHIMMER_FRAME_MS = 50


@dataclass(frozen=True, slots=True)
class Glow:
    """A note that was just played: its lane, its place in the lane's table, when it began."""

    lane: int
    note: int
    seconds: float


class Motion(QObject):
    """Keeps the clock of all animations; its timer runs only while something moves."""

    frame = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.busy: frozenset[int] = frozenset()
        self.glows: list[Glow] = []
        self.fading: QPixmap | None = None
        self._fade_began = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._advance)

    @property
    def running(self) -> bool:
        """Whether the timer is on."""
        return self._timer.isActive()

    def glow(self, lane: int, notes: list[int]) -> None:
        """Let notes glow from now on."""
        now = perf_counter()
        self._forget_faded(now)
        self.glows.extend(Glow(lane, note, now) for note in notes)
        self._wake()

    def shimmer(self, lanes: frozenset[int]) -> None:
        """Let these lanes shimmer, and no others."""
        self.busy = lanes
        self._wake()

    def fade_from(self, picture: QPixmap) -> None:
        """Let what is shown from now on come up over a picture."""
        if not reduced_motion():
            self.fading, self._fade_began = picture, perf_counter()
            self._wake()

    def stop_fading(self) -> None:
        """Show what is there, whole."""
        self.fading = None

    def fade_share(self) -> float:
        """How far the new picture has come up, 0 to 1."""
        return min(1.0, (perf_counter() - self._fade_began) / FADE_SECONDS)

    def glow_share(self, glow: Glow) -> float:
        """How strong a glow still is, 1 to 0."""
        return max(0.0, 1.0 - (perf_counter() - glow.seconds) / GLOW_SECONDS)

    def shimmer_phase(self) -> float:
        """Where the light stands on its way across, 0 to 1; in the middle with reduced motion."""
        return 0.5 if reduced_motion() else (perf_counter() / SHIMMER_SECONDS) % 1.0

    def _wake(self) -> None:
        if self._moves():
            self._keep_pace()
        self.frame.emit()

    def _keep_pace(self) -> None:
        """Frames as often as what moves needs them."""
        quick = bool(self.glows) or self.fading is not None
        pace = _FRAME_MS if quick else _SHIMMER_FRAME_MS
        if not self._timer.isActive() or self._timer.interval() != pace:
            self._timer.start(pace)

    def _forget_faded(self, now: float) -> None:
        self.glows = [glow for glow in self.glows if now - glow.seconds < GLOW_SECONDS]

    def _moves(self) -> bool:
        shimmering = bool(self.busy) and not reduced_motion()
        return shimmering or bool(self.glows) or self.fading is not None

    @Slot()
    def _advance(self) -> None:
        self.frame.emit()
        self._forget_faded(perf_counter())
        if self.fading is not None and self.fade_share() >= 1.0:
            self.fading = None
        if self._moves():
            self._keep_pace()
        else:
            self._timer.stop()
            self.frame.emit()
