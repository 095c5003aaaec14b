"""What a network plays: the same held-out melody after every sampled epoch, seen and heard."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.theme import tabular_font
from desktop.train.samples.captions import READING, caption, why_empty
from desktop.train.samples.epoch_slider import EpochSlider
from desktop.train.samples.film import Film
from desktop.train.samples.film_export import FilmExport, FilmPlan
from desktop.train.samples.head import NOT_KEPT, USE, USE_TIP, Head
from desktop.train.samples.legend import Legend
from desktop.train.samples.listening import Listening
from desktop.train.samples.picture_strip import PictureStrip
from desktop.train.samples.sample_files import Sample
from desktop.train.samples.sample_roll import SampleRoll
from desktop.train.samples.sheet import Extent
from engine.store.curves import Curves

if TYPE_CHECKING:
    from desktop.app import App

FILM_MS = (90, 450)
"""A picture of the film stands at least and at most so long …"""
FILM_LASTS_MS = 12_000
"""… so that a long film takes about so long in all."""


class WhatItPlays(QFrame):
    """Pictures, slider, piano roll and sound of one run's samples."""

    use_epoch = Signal(int)
    """Make a model of this epoch; `show_used` or `show_not_used` is the answer."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.setAccessibleName("What it plays")
        self._run: Path | None = None
        self._curves: Curves | None = None
        self._chosen: Sample | None = None
        self._follows = True
        self._short = False
        self._seen: object = None
        self._busy: int | None = None
        self._used: int | None = None
        self._film = Film(app.jobs, self)
        self.listening = Listening(app, self)
        self.export = FilmExport(app, self)
        self.head = Head()
        self.strip = PictureStrip(self._film)
        self.slider = EpochSlider()
        self.roll = SampleRoll()
        self._legend = Legend()
        self._frames = QTimer(self)
        self._frames.timeout.connect(self._next_frame)
        self._put_together()
        self._connect()
        self._show_list()

    def _put_together(self) -> None:
        self._empty = QLabel()
        self._empty.setProperty("kind", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._epoch = QLabel()
        self._epoch.setFont(tabular_font())
        self._travel = QWidget()
        row = QHBoxLayout(self._travel)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.slider, 1)
        row.addWidget(self._epoch)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._legend)
        pictures = QWidget()
        column = QVBoxLayout(pictures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.strip, 2)
        column.addWidget(self._travel)
        column.addWidget(self.roll, 3)
        column.addLayout(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(pictures)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 10, 16, 10)
        whole.setSpacing(8)
        whole.addWidget(self.head)
        whole.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._film.listed.connect(self._show_list)
        self._film.developed.connect(self._show_chosen)
        self.strip.picked.connect(self._pick)
        self.strip.shown_changed.connect(self._ask_for_pictures)
        self.slider.valueChanged.connect(self._on_slider)
        self.listening.changed.connect(self._show_buttons)
        self.listening.moved.connect(self.roll.set_position)
        self.head.listen_asked.connect(self.toggle_listening)
        self.head.film_asked.connect(self.toggle_film)
        self.head.use_asked.connect(self._use)
        self.head.animation_asked.connect(lambda: self._save(animated=True))
        self.head.strip_asked.connect(lambda: self._save(animated=False))

    @property
    def chosen(self) -> Sample | None:
        """The sample that is shown large."""
        return self._chosen

    @property
    def samples(self) -> tuple[Sample, ...]:
        """All samples, by epoch; people's own music last where it is offered."""
        return self._film.samples

    @property
    def extent(self) -> Extent:
        """The room that all its pictures share."""
        return self._film.extent

    @property
    def best_epoch(self) -> int | None:
        """The best epoch by the measures, as far as the run has come."""
        best = self._curves.best if self._curves is not None else None
        return best.epoch if best is not None else None

    @property
    def empty_sentence(self) -> str:
        """What stands in place of the pictures; empty while there are some."""
        return "" if self._stack.currentIndex() else self._empty.text()

    @property
    def film_runs(self) -> bool:
        """Whether one epoch follows the other by itself."""
        return self._frames.isActive()

    def set_run(self, folder: Path | None, curves: Curves | None = None) -> None:
        """Show the samples of a run's folder; ``curves`` know the best epoch. None: of no run."""
        self.listening.stop()
        self._frames.stop()
        self._run, self._curves, self._chosen, self._seen = folder, curves, None, None
        self._follows, self._busy, self._used = True, None, None
        self._film.set_run(folder)

    @Slot()
    def refresh(self) -> None:
        """The run went on: there may be another sample, or another best epoch.

        Cheap where there is not, so that it may be called as often as the curves are drawn.
        """
        curves = self._curves
        if curves is None:
            return
        state = (len(curves.samples), tuple(curves.samples[-1:]), curves.best, curves.ended)
        if state != self._seen:
            self._seen = state
            self._film.refresh()
            self._show_marks()
            if not self.samples:
                self._empty.setText(self._why_empty())

    def set_short(self, short: bool) -> None:
        """Whether there is no room for the pictures of all epochs; the slider goes through them."""
        if short != self._short:
            self._short = short
            self._show_marks()

    def show_used(self, epoch: int) -> None:
        """The epoch is a model now, in the Studio's list."""
        self._busy, self._used = None, epoch
        self._show_buttons()

    def show_not_used(self) -> None:
        """It could not be made a model; the reason was told elsewhere."""
        self._busy = None
        self._show_buttons()

    def choose_epoch(self, epoch: int) -> None:
        """Show an epoch's sample, where there is one."""
        epochs = [sample.epoch for sample in self.samples]
        if epoch in epochs:
            self._pick(epochs.index(epoch))

    @Slot()
    def toggle_listening(self) -> None:
        """Hear the chosen sample, or stop."""
        if self.listening.on:
            self.listening.stop()
        else:
            self._hear()

    @Slot()
    def toggle_film(self) -> None:
        """Show one epoch after the other, from the first one where the end is reached."""
        if self.film_runs:
            self._frames.stop()
        elif len(self._film.epochs) > 1:
            if self._place() >= len(self._film.epochs) - 1:
                self._pick(0)
            least, most = FILM_MS
            self._frames.start(min(most, max(least, FILM_LASTS_MS // len(self._film.epochs))))
        self._show_buttons()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        self._frames.stop()
        self.listening.stop()
        self._show_buttons()
        super().hideEvent(event)

    def _place(self) -> int:
        """Where the chosen sample stands among all; −1 without one."""
        return self.samples.index(self._chosen) if self._chosen in self.samples else -1

    @Slot()
    def _next_frame(self) -> None:
        if self._place() + 1 >= len(self._film.epochs):
            self._frames.stop()
            self._show_buttons()
            return
        self.slider.setValue(self._place() + 1)

    @Slot()
    def _show_list(self) -> None:
        """Other samples than before: stay with the newest, or where the user stands."""
        samples = self.samples
        self._stack.setCurrentIndex(1 if samples else 0)
        self._empty.setText(self._why_empty())
        if samples:
            self._choose_again()
        self._show_words()
        self._show_marks()
        self._show_chosen()

    def _why_empty(self) -> str:
        return why_empty(self._run is not None, self._film.was_listed, self._curves)

    def _choose_again(self) -> None:
        """The same epoch as before; the newest while the user follows, at first the best."""
        samples, epochs = self.samples, [sample.epoch for sample in self.samples]
        before = self._chosen
        if before is not None and not self._follows and before.epoch in epochs:
            self._chosen = samples[epochs.index(before.epoch)]
            return
        best = self.best_epoch
        ended = self._curves is None or self._curves.ended
        if before is None and ended and best is not None and best in epochs:
            self._chosen = samples[epochs.index(best)]
            self._follows = False
            return
        self._chosen = (self._film.epochs or samples)[-1]

    def _show_marks(self) -> None:
        samples = self.samples
        epochs = [sample.epoch for sample in samples]
        best = self.best_epoch
        self.slider.blockSignals(True)
        self.slider.set_samples(
            len(samples), epochs.index(best) if best is not None and best in epochs else -1
        )
        self.slider.setValue(max(0, self._place()))
        self.slider.blockSignals(False)
        # A single sample is all in the large roll: there is nowhere to go from it.
        self._travel.setVisible(len(samples) > 1)
        self.strip.setVisible(len(samples) > 1 and not self._short)
        self.strip.choose(self._place(), best)
        self._show_epoch()

    def _show_words(self) -> None:
        sheet = self._film.sheet(self._chosen) if self._chosen is not None else None
        title = sheet.composition.title if sheet is not None else ""
        ended = self._curves is None or self._curves.ended
        self.head.show_words(caption(self.samples, title, ended=ended))

    def _show_epoch(self) -> None:
        sample = self._chosen
        name = sample.name if sample is not None else ""
        is_best = (
            sample is not None and sample.epoch is not None and (sample.epoch == self.best_epoch)
        )
        self._epoch.setText(f"{name} · best" if is_best else name)
        self.slider.setAccessibleDescription(self._epoch.text())

    @Slot(int)
    def _pick(self, place: int) -> None:
        self.slider.setValue(place)
        if self._place() != place:  # the slider stood there already
            self._on_slider(place)

    @Slot(int)
    def _on_slider(self, place: int) -> None:
        if not 0 <= place < len(self.samples):
            return
        self._chosen = self.samples[place]
        self._follows = self._chosen == (self._film.epochs or self.samples)[-1]
        self.strip.choose(place, self.best_epoch)
        self._show_epoch()
        self._show_chosen()
        if self.listening.on:
            self._hear()

    @Slot()
    def _ask_for_pictures(self) -> None:
        chosen = () if self._chosen is None else (self._chosen,)
        self._film.want((*chosen, *self.strip.shown))

    @Slot()
    def _show_chosen(self) -> None:
        sample = self._chosen
        sheet = self._film.sheet(sample) if sample is not None else None
        words = READING
        if sample is not None and sheet is None:
            words = self._film.problem(sample) or READING
            self._ask_for_pictures()
        if sheet is not None or words != READING:
            self.roll.show_sheet(sheet, self.extent, words)
            self._legend.show_sheet(sheet)
        self._show_words()
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        sample = self._chosen
        readable = sample is not None and self._film.sheet(sample) is not None
        name = sample.name if sample is not None else ""
        heard = self.listening.on
        self.head.show_listening(name, heard=heard, possible=readable or heard)
        self.head.show_film(running=self.film_runs, possible=len(self._film.epochs) > 1)
        for button in (self.head.film, self.head.listen, self.head.use, self.head.save):
            button.setVisible(bool(self.samples))
        self._show_use(sample)

    def _show_use(self, sample: Sample | None) -> None:
        epoch = sample.epoch if sample is not None else None
        if self._busy is not None:
            self.head.show_use(f"Making a model of epoch {self._busy} …", possible=False)
        elif epoch is not None and epoch == self._used:
            self.head.show_use(f"Epoch {epoch} is in the Studio", possible=False, done=True)
        else:
            possible = sample is not None and epoch is not None and sample.kept
            self.head.show_use(USE, possible=possible, tip=USE_TIP if possible else NOT_KEPT)

    def _hear(self) -> None:
        sheet = self._film.sheet(self._chosen) if self._chosen is not None else None
        if self._chosen is not None and sheet is not None:
            self.listening.hear(self._chosen, sheet.composition)

    @Slot()
    def _use(self) -> None:
        if self._chosen is not None and self._chosen.epoch is not None and self._busy is None:
            self._busy = self._chosen.epoch
            self._show_buttons()
            self.use_epoch.emit(self._busy)

    def _save(self, *, animated: bool) -> None:
        plan = FilmPlan(self._film.epochs, self.extent, self.best_epoch)
        self.export.ask(plan, animated=animated)
