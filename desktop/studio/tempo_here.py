"""A tempo and a meter that begin at a bar: by the ruler's menu or marks, or at the playhead."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from desktop.studio.chord_writing import ChordWriting
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.studio.playback import Playback
from desktop.widgets.menus import add_row
from desktop.widgets.tempo_card import TempoCard
from engine.music.composition import Composition
from engine.music.tempo_edits import (
    with_meter_from,
    with_tempo_from,
    without_meter_at,
    without_tempo_at,
)
from engine.music.ticks import meter_map, tempo_map

if TYPE_CHECKING:
    from desktop.app import App


class TempoHere(QObject):
    """Opens the card for the bar that is meant; each use is one edit."""

    def __init__(
        self,
        app: "App",
        area: LanesArea,
        desk: Desk,
        playback: Playback,
        chords: ChordWriting,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._area = area
        self._desk = desk
        self._playback = playback
        self._tick = 0
        self._card: TempoCard | None = None
        self._before = chords.further
        chords.further = self.fill
        area.lanes.tempo_requested.connect(self.open_at)
        app.actions["tempo_here"].triggered.connect(self.open)
        app.document.changed.connect(self._on_document)

    @property
    def card(self) -> TempoCard:
        """The card, made when it is first asked for."""
        if self._card is None:
            self._card = TempoCard(self._area)
            self._card.applied.connect(self.apply)
            self._card.removed.connect(self.remove)
        return self._card

    def fill(self, menu: QMenu, tick: int) -> None:
        """Its row of the ruler's menu, below what others have there."""
        self._before(menu, tick)
        bar = meter_map(self._desk.shown).position_at(max(0, tick)).bar
        menu.addSeparator()
        add_row(menu, f"Tempo and meter from bar {bar} on…", partial(self.open_at, tick))

    @Slot()
    def open(self) -> None:
        """For the bar of the playhead."""
        self.open_at(round(self._playback.position))

    @Slot(int)
    def open_at(self, tick: int) -> None:
        """For the bar that holds a tick."""
        self.card.make_room()
        shown = self._desk.shown
        meters = meter_map(shown)
        bar = meters.position_at(max(0, tick)).bar
        self._tick = meters.bar_start(bar)
        meter = meters.meter_at(self._tick)
        changes = {tempo.tick for tempo in shown.tempos} | {each.tick for each in shown.meters}
        self.card.show_bar(
            bar,
            tempo_map(shown).tempo_at(self._tick).beats_per_minute,
            (meter.numerator, meter.denominator),
            changes=self._tick > 0 and self._tick in changes,
        )
        self.card.open()

    @Slot()
    def apply(self) -> None:
        """What the card says, as one edit; what holds already is no change."""
        shown, tick = self._desk.shown, self._tick
        changed, tempo = shown, self.card.tempo.value()
        if abs(tempo_map(shown).tempo_at(tick).beats_per_minute - tempo) >= 0.05:
            changed = with_tempo_from(changed, tick, tempo)
        above, below = self.card.meter.meter
        meter = meter_map(shown).meter_at(tick)
        if (above, below) != (meter.numerator, meter.denominator):
            changed = with_meter_from(changed, tick, above, below)
        self._edit(changed, "Tempo and meter")

    @Slot()
    def remove(self) -> None:
        """What was before goes on."""
        shown = without_tempo_at(self._desk.shown, self._tick)
        self._edit(without_meter_at(shown, self._tick), "Take tempo change away")

    def _edit(self, changed: Composition, name: str) -> None:
        self.card.hide()
        self._desk.edit(changed, name)

    @Slot(object)
    def _on_document(self, _composition: Composition) -> None:
        if self._card is not None:
            self._card.hide()
