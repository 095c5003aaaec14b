"""A network on a card: its name, its size, its generator as a U and its critic as a stair."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.learn.brush import CENTRE, write
from desktop.learn.network import Description, Layer, Network, count_text
from desktop.learn.network_painting import Block, layer_words, paint_network

CRITIC_SHARE = 0.26
GAP = 16.0
NOTHING = "Not known yet."


class NetworkCard(QFrame):
    """What the trainer said of the networks of some settings."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.description: Description | None = None
        self._name = name
        self._title = QLabel(name)
        self._title.setProperty("kind", "heading")
        self._line = QLabel()
        self._line.setProperty("kind", "caption")
        self._line.setWordWrap(True)
        self.drawing = _Drawing(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self.drawing, 1)
        column.addWidget(self._line)
        self.show_description(None)

    @property
    def words(self) -> str:
        """The line under the picture."""
        return self._line.text()

    def show_description(self, description: Description | None, problem: str = "") -> None:
        """Show networks; None with the sentence why there are none."""
        self.description = description
        self.drawing.show_networks(description, problem)
        if description is None:
            self._title.setText(self._name)
            self._line.setText(problem or NOTHING)
            return
        self._title.setText(f"{self._name} {description.source}".strip())
        self.tell(None)

    def tell(self, layer: Layer | None) -> None:
        """The words of a layer; None: of the whole."""
        if layer is not None:
            self._line.setText(layer_words(layer))
        elif self.description is not None:
            self._line.setText(sizes(self.description))


class _Drawing(QWidget):
    """The pictures of a card; the layer under the pointer is told."""

    def __init__(self, card: NetworkCard) -> None:
        super().__init__(card)
        self._card = card
        self._networks: tuple[Network, ...] = ()
        self._problem = ""
        self._largest = 0
        self._blocks: tuple[Block, ...] = ()
        self._chosen: Layer | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(280, 110))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_networks(self, description: Description | None, problem: str) -> None:
        self._networks = description.networks if description else ()
        self._problem = problem
        self._chosen = None
        self._blocks = ()
        self.update()

    def set_scale(self, largest: int) -> None:
        """How many numbers the tallest block stands for, so that two cards can be compared."""
        self._largest = largest
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            if not self._networks:
                write(painter, box, self._problem or NOTHING, "quiet", CENTRE, 13)
                return
            found: list[Block] = []
            for network, place in zip(self._networks, _places(self._networks, box), strict=True):
                largest = self._largest if network.role == "generator" else 0
                found += paint_network(painter, network, place, self._chosen, largest)
            self._blocks = tuple(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._point(QPointF(-100, -100))

    def _point(self, place: QPointF) -> None:
        blocks = (each for each in self._blocks if each.box.adjusted(-2, -8, 2, 16).contains(place))
        block = next(blocks, None)
        chosen = block.layer if block else None
        if chosen is not self._chosen:
            self._chosen = chosen
            self._card.tell(chosen)
            self.update()


def sizes(description: Description) -> str:
    """How large the networks are, in a sentence."""
    generator, critic = description.generator, description.critic
    words = f"Generator {count_text(generator.parameters)} parameters"
    return f"{words}, critic {count_text(critic.parameters)}." if critic else f"{words}, no critic."


def _places(networks: tuple[Network, ...], box: QRectF) -> tuple[QRectF, ...]:
    """The generator takes most of the room."""
    if len(networks) == 1:
        return (box,)
    side = box.width() * CRITIC_SHARE / (len(networks) - 1)
    wide = box.width() - (side + GAP) * (len(networks) - 1)
    places = [QRectF(box.left(), box.top(), wide, box.height())]
    for index in range(len(networks) - 1):
        left = box.left() + wide + GAP + index * (side + GAP)
        places.append(QRectF(left, box.top(), side, box.height()))
    return tuple(places)
