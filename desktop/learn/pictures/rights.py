"""Whose music it is: the way from a song to a model, and what the cards on this machine say."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import LEFT, TOP_LEFT, paint_arrow, paint_box, write
from desktop.learn.material import CardWords
from desktop.learn.picture import Picture
from desktop.theme import CAPTION_SIZE

CHAIN = (
    ("Writers, players", "own the song"),
    ("Data set", "has a licence"),
    ("Model", "has a card"),
    ("Your music", "keeps the card's terms"),
)
CHAIN_HEIGHT = 96.0


class RightsPicture(Picture):
    """The chain, and the card of one model or data set at a time."""

    def build(self) -> None:
        """One card after the other."""
        self._shown = 0
        self.next = self.add_button("Next card", self._turn)
        self.add_stretch()

    @property
    def card(self) -> CardWords | None:
        """The card that is shown."""
        cards = self.material.cards
        return cards[self._shown % len(cards)] if cards else None

    def _turn(self) -> None:
        self._shown += 1

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The chain above, the card below."""
        gap = 22.0
        wide = (box.width() - gap * (len(CHAIN) - 1)) / len(CHAIN)
        for index, (name, note) in enumerate(CHAIN):
            place = QRectF(
                box.left() + index * (wide + gap), box.top() + 8, wide, CHAIN_HEIGHT - 24
            )
            paint_box(painter, place, "accent" if name == "Model" else "line")
            write(painter, place.adjusted(4, 4, -4, -place.height() / 2), name, "text", bold=True)
            write(painter, place.adjusted(4, place.height() / 2 - 6, -4, -4), note)
            if index:
                y = place.center().y()
                paint_arrow(
                    painter, QPointF(place.left() - gap + 2, y), QPointF(place.left() - 2, y)
                )
        self._paint_card(painter, box.adjusted(0, CHAIN_HEIGHT + 8, 0, -2))

    def _paint_card(self, painter: QPainter, box: QRectF) -> None:
        card = self.card
        paint_box(painter, box, "line")
        inside = box.adjusted(16, 12, -16, -12)
        if card is None:
            words = "No model and no data set lies on this machine yet."
            write(painter, inside, words, "quiet", size=13)
            return
        write(
            painter,
            QRectF(inside.left(), inside.top(), inside.width(), 22),
            card.name,
            "text",
            LEFT,
            15,
            True,
        )
        about = QRectF(inside.left(), inside.top() + 24, inside.width(), 34)
        write(painter, about, card.about, "quiet", LEFT, CAPTION_SIZE)
        rest = inside.adjusted(0, 62, 0, 0)
        write(painter, rest, card.sentence, "text", TOP_LEFT, 13)

    def told(self) -> str:
        """The card's words."""
        self.next.setEnabled(len(self.material.cards) > 1)
        card = self.card
        if card is None:
            return ""
        number = self._shown % len(self.material.cards) + 1
        return f"Card {number} of {len(self.material.cards)}: {card.name}."
