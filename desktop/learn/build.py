"""Build your own: a network's sizes, critic and losses, with what they cost as they change."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.learn.build_picture import NetworkCard, sizes
from desktop.learn.network import Description, count_text, description_of, shipped_descriptions
from desktop.learn.text import Part, build_text
from desktop.settings.form import Choice
from desktop.train.fields import ValueField, caption, show_acting
from desktop.train.offers import OfferedPreset, Offers
from desktop.trainer_query import Question, TrainerQuery
from engine.errors import TrainingError, TuttiError

WAIT_MS = 350
"""How long nothing changes before the trainer is asked."""
FORM_WIDTH = 272
BESIDE_WIDTH = 200
FIRST_PRESET = "own"
COMPARED = "deepcomposer"
BUILT = {
    "Depth and width": ("levels", "channels", "kernel", "norm", "width", "deep_width", "blocks"),
    "What it hears": ("window_beats", "heads", "reach", "dropout"),
    "Noise": ("noise_channels",),
    "Critic": ("critic_levels", "critic_channels", "update_ratio", "adversarial_weight"),
    "Losses": ("loss", "penalty_weight", "reconstruction_weight"),
}
"""What can be built, in groups: names of settings; those that a preset lacks are left out."""
ASKING = "The trainer counts …"


class BuildYourOwn(QWidget):
    """A form on the left; on the right the network that it makes, beside a preset's."""

    settings_chosen = Signal(dict)
    """Settings by name, to be put into the form: the preset, and what differs from it."""

    def __init__(self, query: TrainerQuery, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = query
        self._question: Question | None = None
        self._offers = Offers()
        self._known: dict[tuple[tuple[str, Any], ...], Description] = {}
        self.fields: dict[str, ValueField] = {}
        self._groups: dict[str, tuple[QWidget, tuple[str, ...]]] = {}
        self.preset, self.beside = Choice([]), Choice([])
        self.mine, self.theirs = NetworkCard("Yours:"), NetworkCard("Beside it:")
        self.use = QPushButton("Use these settings")
        self.back = QPushButton("Back to the preset")
        self.words = caption()
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._build()
        self._connect()
        self.theirs.show_description(shipped_descriptions().get(COMPARED))
        self.use.setEnabled(False)

    def _build(self) -> None:
        for choice, name in ((self.preset, "Begin with"), (self.beside, "Beside it")):
            choice.setAccessibleName(name)
            choice.setMaximumWidth(FORM_WIDTH)
        self.beside.setMinimumWidth(BESIDE_WIDTH)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        sheet = QWidget()
        inside = QVBoxLayout(sheet)
        inside.setContentsMargins(0, 0, 10, 0)
        inside.setSpacing(8)
        for widget in (caption(_plain(build_text()[0])), caption("Begin with"), self.preset):
            inside.addWidget(widget)
        inside.addLayout(self._rows)
        inside.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        area.setFixedWidth(FORM_WIDTH + 24)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(area, 1)
        left.addWidget(self.back)
        left.addWidget(self.use)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(left)
        row.addLayout(self._networks(), 1)

    def _networks(self) -> QVBoxLayout:
        """Two networks below each other, and what to set beside one's own."""
        right = QVBoxLayout()
        right.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.words, 1)
        beside = QLabel("Beside it")
        beside.setProperty("kind", "caption")
        head.addWidget(beside)
        head.addWidget(self.beside)
        right.addLayout(head)
        right.addWidget(self.mine, 1)
        right.addWidget(self.theirs, 1)
        return right

    def _connect(self) -> None:
        self.preset.currentIndexChanged.connect(self._on_preset)
        self.beside.currentIndexChanged.connect(self._on_beside)
        self.use.clicked.connect(self._choose)
        self.back.clicked.connect(self._on_preset)
        self._wait.timeout.connect(self._ask)

    @property
    def settings(self) -> dict[str, Any]:
        """The preset, and the settings that differ from it."""
        changed = {
            name: field.value
            for name, field in self.fields.items()
            if not field.isHidden() and not field.is_usual
        }
        return {"preset": self.preset.value, **changed}

    @property
    def description(self) -> Description | None:
        """The network of these settings; None while the trainer is being asked."""
        return self.mine.description

    def show_offers(self, offers: Offers) -> None:
        """Offer presets and their settings."""
        self._offers = offers
        self.use.setEnabled(True)
        self._make_fields()
        for choice, names in (
            (self.preset, [each.name for each in offers.presets if self._can_build(each)]),
            (self.beside, [each.name for each in offers.presets]),
        ):
            blocked = choice.blockSignals(True)
            titles = {each.name: each.title for each in offers.presets}
            choice.offer((titles[name], name) for name in names)
            choice.blockSignals(blocked)
        self.preset.show_value(FIRST_PRESET)
        self.beside.show_value(COMPARED)
        self._on_preset()
        self._on_beside()

    def _can_build(self, preset: OfferedPreset) -> bool:
        """Whether more than one of its sizes can be changed."""
        sizes = BUILT["Depth and width"]
        settings = (self._offers.setting(name) for name in sizes)
        return sum(1 for each in settings if each and each.belongs_to(preset.name)) > 1

    def _make_fields(self) -> None:
        for title, names in BUILT.items():
            offered = [each for name in names if (each := self._offers.setting(name))]
            if not offered or title in self._groups:
                continue
            heading = _group_heading(title)
            self._rows.addWidget(heading)
            for each in offered:
                field = ValueField(each)
                field.changed.connect(self._on_change)
                self.fields[each.name] = field
                self._rows.addWidget(field)
            self._groups[title] = (heading, tuple(each.name for each in offered))

    @Slot()
    def _on_preset(self) -> None:
        preset = self._offers.preset(str(self.preset.value))
        if preset is None:
            return
        for name, field in self.fields.items():
            if name in preset.defaults:
                field.set_default(preset.defaults[name])
        self._show_fields()
        self._ask()

    def _show_fields(self) -> None:
        show_acting(self.fields, str(self.preset.value))
        for heading, names in self._groups.values():
            heading.setVisible(any(not self.fields[name].isHidden() for name in names))

    @Slot()
    def _on_beside(self) -> None:
        name = str(self.beside.value or COMPARED)
        self.theirs.show_description(shipped_descriptions().get(name))
        self._tell()

    @Slot()
    def _on_change(self) -> None:
        self._show_fields()
        self._wait.start()
        self.words.setText(ASKING)

    @Slot()
    def _ask(self) -> None:
        """Ask the trainer what these settings make; an answer is asked for once."""
        self._wait.stop()
        if self._question is not None:
            self._question.cancel()
            self._question = None
        settings = self.settings
        key = tuple(sorted((name, str(value)) for name, value in settings.items()))
        known = self._known.get(key) or self._shipped(settings)
        if known is not None:
            self._show(known)
            return
        self.words.setText(ASKING)

        def done(answer: Mapping[str, Any]) -> None:
            self._question = None
            try:
                self._known[key] = description_of(answer, "the settings on the left")
            except TrainingError as error:
                self._refuse(error)
            else:
                self._show(self._known[key])

        self._question = self._query.describe(settings, done, self._refuse)

    def _shipped(self, settings: Mapping[str, Any]) -> Description | None:
        """An unchanged preset's network is known without asking."""
        return shipped_descriptions().get(str(settings["preset"])) if len(settings) == 1 else None

    def _show(self, description: Description) -> None:
        self.mine.show_description(description)
        self.use.setEnabled(True)
        self._tell()

    def _refuse(self, error: TuttiError) -> None:
        """Such a network cannot be; the trainer's sentence says why."""
        self._question = None
        self.mine.show_description(None, str(error))
        self.words.setText(str(error))
        self.use.setEnabled(False)

    def _tell(self) -> None:
        mine, theirs = self.mine.description, self.theirs.description
        if mine is None:
            return
        if theirs is None:
            self.words.setText(sizes(mine))
            return
        largest = max(mine.generator.width, theirs.generator.width)
        for card in (self.mine, self.theirs):
            card.drawing.set_scale(largest)
        one, two = mine.generator.parameters, theirs.generator.parameters
        self.words.setText(
            f"Your generator has {count_text(one)} parameters, {one / max(1, two):.2g} times as "
            f"many as {theirs.source}."
        )

    def show_problem(self, sentence: str) -> None:
        """Nothing can be offered, and why."""
        self.words.setText(sentence)
        self.use.setEnabled(False)

    @Slot()
    def _choose(self) -> None:
        self.settings_chosen.emit(self.settings)

    def close_questions(self) -> None:
        """Nobody waits for an answer any more."""
        self._wait.stop()
        if self._question is not None:
            self._question.cancel()
            self._question = None


def _plain(part: Part) -> str:
    return " ".join(part.body.split())


def _group_heading(title: str) -> QWidget:
    """A group's name, and what the text of the tour says of it."""
    words = {part.title: _plain(part) for part in build_text()[1]}
    name = QLabel(title)
    name.setProperty("kind", "heading")
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(caption(words[title]))
    return box
