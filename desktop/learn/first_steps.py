"""The list of first steps, each with its button and its mark."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.learn.steps import STEPS, LearnerState, Step, done, next_step
from desktop.learn.text import steps_text
from desktop.theme import CARD_RADIUS, colour, tabular_font
from desktop.widgets.icons import icon

MARK_SIZE = 24
WIDEST = 720
ALL_DONE = "All done: you have trained a generator and played with it."


class StepRow(QWidget):
    """One step."""

    asked = Signal(object)
    """The `Step` whose button was pressed."""

    def __init__(self, step: Step, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = step
        self._mark = QLabel()
        self._mark.setFixedWidth(MARK_SIZE)
        self._number = number
        title = QLabel(step.words.title)
        title.setProperty("kind", "heading")
        words = QLabel(" ".join(step.words.body.split()))
        words.setProperty("kind", "quiet")
        words.setWordWrap(True)
        self.button = QPushButton(step.button)
        self.button.setAccessibleDescription(step.words.title)
        self.button.clicked.connect(lambda: self.asked.emit(self.step))
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(title)
        text.addWidget(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addLayout(text, 1)
        row.addWidget(self.button)
        self.show_state(is_done=False, is_next=False)

    def show_state(self, is_done: bool, is_next: bool) -> None:
        """A tick where it is done; the next one is outlined."""
        self.is_done = is_done
        if is_done:
            self._mark.setPixmap(icon("check-circle", "good").pixmap(MARK_SIZE - 2))
        else:
            self._mark.setFont(tabular_font(15, bold=True))
            self._mark.setText(str(self._number))
        self._mark.setAccessibleName("Done" if is_done else f"Step {self._number}, to do")
        self.is_next = is_next
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A card, outlined where it is the next one."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colour("accent" if self.is_next else "line"), 1))
            painter.setBrush(colour("surface"))
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, CARD_RADIUS, CARD_RADIUS)


class FirstSteps(QScrollArea):
    """All steps; it asks, the page does."""

    asked = Signal(object)
    """The `Step` whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        preface = steps_text()[0]
        title = QLabel(preface.title)
        title.setProperty("kind", "heading")
        title.setWordWrap(True)
        self._words = QLabel()
        self._words.setProperty("kind", "quiet")
        self._words.setWordWrap(True)
        self.rows = tuple(StepRow(step, number) for number, step in enumerate(STEPS, 1))
        sheet = QWidget()
        sheet.setMaximumWidth(WIDEST)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for widget in (title, self._words, *self.rows):
            column.addWidget(widget)
        column.addStretch(1)
        for row in self.rows:
            row.asked.connect(self.asked)
        self.setWidget(_at_the_left(sheet))
        self.show_state(LearnerState())

    @property
    def words(self) -> str:
        """How far the learner is, in words."""
        return self._words.text()

    def show_state(self, state: LearnerState) -> None:
        """Mark what is done."""
        upcoming = next_step(state)
        marks = done(state)
        for index, (row, is_done) in enumerate(zip(self.rows, marks, strict=True)):
            row.show_state(is_done, index == upcoming)
        self._words.setText(self._summary(marks))

    def _summary(self, marks: Sequence[bool]) -> str:
        if all(marks):
            return ALL_DONE
        preface = " ".join(steps_text()[0].body.split())
        return f"{preface} {sum(marks)} of {len(marks)} done."


def _at_the_left(sheet: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(sheet, 1000)
    row.addStretch(1)
    return page
