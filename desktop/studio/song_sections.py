"""Sections of a song, marked in the ruler: A, B, A, and whether a repeat shares or varies."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from desktop.studio.chord_writing import ChordWriting
from desktop.studio.desk import Desk
from desktop.studio.lanes_area import LanesArea
from desktop.studio.playback import Playback
from desktop.widgets.band_panel import bars_named
from desktop.widgets.menus import add_row
from engine.music.composition import Composition
from engine.music.sections import LETTERS, Section, sections_of, with_section
from engine.music.ticks import meter_map

SHARES = "Plays what the first {} plays"
VARIES = "Varies what the first {} plays"
TAKE_OVER = "Take over the band of the first {} now"
ALL_SHARE = "All repeats play what their first plays"
ALL_VARY = "All repeats vary what their first plays"
MOST_OFFERED = 5
"""Letters in the menu; who needs more begins with the next."""


class SongSections(QObject):
    """Shows a composition's sections in the ruler; turns its menu into edits."""

    def __init__(
        self,
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
        chords.further = self.fill
        desk.changed.connect(self._show)

    @Slot(object)
    def _show(self, composition: Composition) -> None:
        self._area.lanes.set_sections(shown_sections(composition))

    def fill(self, menu: QMenu, tick: int) -> None:
        """What can be done with the section at a tick, or with the bars that the loop marks."""
        if not self._desk.shown.melody.notes:
            return
        start, end = self._span(tick)
        menu.addSeparator()
        letters = menu.addMenu(f"Section, {self._bars(start, end)}")
        here = section_at(self._desk.shown, tick)
        for letter in self._letters():
            row = add_row(letters, letter, partial(self.mark, start, end, letter))
            row.setCheckable(True)
            row.setChecked(here is not None and here.letter == letter)
        letters.addSeparator()
        add_row(letters, "No section", partial(self.mark, start, end, ""))
        if here is not None and here.first is not None:
            self._fill_repeat(menu, here)

    def _fill_repeat(self, menu: QMenu, here: Section) -> None:
        for text, varied in ((SHARES, False), (VARIES, True)):
            row = add_row(menu, text.format(here.letter), partial(self.vary, here, varied))
            row.setCheckable(True)
            row.setChecked(here.varied is varied)
        row = add_row(menu, TAKE_OVER.format(here.letter), partial(self.take_over, here))
        row.setEnabled(bool(self._desk.shown.accompaniment))
        if len(self._repeats()) > 1:
            menu.addSeparator()
            add_row(menu, ALL_SHARE, partial(self.vary_all, False))
            add_row(menu, ALL_VARY, partial(self.vary_all, True))

    def _repeats(self) -> frozenset[int]:
        """Where sections begin whose letter stood before."""
        sections = shown_sections(self._desk.shown)
        return frozenset(each.start for each in sections if each.first is not None)

    def _letters(self) -> str:
        used = {mark.letter for mark in self._desk.shown.sections}
        count = max([MOST_OFFERED - 1, *(LETTERS.index(each) + 1 for each in used if each)]) + 1
        return LETTERS[:count]

    def _span(self, tick: int) -> tuple[int, int]:
        """The marked bars that hold the tick, else the section there, else the bars behind it."""
        shown, loop = self._desk.shown, self._playback.chosen_loop
        meters = meter_map(shown)
        if loop is not None and loop[0] <= tick < loop[1]:
            first = meters.bar_start(meters.position_at(loop[0]).bar)
            return first, meters.bar_end(loop[1])
        here = section_at(shown, tick)
        if here is not None:
            return here.start, here.end
        start = meters.bar_start(meters.position_at(tick).bar)
        after = [mark.tick for mark in shown.sections if mark.tick > start]
        return start, after[0] if after else max(meters.bar_end(shown.end), start + 1)

    def _bars(self, start: int, end: int) -> str:
        meters = meter_map(self._desk.shown)
        return bars_named(meters.position_at(start).bar, meters.position_at(end - 1).bar)

    def mark(self, start: int, end: int, letter: str, varied: bool = False) -> None:
        """Make bars a section, or none."""
        shown = self._desk.shown
        marks = with_section(shown.sections, start, end, letter, varied=varied)
        name = f"Section {letter}" if letter else "No section"
        self._desk.edit_sections(marks, name)

    def vary(self, section: Section, varied: bool) -> None:
        """Whether a repeat is varied by the next request."""
        self.mark(section.start, section.end, section.letter, varied)

    def vary_all(self, varied: bool) -> None:
        """Whether every repeat is varied by the next request, as one edit."""
        repeats = self._repeats()
        marks = tuple(
            replace(mark, varied=varied) if mark.tick in repeats else mark
            for mark in self._desk.shown.sections
        )
        self._desk.edit_sections(marks, "Vary all repeats" if varied else "Share all repeats")

    def take_over(self, section: Section) -> None:
        """A repeat has the band of its first at once."""
        # Here, so that the window need not wait for onnxruntime to be imported.
        from engine.generation.sectioned import with_first_s_band

        changed = with_first_s_band(self._desk.shown, section)
        self._desk.edit(changed, f"Section {section.letter} as the first")


def shown_sections(composition: Composition) -> tuple[Section, ...]:
    """The sections of a composition; its last one goes on to the end of the music's last bar."""
    if not composition.sections:
        return ()
    meters = meter_map(composition)
    last = meters.bar_start(meters.position_at(composition.sections[-1].tick).bar + 1)
    return sections_of(composition.sections, max(last, meters.bar_end(composition.end)))


def section_at(composition: Composition, tick: int) -> Section | None:
    """The section that holds a tick."""
    sections = shown_sections(composition)
    return next((each for each in sections if each.start <= tick < each.end), None)
