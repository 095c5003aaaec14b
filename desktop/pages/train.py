"""The Train page: choose music and settings, press Train, watch, listen, keep."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.data.panel import DataSetsPanel
from desktop.learn.panel import LearnPanel
from desktop.train.data_choice import SetLine, set_lines
from desktop.train.offers import offers_from
from desktop.train.run_view import RunView
from desktop.train.side import Side
from desktop.train.start_choice import starts
from desktop.train.tabs import Tabs
from engine.errors import TuttiError
from engine.store.paths import runs_folder
from engine.store.runs import RunSummary, runs, settings_of

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.trainer_query import Question

REFRESH_MS = 200
RUN, DATA, LEARN = "Run", "Data", "Learn"


class TrainPage(QWidget):
    """The form at the left; at the right the run, the data sets, or the tour."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Train")
        self._app = app
        self._asked_presets = False
        self._described: Path | None = None
        self._describing: Question | None = None
        self.side = Side(app)
        self.run_view = RunView(app)
        self.tabs = Tabs((RUN, DATA, LEARN))
        self._data: DataSetsPanel | None = None
        self._learn: LearnPanel | None = None
        self._listened: set[int] = set()
        self._build()
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.setInterval(REFRESH_MS)
        self._refresh.timeout.connect(self.read)
        self._connect()
        self.show_tab(RUN)

    def _build(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.run_view)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.tabs)
        right.addWidget(self._stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(right, 1)

    def _connect(self) -> None:
        app, view = self._app, self.run_view
        self.tabs.chosen.connect(self.show_tab)
        self.side.begun.connect(self.show_run)
        self.side.get_data_asked.connect(lambda: self.show_tab(DATA))
        view.data_asked.connect(lambda: self.show_tab(DATA))
        view.learn_asked.connect(lambda: self.show_tab(LEARN))
        view.run_shown.connect(self._teach)
        view.plays.listening.changed.connect(self._on_listening)
        view.deeds.form_wanted.connect(self.side.show_settings)
        view.deeds.go_on_wanted.connect(self.go_on_with)
        app.training.runs_changed.connect(self._read_soon)
        app.models_changed.connect(self._read_soon)
        app.closing.connect(view.close_run)

    # The tabs that are made when they are first wanted: the page is there sooner without them

    @property
    def data(self) -> DataSetsPanel:
        """The data sets."""
        if self._data is None:
            self._data = DataSetsPanel(self._app)
            self._data.data_sets_changed.connect(self._on_data_sets)
            self._stack.addWidget(self._data)
        return self._data

    @property
    def learn(self) -> LearnPanel:
        """The tour."""
        if self._learn is None:
            self._learn = LearnPanel(self._app)
            self._connect_learn(self._learn)
            self._stack.addWidget(self._learn)
        return self._learn

    def _connect_learn(self, learn: LearnPanel) -> None:
        """Also tell it what it has missed."""
        form = self.side.form
        learn.tab_wanted.connect(self.show_tab)
        learn.page_wanted.connect(self._show_page)
        learn.preset_wanted.connect(lambda name: self.fill_form({"preset": name}))
        learn.settings_chosen.connect(self.fill_form)
        learn.train_wanted.connect(self.side.begin)
        self.run_view.watch.moved.connect(learn.refresh)
        form.changed.connect(lambda: learn.set_form(form.settings()))
        if self.run_view.deeds.offers.presets:
            learn.set_form(form.settings())
            learn.show_offers(self.run_view.deeds.offers)
        for epoch in self._listened:
            learn.note_listened(epoch)

    @Slot()
    def _on_listening(self) -> None:
        """Which samples were listened to is one of the first steps."""
        plays = self.run_view.plays
        epoch = plays.chosen.epoch if plays.chosen is not None else None
        if plays.listening.on and epoch is not None:
            self._listened.add(epoch)
            if self._learn is not None:
                self._learn.note_listened(epoch)

    # What others ask for

    @property
    def tab(self) -> str:
        """Which tab is shown: Run, Data or Learn."""
        shown = self._stack.currentWidget()
        return RUN if shown is self.run_view else DATA if shown is self._data else LEARN

    @Slot(str)
    def show_tab(self, name: str) -> None:
        """Show Run, Data or Learn."""
        part: QWidget = self.run_view
        if name != RUN:
            part = self.data if name == DATA else self.learn
        self._stack.setCurrentWidget(part)
        self.tabs.show_tab(name)
        self._teach()

    @Slot(object)
    def show_run(self, folder: Path) -> None:
        """Show a run."""
        self.show_tab(RUN)
        self.run_view.show_folder(folder)

    def fill_form(self, settings: Mapping[str, Any]) -> None:
        """Put settings, by name, into the form of a new run."""
        self.side.show_settings(settings)

    @Slot(object)
    def go_on_with(self, folder: Path) -> None:
        """Choose a run that is to get more epochs."""
        self.side.form.go_on_with(folder)

    def fine_tune(self, model: Path) -> None:
        """Choose a model to fine-tune."""
        self.side.form.fine_tune(model)

    # What is read

    def showEvent(self, event: QShowEvent) -> None:
        """The state of this moment; the presets are asked for once."""
        super().showEvent(event)
        self.read()
        if not self._asked_presets:
            self._asked_presets = True
            self._app.training.query.presets(self._show_presets, self._on_no_presets)

    @Slot()
    def _read_soon(self) -> None:
        self._refresh.start()

    @Slot()
    def read(self) -> None:
        """Read the runs and the data sets off the GUI thread."""
        jobs = self._app.jobs
        jobs.run(lambda control: runs(runs_folder()), self._show_runs, title="Reading the runs")
        jobs.run(lambda control: set_lines(), self._show_sets, title="Reading the data sets")

    def _show_runs(self, found: tuple[RunSummary, ...]) -> None:
        self.run_view.show_runs(found)
        self.side.form.show_starts(
            starts(self._app.models, found),
            {name for run in found for name in (run.folder.name, run.name)},
        )

    def _show_sets(self, lines: tuple[SetLine, ...]) -> None:
        self.side.form.show_sets(lines)

    def _show_presets(self, answer: Mapping[str, Any]) -> None:
        offers = offers_from(answer)
        self.run_view.deeds.offers = offers
        self.side.show_offers(offers)
        if self._learn is not None:
            self._learn.show_offers(offers)
        self._teach()

    def _on_no_presets(self, error: TuttiError) -> None:
        self._asked_presets = False  # the next visit asks again
        self._app.messages.tell_error(error)

    @Slot()
    def _on_data_sets(self) -> None:
        self.side.probing.forget()
        self._read_soon()

    @Slot()
    def _teach(self) -> None:
        """Draw the tour from the run that is shown, once somebody looks at it."""
        watch = self.run_view.watch
        if self.tab != LEARN:
            return
        self.learn.set_run(watch.curves, None, watch.folder)
        if watch.folder is not None and watch.folder != self._described:
            self._describe(watch.folder)

    def _describe(self, folder: Path) -> None:
        """Ask for the networks of a run; without torch the tour goes without them."""
        if self._describing is not None:
            self._describing.cancel()
            self._describing = None
        if self.side.installing.is_needed or not self.run_view.deeds.offers.presets:
            return

        def show(answer: Mapping[str, Any]) -> None:
            self._described, self._describing = folder, None
            if folder == self.run_view.folder:
                self.learn.set_run(self.run_view.watch.curves, dict(answer), folder)

        def ask(settings: Mapping[str, Any]) -> None:
            asked = self.run_view.deeds.offers.among(settings)
            self._describing = self._app.training.query.describe(
                asked, show, self._on_no_description
            )

        self._app.jobs.run(
            lambda control: settings_of(folder), ask, lambda _error: None, "Reading settings"
        )

    def _on_no_description(self, error: TuttiError) -> None:
        self._describing = None

    @Slot(str)
    def _show_page(self, name: str) -> None:
        self._app.actions[f"page_{name.lower()}"].trigger()
