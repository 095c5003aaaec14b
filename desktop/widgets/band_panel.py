"""The band: which model, how daring, how many takes, Generate, and the takes to compare."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.actions import Actions
from desktop.widgets.density_sliders import DensitySliders
from desktop.widgets.icons import icon
from desktop.widgets.menus import give_menu, tell_tip
from desktop.widgets.model_button import ModelButton, ModelChoice
from desktop.widgets.step_row import StepRow
from desktop.widgets.take_card import TakeCard
from desktop.widgets.takes_list import TakesList
from desktop.widgets.transport_fields import WITHOUT_BUTTONS
from desktop.widgets.word_slider import WordSlider

ROOMY_HEIGHT = 720
TAKE_COUNTS = (1, 3, 5)
LARGEST_SEED = 9_999
"""Short enough to remember and to tell a friend."""
LOWEST_ADVENTURE, HIGHEST_ADVENTURE, TRAINED_ADVENTURE = 30, 150, 100
"""Per cent of the noise a model was trained with."""
MARK_BARS = (
    "Plays only some bars anew. Mark them first: drag along the strip above the bar numbers."
)
ADVENTURE_WORDS = ((70, "close to the style"), (110, "as trained"), (151, "daring"))


class BandPanel(QWidget):
    """Shows what the band offers; asks by signals. What a model does not offer is absent."""

    generate_asked = Signal()
    cancel_asked = Signal()
    model_chosen = Signal(str)
    model_refused = Signal(str)
    """Why the model that was pressed cannot be chosen."""
    takes_chosen = Signal(int)
    listen_asked = Signal(int)
    keep_asked = Signal(int)
    more_asked = Signal(int)
    between_asked = Signal(int, int)
    round_asked = Signal(int)
    """−1 for the takes of the request before, 1 for those of the one after."""
    step_chosen = Signal(int)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions = actions
        self._styles = QLabel()
        self._styles.setProperty("kind", "caption")
        self._model = ModelButton()
        self._adventure = WordSlider(
            "Adventure",
            LOWEST_ADVENTURE,
            HIGHEST_ADVENTURE,
            TRAINED_ADVENTURE,
            ADVENTURE_WORDS,
            "How far the band strays from what it learned.",
        )
        self.density = DensitySliders()
        self._counts = QButtonGroup(self)
        self._counts.idClicked.connect(self.takes_chosen)
        self._seed = QSpinBox()
        self._seed.setAccessibleName("Seed")
        self.generate = QPushButton("Generate")
        self.cancel = QPushButton("Cancel")
        self.bars = _further_button(actions["generate_bars"])
        self.extend = _further_button(actions["extend"])
        self._progress = QProgressBar()
        self.next_step = _menu_button("Next step ▾", "Let another model add to what is played")
        self.steps = StepRow()
        self.suggestion = QPushButton()
        self._suggested = ""
        self.list = TakesList()
        self._hint = QLabel()
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 8)
        column.setSpacing(12)
        column.addLayout(self._heading())
        column.addWidget(self._model)
        self._model.chosen.connect(self.model_chosen)
        self._model.refused.connect(self.model_refused)
        column.addWidget(self._adventure)
        column.addWidget(self.density)
        column.addLayout(self._request_row())
        self._build_buttons(column)
        self._hint.setProperty("kind", "quiet")
        self._hint.setWordWrap(True)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self._connect_list()

    def _connect_list(self) -> None:
        self.list.hide()
        self.list.listen_asked.connect(self.listen_asked)
        self.list.keep_asked.connect(self.keep_asked)
        self.list.more_asked.connect(self.more_asked)
        self.list.between_asked.connect(self.between_asked)
        self.list.round_asked.connect(self.round_asked)
        self.steps.chosen.connect(self.step_chosen)

    def _chip(self) -> QPushButton:
        """A model that may suit the melody better; hidden where none is offered."""
        self.suggestion.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.suggestion.setStyleSheet(
            "padding: 0 8px; min-height: 20px; max-height: 20px; font-size: 12px;"
        )
        self.suggestion.setIcon(icon("lightbulb-outline", "accent"))
        self.suggestion.clicked.connect(lambda: self.model_chosen.emit(self._suggested))
        self.suggestion.hide()
        return self.suggestion

    def suggest(self, name: str, text: str, why: str) -> None:
        """Offer a model by its name until a band was kept; an empty one offers none."""
        self._suggested = name
        self.suggestion.setText(text)
        self.suggestion.setToolTip(why)
        self._fill_heading()

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        title = QLabel("Band")
        title.setProperty("kind", "heading")
        row.addWidget(title)
        row.addStretch(1)
        row.addWidget(self._styles)
        row.addWidget(self._chip())
        row.addWidget(self.steps)
        return row

    def _request_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        label = QLabel("Takes")
        label.setFont(theme.body_font(12, bold=True))
        row.addWidget(label)
        row.addSpacing(6)
        for count in TAKE_COUNTS:
            row.addWidget(self._count_button(count))
        row.addStretch(1)
        row.addWidget(self._seed_field())
        row.addWidget(self._dice())
        return row

    def _count_button(self, count: int) -> QPushButton:
        button = QPushButton(str(count))
        button.setCheckable(True)
        button.setChecked(count == 3)
        button.setFixedWidth(30)
        button.setStyleSheet("padding: 0; min-height: 24px;")
        button.setToolTip(f"{count} takes at once" if count > 1 else "One take")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._counts.addButton(button, count)
        return button

    def _seed_field(self) -> QWidget:
        self._seed.setRange(0, LARGEST_SEED)
        self._seed.setPrefix("Seed ")
        self._seed.setFont(theme.tabular_font())
        self._seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._seed.setStyleSheet(
            "QSpinBox { background: transparent; padding: 0 4px; min-height: 24px; } "
            "QSpinBox:hover { background: palette(button); } "
            "QLineEdit { background: transparent; border: none; padding: 0; min-height: 0; }"
            + WITHOUT_BUTTONS
        )
        self._seed.setFixedWidth(76)
        self._seed.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._seed.setToolTip(
            "Where the band's ideas begin: the same melody and seed always give the same takes"
        )
        self._seed.editingFinished.connect(self._seed.clearFocus)
        return self._seed

    def _dice(self) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "flat")
        button.setDefaultAction(self._actions["dice"])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _build_buttons(self, column: QVBoxLayout) -> None:
        self.generate.setProperty("kind", "primary")
        self.generate.clicked.connect(self.generate_asked)
        self.generate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        key = QLabel()
        key.setStyleSheet(f"color: {theme.colour('on_accent').name()}; font-size: 11px;")
        key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self.generate)
        inside.setContentsMargins(0, 0, 14, 0)
        inside.addStretch(1)
        inside.addWidget(key)
        self._key = key
        self._actions["generate"].changed.connect(self._show_key)
        self._show_key()
        self.cancel.setStyleSheet("min-height: 40px; border-radius: 8px; font-size: 15px;")
        self.cancel.setToolTip("Leave everything as it was")
        self.cancel.clicked.connect(self.cancel_asked)
        self.cancel.hide()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 0)
        self._progress.hide()
        for widget in (self.generate, self.cancel, self._progress):
            column.addWidget(widget)
        further = QHBoxLayout()
        further.setSpacing(4)
        further.addWidget(self.bars, 1)
        further.addWidget(self.extend)
        further.addWidget(self.next_step)
        column.addLayout(further)
        self.set_further(has_band=False, marked=None)

    @Slot()
    def _show_key(self) -> None:
        """The key of Generate, which the user may change."""
        action = self._actions["generate"]
        self._key.setText(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
        self.generate.setToolTip(action.toolTip())

    @property
    def takes(self) -> int:
        """How many takes are wanted."""
        return self._counts.checkedId()

    @property
    def seed(self) -> int:
        """The seed that the next request uses."""
        return self._seed.value()

    @property
    def adventure(self) -> float:
        """How daring, 1 as trained."""
        value = self._adventure.value
        return 1.0 if value is None or self._adventure.isHidden() else value / 100

    @property
    def densities(self) -> dict[str, float]:
        """How busy each part is, 0 to 1; absent where it is left to the model."""
        return {} if self.density.isHidden() else self.density.values

    def set_takes(self, count: int) -> None:
        """How many takes are wanted: one of `TAKE_COUNTS`."""
        button = self._counts.button(count)
        if button is not None:
            button.setChecked(True)

    def set_seed(self, seed: int) -> None:
        """The seed for the next request."""
        self._seed.setValue(seed)

    def set_models(self, models: Sequence[ModelChoice], current: str, styles: str) -> None:
        """The models that can be chosen, the one in use by its name, and what it suits."""
        self._model.show_models(models, current)
        self._styles.setText(styles)

    def set_offers(self, offers: frozenset[str]) -> None:
        """Show the controls that the model offers."""
        self._adventure.setVisible("adventure" in offers)
        self.density.setVisible("density" in offers)

    def set_further(self, *, has_band: bool, marked: tuple[int, int] | None) -> None:
        """What can be done with a band that plays: ``marked`` are the first and last bar."""
        self.extend.setVisible(has_band)
        self.next_step.setVisible(has_band)
        self.bars.setVisible(has_band)
        self._actions["extend"].setEnabled(has_band)
        self._actions["generate_bars"].setEnabled(has_band and marked is not None)
        self.bars.setText(bars_named(*marked).capitalize() if marked else "Marked bars")
        self.bars.setToolTip(self._actions["generate_bars"].toolTip() if marked else MARK_BARS)

    def set_busy(self, busy: bool) -> None:
        """While the band plays, Cancel stands where Generate was."""
        self.generate.setVisible(not busy)
        self.cancel.setVisible(busy)
        self._progress.setVisible(busy)
        self._progress.setRange(0, 0)
        for card in self.cards:
            card.set_busy(busy)

    def set_progress(self, fraction: float) -> None:
        """How far the request is, 0 to 1."""
        self._progress.setRange(0, 1000)
        self._progress.setValue(round(1000 * fraction))

    def set_ready(self, ready: bool, hint: str) -> None:
        """Whether Generate can be pressed, and what to do where it cannot or nothing is there."""
        self.generate.setEnabled(ready)
        self._key.setVisible(ready)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def show_takes(self, cards: Sequence[TakeCard]) -> None:
        """Replace the cards."""
        self.list.show_takes(cards)
        self.list.setVisible(bool(cards))

    def show_steps(self, words: Sequence[str], at: int | None) -> None:
        """The bands that were kept, and which of them plays."""
        self.steps.show_steps(words, at)
        self._fill_heading()

    def _fill_heading(self) -> None:
        """There is room for one thing beside the title: steps, a suggestion, or what it plays."""
        offers = bool(self._suggested) and self.steps.isHidden()
        self.suggestion.setVisible(offers)
        self._styles.setVisible(self.steps.isHidden() and not offers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Everything closer together in a low window."""
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None:
            layout.setSpacing(12 if self.height() >= ROOMY_HEIGHT else 6)
        self.list.set_compact(self.height() < ROOMY_HEIGHT)

    @property
    def cards(self) -> tuple[TakeCard, ...]:
        """The cards, first take first."""
        return self.list.cards


def bars_named(first: int, last: int) -> str:
    """Such as "bar 3" or "bars 3–4"."""
    return f"bar {first}" if first == last else f"bars {first}–{last}"


def _menu_button(text: str, tip: str) -> QToolButton:
    """A button that opens a menu."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setStyleSheet(
        "QToolButton { padding: 0 2px; font-size: 12px; min-height: 26px; max-height: 26px; } "
        "QToolButton::menu-indicator { image: none; width: 0; }"
    )
    give_menu(button, QMenu(button))
    return button


def _further_button(action: QAction) -> QPushButton:
    """A button for an action that keeps its own text."""
    button = QPushButton(action.text())
    tell_tip(button, action)
    button.setEnabled(action.isEnabled())
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setStyleSheet("padding: 0 4px; font-size: 12px;")
    button.clicked.connect(lambda: action.trigger())
    action.enabledChanged.connect(button.setEnabled)
    return button
