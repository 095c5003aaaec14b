"""What is chosen in the Library, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.library.lines import Line
from desktop.widgets.icons import icon

WIDTH = 280


class Details(QFrame):
    """Asks; the page does."""

    open_asked = Signal()
    listen_asked = Signal()
    rename_asked = Signal()
    delete_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.setFixedWidth(WIDTH)
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._words = QLabel()
        self._words.setProperty("kind", "quiet")
        self.open = QPushButton("Open in the Studio")
        self.open.setProperty("kind", "primary")
        self.listen = QPushButton("Listen")
        self.rename = QPushButton("Rename")
        self.delete = QPushButton("Delete")
        self.delete.setProperty("kind", "danger")
        self.delete.setIcon(icon("trash-can-outline", "record"))
        self.rename.setIcon(icon("pencil-outline"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for label in (self._title, self._words):
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(8)
        for button, asked in (
            (self.open, self.open_asked),
            (self.listen, self.listen_asked),
            (self.rename, self.rename_asked),
            (self.delete, self.delete_asked),
        ):
            column.addWidget(button)
            button.clicked.connect(asked)
        column.addStretch(1)

    def show_line(self, line: Line | None, playing: bool, can_change: bool) -> None:
        """Show what is chosen; ``can_change`` is False for what is not the library's own."""
        self._title.setText(line.title if line else "Nothing is chosen")
        self._words.setText(
            (line.problem or line.details) if line else "Choose a line of the list."
        )
        usable = line is not None and not line.problem
        self.open.setVisible(usable)
        self.listen.setVisible(usable and can_change)
        self.listen.setText("Stop" if playing else "Listen")
        self.listen.setIcon(icon("stop" if playing else "play"))
        self.rename.setVisible(line is not None and can_change)
        self.delete.setVisible(line is not None and can_change)
