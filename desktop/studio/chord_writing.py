"""Writing chords: the field over the ruler, the menu, the dialogs; each of them one edit."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Slot
from PySide6.QtWidgets import QDialog, QMenu

from desktop.roll.chord_field import ChordField
from desktop.roll.chord_row import CHORDS_HEIGHT, LEAST_SLOT, slots_of_bar
from desktop.studio.chord_dialogs import ChordSheetDialog, PlayedChordsDialog
from desktop.studio.chord_edits import (
    next_place,
    symbol_from,
    with_chord,
    with_implied,
    with_marks,
    with_played,
    without_chord,
)
from desktop.studio.chords import own_chords
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.widgets.menus import add_row
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition
from engine.music.ticks import MeterMap, meter_map

if TYPE_CHECKING:
    from desktop.app import App

NO_CHORDS_YET = "Play a melody or open one first; its bars are where chords stand."


class ChordWriting(QObject):
    """Turns what is written above the lanes into edits of the document."""

    def __init__(
        self, app: "App", area: LanesArea, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._area = area
        self._desk = desk
        self.further: Callable[[QMenu, int], None] = lambda _menu, _tick: None
        """What else the ruler's menu offers for a tick."""
        self.field = ChordField(area.lanes)
        self.field.written.connect(self.write)
        self.field.went_on.connect(self._go_on)
        self.field.closed.connect(area.lanes.setFocus)
        self._menu = QMenu(area.column)
        self._menu.aboutToShow.connect(lambda: self._fill(self._menu, None))
        area.column.chords.setMenu(self._menu)
        area.lanes.chord_requested.connect(self.open_at)
        area.lanes.ruler_menu_requested.connect(self._show_menu)
        area.lanes.viewport.changed.connect(self._follow_view)
        app.actions["write_chord"].triggered.connect(self._write_here)
        app.actions["write_chords"].triggered.connect(self.write_all)
        app.generator_changed.connect(self._show_offer)
        self._show_offer()

    @property
    def refusal(self) -> str:
        """Why chords are of no use with the model in force; empty where it takes them."""
        generator = self._app.generator
        if generator is None or "chords" in generator.offers:
            return ""
        return f"{generator.card.name} takes no chords; it finds its own."

    @Slot()
    def _show_offer(self) -> None:
        for action_id in ("write_chord", "write_chords"):
            self._app.actions[action_id].setEnabled(not self.refusal)
        self._area.column.chords.setToolTip(
            self.refusal or "Chords that the band should play: write, keep or delete them"
        )

    # The field

    @Slot(int)
    def open_at(self, tick: int) -> None:
        """Write the chord at a tick, unless the model has no use for it."""
        if self.refusal:
            self._app.messages.tell(self.refusal)
        elif not self._desk.shown.melody.notes:
            self._app.messages.tell(NO_CHORDS_YET)
        else:
            self.field.open_at(tick, symbol_from(self._desk.shown, tick), self._place(tick))

    def _place(self, tick: int) -> QRect:
        axis, slot = self._area.lanes.axis, slots_of_bar(self._meters, tick)[-1]
        wide = max(LEAST_SLOT, round(slot * axis.pixels_per_tick))
        return QRect(axis.x_at(tick), self._area.lanes.chords_top(), wide, CHORDS_HEIGHT)

    @property
    def _meters(self) -> MeterMap:
        return meter_map(self._desk.shown)

    @Slot()
    def _write_here(self) -> None:
        """At the playhead."""
        lanes = self._area.lanes
        lanes.chord_requested.emit(lanes.chord_place(lanes.position))

    @Slot(int, str)
    def write(self, tick: int, symbol: str) -> None:
        """A chord was written; an empty one takes away what was there."""
        self._edit(with_chord(self._desk.shown, tick, symbol), f"Chord {symbol}".strip())

    @Slot(int, int, bool)
    def _go_on(self, tick: int, way: int, by_bars: bool) -> None:
        following = next_place(self._meters, tick, way, by_bars=by_bars)
        lanes = self._area.lanes
        if not 0 <= lanes.axis.x_at(following) < lanes.width() - LEAST_SLOT:
            lanes.viewport.show_tick(following)
        self.open_at(following)

    @Slot()
    def _follow_view(self) -> None:
        """The field stays over its place when the view scrolls or zooms."""
        if self.field.isVisible():
            lanes = self._area.lanes
            self.field.move(lanes.axis.x_at(self.field.tick), lanes.chords_top())

    # The menu

    @Slot(int, QPoint)
    def _show_menu(self, tick: int, where: QPoint) -> None:
        menu = self.menu_at(tick)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu_at(self, tick: int) -> QMenu:
        """What can be done with the chords, and with the one at a tick."""
        menu = QMenu(self._area)
        self._fill(menu, tick)
        self.further(menu, tick)
        return menu

    def _fill(self, menu: QMenu, tick: int | None) -> None:
        """The rows; those for one place only where there is one."""
        menu.clear()
        shown = self._desk.shown
        if self.refusal:
            menu.addAction(self.refusal).setEnabled(False)
            menu.addSeparator()
        place = self._area.lanes.chord_place(self._area.lanes.position) if tick is None else tick
        has_notes = bool(shown.melody.notes)
        for text, act, possible in (
            ("Write a chord…", partial(self.open_at, place), has_notes),
            ("Write all chords…", self.write_all, has_notes),
            ("Keep the band's chords", self.keep_implied, bool(shown.accompaniment)),
            ("Chords from what was played…", self.take_played, has_notes),
        ):
            add_row(menu, text, act).setEnabled(possible and not self.refusal)
        menu.addSeparator()
        here = [each for each in own_chords(shown) if each.start <= place < each.end]
        if tick is not None and here:
            add_row(menu, f"Delete {here[0].symbol}", partial(self.delete_at, place))
        add_row(menu, "Delete all your chords", self.delete_all).setEnabled(bool(shown.chords))

    @Slot()
    def write_all(self) -> None:
        """All of them as one text."""
        dialog = ChordSheetDialog(self._desk.shown.chords, self._meters, self._area)
        dialog.finished.connect(lambda code: self._take_sheet(dialog, code))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_sheet(self, dialog: ChordSheetDialog, code: int) -> None:
        if code == QDialog.DialogCode.Accepted:
            marks = [*dialog.marks]
            if marks and marks[-1].symbol:
                marks.append(self._end_of_bar(marks[-1].tick))
            self._edit(with_marks(self._desk.shown, marks), "Write chords")

    def _end_of_bar(self, tick: int) -> ChordMark:
        meters = self._meters
        return ChordMark(meters.bar_start(meters.position_at(tick).bar + 1))

    @Slot()
    def keep_implied(self) -> None:
        """What the band plays now is what it shall play."""
        self._edit(with_implied(self._desk.shown), "Keep chords")

    @Slot()
    def take_played(self) -> None:
        """Chords from a left hand or another track."""
        dialog = PlayedChordsDialog(self._desk.shown, self._area)
        dialog.finished.connect(lambda code: self._take_hand(dialog, code))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _take_hand(self, dialog: PlayedChordsDialog, code: int) -> None:
        if code != QDialog.DialogCode.Accepted:
            return
        changed = with_played(
            self._desk.shown, dialog.track, dialog.below, leave_out=dialog.leaves_out
        )
        self._edit(changed, "Chords from what was played")

    def delete_at(self, tick: int) -> None:
        """The chord that holds at a tick goes."""
        self._edit(without_chord(self._desk.shown, tick), "Delete chord")

    def delete_all(self) -> None:
        """All of them go."""
        self._edit(with_marks(self._desk.shown, ()), "Delete chords")

    def _edit(self, changed: Composition, name: str) -> None:
        self._desk.edit_beside(changed, name)
