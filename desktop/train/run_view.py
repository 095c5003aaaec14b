"""The Run tab: the run that is shown, its curves and measures, and what it plays."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import JobControl
from desktop.train.banner import Banner
from desktop.train.fitting_scroll import FittingScroll
from desktop.train.no_run import NoRun
from desktop.train.plots.measure_cards import MeasureCards
from desktop.train.plots.run_curves import RunCurves
from desktop.train.run_deeds import RunDeeds
from desktop.train.run_figures import figures, remark, share_done
from desktop.train.run_header import RunHeader
from desktop.train.run_menus import fill_compare, fill_runs
from desktop.train.run_watch import RunWatch
from desktop.train.samples.what_it_plays import WhatItPlays
from desktop.widgets.menus import add_row, empty
from engine.store.curves import Curves, read_curves
from engine.store.runs import RunSummary

if TYPE_CHECKING:
    from desktop.app import App

MARGIN, GAP = 16, 12
SHORT = 640
"""Pixels below which the pictures of all epochs leave their room to the large one."""


class RunView(QWidget):
    """One run, live or old."""

    run_shown = Signal()
    """Another run is shown, or its state is another."""
    data_asked = Signal()
    learn_asked = Signal()

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._runs: Sequence[RunSummary] = ()
        self._stale = False
        self.watch = RunWatch(app.training, app.jobs, self)
        self.deeds = RunDeeds(app, self.watch, self)
        self.header = RunHeader()
        self.banner = Banner()
        self.curves = RunCurves(app.jobs, app.messages)
        self.cards = MeasureCards()
        self.plays = WhatItPlays(app)
        self.no_run = NoRun()
        self._build()
        self._connect()
        self._show_run()

    def _build(self) -> None:
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(MARGIN, 4, MARGIN, GAP)
        rows.setSpacing(GAP)
        rows.addWidget(self.banner)
        rows.addWidget(self.curves, 5)
        rows.addWidget(self.cards)
        rows.addWidget(self.plays, 6)
        self._scroll = FittingScroll(below)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 0, MARGIN, 0)
        head.addWidget(self.header)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.no_run)
        self._stack.addWidget(whole)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        self.watch.opened.connect(self._show_run)
        self.watch.moved.connect(self._refresh)
        self.watch.state_changed.connect(self._on_state)
        self.header.asked.connect(self.deeds.do)
        self.banner.asked.connect(self.deeds.do)
        self.header.runs_menu.aboutToShow.connect(self._fill_runs)
        self.header.more_menu.aboutToShow.connect(self._fill_more)
        self.plays.use_epoch.connect(self.deeds.use_epoch)
        self.deeds.epoch_used.connect(self.plays.show_used)
        self.deeds.epoch_not_used.connect(self.plays.show_not_used)
        self.deeds.busy_changed.connect(self._show_state)
        self.no_run.data_asked.connect(self.data_asked)
        self.no_run.learn_asked.connect(self.learn_asked)
        self.no_run.shipped_asked.connect(self._show_shipped)

    @property
    def folder(self) -> Path | None:
        """The run that is shown."""
        return self.watch.folder

    def show_folder(self, folder: Path | None) -> None:
        """Show a run."""
        self.curves.clear_overlay()
        self.watch.show(folder)

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """The runs there are now; the one that is shown may be gone, or the first of all."""
        self._runs = runs
        own = [run.folder for run in runs if not run.shipped]
        shown = self.folder
        self.no_run.shipped.setVisible(any(run.shipped for run in runs))
        if shown is not None and not shown.is_dir() and not self._app.training.is_own(shown):
            self.show_folder(None)
        if self.folder is None and own:
            self.show_folder(own[0])

    def compare(self, run: RunSummary) -> None:
        """Lay another run over the one that is shown."""

        def work(control: JobControl) -> Curves:
            return read_curves(run.folder / "events.jsonl", cancelled=control.cancelled)[0]

        def done(curves: Curves) -> None:
            self.curves.add_overlay(run.name, curves)
            self.curves.refresh()

        self._app.jobs.run(work, done, title=f"Reading {run.name}")

    def showEvent(self, event: QShowEvent) -> None:
        """What came while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window has no room for everything."""
        super().resizeEvent(event)
        self.plays.set_short(event.size().height() - self.header.sizeHint().height() < SHORT)

    @Slot()
    def _show_run(self) -> None:
        """Other curves."""
        folder, curves = self.watch.folder, self.watch.curves
        self._stack.setCurrentIndex(0 if folder is None else 1)
        self.curves.set_curves(curves)
        self.cards.set_curves(curves)
        self.plays.set_run(folder, curves)
        self._refresh()
        self.run_shown.emit()

    @Slot()
    def _refresh(self) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self.curves.refresh()
        self.cards.refresh()
        self.plays.refresh()
        self._show_state()

    @Slot()
    def _on_state(self) -> None:
        self._show_state()
        self.run_shown.emit()
        if not self.watch.is_own and self.watch.state not in ("none", "reading"):
            # One that trains without this window: the lists of runs hear of it here alone.
            self._app.training.runs_changed.emit()

    @Slot()
    def _show_state(self) -> None:
        watch, curves = self.watch, self.watch.curves
        state = watch.state
        name = watch.folder.name.removesuffix(".run") if watch.folder else ""
        told = figures(curves, state, watch.seconds_left, watch.is_own)
        self.header.show_run(curves.name or name, told, share_done(curves), state)
        self.header.show_buttons(state, self.deeds.not_possible())
        self.banner.show_remark(remark(curves, state, self.deeds.offers.label))

    @Slot()
    def _fill_runs(self) -> None:
        fill_runs(
            self.header.runs_menu,
            self._runs,
            self.folder,
            lambda run: self.show_folder(run.folder),
            self.deeds.show_library,
        )

    @Slot()
    def _fill_more(self) -> None:
        menu = self.header.more_menu
        empty(menu)
        compare = menu.addMenu("Compare with")
        fill_compare(compare, self._runs, self.folder, self.compare)
        for text, act in self.deeds.rows():
            add_row(menu, text, act)

    @Slot()
    def _show_shipped(self) -> None:
        shipped = [run.folder for run in self._runs if run.shipped]
        if shipped:
            self.show_folder(shipped[0])

    def close_run(self) -> None:
        """The window goes."""
        self.watch.close()
