"""Pictures of rolls: the two planes, and what a threshold makes of a blurred roll."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import (
    LEFT,
    FloatArray,
    RollFrame,
    paint_ground,
    paint_notes,
    paint_planes,
    paint_shades,
    write,
)
from desktop.learn.example import ONSET, SOUNDING, Example, Voice, notes_in, pitch_range
from desktop.learn.picture import Picture

PLANE_NAMES = ("both", "onset", "sounding")
SHOWN_BARS = 2
TITLE_HEIGHT = 18
DEPTHS = (2, 4, 8)
"""Edges of the blocks that are averaged: what one, two and three halvings leave."""


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
        return first_steps(self.material.example, SHOWN_BARS)

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Cells, one box each."""
        low, high = pitch_range([self._voice], least=16)
        frame = RollFrame(box, self._steps, low, high)
        paint_ground(painter, frame, self.material.example.steps_per_bar)
        paint_planes(painter, frame, self._voice, PLANE_NAMES[self.planes.checkedId()])

    def told(self) -> str:
        """How many cells are set, and what is lost without onsets."""
        planes = self._voice.planes[:, : self._steps]
        sounding, cells = planes[SOUNDING], planes[SOUNDING].size
        shown = PLANE_NAMES[self.planes.checkedId()]
        begins, apart = int(planes[ONSET].sum()), len(notes_in(sounding))
        where = f"{self.material.example.title}: {self._steps} steps × 128 pitches."
        if shown == "sounding" and apart < begins:
            return f"{where} Of its {begins} notes only {apart} can be told apart here."
        if shown == "onset":
            return f"{where} {begins} of {cells:,} cells are set, one for each note."
        return f"{where} {int(sounding.sum())} of {cells:,} cells sound."


class ThresholdPicture(Picture):
    """A blurred roll, and the notes that a threshold cuts out of it."""

    def build(self) -> None:
        """How much detail is lost, where to cut, and whether the detail comes by a shortcut."""
        self.skip = self.add_choices(("Without the shortcut", "With it"), 0)
        self.add_row()
        self.halvings = self.add_slider("Depth", 1, len(DEPTHS), 2, "How often the roll is halved.")
        self.threshold = self.add_slider(
            "Threshold", 5, 95, 50, "The shade from which on a cell is a note, in percent."
        )

    @property
    def _steps(self) -> int:
        return first_steps(self.material.example, 4)

    @property
    def voice(self) -> Voice:
        """The voice with the most notes: it has the most to lose."""
        return max(self.material.example.voices, key=lambda voice: len(voice.notes))

    @property
    def _exact(self) -> FloatArray:
        return self.voice.planes[SOUNDING, : self._steps].astype(float)

    @property
    def shades(self) -> FloatArray:
        """The roll (step, pitch) after blurring, 0 to 1."""
        blurred = block_means(self._exact, DEPTHS[self.halvings.value() - 1])
        blurred = blurred / max(float(blurred.max()), 1e-9)
        return (blurred + self._exact) / 2 if self.skip.checkedId() == 1 else blurred

    @property
    def cut(self) -> npt.NDArray[np.bool_]:
        """The cells that count as sounding."""
        found: npt.NDArray[np.bool_] = self.shades >= self.threshold.value() / 100
        return found

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Shades above, notes below."""
        voice = self.voice
        low, high = pitch_range([voice], least=16)
        half = (box.height() - 2 * TITLE_HEIGHT) / 2
        for index, title in enumerate(("What is left", "Cut at the threshold")):
            top = box.top() + index * (half + TITLE_HEIGHT)
            write(painter, QRectF(box.left(), top, box.width(), TITLE_HEIGHT), title, align=LEFT)
            inside = QRectF(box.left(), top + TITLE_HEIGHT, box.width(), half)
            frame = RollFrame(inside, self._steps, low, high)
            paint_ground(painter, frame, self.material.example.steps_per_bar)
            if index == 0:
                paint_shades(painter, frame, self.shades, voice.role)
            else:
                sounding = np.stack([np.zeros_like(self.cut), self.cut])
                paint_notes(painter, frame, Voice("", voice.role, sounding))

    def told(self) -> str:
        """How many of the notes were saved."""
        found = set(notes_in(self.cut))
        wanted = set(notes_in(self._exact > 0.5))
        saved = len(found & wanted)
        at = self.threshold.value() / 100
        return (
            f"{self.voice.name}, cut at {at:.2f}: {len(found)} notes where {len(wanted)} belong, "
            f"and {saved} of them stand exactly where they should."
        )


def first_steps(example: Example, bars: int) -> int:
    """Steps of an example's first bars."""
    return min(example.steps, bars * example.steps_per_bar)


def block_means(values: FloatArray, size: int) -> FloatArray:
    """Every cell becomes the mean of its block of ``size`` × ``size``."""
    steps, pitches = values.shape
    padded = np.pad(values, ((0, -steps % size), (0, -pitches % size)))
    blocks = padded.reshape(padded.shape[0] // size, size, -1, size).mean((1, 3))
    blown: FloatArray = blocks.repeat(size, 0).repeat(size, 1)[:steps, :pitches]
    return blown
