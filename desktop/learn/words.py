"""The glossary: every word with its sentence, and a field to find one."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.learn.text import glossary

WIDEST = 720


class Words(QWidget):
    """All words in alphabetical order; what is typed narrows them down."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a word")
        self.field.setAccessibleName("Find a word")
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(320)
        self.field.textChanged.connect(self._narrow)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        sheet = QWidget()
        sheet.setMaximumWidth(WIDEST)
        self._rows = rows = QVBoxLayout(sheet)
        rows.setContentsMargins(0, 0, 8, 0)
        rows.setSpacing(4)
        self._entries: dict[str, tuple[QLabel, QLabel]] = {}
        for name, part in glossary().items():
            title, words = QLabel(part.title), QLabel(" ".join(part.body.split()))
            title.setProperty("kind", "accent")
            words.setWordWrap(True)
            words.setContentsMargins(0, 0, 0, 8)
            rows.addWidget(title)
            rows.addWidget(words)
            self._entries[name] = (title, words)
        rows.addStretch(1)
        self._area.setWidget(sheet)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.field)
        column.addWidget(self._area, 1)

    @property
    def shown(self) -> tuple[str, ...]:
        """The words that are listed."""
        return tuple(name for name, (title, _) in self._entries.items() if not title.isHidden())

    def show_word(self, name: str) -> None:
        """Bring a word into view."""
        self.field.clear()
        if name in self._entries:
            self._rows.activate()
            title, words = self._entries[name]
            self._area.ensureWidgetVisible(words)
            self._area.ensureWidgetVisible(title)

    @Slot(str)
    def _narrow(self, text: str) -> None:
        wanted = text.strip().lower()
        for title, words in self._entries.values():
            fits = wanted in title.text().lower() or wanted in words.text().lower()
            title.setVisible(fits)
            words.setVisible(fits)
