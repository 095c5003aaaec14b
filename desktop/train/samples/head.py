"""The head over the pictures: which melody, and what can be done with the chosen epoch."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu

USE = "Use this epoch in the Studio"
USE_TIP = "Makes a model of this epoch, with its card, and lists it in the Studio"
NOT_KEPT = "The weights of this epoch were not kept, so it cannot become a model"
SMALL = QSize(16, 16)


class Head(QWidget):
    """Asks; the panel does."""

    film_asked = Signal()
    listen_asked = Signal()
    use_asked = Signal()
    animation_asked = Signal()
    strip_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("What it plays")
        title.setProperty("kind", "heading")
        self._words = ElidedLabel()
        self._words.setProperty("kind", "quiet")
        self.film = _button("movie-open-play-outline", "Film")
        self.listen = _button("play", "Listen")
        self.use = _button("check", USE)
        self.save = _button("dots-horizontal", "")
        self._put_together(title)
        self._connect()

    def _put_together(self, title: QLabel) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(title)
        row.addSpacing(8)
        row.addWidget(self._words, 1)
        row.addSpacing(8)
        for button in (self.film, self.listen, self.use, self.save):
            row.addWidget(button)
        self.save.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setAccessibleName("Save the film")
        self.save.setToolTip("Save the film as a picture")
        menu = QMenu(self.save)
        add_row(menu, "Save the film as an animated picture …", self.animation_asked.emit)
        add_row(menu, "Save all pictures as one strip …", self.strip_asked.emit)
        give_menu(self.save, menu)

    def _connect(self) -> None:
        self.film.clicked.connect(self.film_asked)
        self.listen.clicked.connect(self.listen_asked)
        self.use.clicked.connect(self.use_asked)

    @property
    def words(self) -> str:
        """What stands beside the title."""
        return self._words.text()

    def show_words(self, words: str) -> None:
        """Say which melody is played, and how often."""
        self._words.setText(words)
        self._words.setToolTip(words)

    def show_listening(self, name: str, *, heard: bool, possible: bool) -> None:
        """``name`` is the chosen sample's; ``heard``: it sounds now."""
        self.listen.setText("Stop" if heard else f"Listen to {name}" if name else "Listen")
        self.listen.setIcon(icon("stop" if heard else "play", "accent"))
        self.listen.setEnabled(possible)
        self.listen.setToolTip(
            "Choose another epoch meanwhile: it goes on from the same place" if heard else ""
        )

    def show_film(self, *, running: bool, possible: bool) -> None:
        """Whether the film runs, and whether there is one."""
        self.film.setText("Stop the film" if running else "Film")
        self.film.setIcon(icon("stop" if running else "movie-open-play-outline"))
        self.film.setToolTip("" if running else "Show one epoch after the other")
        self.film.setEnabled(possible)
        self.save.setEnabled(possible)

    def show_use(self, words: str, *, possible: bool, done: bool = False, tip: str = "") -> None:
        """What the button that makes a model says."""
        self.use.setText(words)
        self.use.setIcon(icon("check", "good" if done else "accent" if possible else "disabled"))
        self.use.setEnabled(possible)
        self.use.setToolTip(tip)


def _button(name: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setText(text)
    button.setIcon(icon(name))
    button.setIconSize(SMALL)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
