"""Timing, lengths and pitches of notes after the fact: the card, and what is done in one stroke."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.roll.edits import Selection
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.studio.note_scopes import Offer, followed, offers, tracks_named
from desktop.studio.playback import Playback
from desktop.studio.take_edits import as_played
from desktop.studio.trial import Trial
from desktop.widgets.timing_card import TimingCard
from engine.music.composition import Composition
from engine.music.reworking import Reworking, all_reworked, key_of
from engine.music.rhythm_assist import assisted
from engine.music.scope import Scope, Scopes

if TYPE_CHECKING:
    from desktop.app import App

NO_NOTES = "There are no notes here yet."
NOT_PLAYED = "Nothing here was recorded, so there is no playing to go back to."
ON_GRID = "These notes lie on this grid already."
SNAPPED = " Snap drew them there; As played brings back the timing they were recorded with."
AS_PLAYED_ALREADY = "The melody is as it was played."


class NoteWork(QObject):
    """Offers the notes that are marked; tries out what the card says, and makes it one edit."""

    def __init__(
        self,
        app: "App",
        area: LanesArea,
        desk: Desk,
        playback: Playback,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._area = area
        self._desk = desk
        self._playback = playback
        self._base = desk.shown
        self._trial = Trial(self, desk, self._made_card, self._show, self._choose_again)
        self._chosen: Selection | None = None
        """What was selected when the card was opened, while it is."""
        self._goes_on: Reworking | None = None
        """What the card says when the notes under it are again as they were played."""
        actions = app.actions
        actions["timing"].triggered.connect(self.open)
        actions["rhythm_assist"].triggered.connect(self.assist)
        actions["as_played"].triggered.connect(self.go_back)
        for action_id, work in MOVES.items():
            actions[action_id].triggered.connect(self._mover(action_id, work))
        app.document.changed.connect(self._on_document)

    @property
    def card(self) -> TimingCard:
        """The card, made when it is first asked for."""
        return self._trial.card

    def _made_card(self) -> TimingCard:
        card = TimingCard(self._area)
        card.changed.connect(self._trial.show_soon)
        card.applied.connect(self.apply)
        card.assist_asked.connect(self._show_assist)
        card.as_played_asked.connect(self._go_back_in_card)
        return card

    # Which notes

    def offers(self) -> list[Offer]:
        """What can be worked on by name, what is selected or marked first."""
        selected = self._area.lanes.editor.selection.parts()
        return offers(self._desk.shown, selected, self._marked())

    def _marked(self) -> tuple[int, int] | None:
        return self._playback.chosen_loop if self._playback.looping else None

    def _scopes(self) -> Scopes:
        """What one stroke works on; says why where there is nothing."""
        found = self.offers()
        if not found:
            self._app.messages.tell(NO_NOTES)
            return ()
        return found[0][1]

    # The card

    @Slot()
    def open(self) -> None:
        """Open the card over the lanes."""
        found = self.offers()
        if not found:
            self._app.messages.tell(NO_NOTES)
            return
        self._desk.try_out(None)
        self._base = self._desk.shown
        self._chosen = self._area.lanes.editor.selection
        card = self.card
        card.offer(found)
        key = key_of(self._base)
        card.name_key(key.name if key is not None else "")
        work, self._goes_on = self._goes_on or Reworking(), None
        card.show_reworking(work)
        self._trial.open()

    @Slot()
    def try_out(self) -> None:
        """Show and play what the card says, without an edit."""
        self._trial.show()

    def _show(self) -> None:
        scopes = self.card.scopes
        wanted = all_reworked(self._base, scopes, self.card.reworking)
        moved = _moved(self._base, wanted, scopes)
        count = sum(len(scope.chosen(self._base)) for scope in scopes)
        told = f"{moved} of {count} notes change." if moved else self._stays(scopes)
        self.card.told.setText(told)
        self.card.apply.setEnabled(wanted != self._base)
        self.card.as_played.setEnabled(bool(self._base.recorded) and _melody_in(scopes))
        self._desk.try_out(None if wanted is self._base else wanted)
        self._follow(self._chosen, self._base, wanted, scopes)

    def _follow(
        self, chosen: Selection | None, before: Composition, after: Composition, scopes: Scopes
    ) -> None:
        """Select notes where they went."""
        if chosen:
            self._area.lanes.editor.choose(followed(chosen, before, after, scopes))

    def _choose_again(self) -> None:
        """The card is closed: what was selected is so again, when its notes are shown."""
        chosen, self._chosen = self._chosen, None
        if chosen:
            self._area.lanes.editor.choose(chosen)

    def _stays(self, scopes: Scopes) -> str:
        """Why a strength changes nothing; empty where none is asked for."""
        if not self.card.reworking.strength:
            return ""
        was_played = _melody_in(scopes) and self._base.recorded
        return ON_GRID + (SNAPPED if was_played else "")

    @Slot()
    def apply(self) -> None:
        """Make what is tried out one edit."""
        scopes, wanted = self.card.scopes, self.card.reworking
        self._trial.end()
        self._edit(self._base, all_reworked(self._base, scopes, wanted), scopes, "Timing")

    @Slot()
    def _show_assist(self) -> None:
        self.card.show_reworking(assisted(self._base, *self.card.scopes))

    @Slot()
    def _go_back_in_card(self) -> None:
        """The card stays: gentler than as it was drawn is now a matter of strength."""
        self._goes_on = self.card.reworking
        self._trial.rest()
        before = self._app.document.composition
        self._go_back(next(scope for scope in self.card.scopes if scope.track == 0))
        if self._app.document.composition is before:
            self._goes_on = None

    @Slot(object)
    def _on_document(self, _composition: Composition) -> None:
        """An edit from elsewhere, or Undo: begin anew with what is there now."""
        if self._trial.is_open:
            self._trial.rest()
            QTimer.singleShot(0, self, self._begin_anew)

    @Slot()
    def _begin_anew(self) -> None:
        if not self._trial.is_open:
            return
        before, self._base = self._base, self._desk.shown
        if [track.notes for track in before.tracks] == [each.notes for each in self._base.tracks]:
            self._trial.show()  # only the mix or the like
        else:
            if self._chosen is not None:
                self._area.lanes.editor.choose(self._chosen.within(self._base))
            self.open()

    # In one stroke

    @Slot()
    def assist(self) -> None:
        """Rhythm assist: the grid that was meant, at a strength that helps."""
        scopes, before = self._scopes(), self._desk.shown
        if not scopes:
            return
        work = assisted(before, *scopes)
        after = all_reworked(before, scopes, work)
        moved = _moved(before, after, scopes)
        if not moved:
            self._app.messages.tell("These notes lie on their grid already.")
            return
        self._edit(before, after, scopes, "Rhythm assist")
        swing = f", swung by {work.rhythm.swing} %" if work.rhythm.swings else ""
        notes = "1 note" if moved == 1 else f"{moved} notes"
        where = f" of {tracks_named(before, scopes)}" if len(scopes) > 1 else ""
        self._app.messages.tell(f"{notes}{where} drawn to {work.rhythm.name}{swing}.")

    def _mover(self, action_id: str, work: Reworking) -> Callable[[], None]:
        def move() -> None:
            scopes = self._pitched(self._scopes())
            if scopes:
                before = self._desk.shown
                after = all_reworked(before, scopes, work)
                self._edit(before, after, scopes, self._app.actions[action_id].text())

        return move

    def _pitched(self, scopes: Scopes) -> Scopes:
        """Scopes without drums where there is more than them: they have nothing to transpose."""
        tracks = self._desk.shown.tracks
        return tuple(each for each in scopes if not tracks[each.track].is_drum) or scopes

    @Slot()
    def go_back(self) -> None:
        """Back to what was played: in the marked bars, else everywhere."""
        span = self._marked()
        self._go_back(Scope() if span is None else Scope(0, *span))

    def _go_back(self, scope: Scope) -> None:
        shown = self._desk.shown
        if not shown.recorded:
            self._app.messages.tell(NOT_PLAYED)
            return
        after = as_played(shown, scope.start, scope.end)
        if after == shown:
            self._app.messages.tell(AS_PLAYED_ALREADY)
            return
        self._desk.edit_beside(after, "Back to what was played")

    def _edit(self, before: Composition, after: Composition, scopes: Scopes, name: str) -> None:
        chosen = self._area.lanes.editor.selection
        if all(scope.track == 0 for scope in scopes):
            self._desk.edit_beside(after, name)
        else:
            self._desk.edit(after, name)
        self._follow(chosen, before, self._desk.shown, scopes)


MOVES = {
    "octave_up": Reworking(semitones=12),
    "octave_down": Reworking(semitones=-12),
    "key_up": Reworking(degrees=1),
    "key_down": Reworking(degrees=-1),
    "legato": Reworking(length="legato"),
}
"""What menus do in one stroke."""


def _moved(before: Composition, after: Composition, scopes: Scopes) -> int:
    """How many notes of the tracks have changed."""
    pairs = ((before.tracks[scope.track], after.tracks[scope.track]) for scope in scopes)
    return sum(len(set(new.notes) - set(old.notes)) for old, new in pairs if new is not old)


def _melody_in(scopes: Scopes) -> bool:
    return any(scope.track == 0 for scope in scopes)
