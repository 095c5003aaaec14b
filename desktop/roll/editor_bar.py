"""The bar above an open lane: back, track, tools, grid, scale, ghosts, and what is selected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop.roll.commands import COMMANDS
from desktop.roll.editor_words import selection_text
from desktop.roll.lanes import LanesView
from desktop.roll.open_painter import Look
from desktop.roll.tools import TOOLS, Tool
from desktop.theme import track_role
from desktop.widgets.icons import icon
from desktop.widgets.menus import add_row, give_menu
from engine.music.harmony import PITCH_CLASSES
from engine.music.note_grid import GridStep
from engine.music.scales import SCALE_STEPS, Scale, ScaleSpan, scales_along

HEIGHT = 40
_ICON = QSize(18, 18)


@dataclass(frozen=True, slots=True)
class EditorChoices:
    """What notes are drawn to and seen against.

    ``scale`` None is that of the music; ``highlights`` whether one is marked at all, ``ghosts``
    whether the notes of the other tracks are seen.
    """

    step: GridStep = GridStep.SIXTEENTH
    scale: Scale | None = None
    highlights: bool = True
    ghosts: bool = True


class EditorBar(QWidget):
    """Shown while a lane is open. Speaks to the lanes alone."""

    choices_changed = Signal(object)
    """The `EditorChoices` that the user has made."""

    def __init__(self, lanes: LanesView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT)
        self._lanes = lanes
        self._choices = EditorChoices()
        self._keyed: tuple[object, object] | None = None
        self._found: tuple[ScaleSpan, ...] = ()
        self._tools: dict[Tool, QToolButton] = {}
        self._build()
        lanes.opened_changed.connect(self._show_opened)
        lanes.tool_changed.connect(self._show_tool)
        lanes.notes_menu_requested.connect(self._open_notes_menu)
        lanes.editor.watch(self._show_selection)
        self.hide()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 12, 5)
        row.setSpacing(4)
        self._back = _button("arrow-left", "Show all tracks (Escape)", "All tracks")
        self._back.clicked.connect(self._lanes.close_lane)
        self._track = _button("", "The track that is edited (Page Up, Page Down)", "Track")
        give_menu(self._track, QMenu(self._track))
        row.addWidget(self._back)
        row.addWidget(self._track)
        row.addSpacing(8)
        self._add_tools(row)
        row.addSpacing(8)
        self._add_choices(row)
        self._selected = QLabel("")
        self._selected.setProperty("kind", "quiet")
        row.addStretch(1)
        row.addWidget(self._selected)

    def _add_tools(self, row: QHBoxLayout) -> None:
        for spec in TOOLS:
            button = _button(spec.icon, f"{spec.tool.value} ({spec.key}): {spec.tip}", "")
            button.setCheckable(True)
            button.setChecked(spec.tool is Tool.SELECT)
            button.setAccessibleName(spec.tool.value)
            button.clicked.connect(partial(self._take_tool, spec.tool))
            self._tools[spec.tool] = button
            row.addWidget(button)

    def _add_choices(self, row: QHBoxLayout) -> None:
        self._grid = _button("grid", "The grid that notes are drawn to; Alt frees them", "1/16 ▾")
        self._grid.setMenu(self._grid_menu())
        self._scale = _button("music-accidental-sharp", "The scale that is marked", "Scale ▾")
        give_menu(self._scale, QMenu(self._scale))
        self._scale.menu().aboutToShow.connect(self._fill_scales)
        self._ghosts = _button("ghost-outline", "Show the notes of the other tracks", "")
        self._ghosts.setCheckable(True)
        self._ghosts.setChecked(True)
        self._ghosts.setAccessibleName("Notes of the other tracks")
        self._ghosts.toggled.connect(lambda on: self._choose(ghosts=on))
        self._zoom = _button("magnify-scan", "Zoom to the selected notes, else to all", "")
        self._zoom.setAccessibleName("Zoom to the selection")
        self._zoom.clicked.connect(self._lanes.zoom_to_selection)
        self._notes = _button(
            "", "What can be done with notes: also timing and quantising", "Notes ▾"
        )
        give_menu(self._notes, self._notes_menu())
        for button in (self._grid, self._scale, self._ghosts, self._zoom, self._notes):
            row.addWidget(button)

    def _grid_menu(self) -> QMenu:
        menu = QMenu(self._grid)
        group = QActionGroup(menu)
        self._steps: dict[GridStep, QAction] = {}
        for step in GridStep:
            if step in (GridStep.QUARTER_TRIPLET, GridStep.OFF):
                menu.addSeparator()
            choice = add_row(menu, step.value, partial(self._choose_grid, step))
            choice.setCheckable(True)
            choice.setChecked(step is self._choices.step)
            group.addAction(choice)
            self._steps[step] = choice
        return menu

    def _notes_menu(self) -> QMenu:
        menu = QMenu(self._notes)
        for spec in COMMANDS:
            add_row(menu, spec.text, partial(self._lanes.command, spec.id))
            if spec.id in ("delete", "same_pitches"):
                menu.addSeparator()
        menu.aboutToShow.connect(self._name_rows)
        return menu

    def offer(self, actions: Sequence[QAction]) -> None:
        """What else can be done with notes, below the commands of the menu."""
        self._notes.menu().addSeparator()
        self._notes.menu().addActions(list(actions))

    @Slot()
    def _name_rows(self) -> None:
        """With their keys of now; what needs notes is grey without."""
        rows = [row for row in self._notes.menu().actions() if not row.isSeparator()]
        for spec, row in zip(COMMANDS, rows, strict=False):
            keys = self._lanes.keys.keys_of(spec.id)
            key = keys[-1 if spec.id == "duplicate" else 0] if keys else ""
            row.setText(f"{spec.text}\t{key}" if key else spec.text)
            row.setEnabled(spec.needs.met(self._lanes))

    def show_keys(self, tips: Mapping[Tool, str]) -> None:
        """Other tooltips for the tools, which tell their keys."""
        for tool, tip in tips.items():
            self._tools[tool].setToolTip(f"{tool.value}: {tip}")

    @Slot(QPoint)
    def _open_notes_menu(self, point: QPoint) -> None:
        self._notes.menu().popup(point)

    def _take_tool(self, tool: Tool) -> None:
        self._lanes.set_tool(tool)
        self._show_tool(tool)
        self._lanes.setFocus()

    @Slot(object)
    def _show_tool(self, tool: Tool) -> None:
        for each, button in self._tools.items():
            button.setChecked(each is tool)

    def show_choices(self, choices: EditorChoices) -> None:
        """Take up what was chosen before; nobody is told."""
        self._choices = choices
        self._grid.setText(f"{choices.step.value} ▾")
        self._steps[choices.step].setChecked(True)
        self._lanes.set_grid_step(choices.step)
        self._ghosts.setChecked(choices.ghosts)
        self._show_look()

    def _choose(self, **changes: Any) -> None:
        choices = replace(self._choices, **changes)
        if choices != self._choices:
            self.show_choices(choices)
            self.choices_changed.emit(choices)

    def _choose_grid(self, step: GridStep) -> None:
        self._choose(step=step)
        if step is not GridStep.OFF:
            lanes = self._lanes
            lanes.editor.take_length(lanes.grid().length_at(lanes.playhead()))
        self._lanes.setFocus()

    @Slot(int)
    def _show_opened(self, index: int) -> None:
        self.setVisible(index >= 0)
        if index >= 0:
            self.refresh()
            self._fill_tracks()
            self._lanes.setFocus()

    def refresh(self) -> None:
        """Show what the open lane holds now: its name, the scale of the music."""
        lanes = self._lanes
        if lanes.opened is None:
            return
        lane = lanes.lanes[lanes.opened]
        self._track.setText(f"{lane.track.name} ▾")
        self._scale.setVisible(not lane.track.is_drum)
        self._ghosts.setVisible(not lane.track.is_drum)
        self._show_look()
        self._show_selection()

    def _fill_tracks(self) -> None:
        menu = self._track.menu()
        menu.clear()
        for lane in self._lanes.lanes:
            role = track_role(lane.index, lane.track.name, lane.track.program, lane.track.is_drum)
            choice = add_row(menu, lane.track.name, partial(self._open, lane.index))
            choice.setIcon(icon("circle", role))

    def _open(self, index: int) -> None:
        """Unless the track went while its name was offered."""
        if index < len(self._lanes.lanes):
            self._lanes.open_track(index)

    @Slot()
    def _show_look(self) -> None:
        scales = self._scales()
        text = scales[0].scale.name if scales else "No scale"
        highlights = self._choices.highlights
        self._scale.setText(f"{text if highlights else 'Piano keys'} ▾")
        self._lanes.set_look(Look(self._choices.ghosts, scales if highlights else ()))

    def _scales(self) -> tuple[ScaleSpan, ...]:
        if self._choices.scale is not None:
            return (ScaleSpan(0, self._choices.scale),)
        music = self._lanes.editor.composition
        if (music.keys, music.melody.notes) != self._keyed:
            self._keyed = (music.keys, music.melody.notes)
            self._found = scales_along(music)
        return self._found

    def _fill_scales(self) -> None:
        menu = self._scale.menu()
        if menu.actions():  # a menu that is cleared keeps the menus below it for good
            return
        add_row(menu, "The key of the music", partial(self._choose_scale, None, True))
        add_row(menu, "None: black and white keys", partial(self._choose_scale, None, False))
        menu.addSeparator()
        for kind in SCALE_STEPS:
            tonics = menu.addMenu(kind.capitalize())
            for tonic in range(PITCH_CLASSES):
                scale = Scale(tonic, kind)
                name = scale.name.removesuffix(f" {kind}")
                add_row(tonics, name, partial(self._choose_scale, scale, True))

    def _choose_scale(self, scale: Scale | None, highlights: bool) -> None:
        self._choose(scale=scale, highlights=highlights)

    def _show_selection(self) -> None:
        if not self.isHidden():
            editor, music = self._lanes.editor, self._lanes.music
            quarter = music.composition.ticks_per_quarter
            self._selected.setText(selection_text(editor.selection.every(), music.meters, quarter))


def _button(name: str, tip: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setIconSize(_ICON)
    if name:
        button.setIcon(icon(name))
    if text:
        button.setText(text)
        both = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        button.setToolButtonStyle(both if name else Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button
