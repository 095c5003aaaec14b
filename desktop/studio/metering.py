"""Feeds the meters: the levels of what sounds, or how hard it is struck where Tutti cannot hear."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.studio.track_column import TrackColumn
from desktop.widgets.level_meter import FRAME_MS
from engine.live.audio import Synth
from engine.live.channels import LIVE_CHANNEL, playback_channel
from engine.live.levels import SILENCE, SILENT, Levels
from engine.live.midi_outputs import MidiOutputs
from engine.music.composition import Composition

QUIET_FRAMES = 30
"""So many frames without sound, a second, are the end of it: what was asked for has sounded."""


class Metering(QObject):
    """Runs while something sounds and until every bar has fallen, then rests."""

    def __init__(
        self,
        synth: Callable[[], Synth],
        shown: Callable[[], Composition],
        column: TrackColumn,
        outputs: MidiOutputs,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._synth = synth
        self._shown = shown
        self._column = column
        self._outputs = outputs
        self._struck: Mapping[int, float] = {}
        self._quiet_frames = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._frame)

    @property
    def running(self) -> bool:
        """Whether anything may still move."""
        return self._timer.isActive()

    def strike(self, struck: Mapping[int, float]) -> None:
        """How hard each track's notes that sound now were struck, 0 to 1 by its number."""
        self._struck = dict(struck)
        if any(struck.values()):
            self.wake()

    @Slot()
    def wake(self) -> None:
        """Something sounds, or is about to."""
        self._quiet_frames = 0
        if not self._timer.isActive():
            self._synth().levels()  # what was heard while nobody looked
            self._timer.start()

    @Slot()
    def _frame(self) -> None:
        measured = self._synth().levels()
        levels = measured or SILENT
        self._column.master.set_levels(levels)
        self._column.set_levels(
            {
                number: self._level(number, track.output, measured)
                for number, track in enumerate(self._shown().tracks)
            }
        )
        if max(levels.left, levels.right) > SILENCE or any(self._struck.values()):
            self._quiet_frames = 0
        else:
            self._quiet_frames += 1
        if self._quiet_frames > QUIET_FRAMES and self._column.is_still:
            self._timer.stop()

    def _level(self, number: int, output: str | None, measured: Levels | None) -> float:
        if output is not None and not self._outputs.plays(output):
            return 0.0
        if output is not None or measured is None:
            return self._struck.get(number, 0.0)
        level = measured.channels[playback_channel(number)]
        return max(level, measured.channels[LIVE_CHANNEL]) if number == 0 else level
