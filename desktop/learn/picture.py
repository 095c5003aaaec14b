"""One picture of the tour: a canvas, the controls under it, and a line that says what it shows."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from desktop.learn.material import Material

LEAST_CANVAS = QSize(300, 200)
MARGIN = 12


class Picture(QWidget):
    """Draws a `Material`; what a chapter shows is a subclass.

    A subclass adds its controls in ``build``, paints in ``paint`` and tells in ``told`` what is
    seen at the moment: that line is also read out by a screen reader.
    """

    def __init__(self, material: Material, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.material = material
        self.canvas = Canvas(self)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.add_row()
        self._line = QLabel()
        self._line.setProperty("kind", "caption")
        self._line.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.canvas, 1)
        column.addLayout(self._rows)
        column.addWidget(self._line)
        self.build()
        self.refresh()

    def build(self) -> None:
        """Add the controls."""

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Draw within ``box``."""

    def told(self) -> str:
        """What is seen, in a sentence or two."""
        return ""

    def take(self, material: Material) -> None:
        """The material is another one now."""

    def pointed(self, place: QPointF, pressed: bool) -> None:
        """The pointer is at a place of the canvas; ``pressed`` once for each press."""

    def key(self, key: int) -> bool:
        """A key was pressed on the canvas; whether it was of use."""
        return False

    def set_material(self, material: Material) -> None:
        """Draw from other music, networks or curves."""
        self.material = material
        self.take(material)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Draw again and say what is seen."""
        words = self.told()
        self._line.setText(words)
        self._line.setVisible(bool(words))
        self.canvas.setAccessibleDescription(words)
        self.canvas.update()

    @property
    def words(self) -> str:
        """The line under the picture."""
        return self._line.text()

    def add_row(self) -> None:
        """Controls that follow stand in a row of their own."""
        self._controls = QHBoxLayout()
        self._controls.setSpacing(8)
        self._rows.addLayout(self._controls)

    def add_slider(self, name: str, low: int, high: int, value: int, tip: str = "") -> QSlider:
        """A named slider under the picture; moving it draws again."""
        self.add_label(name)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(low, high)
        slider.setValue(value)
        slider.setAccessibleName(name)
        slider.setToolTip(tip)
        slider.valueChanged.connect(self.refresh)
        self._controls.addWidget(slider, 1)
        return slider

    def add_label(self, words: str) -> None:
        """Quiet words among the controls."""
        label = QLabel(words)
        label.setProperty("kind", "quiet")
        self._controls.addWidget(label)

    def add_choices(
        self, names: Sequence[str], chosen: int, changed: Callable[[int], None] | None = None
    ) -> QButtonGroup:
        """A row of buttons of which one is down; ``changed`` hears its place."""
        group = QButtonGroup(self)
        group.setExclusive(True)
        for index, name in enumerate(names):
            button = QPushButton(name)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setChecked(index == chosen)
            group.addButton(button, index)
            self._controls.addWidget(button)
        self._controls.addStretch(1)
        if changed is not None:
            group.idClicked.connect(changed)
        group.idClicked.connect(self.refresh)
        return group

    def add_list(self, name: str, entries: Sequence[str]) -> QComboBox:
        """A list of which one entry is chosen."""
        box = QComboBox()
        box.addItems(entries)
        box.setMinimumContentsLength(10)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setAccessibleName(name)
        box.setToolTip(name)
        box.currentIndexChanged.connect(self.refresh)
        self._controls.addWidget(box, 1)
        return box

    def add_stretch(self) -> None:
        """Room at the end of the controls."""
        self._controls.addStretch(1)

    def add_button(self, name: str, pressed: Callable[[], None]) -> QPushButton:
        """A button under the picture; pressing it draws again."""
        button = QPushButton(name)
        button.clicked.connect(pressed)
        button.clicked.connect(self.refresh)
        self._controls.addWidget(button)
        return button


class Canvas(QWidget):
    """Where a `Picture` is painted; takes the pointer and the keys for it."""

    def __init__(self, picture: Picture) -> None:
        super().__init__(picture)
        self._picture = picture
        self.setMinimumSize(LEAST_CANVAS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Wider than tall."""
        return QSize(480, 320)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._picture.paint(painter, QRectF(self.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The picture hears of it."""
        self._picture.pointed(event.position(), True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The picture hears of it, pressed or not."""
        self._picture.pointed(event.position(), False)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is nowhere."""
        self._picture.pointed(QPointF(-1, -1), False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The picture may use it; else it is another's."""
        if not self._picture.key(event.key()):
            super().keyPressEvent(event)
