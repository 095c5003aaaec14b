"""What a folder is called as a data set, asked before it is imported."""

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
from desktop.data.states import OwnFolder
from desktop.widgets.elided_label import ElidedLabel

FIELD_WIDTH = 260


class Naming(QFrame):
    """Name and tags of a folder; shown in place of the field it was dropped on."""

    import_asked = Signal(object)
    """OwnFolder"""
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self._folder = Path()
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

    def ask(self, folder: Path, taken: frozenset[str]) -> None:
        """Ask for a folder; ``taken`` are the names of the sets that there are."""
        # Here, so that the window need not wait for the libraries that read MIDI.
        from engine.data.data_sets import plain_name

        self._folder, self._taken = folder, taken
        self._where.setText(f"Import {folder}")
        self._where.setToolTip(str(folder))
        self.name.setText(plain_name(folder.name))
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
            own = OwnFolder(self._folder, self.name.text(), tags_of(self.tags.text()))
            self.import_asked.emit(own)
