"""The model in use, and the list of all models."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A row of the model menu; one with a ``problem`` cannot be chosen."""

    name: str
    title: str
    parts: str
    tip: str
    problem: str = ""


class ModelButton(QPushButton):
    """The model in use as a card; a press opens the list of all models."""

    chosen = Signal(str)
    refused = Signal(str)
    """The problem of a model that cannot be chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet("QPushButton { min-height: 54px; border-radius: 8px; }")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Model")
        self._title = ElidedLabel()
        self._title.setFont(theme.body_font(14, bold=True))
        self._parts = ElidedLabel()
        self._parts.setProperty("kind", "caption")
        arrow = QLabel()
        arrow.setPixmap(icon("menu-down", "quiet").pixmap(QSize(18, 18)))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 10, 8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._parts)
        row.addLayout(words, 1)
        row.addWidget(arrow)
        for label in (self._title, self._parts, arrow):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            # Else a label is as dark as the button unhovered: a patch in a lit card.
            label.setStyleSheet("background: transparent;")
        self._current = ""
        self._problems: dict[str, str] = {}
        self._models = QMenu(self)
        self._models.setToolTipsVisible(True)
        self.clicked.connect(self._open)

    def show_models(self, models: Sequence[ModelChoice], current: str) -> None:
        """Fill the list and show the model in use."""
        self._models.clear()
        self._current = current
        self._problems = {model.name: model.problem for model in models if model.problem}
        for model in models:
            action = self._models.addAction(f"{model.title}\t{model.parts}")
            action.setToolTip(model.problem or model.tip)
            action.setData(model.name)
            action.setCheckable(True)
            action.setChecked(model.name == current)
            if model.problem:
                action.setIcon(icon("alert-circle-outline", "warning"))
            action.triggered.connect(self._choose)
        chosen = next((model for model in models if model.name == current), None)
        self._title.setText(chosen.title if chosen else "No model")
        self._parts.setText(chosen.parts if chosen else "Choose one here")
        self.setToolTip((chosen.problem or chosen.tip) if chosen else "No model file was found")

    @Slot()
    def _choose(self) -> None:
        action = self.sender()
        if not isinstance(action, QAction):
            return
        name = str(action.data())
        if name in self._problems:
            action.setChecked(name == self._current)
            self.refused.emit(self._problems[name])
        else:
            action.setChecked(True)
            self.chosen.emit(name)

    @Slot()
    def _open(self) -> None:
        self._models.setMinimumWidth(self.width())
        self._models.popup(self.mapToGlobal(self.rect().bottomLeft()))
