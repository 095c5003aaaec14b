"""The master: volume, the level of all that sounds left and right, and whether it clipped."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.widgets.level_meter import ClipLight, LevelBar
from desktop.widgets.mix_controls import MixSlider
from engine.live.levels import Levels
from engine.music.track import DEFAULT_VOLUME

HEIGHT = 32
BAR_SIZE = (56, 4)


class MasterStrip(QWidget):
    """Shows the composition's volume; asks for changes by signals."""

    moved = Signal(int)
    settled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.volume = MixSlider("Master volume", 0, 127, DEFAULT_VOLUME)
        self.volume.setMinimumWidth(40)
        self.left, self.right = (LevelBar(Qt.Orientation.Horizontal) for _ in range(2))
        self.clip = ClipLight()
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 0, 10, 0)
        row.setSpacing(8)
        name = QLabel("Master")
        name.setProperty("kind", "caption")
        row.addWidget(name)
        row.addWidget(self.volume, 1)
        bars = QVBoxLayout()
        bars.setSpacing(2)
        bars.addStretch(1)
        for bar, side in ((self.left, "left"), (self.right, "right")):
            bar.setFixedSize(*BAR_SIZE)
            bar.setToolTip(f"Level of all that sounds, {side}, with reverb and chorus")
            bars.addWidget(bar)
        bars.addStretch(1)
        row.addLayout(bars)
        row.addWidget(self.clip)
        self.volume.moved.connect(self.moved)
        self.volume.settled.connect(self.settled)

    def show_volume(self, volume: int) -> None:
        """The composition's own."""
        self.volume.show_value(volume)

    def set_levels(self, levels: Levels) -> None:
        """One frame."""
        self.left.set_level(levels.left)
        self.right.set_level(levels.right)
        self.clip.look((levels.left, levels.right))

    @property
    def is_still(self) -> bool:
        """Whether both bars have fallen."""
        return self.left.is_still and self.right.is_still

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """What the Tab key visits, in its order."""
        return (self.volume, self.clip)
