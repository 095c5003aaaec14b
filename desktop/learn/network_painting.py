"""A network as a U: encoder down, latent space at the bottom, decoder up; a critic as a stair."""

from dataclasses import dataclass
from itertools import groupby
from math import log2, prod

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from desktop.learn.brush import write
from desktop.learn.network import Layer, Network, Shape, count_text, shape_text
from desktop.theme import colour, mixed

ROLE_OF_PART = {"encoder": "bass", "latent": "accent", "decoder": "chords", "critic": "counter"}
PART_TITLES = {
    "encoder": "Encoder",
    "latent": "Latent space",
    "decoder": "Decoder",
    "critic": "Critic",
}
GAP = 5.0
LEAST_HEIGHT, MOST_HEIGHT = 18.0, 84.0
DIGIT_WIDTH = 6.1
LEAST_WIDTH = 30.0
LEVEL_WIDTH = 44.0
"""Below it a block has no room for figures."""
TITLE_HEIGHT = 18.0
ROW_HEIGHT = 13.0
FOOT_HEIGHT = TITLE_HEIGHT + 2 * ROW_HEIGHT + 2


@dataclass(frozen=True, slots=True)
class Block:
    """A layer and where it was drawn."""

    box: QRectF
    layer: Layer


def places_of(shape: Shape) -> int:
    """At how many places numbers stand: a picture's cells, or the positions of a sequence."""
    if len(shape) >= 3:
        return prod(shape[1:])
    return shape[0] if len(shape) == 2 else 1


def blocks_of(network: Network, box: QRectF, largest: int = 0) -> tuple[Block, ...]:
    """Every layer's box: across in order, lower where fewer places are left.

    ``largest`` is how many numbers the tallest block stands for, 0 for the network's own most.
    """
    layers = network.layers
    inside = box.adjusted(0, TITLE_HEIGHT, 0, -FOOT_HEIGHT)
    depths = [log2(1 + places_of(layer.shape_out)) for layer in layers]
    high, low = max(depths), min(depths)
    span = (high - low) or 1.0
    largest = max(largest, network.width)
    wide = inside.width() / len(layers)
    most = min(MOST_HEIGHT, inside.height() * 0.42)
    found = []
    for index, (layer, depth) in enumerate(zip(layers, depths, strict=True)):
        tall = LEAST_HEIGHT + (most - LEAST_HEIGHT) * (layer.numbers / largest) ** 0.5
        middle = inside.top() + most / 2 + (high - depth) / span * (inside.height() - most)
        left = inside.left() + index * wide
        found.append(Block(QRectF(left + GAP / 2, middle - tall / 2, wide - GAP, tall), layer))
    return tuple(found)


def paint_network(
    painter: QPainter,
    network: Network,
    box: QRectF,
    chosen: Layer | None = None,
    largest: int = 0,
) -> tuple[Block, ...]:
    """Draw a network and return where its layers lie."""
    blocks = blocks_of(network, box, largest)
    _paint_skips(painter, blocks)
    for block in blocks:
        role = ROLE_OF_PART[block.layer.part]
        painter.setBrush(mixed(role, "surface", 0.25 if block.layer is chosen else 0.55))
        painter.setPen(QPen(colour("selected" if block.layer is chosen else role), 1.5))
        painter.drawRoundedRect(block.box, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if blocks[0].box.width() >= LEAST_WIDTH:
        for block in blocks:
            _paint_sizes(painter, block)
    else:
        for group in levels(blocks):
            _paint_level(painter, group)
    _paint_titles(painter, blocks, box)
    return blocks


def _paint_sizes(painter: QPainter, block: Block) -> None:
    """Parameters inside, the shape of what leaves below: no wider than the block's own place."""
    box, layer = block.box, block.layer
    if layer.parameters:
        inside = box.adjusted(-4, -2, 4, 2)
        write(painter, inside, count_text(layer.parameters), "text", size=9)
    below = QRectF(box.left() - GAP / 2, box.bottom() + 1, box.width() + GAP, ROW_HEIGHT)
    for row, words in enumerate(shape_rows(layer.shape_out, below.width())):
        write(painter, below.translated(0, row * ROW_HEIGHT), words, "quiet", size=9)


def shape_rows(shape: Shape, room: float) -> tuple[str, ...]:
    """A shape in one row or, where that is too wide, in two: "256×" over "4×16"; () in neither."""
    whole = _plain(shape)
    first, sign, rest = whole.partition("×")
    rows = (whole,) if len(whole) * DIGIT_WIDTH <= room else (first + sign, rest)
    return rows if all(len(row) * DIGIT_WIDTH <= room for row in rows) else ()


def _plain(shape: Shape) -> str:
    return shape_text(shape).replace(" ", "").replace(",", "")


def levels(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], ...]:
    """Neighbours of one part and one number of places."""
    groups = groupby(blocks, lambda each: (each.layer.part, places_of(each.layer.shape_out)))
    return tuple(tuple(group) for _, group in groups)


def _paint_level(painter: QPainter, group: tuple[Block, ...]) -> None:
    """What the layers of one level cost together, and the shape that leaves the first of them."""
    left, right = group[0].box.left(), group[-1].box.right()
    cost = count_text(sum(block.layer.parameters for block in group))
    low = max(block.box.bottom() for block in group)
    told = (cost, _plain(group[0].layer.shape_out)) if right - left >= LEVEL_WIDTH else (cost,)
    for row, words in enumerate(told):
        place = QRectF((left + right) / 2 - 40, low + 2 + ROW_HEIGHT * row, 80, ROW_HEIGHT)
        write(painter, place, words, "text" if row == 0 else "quiet", size=9)


def _paint_skips(painter: QPainter, blocks: tuple[Block, ...]) -> None:
    """A line from the last encoder layer of a size to the first decoder layer of that size."""
    painter.setPen(QPen(colour("quiet"), 1.2, Qt.PenStyle.DashLine))
    for start, end in skips(blocks):
        one = QPointF(start.box.right() + 1, start.box.center().y())
        painter.drawLine(one, QPointF(end.box.left() - 1, one.y()))


def skips(blocks: tuple[Block, ...]) -> tuple[tuple[Block, Block], ...]:
    """The pairs of layers between which a picture is carried over."""
    last = {
        places_of(block.layer.shape_out): block for block in blocks if block.layer.part == "encoder"
    }
    bottom = {places_of(block.layer.shape_out) for block in blocks if block.layer.part == "latent"}
    first: dict[int, Block] = {}
    for block in blocks:
        if block.layer.part == "decoder":
            first.setdefault(places_of(block.layer.shape_out), block)
    return tuple((last[size], first[size]) for size in last if size in first and size not in bottom)


def _paint_titles(painter: QPainter, blocks: tuple[Block, ...], box: QRectF) -> None:
    for part, title in PART_TITLES.items():
        own = [block.box for block in blocks if block.layer.part == part]
        if not own:
            continue
        left, right = own[0].left(), own[-1].right()
        room = max(96.0, right - left)
        place = QRectF((left + right - room) / 2, box.top(), room, TITLE_HEIGHT)
        if part == "latent":
            place.moveTop(box.bottom() - TITLE_HEIGHT)
        place.moveLeft(min(max(place.left(), box.left()), box.right() - room))
        write(painter, place, title, "text", size=11)


def layer_words(layer: Layer) -> str:
    """A layer in a sentence."""
    cost = f"{layer.parameters:,} parameters" if layer.parameters else "no parameters"
    return (
        f"{layer.name} ({layer.kind}): {shape_text(layer.shape_in)} in, "
        f"{shape_text(layer.shape_out)} out, {cost}."
    )
