"""What stands on the Run tab while there is no run: how to begin, in three steps."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.theme import body_font
from desktop.widgets.icons import icon

TITLE = "Train a generator of your own"
STEPS = (
    (
        "music-box-multiple-outline",
        "Choose music",
        "A set from the catalogue, or a folder of your own MIDI files.",
    ),
    (
        "school-outline",
        "Press Train",
        "The losses fall, the measures rise, and you hear what it plays every few epochs.",
    ),
    (
        "piano",
        "Play with it",
        "Keep the epoch that you like best: it stands in the Studio at once.",
    ),
)


class NoRun(QWidget):
    """The empty Run tab."""

    data_asked = Signal()
    learn_asked = Signal()
    shipped_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel(TITLE)
        title.setProperty("kind", "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        steps = QHBoxLayout()
        steps.setSpacing(16)
        for number, step in enumerate(STEPS, 1):
            steps.addWidget(_step(number, *step))
        self.data = QPushButton("Get music to learn from")
        self.learn = QPushButton("Take the tour: how does this work?")
        self.shipped = QPushButton("See how a shipped model was trained")
        self.data.clicked.connect(self.data_asked)
        self.learn.clicked.connect(self.learn_asked)
        self.shipped.clicked.connect(self.shipped_asked)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.data, self.learn, self.shipped):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 24)
        column.setSpacing(24)
        column.addStretch(1)
        column.addWidget(title)
        column.addLayout(steps)
        column.addLayout(buttons)
        column.addStretch(2)


def _step(number: int, sign: str, title: str, sentence: str) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "section")
    picture = QLabel()
    picture.setPixmap(icon(sign, "accent").pixmap(40, 40))
    head = QLabel(f"{number}  {title}")
    head.setFont(body_font(15, bold=True))
    text = QLabel(sentence)
    text.setProperty("kind", "quiet")
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout(frame)
    column.setContentsMargins(20, 20, 20, 20)
    column.setSpacing(8)
    for widget in (picture, head, text):
        column.addWidget(widget)
    column.addStretch(1)
    return frame
