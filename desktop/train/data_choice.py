"""Which data sets a generator learns from, and which tags of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.train.fields import caption
from desktop.widgets.flow_layout import FlowLayout
from engine.store.paths import data_sets_folder

ROW_HEIGHT = 26
MOST_ROWS = 5
NONE_YET = "No music to learn from yet. A set from the catalogue takes one click."


@dataclass(frozen=True, slots=True)
class SetLine:
    """A data set as it is offered; ``roles`` are the parts its songs have."""

    name: str
    folder: Path
    songs: int
    tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


def set_lines() -> tuple[SetLine, ...]:
    """The data sets on this machine. Called on a worker thread."""
    # Here, so that the window need not wait for what reads MIDI files to be imported.
    from engine.data.data_sets import data_sets

    return tuple(
        SetLine(each.name, each.folder, each.songs, tuple(each.tags), tuple(each.card.roles))
        for each in data_sets(data_sets_folder())
    )


class DataChoice(QWidget):
    """A box to tick for each set, and a chip for each tag of those that are ticked."""

    changed = Signal()
    get_asked = Signal()
    """The user wants a set of the catalogue, or a folder of their own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[SetLine, ...] = ()
        self._boxes: dict[str, QCheckBox] = {}
        self._chips: dict[str, QPushButton] = {}
        self._missing: tuple[str, ...] = ()
        """Sets that were asked for and are not here."""
        self._hint = caption()
        self._more = QPushButton("Get or add music …")
        self._more.clicked.connect(self.get_asked)
        self._build()
        self._tell()

    def _build(self) -> None:
        self._rows = QWidget()
        self._rows.setProperty("kind", "panel")
        self._rows_layout = QVBoxLayout(self._rows)
        self._rows_layout.setContentsMargins(0, 0, 0, 0)
        self._rows_layout.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._rows)
        self._scroll.hide()
        self._tags = QWidget()
        self._tags_layout = FlowLayout(self._tags, gap=4)
        self._tags.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._scroll, self._tags, self._hint, self._more):
            column.addWidget(widget)

    @property
    def lines(self) -> tuple[SetLine, ...]:
        """The sets that are offered."""
        return self._lines

    @property
    def chosen(self) -> tuple[SetLine, ...]:
        """The ticked sets."""
        return tuple(line for line in self._lines if self._boxes[line.name].isChecked())

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders of the ticked sets."""
        return tuple(str(line.folder) for line in self.chosen)

    @property
    def tags(self) -> tuple[str, ...]:
        """The chosen tags; none means all songs."""
        return tuple(tag for tag, chip in self._chips.items() if chip.isChecked())

    def show_lines(self, lines: Sequence[SetLine]) -> None:
        """Offer other sets; what was ticked stays so. The first set of all is ticked at once."""
        if tuple(lines) == self._lines:
            return
        ticked = {line.name for line in self.chosen}
        new = {line.name for line in lines} - {line.name for line in self._lines}
        self._lines = tuple(lines)
        here = {line.name for line in lines}
        ticked |= here.intersection(self._missing)
        self._missing = tuple(name for name in self._missing if name not in here)
        if not ticked and not self._missing:
            ticked = {next((line.name for line in lines if line.name in new), "")}
        self._make_boxes(ticked)
        self._make_chips(self.tags)
        self._tell()
        self.changed.emit()

    def choose(self, names: Sequence[str], tags: Sequence[str] = ()) -> None:
        """Tick sets by name, and tags; those that are not on this machine are told of."""
        self._missing = tuple(name for name in names if name not in self._boxes)
        for name, box in self._boxes.items():
            blocked = box.blockSignals(True)
            box.setChecked(name in names)
            box.blockSignals(blocked)
        self._make_chips(tags)
        self._on_choice()

    def forget_missing(self) -> None:
        """What another run learned from is not asked for any more."""
        if self._missing:
            self._missing = ()
            self._tell()

    def set_hint(self, text: str) -> None:
        """A small line below, such as how many windows the songs make."""
        self._hint.setText(text or self._usual_hint())
        self._hint.setVisible(bool(self._hint.text()))

    def _make_boxes(self, ticked: set[str]) -> None:
        for box in self._boxes.values():
            self._rows_layout.removeWidget(box)
            box.hide()  # it may be painted once more before it goes
            box.deleteLater()
        self._boxes = {line.name: self._box(line, line.name in ticked) for line in self._lines}
        shown = min(MOST_ROWS, len(self._lines))
        self._scroll.setFixedHeight(shown * ROW_HEIGHT)
        self._scroll.setVisible(bool(shown))

    def _box(self, line: SetLine, ticked: bool) -> QCheckBox:
        box = QCheckBox(f"{line.name}  ·  {line.songs:,} songs")
        box.setFixedHeight(ROW_HEIGHT)
        box.setToolTip(f"Parts: {', '.join(line.roles)}." if line.roles else "")
        box.setChecked(ticked)
        box.toggled.connect(self._on_tick)
        self._rows_layout.addWidget(box)
        return box

    def _make_chips(self, chosen: Sequence[str]) -> None:
        for chip in self._chips.values():
            self._tags_layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        tags = sorted({tag for line in self.chosen for tag in line.tags})
        self._chips = {tag: self._chip(tag, tag in chosen) for tag in tags}
        self._tags.setVisible(len(tags) > 1)
        self._tags.updateGeometry()

    def _chip(self, tag: str, chosen: bool) -> QPushButton:
        chip = QPushButton(tag)
        chip.setProperty("kind", "chip")
        chip.setCheckable(True)
        chip.setChecked(chosen)
        chip.setToolTip(f"Only songs with the tag {tag}")
        chip.toggled.connect(self._on_choice)
        self._tags_layout.addWidget(chip)
        return chip

    @Slot()
    def _on_tick(self) -> None:
        self._missing = ()
        self._make_chips(self.tags)
        self._on_choice()

    @Slot()
    def _on_choice(self) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        self.set_hint("")
        self._more.setProperty("kind", "flat" if self._lines else None)
        self._more.style().unpolish(self._more)
        self._more.style().polish(self._more)

    def _usual_hint(self) -> str:
        if self._missing:
            named = " and ".join(self._missing)
            return f"That learned from {named}, not on this machine: get it, or tick other music."
        if not self._lines:
            return NONE_YET
        songs = sum(line.songs for line in self.chosen)
        which = f", tagged {' or '.join(self.tags)}" if self.tags else ""
        return f"{songs:,} songs{which}" if self.chosen else "Tick what it learns from."

    def minimumSizeHint(self) -> QSize:
        """The column decides on the width."""
        return QSize(0, super().minimumSizeHint().height())
