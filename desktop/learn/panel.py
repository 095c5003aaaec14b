"""The Learn tab of the Train page: the tour, the first steps, *Build your own*, the words."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.learn.build import BuildYourOwn
from desktop.learn.cards import card_words, set_words
from desktop.learn.course import course_of
from desktop.learn.example import Example, example_from
from desktop.learn.first_steps import FirstSteps
from desktop.learn.material import CardWords, Material
from desktop.learn.network import Description, description_of
from desktop.learn.steps import PRESET, LearnerState, Step
from desktop.learn.tour import Tour
from desktop.learn.words import Words
from desktop.train.offers import Offers, offers_from
from engine.data.data_sets import DataSet, data_sets
from engine.errors import TuttiError
from engine.generation.models import AvailableModel
from engine.music.composition import Composition
from engine.store.curves import Curves
from engine.store.paths import data_sets_folder, runs_folder
from engine.store.runs import RunSummary, runs

if TYPE_CHECKING:
    from desktop.app import App

SECTIONS = ("Tour", "First steps", "Build your own", "Words")
TOUR, STEPS, BUILD, WORDS = range(len(SECTIONS))
MARGIN = 16
REST_MS = 1000
"""Between two drawings of curves that grow."""


class LearnPanel(QWidget):
    """Shows; what a button asks for is done by the page, which connects the signals."""

    preset_wanted = Signal(str)
    """Choose this preset in the form."""
    train_wanted = Signal()
    """Train what stands in the form."""
    tab_wanted = Signal(str)
    """Show this tab of the Train page: Run, Data or Learn."""
    page_wanted = Signal(str)
    """Show this page of the window."""
    settings_chosen = Signal(dict)
    """Put these settings, by name, into the form."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._material = Material()
        self._state = LearnerState()
        self._curves: Curves | None = None
        self._drawn = -1
        self._folder: Path | None = None
        self._sample: Path | None = None
        self._has_offers = False
        self._set_cards: tuple[CardWords, ...] = ()
        self.tour = Tour(self._material)
        self.steps = FirstSteps()
        self.build = BuildYourOwn(app.training.query)
        self.words = Words()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._draw)
        self._build()
        self._connect()

    def _build(self) -> None:
        self._sections = QButtonGroup(self)
        head = QHBoxLayout()
        head.setSpacing(4)
        self._stack = QStackedWidget()
        pages = (self.tour, self.steps, self.build, self.words)
        for index, (name, page) in enumerate(zip(SECTIONS, pages, strict=True)):
            button = QPushButton(name)
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setChecked(index == TOUR)
            self._sections.addButton(button, index)
            head.addWidget(button)
            self._stack.addWidget(page)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 8, MARGIN, MARGIN)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        app = self._app
        self._sections.idClicked.connect(self.show_section)
        self.tour.word_asked.connect(self.show_word)
        self.tour.steps_asked.connect(lambda: self.show_section(SECTIONS.index("First steps")))
        self.steps.asked.connect(self._do)
        self.build.settings_chosen.connect(self.settings_chosen)
        app.training.runs_changed.connect(self.look)
        app.models_changed.connect(self._show_cards)
        app.document.changed.connect(self._on_document)
        app.closing.connect(self.build.close_questions)
        self._show_cards(app.models)
        self._on_document(app.document.composition)

    # What the page tells

    def set_run(
        self,
        curves: Curves | None,
        description: Mapping[str, Any] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Draw from a run: its curves, the trainer's answer to --describe, its folder's samples.

        ``curves`` None: no run is shown. Without a description the one that was told of the same
        folder stays; where there is none, the pictures show the network of the form's preset.
        """
        name = curves.name if curves is not None else ""
        same = folder is not None and folder == self._folder
        described = self._described(description, name) if description else None
        if same:
            described = described or self._material.description
        old = self._material
        fresh = Material(
            cards=old.cards,
            preset=old.preset,
            run_preset=str(curves.started.get("preset", "")) if curves is not None else "",
            description=described,
        )
        if same:
            fresh = replace(fresh, example=old.example)
        else:
            self._sample = None
        self._curves, self._folder, self._material, self._drawn = curves, folder, fresh, -1
        if self.isVisible():
            self._draw()

    def _described(self, told: Mapping[str, Any], name: str) -> Description | None:
        try:
            return description_of(told, name or "this run")
        except TuttiError as error:
            self._app.messages.tell_error(error)
            return None

    @Slot()
    def refresh(self) -> None:
        """The curves have grown: draw them again if anyone looks, once a second at most."""
        if self.isVisible() and not self._rest.isActive():
            self._draw()
            self._rest.start()

    @Slot()
    def _draw(self) -> None:
        curves = self._curves
        version = curves.version if curves is not None else 0
        if version == self._drawn:
            return
        self._drawn = version
        course = course_of(curves) if curves is not None and version else None
        self._material = replace(self._material, course=course)
        self.tour.set_material(self._material)
        if curves is not None:
            self._read_sample(curves)

    def set_form(self, settings: Mapping[str, Any]) -> None:
        """What stands in the page's form now."""
        preset = str(settings.get("preset", ""))
        if preset != self._state.preset:
            self._change(preset=preset)
            self._material = replace(self._material, preset=preset)
            self.tour.set_material(self._material)

    def note_listened(self, epoch: int) -> None:
        """A sample of this epoch was listened to."""
        self._change(listened=self._state.listened | {epoch})

    # What is seen

    @property
    def state(self) -> LearnerState:
        """What the marks of the first steps are made from."""
        return self._state

    @property
    def section(self) -> str:
        """What is shown: one of `SECTIONS`."""
        return SECTIONS[self._stack.currentIndex()]

    @Slot(int)
    def show_section(self, index: int) -> None:
        """Show the tour, the first steps, *Build your own* or the words."""
        self._sections.button(index).setChecked(True)
        self._stack.setCurrentIndex(index)
        if index == BUILD:
            self._ask_offers()

    @Slot(str)
    def show_word(self, name: str) -> None:
        """Show the words, and this one among them."""
        self.show_section(WORDS)
        self.words.show_word(name)

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked."""
        super().showEvent(event)
        self.look()
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody waits for an answer of the trainer's any more."""
        super().hideEvent(event)
        self._rest.stop()
        self.build.close_questions()

    @Slot()
    def look(self) -> None:
        """See which steps are done."""

        def found(seen: tuple[tuple[RunSummary, ...], tuple[DataSet, ...]]) -> None:
            self._change(runs=seen[0], data_sets=len(seen[1]))
            self._set_cards = tuple(set_words(each) for each in seen[1])
            self._show_cards(self._app.models)

        self._app.jobs.run(
            lambda control: (runs(runs_folder()), data_sets(data_sets_folder())),
            found,
            title="Looking at the first steps",
        )

    def _change(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        self.steps.show_state(self._state)

    @Slot(object)
    def _on_document(self, composition: Composition) -> None:
        origin = composition.origin
        self._change(played=origin.model if origin is not None else "")

    @Slot(object)
    def _show_cards(self, models: tuple[AvailableModel, ...]) -> None:
        cards = tuple(card_words(each) for each in models if each.card is not None)
        cards += self._set_cards
        if cards != self._material.cards:
            self._material = replace(self._material, cards=cards)
            self.tour.set_material(self._material)

    def _read_sample(self, curves: Curves) -> None:
        """The last sample of the run, read in a job once for each."""
        if self._folder is None or not curves.samples:
            return
        last = curves.samples[-1]
        path = self._folder / last.file
        if path == self._sample or not path.resolve().is_relative_to(self._folder.resolve()):
            return
        self._sample = path
        source = f"A held-out song, answered by {curves.name} after epoch {last.epoch}"
        self._app.jobs.run(
            lambda control: example_from(path, source), self._use_sample, title="Reading a sample"
        )

    def _use_sample(self, example: Example) -> None:
        self._material = replace(self._material, example=example)
        self.tour.set_material(self._material)

    def show_offers(self, offers: Offers) -> None:
        """Presets and settings, as the page's form has them too."""
        self._has_offers = True
        self.build.show_offers(offers)

    def _ask_offers(self) -> None:
        if self._has_offers:
            return
        self._has_offers = True
        self.build.show_problem("Asking the trainer what can be set …")

        def done(answer: Mapping[str, Any]) -> None:
            try:
                self.show_offers(offers_from(answer))
            except TuttiError as error:
                failed(error)

        def failed(error: TuttiError) -> None:
            self._has_offers = False
            self.build.show_problem(str(error))

        self._app.training.query.presets(done, failed)

    @Slot(object)
    def _do(self, step: Step) -> None:
        """A button of the first steps."""
        model = self._state.model
        if step.deed == "data":
            self.tab_wanted.emit("Data")
        elif step.deed == "preset":
            self.preset_wanted.emit(PRESET)
        elif step.deed == "train":
            self.preset_wanted.emit(PRESET)
            self.train_wanted.emit()
        elif step.deed == "play" and model is not None:
            self._app.training.use_asked.emit(model)
            self.page_wanted.emit("Studio")
        else:
            self.tab_wanted.emit("Run")
