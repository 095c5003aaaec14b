"""Pictures of rolls: planes, thresholds, masks."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import RollFrame, paint_ground, paint_planes
from desktop.learn.example import ONSET, SOUNDING, Voice, pitch_range
from desktop.learn.picture import Picture

PLANE_NAMES = ("both", "onset", "sounding")
SHOWN_BARS = 2


class PlanesPicture(Picture):
    """The melody's first bars as the network is given them, plane by plane."""

    def build(self) -> None:
        """Which planes are shown."""
        self.planes = self.add_choices(("Both planes", "Onset", "Sounding"), 0)

    @property
    def _voice(self) -> Voice:
        return self.material.example.melody

    @property
    def _steps(self) -> int:
        example = self.material.example
        return min(example.steps, SHOWN_BARS * example.steps_per_bar)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Cells, one box each."""
        low, high = pitch_range([self._voice], least=16)
        frame = RollFrame(box, self._steps, low, high)
        paint_ground(painter, frame, self.material.example.steps_per_bar)
        paint_planes(painter, frame, self._voice, PLANE_NAMES[self.planes.checkedId()])

    def told(self) -> str:
        """How many cells are set, and what is lost without onsets."""
        planes = self._voice.planes[:, : self._steps]
        cells = planes[SOUNDING].size
        shown = PLANE_NAMES[self.planes.checkedId()]
        begins = int(planes[ONSET].sum())
        # A run of sounding cells is all that is left to count when there are no onsets.
        after_rest = planes[SOUNDING][1:] & ~planes[SOUNDING][:-1]
        runs = int(planes[SOUNDING][0].sum() + after_rest.sum())
        where = f"{self.material.example.source}: {self._steps} steps × 128 pitches"
        if shown == "sounding" and runs < begins:
            return f"{where}. {begins} notes, of which only {runs} can be told apart here."
        if shown == "onset":
            return f"{where}. {begins} cells of {cells:,} are set: one for each note."
        return f"{where}. {int(planes[SOUNDING].sum())} cells of {cells:,} sound."
