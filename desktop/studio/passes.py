"""Choosing among the passes of a recorded loop."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.messages import MessageAction
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.studio.playback import Playback
from desktop.studio.recording import Recording
from desktop.studio.take_edits import with_sounding
from desktop.studio.trial import Trial
from desktop.widgets.passes_card import PassesCard
from engine.music.composition import Composition
from engine.music.recorded import PlayedPass, Recorded

if TYPE_CHECKING:
    from desktop.app import App

NONE_RECORDED = "No loop was recorded in this melody: choose it beside the record button."


class Passes(QObject):
    """Shows the passes of the recording at the playhead; the chosen one is tried out."""

    def __init__(
        self,
        app: "App",
        area: LanesArea,
        desk: Desk,
        playback: Playback,
        recording: Recording,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._area = area
        self._desk = desk
        self._playback = playback
        self._recording = recording
        self._index = 0
        self._wanted: tuple[int, ...] = ()
        self._trial = Trial(self, desk, self._made_card, self._show)
        app.actions["passes"].triggered.connect(self.open)
        recording.passes_kept.connect(self._tell)
        app.document.changed.connect(self._on_document)

    @property
    def card(self) -> PassesCard:
        """The card, made when it is first asked for."""
        return self._trial.card

    def _made_card(self) -> PassesCard:
        card = PassesCard(self._area)
        card.chosen.connect(self.choose)
        card.applied.connect(self.apply)
        return card

    @Slot()
    def open(self) -> None:
        """Show the passes of the loop at the playhead, else those of the last one recorded."""
        index = self._at_hand()
        if index is None:
            self._app.messages.tell(NONE_RECORDED)
            return
        self._desk.try_out(None)
        self._index = index
        recorded = self._desk.shown.recorded[index]
        self._wanted = recorded.sounding
        self.card.offer([_told(i, each) for i, each in enumerate(recorded.passes)], self._wanted)
        self.card.apply.setEnabled(False)
        self._trial.open()

    def _at_hand(self) -> int | None:
        recordings = self._desk.shown.recorded
        several = [i for i, each in enumerate(recordings) if len(each.passes) > 1]
        tick = round(self._playback.position)
        here = [i for i in several if recordings[i].covers(tick)]
        found = here or several
        return found[-1] if found else None

    @Slot(object)
    def choose(self, numbers: tuple[int, ...]) -> None:
        """Let other passes be heard, without an edit."""
        self._wanted = numbers
        self._trial.rest()
        recorded = self._desk.shown.recorded[self._index]
        self.card.apply.setEnabled(numbers != recorded.sounding)
        self._trial.show()

    def _show(self) -> None:
        if self._wanted != self._desk.shown.recorded[self._index].sounding:
            self._desk.try_out(self._with_wanted())

    def _with_wanted(self) -> Composition:
        return with_sounding(self._desk.shown, self._index, self._wanted, self._recording.snap)

    @Slot()
    def apply(self) -> None:
        """Make what is tried out one edit."""
        self._trial.end()
        recorded = self._desk.shown.recorded[self._index]
        self._app.document.edit(self._with_wanted(), _name(self._wanted, recorded))

    @Slot(object)
    def _on_document(self, _composition: Composition) -> None:
        """What was edited elsewhere is no longer what the card was opened for."""
        self._trial.end()

    @Slot(int)
    def _tell(self, count: int) -> None:
        again = MessageAction("Choose", self.open)
        self._app.messages.tell(f"{count} passes are kept.", "info", again)


def _told(number: int, played: PlayedPass) -> str:
    count = len(played.notes)
    return f"Pass {number + 1} · {count} {'note' if count == 1 else 'notes'}"


def _name(numbers: tuple[int, ...], recorded: Recorded) -> str:
    if len(numbers) == len(recorded.passes) > 1:
        return "Choose all passes"
    return f"Choose pass {numbers[0] + 1}"
