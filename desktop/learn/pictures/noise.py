"""Noise: the row of random numbers, and what it makes of one melody."""

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import LEFT, FloatArray, RollFrame, paint_example, write
from desktop.learn.example import Example, pitch_range, shipped_answers
from desktop.learn.picture import Picture
from desktop.theme import colour
from engine.generation.seeds import take_noise

NUMBERS = 128
"""Size of Pop's noise."""
SEED = 0
STRIP_HEIGHT = 56
TITLE_HEIGHT = 18
LARGEST = 2.5


class NoisePicture(Picture):
    """Nine answers of the shipped model on the way from one noise to another."""

    def build(self) -> None:
        """How far along the way."""
        last = len(shipped_answers()) - 1
        self.mix = self.add_slider("First take", 0, last, 0, "From one noise to another.")
        self.add_label("Second take")

    @property
    def answer(self) -> Example:
        """What is shown."""
        return shipped_answers()[self.mix.value()]

    @property
    def noise(self) -> FloatArray:
        """The numbers that made it."""
        angle = 0.5 * math.pi * self.mix.value() / max(1, self.mix.maximum())
        one, two = (take_noise(SEED, take, NUMBERS).astype(float) for take in (0, 1))
        return math.cos(angle) * one + math.sin(angle) * two

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The numbers as a strip, the music under it."""
        words = f"The noise: {NUMBERS} numbers"
        write(painter, QRectF(box.left(), box.top(), box.width(), TITLE_HEIGHT), words, align=LEFT)
        self._paint_noise(
            painter, QRectF(box.left(), box.top() + TITLE_HEIGHT, box.width(), STRIP_HEIGHT)
        )
        top = box.top() + TITLE_HEIGHT + STRIP_HEIGHT
        write(painter, QRectF(box.left(), top, box.width(), TITLE_HEIGHT), "The answer", align=LEFT)
        low, high = pitch_range(self.answer.voices)
        inside = QRectF(
            box.left(), top + TITLE_HEIGHT, box.width(), box.bottom() - top - TITLE_HEIGHT
        )
        paint_example(painter, RollFrame(inside, self.answer.steps, low, high), self.answer)

    def _paint_noise(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, colour("surface"))
        middle, width = box.center().y(), box.width() / NUMBERS
        for index, value in enumerate(self.noise):
            tall = float(np.clip(value / LARGEST, -1, 1)) * box.height() / 2
            bar = QRectF(box.left() + index * width, middle - max(tall, 0), width - 1, abs(tall))
            painter.fillRect(bar, colour("counter"))

    def told(self) -> str:
        """What this answer shares with both ends."""
        answers = shipped_answers()
        first, last = (round(100 * shared(self.answer, end)) for end in (answers[0], answers[-1]))
        return (
            f"Ode to Joy, answered by the shipped model Pop. Of all notes that this take and the "
            f"first one have, they share {first} %; with the second take {last} %."
        )


def shared(one: Example, two: Example) -> float:
    """Notes (part, step, pitch) that two answers share, over all that either has."""
    a, b = (
        {(v.name, note.step, note.pitch) for v in each.parts for note in v.notes}
        for each in (one, two)
    )
    return len(a & b) / max(1, len(a | b))
