"""What the keys do with the selected notes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop.roll.commands import COMMANDS, Command, Desk, choose_beside, choose_none
from desktop.roll.tools import TOOLS, Tool
from engine.music.note_columns import begun_later, lengthened, louder, moved
from engine.music.note_grid import GridStep, NoteGrid

OCTAVE = 12
_VELOCITY_STEP = 8
_OFF_STEPS = 48
"""Without a grid the arrows move by so much of a quarter."""
_Key, _Modifiers = Qt.Key, Qt.KeyboardModifier
_SEMITONES = {_Key.Key_Up: 1, _Key.Key_Down: -1}
_STEPS = {_Key.Key_Right: 1, _Key.Key_Left: -1}
_SHIFT, _CONTROL, _ALT = (
    _Modifiers.ShiftModifier,
    _Modifiers.ControlModifier,
    _Modifiers.AltModifier,
)
_HELD = _SHIFT | _CONTROL | _ALT
_ALONG = (_Modifiers.NoModifier, _SHIFT, _CONTROL)
_ACROSS = (*_ALONG, _SHIFT | _CONTROL, _ALT, _ALT | _SHIFT)
"""What may be held with the arrows; other combinations are the window's."""


class KeyTable:
    """Which keys ask for which command and which tool; others than the usual can be given."""

    def __init__(self) -> None:
        self.give({}, {})

    def give(
        self, commands: Mapping[str, Sequence[str]], tools: Mapping[Tool, Sequence[str]]
    ) -> None:
        """Keys in Qt's portable spelling by a command's id and by tool; absent: the usual ones."""
        self._shown = {spec.id: commands.get(spec.id, spec.keys) for spec in COMMANDS}
        self._commands: dict[str, Command] = {
            **{_portable(key): spec.act for spec in COMMANDS for key in self._shown[spec.id]},
            _portable("Escape"): choose_none,
        }
        self._tools = {
            _portable(key): spec.tool for spec in TOOLS for key in tools.get(spec.tool, (spec.key,))
        }

    def keys_of(self, command_id: str) -> Sequence[str]:
        """The keys of a command."""
        return self._shown[command_id]

    def tool(self, event: QKeyEvent) -> Tool | None:
        """The tool that a key asks for."""
        return self._tools.get(_combination(event))

    def press(self, desk: Desk, event: QKeyEvent, *, opened: bool) -> bool:
        """Do what a key asks for; whether it asked for anything.

        ``opened``: in an open lane the arrows have a use without a selection too.
        """
        act = self._commands.get(_combination(event))
        if act is not None:
            return act(desk)
        if not _is_arrow(event):
            return False
        key = _Key(event.key())
        if key in _STEPS:
            return _across(desk, _STEPS[key], event, opened=opened)
        return _along(desk, _SEMITONES[key], event)

    def wants(self, desk: Desk, event: QKeyEvent, *, opened: bool) -> bool:
        """Whether the lanes have a use for a key that is also a shortcut of the window."""
        arrow, mine = _is_arrow(event), _combination(event) in self._commands
        # What needs no notes is the window's action for it as well.
        return (arrow and opened) or (bool(desk.editor.selection) and (arrow or mine))


def _portable(key: str) -> str:
    return QKeySequence(key).toString()


def _is_arrow(event: QKeyEvent) -> bool:
    held = event.modifiers() & _HELD
    return (event.key() in _STEPS and held in _ACROSS) or (
        event.key() in _SEMITONES and held in _ALONG
    )


def _combination(event: QKeyEvent) -> str:
    """A pressed key in Qt's portable spelling, on the keypad or not."""
    return QKeySequence(QKeyCombination(event.modifiers() & _HELD, Qt.Key(event.key()))).toString()


def _across(desk: Desk, steps: int, event: QKeyEvent, *, opened: bool) -> bool:
    """Left and right: places and lengths."""
    editor, grid, held = desk.editor, desk.grid(), event.modifiers() & _HELD
    notes = editor.selection.every()
    if held & _ALT:
        return choose_beside(desk, steps, keep=bool(held & _SHIFT))
    if not notes:
        return opened and _seek(desk, steps, bool(held & _SHIFT))
    first = min(note.start for note in notes)
    by, repeats = steps * _step(grid, first), event.isAutoRepeat()
    least = abs(by)
    if held == _SHIFT:
        editor.nudge("Stretch", lambda each: lengthened(each, by, least), held=repeats)
    elif held == _SHIFT | _CONTROL:
        editor.nudge("Stretch", lambda each: begun_later(each, by, least), held=repeats)
    else:
        if held == _CONTROL:
            by = steps * grid.meters.bar_ticks_at(first)
        editor.nudge("Move", lambda each: moved(each, by, 0), held=repeats)
    return True


def _along(desk: Desk, steps: int, event: QKeyEvent) -> bool:
    """Up and down: pitches and velocities."""
    editor, held, repeats = desk.editor, event.modifiers() & _HELD, event.isAutoRepeat()
    if not editor.selection:
        return False
    if held == _CONTROL:
        by = steps * _VELOCITY_STEP
        editor.nudge("Change velocity of", lambda each: louder(each, by), held=repeats)
    else:
        semitones = steps * (OCTAVE if held & _SHIFT else 1)
        editor.nudge("Transpose", lambda each: moved(each, 0, semitones), held=repeats)
    return True


def _step(grid: NoteGrid, tick: int) -> int:
    if grid.step is GridStep.OFF:
        return max(1, grid.ticks_per_quarter // _OFF_STEPS)
    return grid.length_at(tick)


def _seek(desk: Desk, steps: int, bars: bool) -> bool:
    """Move the playhead from line to line, or from bar to bar."""
    grid = desk.grid()
    if bars or grid.step is GridStep.OFF:
        step = GridStep.BAR if bars else GridStep.SIXTEENTH
        grid = NoteGrid(grid.meters, grid.ticks_per_quarter, step)
    desk.seek_to(grid.stepped(desk.playhead(), steps))
    return True
