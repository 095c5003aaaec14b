"""The head of the run that is shown: name, how far it is, and what can be done with it."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import body_font, tabular_font
from desktop.train.run_watch import ShownState
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.icons import icon
from desktop.widgets.menus import give_menu

STEPS = 10_000
Verb = str
BUTTONS: Mapping[str, tuple[str, str, str]] = {
    "pause": ("Pause", "pause", "Saves and frees the machine; Resume goes on exactly."),
    "stop": ("Stop and keep", "stop", "Ends here; the best epoch so far becomes a model."),
    "resume": ("Resume", "play", "Goes on exactly from the last checkpoint."),
    "go_on": ("Train on", "play", "More epochs for this run: choose how many at the left."),
    "keep": ("Keep the best epoch", "check", "Makes a model of the best epoch so far."),
    "use": ("Play it in the Studio", "music", "Loads the model that this run made."),
    "kill": ("End now", "close", "Ends at once; what came after the last checkpoint is lost."),
}
SHOWN: Mapping[ShownState, tuple[Verb, ...]] = {
    "starting": ("kill",),
    "running": ("pause", "stop"),
    "pausing": ("kill",),
    "stopping": ("kill",),
    "paused": ("keep", "resume"),
    "interrupted": ("keep", "resume"),
    "failed": ("keep", "resume"),
    "stopped": ("go_on", "use"),
    "finished": ("go_on", "use"),
}


class RunHeader(QWidget):
    """Name with the list of runs under it, a line of figures, buttons, a bar."""

    asked = Signal(str)
    """One of `BUTTONS`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QToolButton()
        self.name.setProperty("kind", "flat")
        self.name.setFont(body_font(20, bold=True))
        self.name.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.name.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.name.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.name.setIcon(icon("chevron-down", "quiet"))
        self.name.setToolTip("Choose another run")
        self.name.setStyleSheet("QToolButton { padding: 0 6px 0 0; }")
        self.runs_menu = QMenu(self.name)
        give_menu(self.name, self.runs_menu)
        self.figures = ElidedLabel()
        self.figures.setProperty("kind", "quiet")
        self.figures.setFont(tabular_font())
        self.more = QToolButton()
        self.more.setIcon(icon("dots-horizontal"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip("More to do with this run")
        self.more.setAccessibleName("More")
        self.more_menu = QMenu(self.more)
        give_menu(self.more, self.more_menu)
        self.bar = QProgressBar()
        self.bar.setRange(0, STEPS)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the run")
        self._buttons = {verb: self._button(verb) for verb in BUTTONS}
        self._build()

    def _button(self, verb: Verb) -> QPushButton:
        text, sign, tip = BUTTONS[verb]
        button = QPushButton(icon(sign), text)
        button.setToolTip(tip)
        button.clicked.connect(lambda: self.asked.emit(verb))
        button.hide()
        return button

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name)
        row.addWidget(self.figures, 1)
        for button in self._buttons.values():
            row.addWidget(button)
        row.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.bar)

    def button(self, verb: Verb) -> QPushButton:
        """One of the buttons."""
        return self._buttons[verb]

    def show_run(self, name: str, figures: str, share: float, state: ShownState) -> None:
        """Show how far a run is; ``share`` 0 to 1."""
        self.name.setText(name or "No run")
        self.figures.setText(figures)
        self.figures.setToolTip(figures)
        self.bar.setRange(0, 0 if state == "starting" else STEPS)
        self.bar.setValue(round(STEPS * min(1.0, max(0.0, share))))
        self.bar.setVisible(state not in ("none", "reading"))
        self.more.setVisible(state != "none")

    def show_buttons(self, state: ShownState, without: frozenset[Verb] = frozenset()) -> None:
        """Show what can be done in a state, but for some."""
        wanted = SHOWN.get(state, ())
        for verb, button in self._buttons.items():
            button.setVisible(verb in wanted and verb not in without)
