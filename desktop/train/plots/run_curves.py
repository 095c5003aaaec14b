"""The curves of a run: losses and similarity index, side by side."""

from pathlib import Path
from time import monotonic

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.messages import Messages
from desktop.train.plots.curve_card import CurveCard
from desktop.train.plots.curves_bar import WIDTHS, CurvesBar, ExportKind
from desktop.train.plots.exporting import CurvesExport, suggested_name
from desktop.train.plots.look import Look, usual_width
from desktop.train.plots.loss_card import LossCard
from desktop.train.plots.picture import Range
from desktop.train.plots.run_lines import RunLines
from desktop.train.plots.similarity_card import SimilarityCard, similarity_caption
from desktop.train.plots.words import loss_sentence, similarity_sentence, wanted_words
from desktop.train.plots.x_scale import UNITS, Unit
from engine.store.curves import Curves

REDRAW_MS = 100
SENTENCE_SECONDS = 1.0
FILE_KINDS: dict[ExportKind, str] = {
    "png": "Picture (*.png)",
    "svg": "Drawing (*.svg)",
    "csv": "Numbers (*.csv)",
}


class RunCurves(QWidget):
    """Losses and similarity index of a run, with another run laid over them if asked for."""

    overlay_cleared = Signal()
    """The run is shown alone again."""

    def __init__(self, jobs: Jobs, messages: Messages, parent: QWidget | None = None) -> None:
        """``jobs`` write what is exported; ``messages`` say where."""
        super().__init__(parent)
        self._main = RunLines(Curves())
        self._overlay: RunLines | None = None
        self._unit: Unit | None = None
        self._window: Range | None = None
        self._width: int | None = None
        self._dirty = True
        self._said_at = -SENTENCE_SECONDS
        self.bar = CurvesBar()
        self.losses = LossCard()
        self.similarity = SimilarityCard()
        self.exporting = CurvesExport(jobs, messages, self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._redraw_if_seen)
        self._say_later = QTimer(self)
        self._say_later.setSingleShot(True)
        self._say_later.timeout.connect(self._say)
        self._build()
        self._connect()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        # The losses have many names to tell, the index one.
        row.addWidget(self.losses, 3)
        row.addWidget(self.similarity, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.bar.unit_changed.connect(self._take_unit)
        self.bar.width_changed.connect(self._take_width)
        self.bar.everything_asked.connect(self.show_everything)
        self.bar.overlay_unwanted.connect(self.clear_overlay)
        self.bar.export_asked.connect(self._ask_where)
        for card in self.cards:
            card.area.x_asked.connect(self._take_window)
            card.area.pointed.connect(self._point_at)
            card.area.resized.connect(self.refresh)

    @property
    def cards(self) -> tuple[CurveCard, ...]:
        """The charts."""
        return self.losses, self.similarity

    @property
    def curves(self) -> Curves:
        """The run that is shown."""
        return self._main.curves

    @property
    def window_shown(self) -> Range:
        """What is shown along x."""
        return self._look().x_range

    def set_curves(self, curves: Curves) -> None:
        """Show a run; the same object may be fed further, `refresh` shows what came."""
        self._main = RunLines(curves)
        self._window = self._width = None
        self._said_at = -SENTENCE_SECONDS
        for card in self.cards:
            card.forget_height()
        self._redraw()

    def add_overlay(self, name: str, curves: Curves) -> None:
        """Lay another run over it, dashed and named; in the place of one laid over before."""
        self._overlay = RunLines(curves, name, overlay=True)
        self._redraw()

    @Slot()
    def clear_overlay(self) -> None:
        """Show the run alone again."""
        if self._overlay is None:
            return
        self._overlay = None
        self._redraw()
        self.overlay_cleared.emit()

    @Slot()
    def refresh(self) -> None:
        """Show what came since the last time; may be called as often as events come."""
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(REDRAW_MS)

    @Slot()
    def show_everything(self) -> None:
        """Undo every zoom."""
        self._window = None
        for card in self.cards:
            card.forget_height()
        self._redraw()

    @property
    def unit(self) -> Unit:
        """Along what is drawn: what was chosen, else epochs as soon as the run tells them."""
        offered = self._offered()
        if self._unit in offered:
            return self._unit
        return "epochs" if "epochs" in offered else "steps"

    @property
    def width_of_average(self) -> int:
        """Steps over which is smoothed."""
        return self._width or usual_width(self.curves, WIDTHS)

    def _offered(self) -> frozenset[Unit]:
        return frozenset(unit for unit in UNITS if self._main.scale(unit) is not None)

    def _look(self) -> Look:
        return Look(self._main, self._overlay, self.unit, self._window, self.width_of_average)

    @Slot()
    def _redraw_if_seen(self) -> None:
        if self._dirty and self.isVisible():
            self._redraw()

    def _redraw(self) -> None:
        """Draw now; what is not seen is drawn when it comes into sight."""
        if not self.isVisible():
            self._dirty = True
            return
        self._dirty = False
        look = self._look()
        self.bar.show_units(look.unit, self._offered())
        self.bar.show_smoothing(self.width_of_average)
        self.bar.show_zoomed(self._window is not None or any(card.zoomed for card in self.cards))
        self.bar.show_overlay("" if self._overlay is None else self._overlay.name)
        for card in self.cards:
            card.show_look(look)
        self._say()

    @Slot()
    def _say(self) -> None:
        # Not with every picture: a sentence that changes ten times a second cannot be read.
        since = monotonic() - self._said_at
        if since < SENTENCE_SECONDS and not self.curves.ended:
            self._say_later.start(int(1000 * (SENTENCE_SECONDS - since)) + 1)
            return
        self._say_later.stop()
        self._said_at = monotonic()
        hidden = self.losses.legend.hidden
        self.losses.say(loss_sentence(self.curves), wanted_words(self.curves, hidden))
        self.similarity.say(similarity_sentence(self.curves), similarity_caption(self.curves))

    @Slot(str)
    def _take_unit(self, unit: Unit) -> None:
        self._unit = unit
        self._window = None
        self._redraw()

    @Slot(int)
    def _take_width(self, width: int) -> None:
        self._width = width
        self._redraw()

    @Slot(object)
    def _take_window(self, asked: Range | None) -> None:
        everything = self._look().everything
        self._window = None if asked is None or asked == everything else asked
        self._redraw()

    @Slot(object)
    def _point_at(self, place: float | None) -> None:
        for card in self.cards:
            card.point_at(place)

    @Slot(str)
    def _ask_where(self, kind: ExportKind) -> None:
        suggested = suggested_name(self.curves, kind)
        path, _ = QFileDialog.getSaveFileName(self, "Export", suggested, FILE_KINDS[kind])
        if path:
            self.export(kind, Path(path))

    def export(self, kind: ExportKind, path: Path) -> None:
        """Write what is shown as a picture, or all numbers of the run as a table."""
        runs = [(lines.name or lines.curves.name, lines.curves) for lines in self._look().runs]
        if kind == "csv":
            self.exporting.table(runs, path)
        else:
            self.exporting.picture(kind, self.cards, self.curves.name, path)

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came meanwhile."""
        super().showEvent(event)
        # After the page itself has been drawn: the first picture imports pyqtgraph.
        self._timer.start(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is drawn that is not seen."""
        self._timer.stop()
        self._say_later.stop()
        self._dirty = True
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme has other colours."""
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self.refresh()
        super().changeEvent(event)
