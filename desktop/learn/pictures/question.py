"""What the generator is given, and what it returns."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop import theme
from desktop.learn.brush import (
    LEFT,
    RollFrame,
    paint_arrow,
    paint_box,
    paint_ground,
    paint_notes,
    write,
)
from desktop.learn.example import Voice, pitch_range
from desktop.learn.network import count_text
from desktop.learn.picture import Picture
from desktop.learn.pictures.rolls import first_steps

SIDE_SHARE = 0.36
GAP = 8.0
TITLE_HEIGHT = 20.0
TALLEST = 150.0
"""Height of a card with music in it; others have a third."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something given or returned: its name, a sentence, and the voice it is drawn with."""

    name: str
    sentence: str
    voice: Voice | None = None


class QuestionPicture(Picture):
    """Given things on the left, the generator in the middle, its answers on the right."""

    def build(self) -> None:
        """Nothing is pointed at."""
        self._pointed: Thing | None = None
        self._places: list[tuple[QRectF, Thing]] = []

    @property
    def _draws_pictures(self) -> bool:
        network = self.material.network
        return network is not None and network.looks_at_pictures

    @property
    def given(self) -> tuple[Thing, ...]:
        """What goes in."""
        melody = self.material.example.melody
        tune = Thing("Melody", "The melody as a picture, as you played it.", melody)
        noise = Thing("Noise", "Random numbers that settle every choice.")
        if self._draws_pictures:
            return (tune, noise)
        return (
            tune,
            Thing("Bars and beats", "1 where a bar begins, 1 where a beat begins."),
            Thing("What stays", "Parts and bars that are known, and the mask that says which."),
            Thing("Chords", "The chords that are known; at first none."),
            Thing("How busy", "How many notes each part shall have; −1 leaves it to the network."),
            Thing("Noise", "Settles each draw from the chances that the network returns."),
        )

    @property
    def returned(self) -> tuple[Thing, ...]:
        """What comes out."""
        parts = tuple(
            Thing(voice.name, f"The answer for {voice.name}, drawn on the same grid.", voice)
            for voice in self.material.example.parts
        )
        if self._draws_pictures:
            again = Thing(
                "Melody again",
                "The melody, drawn again by the network; the Studio keeps yours instead.",
                self.material.example.melody,
            )
            return (again, *parts)
        return (
            *parts,
            Thing("Lengths, loudness", "How long each note lasts, and how hard it is struck."),
            Thing("Chords", "Which chord lies under each beat."),
        )

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Two columns and the box between them."""
        side = box.width() * SIDE_SHARE
        self._places = []
        left = QRectF(box.left(), box.top(), side, box.height())
        right = QRectF(box.right() - side, box.top(), side, box.height())
        self._column(painter, left, "Given", self.given)
        self._column(painter, right, "Returned", self.returned)
        middle = QRectF(left.right() + 18, 0, box.width() - 2 * side - 36, 84)
        middle.moveCenter(QPointF(box.center().x(), box.center().y() + TITLE_HEIGHT / 2))
        paint_box(painter, middle, "accent")
        write(painter, middle.adjusted(4, 8, -4, -36), "Generator", "text", bold=True)
        write(painter, middle.adjusted(4, 36, -4, -4), self._size())
        for start, end in (
            (left.right() + 1, middle.left() - 2),
            (middle.right() + 2, right.left()),
        ):
            y = middle.center().y()
            paint_arrow(painter, QPointF(start, y), QPointF(end - 1, y))

    def _size(self) -> str:
        network = self.material.network
        return f"{count_text(network.generator.parameters)}\nparameters" if network else ""

    def _column(self, painter: QPainter, box: QRectF, title: str, things: Sequence[Thing]) -> None:
        place = QRectF(box.left(), box.top(), box.width(), TITLE_HEIGHT)
        write(painter, place, title, "quiet", LEFT, theme.BODY_SIZE, bold=True)
        weights = [3.0 if thing.voice else 1.0 for thing in things]
        room = box.height() - TITLE_HEIGHT - GAP * len(things)
        top = box.top() + TITLE_HEIGHT + GAP / 2
        for thing, weight in zip(things, weights, strict=True):
            tall = min(room * weight / sum(weights), TALLEST if thing.voice else TALLEST / 3)
            self._card(painter, QRectF(box.left(), top, box.width(), tall), thing)
            top += tall + GAP

    def _card(self, painter: QPainter, box: QRectF, thing: Thing) -> None:
        self._places.append((box, thing))
        paint_box(painter, box, "accent" if thing == self._pointed else "line")
        if thing.voice is None:
            write(painter, box.adjusted(8, 0, -4, 0), thing.name, "text", LEFT)
            return
        write(
            painter,
            QRectF(box.left() + 8, box.top() + 2, box.width(), 16),
            thing.name,
            "text",
            LEFT,
        )
        inside = box.adjusted(6, 19, -6, -6)
        if inside.height() < 10:
            return
        steps = first_steps(self.material.example, 2 if self._draws_pictures else 4)
        frame = RollFrame(inside, steps, *pitch_range([thing.voice], least=14))
        paint_ground(painter, frame, self.material.example.steps_per_bar)
        painter.save()
        painter.setClipRect(inside)
        paint_notes(painter, frame, thing.voice)
        painter.restore()

    def pointed(self, place: QPointF, pressed: bool) -> None:
        """What is pointed at is told."""
        found = next((thing for box, thing in self._places if box.contains(place)), None)
        if found != self._pointed:
            self._pointed = found
            self.refresh()

    def told(self) -> str:
        """The thing under the pointer, else whose network and music it is."""
        if self._pointed is not None:
            return f"{self._pointed.name}. {self._pointed.sentence}"
        network = self.material.network
        whose = f"The network of {network.source}. " if network else ""
        return f"{whose}The music: {self.material.example.source}."
