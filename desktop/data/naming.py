"""What songs of one's own are called as a data set, asked before they are imported."""

from itertools import count
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.data.set_row import TAGS_HINT, tags_of
from desktop.data.states import OwnSongs, some_of
from desktop.widgets.elided_label import ElidedLabel

FIELD_WIDTH = 260


class Naming(QFrame):
    """Name and tags of songs; shown in place of the field they were dropped on."""

    import_asked = Signal(object)
    """OwnSongs"""
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self._folder = Path()
        self._chosen: tuple[str, ...] = ()
        self._taken: frozenset[str] = frozenset()
        self._where = ElidedLabel()
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._problem = QLabel()
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setProperty("kind", "warning")
        self.name = QLineEdit()
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(TAGS_HINT)
        self.go = QPushButton("Import")
        self.go.clicked.connect(self._import)
        self.stop = QPushButton("Cancel")
        self.stop.clicked.connect(self.cancelled)
        self.name.textChanged.connect(self._check)
        for field in (self.name, self.tags):
            field.returnPressed.connect(self._import)
            field.setFixedWidth(FIELD_WIDTH)
        self._put_together()

    def _put_together(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for column, (words, field) in enumerate(
            (("Name", self.name), ("Tags, parted by commas", self.tags))
        ):
            label = QLabel(words)
            label.setProperty("kind", "caption")
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
        grid.setColumnStretch(2, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.stop)
        buttons.addWidget(self.go)
        grid.addLayout(buttons, 1, 3)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(16, 12, 16, 12)
        column_of_all.setSpacing(8)
        column_of_all.addWidget(self._where)
        column_of_all.addLayout(grid)
        column_of_all.addWidget(self._problem)

    def ask(self, folder: Path, chosen: tuple[str, ...], taken: frozenset[str]) -> None:
        """Ask for what is ``chosen`` in a folder, or all of it.

        ``taken`` are the names of the sets that there are.
        """
        self._folder, self._chosen, self._taken = folder, chosen, taken
        self._where.setText(_what_is_imported(folder, chosen))
        self._where.setToolTip("\n".join([str(folder), *some_of(chosen)]))
        self.name.setText(_usual_name(folder, chosen, taken))
        self.tags.clear()
        self._check()
        self.name.setFocus()
        self.name.selectAll()

    @property
    def problem(self) -> str:
        """What is to be said of the name; empty for nothing."""
        return self._problem.text()

    @Slot()
    def _check(self) -> None:
        from engine.data.data_sets import checked_name
        from engine.errors import DataError

        name, problem = self.name.text(), ""
        try:
            checked_name(name)
        except DataError as error:
            problem = str(error)
        self.go.setEnabled(not problem)
        if not problem and name in self._taken:
            problem = f"This takes the place of the data set {name} that there is."
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    @Slot()
    def _import(self) -> None:
        if self.go.isEnabled():
            tags = tags_of(self.tags.text())
            self.import_asked.emit(OwnSongs(self._folder, self.name.text(), tags, self._chosen))


def _what_is_imported(folder: Path, chosen: tuple[str, ...]) -> str:
    if not chosen:
        return f"Import {folder}"
    if len(chosen) == 1:
        return f"Import {folder / chosen[0]}"
    return f"Import {len(chosen):,} from {folder}: {', '.join(some_of(chosen))}"


def _usual_name(folder: Path, chosen: tuple[str, ...], taken: frozenset[str]) -> str:
    """The folder's, or the only file's; a few files never take the place of a set by themselves."""
    # Here, so that the window need not wait for the libraries that read MIDI.
    from engine.data.data_sets import plain_name

    name = plain_name(Path(chosen[0]).stem if len(chosen) == 1 else folder.name)
    if not chosen or name not in taken:
        return name
    return next(free for n in count(2) if (free := f"{name} {n}") not in taken)
