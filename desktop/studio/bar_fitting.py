"""Free playing on a grid: beats and bars are found, corrected, and the music laid on them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.messages import MessageAction
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.studio.recording import Recording
from desktop.studio.take_edits import with_played_times
from desktop.studio.trial import Trial
from desktop.widgets.fit_card import FitCard
from engine.music.bar_finding import found_beats
from engine.music.beats import Beats
from engine.music.composition import Composition
from engine.music.fitted_bars import fitted, played_seconds, with_line_dragged
from engine.music.reworking import reworked
from engine.music.rhythm_assist import assisted
from engine.music.scope import Scope

if TYPE_CHECKING:
    from desktop.app import App

PREVIEW_MS = 60
FEWEST_NOTES = 4
NO_CLICK = "Played without a click? Tutti finds the bars in your playing."
TOO_FEW = "Play or open a melody first: its notes tell where the bars are."


class BarFitting(QObject):
    """Asks for the beats off the GUI thread, then opens the card with them."""

    def __init__(
        self,
        app: "App",
        area: LanesArea,
        desk: Desk,
        recording: Recording,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._area = area
        self._desk = desk
        self._base = desk.shown
        self._trial = Trial(
            self, desk, self._made_card, self._show, self._bind_bars, soon_ms=PREVIEW_MS
        )
        area.lanes.bar_line_moved.connect(self.drag_line)
        app.actions["fit_bars"].triggered.connect(self.open)
        recording.kept.connect(self._offer)
        app.document.changed.connect(self._on_document)

    @property
    def card(self) -> FitCard:
        """The card, made when it is first asked for."""
        return self._trial.card

    def _made_card(self) -> FitCard:
        card = FitCard(self._area)
        card.changed.connect(self._trial.show_soon)
        card.applied.connect(self.apply)
        return card

    @Slot()
    def open(self) -> None:
        """Look for the beats of the melody; the card opens with what was found."""
        self.card.make_room()
        shown = self._desk.shown
        if len(shown.melody.notes) < FEWEST_NOTES:
            self._app.messages.tell(TOO_FEW)
            return
        base = with_played_times(shown)
        notes = played_seconds(base)

        def done(beats: Beats) -> None:
            if self._desk.shown is shown:
                self._begin(base, beats)

        self._app.jobs.run(lambda control: found_beats(notes), done, title="Finding the beats")

    def _begin(self, base: Composition, beats: Beats) -> None:
        self._base = base
        self.card.show_notes(played_seconds(base))
        self.card.show_beats(beats)
        self._trial.open()

    def _wanted(self) -> Composition:
        after = fitted(self._base, self.card.beats, steady=self.card.steady)
        if not self.card.to_grid.isChecked():
            return after
        return reworked(after, Scope(), assisted(after, Scope()))

    @Slot()
    def try_out(self) -> None:
        """Show and play the music on the bars of the card, without an edit."""
        self._trial.show()

    def _show(self) -> None:
        self._desk.try_out(self._wanted())
        self._area.lanes.set_loose_bars(self._desk.shown.end)

    def _bind_bars(self) -> None:
        self._area.lanes.set_loose_bars(None)

    @Slot(int, int, bool)
    def drag_line(self, tick: int, to_tick: int, exact: bool) -> None:
        """A bar line was dragged in the lanes: the card and the music follow."""
        if self._trial.is_open:
            beats = with_line_dragged(self._base, self.card.beats, tick, to_tick, exact=exact)
            self.card.show_beats(beats)

    @Slot()
    def apply(self) -> None:
        """Make it one edit."""
        wanted = self._wanted()
        self._trial.end()
        self._desk.edit(wanted, "Fit bars")

    @Slot()
    def _offer(self) -> None:
        """Who records without a click may not have played to any bars."""
        shown = self._desk.shown
        alone = not shown.accompaniment and len(shown.recorded) == 1
        if alone and not self._app.actions["click"].isChecked():
            fit = MessageAction("Fit bars", self.open)
            self._app.messages.tell(NO_CLICK, "info", fit)

    @Slot(object)
    def _on_document(self, _composition: Composition) -> None:
        """The music is another now: what was found no longer belongs to it."""
        self._trial.end()
