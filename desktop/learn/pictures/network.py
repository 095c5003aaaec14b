"""The network in use, drawn from the trainer's own description of it."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import CENTRE, write
from desktop.learn.material import Material
from desktop.learn.network import Description, Layer, count_text, shape_text
from desktop.learn.network_painting import Block, layer_words, paint_network
from desktop.learn.picture import Picture

NOTHING = "The trainer has not described a network yet: start a training, or choose a preset."


class NetworkPicture(Picture):
    """The U; the layer under the pointer, or the one chosen by the slider, is told in words."""

    def build(self) -> None:
        """Which network: the run's, or a preset's."""
        self._chosen: Layer | None = None
        self._blocks: tuple[Block, ...] = ()
        self._shown: object = None
        self.whose = self.add_list("Network", self._names())
        self.layer = self.add_slider("Layer", 0, self._last, 0, "Choose a layer with the keys.")
        self.layer.valueChanged.connect(self._choose)
        self.whose.currentIndexChanged.connect(self._choose_network)
        self.take(self.material)

    def _names(self) -> list[str]:
        run = self.material.description
        own = [run.source] if run else []
        return own + [each.source for each in self.material.shipped.values()]

    @property
    def _descriptions(self) -> list[Description]:
        run = self.material.description
        return ([run] if run else []) + list(self.material.shipped.values())

    @property
    def description(self) -> Description | None:
        """The network that is drawn."""
        index = max(0, self.whose.currentIndex()) if hasattr(self, "whose") else 0
        return self._descriptions[index] if index < len(self._descriptions) else None

    @property
    def _last(self) -> int:
        description = self.description
        return len(description.generator.layers) - 1 if description else 0

    def take(self, material: Material) -> None:
        """The run's own network first."""
        names = self._names()
        before = self._shown
        self._shown = (names, material.network)
        if self._shown == before:
            return
        if names != [self.whose.itemText(i) for i in range(self.whose.count())]:
            self.whose.blockSignals(True)
            self.whose.clear()
            self.whose.addItems(names)
            self.whose.blockSignals(False)
        if material.network is not None:
            self.whose.setCurrentText(material.network.source)
        self._choose_network()

    def _choose_network(self) -> None:
        self._chosen = None
        self.layer.setMaximum(max(0, self._last))

    def _choose(self, index: int) -> None:
        description = self.description
        if description is not None:
            self._chosen = description.generator.layers[min(index, self._last)]
            self.refresh()

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """The generator's U."""
        description = self.description
        if description is None:
            write(painter, box.adjusted(40, 0, -40, 0), NOTHING, "quiet", CENTRE, 13)
            return
        self._blocks = paint_network(painter, description.generator, box, self._chosen)

    def pointed(self, place: QPointF, pressed: bool) -> None:
        """The layer under the pointer."""
        for block in self._blocks:
            if block.box.adjusted(-2, -8, 2, 16).contains(place) and block.layer != self._chosen:
                self._chosen = block.layer
                self.refresh()

    def told(self) -> str:
        """The layer, else the whole."""
        description = self.description
        if description is None:
            return ""
        if self._chosen is not None:
            return layer_words(self._chosen)
        generator = description.generator
        latent = generator.part("latent") or generator.layers[-1:]
        return (
            f"The generator of {description.source}: {count_text(generator.parameters)} "
            f"parameters, {shape_text(latent[-1].shape_out)} in latent space. Dashed lines are "
            "skip connections."
        )
