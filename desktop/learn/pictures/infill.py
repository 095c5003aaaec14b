"""Filling in: cells that are hidden, and the mask that says so."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen

from desktop.learn.brush import LEFT, RollFrame, paint_ground, paint_notes, write
from desktop.learn.example import STEPS_PER_BEAT, Voice, pitch_range
from desktop.learn.material import Material
from desktop.learn.picture import Picture
from desktop.learn.pictures.rolls import first_steps
from desktop.theme import colour

BARS = 4
NAME_WIDTH = 64.0
STRIP_ROW = 12.0
GAP = 4.0
SHARE = 0.45


class MaskPicture(Picture):
    """The parts of the example, cell by cell; a click hides a cell or shows it."""

    def build(self) -> None:
        """Masks to begin with."""
        self._rng = np.random.default_rng(7)
        self._cursor = (0, 0)
        self.known = self._whole(True)
        self.add_button("Draw another", self._draw)
        self.add_button("Hide all", lambda: self._fill(False))
        self.add_button("Show all", lambda: self._fill(True))
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.take(self.material)

    def take(self, material: Material) -> None:
        """Another example has other parts: draw a mask for it."""
        self._cursor = (0, 0)
        self._draw()

    @property
    def _voices(self) -> tuple[Voice, ...]:
        return self.material.example.parts or self.material.example.voices

    @property
    def _beats(self) -> int:
        return max(1, first_steps(self.material.example, BARS) // STEPS_PER_BEAT)

    def _whole(self, known: bool) -> npt.NDArray[np.bool_]:
        return np.full((len(self._voices), self._beats), known)

    def _fill(self, known: bool) -> None:
        self.known = self._whole(known)

    def _draw(self) -> None:
        """Scattered cells, and now and then a whole part or a whole stretch."""
        known = self._rng.random(self._whole(True).shape) > SHARE
        kind = self._rng.random()
        if kind < 0.3:
            known[self._rng.integers(len(known))] = True
        elif kind < 0.6:
            first = self._rng.integers(self._beats)
            known[:, first : first + 4] = False
        self.known = known

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """A lane for each part, then the mask."""
        for row, lane in enumerate(self._lanes(box)):
            self._paint_lane(painter, lane, row)
        top = box.bottom() - STRIP_ROW * len(self._voices)
        for row in range(len(self._voices)):
            name = "Mask" if row == 0 else ""
            place = QRectF(box.left(), top + row * STRIP_ROW, NAME_WIDTH, STRIP_ROW)
            write(painter, place, name, align=LEFT)
            for beat in range(self._beats):
                cell = self._cell(box, beat)
                role = "text" if self.known[row, beat] else "line"
                strip = QRectF(cell[0], place.top(), cell[1] - 1, STRIP_ROW - 1)
                painter.fillRect(strip, colour(role))

    def _lanes(self, box: QRectF) -> Iterator[QRectF]:
        room = box.height() - STRIP_ROW * len(self._voices) - 2 * GAP
        tall = room / len(self._voices)
        for row in range(len(self._voices)):
            top = box.top() + row * tall
            yield QRectF(box.left() + NAME_WIDTH, top, box.width() - NAME_WIDTH, tall - GAP)

    def _cell(self, box: QRectF, beat: int) -> tuple[float, float]:
        width = (box.width() - NAME_WIDTH) / self._beats
        return box.left() + NAME_WIDTH + beat * width, width

    def _paint_lane(self, painter: QPainter, lane: QRectF, row: int) -> None:
        voice, steps = self._voices[row], self._beats * STEPS_PER_BEAT
        name = QRectF(lane.left() - NAME_WIDTH, lane.top(), NAME_WIDTH - 8, lane.height())
        write(painter, name, voice.name, "text", LEFT)
        frame = RollFrame(lane, steps, *pitch_range([voice], least=14))
        paint_ground(painter, frame, self.material.example.steps_per_bar)
        painter.save()
        painter.setClipRect(lane)
        paint_notes(painter, frame, voice, height=4)
        width = lane.width() / self._beats
        for beat in np.flatnonzero(~self.known[row]):
            hidden = QRectF(lane.left() + beat * width, lane.top(), width, lane.height())
            painter.fillRect(hidden, colour("raised"))
            painter.fillRect(hidden, QBrush(colour("quiet", 0.35), Qt.BrushStyle.BDiagPattern))
        painter.restore()
        if self.canvas.hasFocus() and row == self._cursor[0]:
            painter.setPen(QPen(colour("selected"), 1.5))
            left = lane.left() + self._cursor[1] * width
            painter.drawRect(QRectF(left, lane.top(), width, lane.height()).adjusted(1, 1, -1, -1))

    def pointed(self, place: QPointF, pressed: bool) -> None:
        """A press hides a cell or shows it."""
        box = QRectF(self.canvas.rect())
        for row, lane in enumerate(self._lanes(box)):
            if pressed and lane.contains(place):
                beat = int((place.x() - lane.left()) / lane.width() * self._beats)
                self._cursor = (row, min(beat, self._beats - 1))
                self._turn()

    def key(self, key: int) -> bool:
        """The arrows move a cursor, Space turns the cell under it."""
        moves = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        if key == Qt.Key.Key_Space:
            self._turn()
            return True
        if Qt.Key(key) not in moves:
            return False
        row, beat = (a + b for a, b in zip(self._cursor, moves[Qt.Key(key)], strict=True))
        self._cursor = (row % len(self._voices), beat % self._beats)
        self.canvas.update()
        return True

    def _turn(self) -> None:
        self.known[self._cursor] = ~self.known[self._cursor]
        self.refresh()

    def told(self) -> str:
        """How much is asked."""
        hidden, cells = int((~self.known).sum()), self.known.size
        task = "a mixture"
        if hidden == cells:
            task = "an accompaniment from nothing"
        elif not hidden:
            task = "nothing: there is no question"
        return (
            f"{self.material.example.source}. {hidden} of {cells} cells are hidden; only they "
            f"count in the loss. The network is asked for {task}."
        )
