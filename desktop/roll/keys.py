"""What the keys do with the selected notes."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection, louder, moved
from engine.music.note import Note

OCTAVE = 12
_VELOCITY_STEP = 8
_Key = Qt.Key
_SEMITONES = {_Key.Key_Up: 1, _Key.Key_Down: -1}
_STEPS = {_Key.Key_Right: 1, _Key.Key_Left: -1}


def press(editor: NoteEditor, event: QKeyEvent, grid_ticks: int, playhead: int) -> bool:
    """Do what a key asks for; whether it asked for anything.

    ``grid_ticks`` is how far the arrows move, ``playhead`` where Paste puts the notes.
    """
    for standard, act in _STANDARD.items():
        if event.matches(standard):
            return act(editor, playhead)
    key = _Key(event.key())
    if key in (_Key.Key_Delete, _Key.Key_Backspace) and editor.selection:
        editor.delete()
        return True
    if key == _Key.Key_Escape and editor.selection:
        editor.choose(Selection())
        return True
    if _is_duplicate(event):
        return _duplicate(editor)
    return _arrow(editor, key, event.modifiers(), grid_ticks)


def wants(editor: NoteEditor, event: QKeyEvent) -> bool:
    """Whether the lanes have a use for a key that is also a shortcut of the window."""
    keys = {_Key.Key_Delete, _Key.Key_Backspace, _Key.Key_Escape, *_SEMITONES, *_STEPS}
    return bool(editor.selection) and (
        event.key() in keys or any(event.matches(standard) for standard in _STANDARD)
    )


def _arrow(
    editor: NoteEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier, grid_ticks: int
) -> bool:
    notes = editor.selection.notes
    if not notes or (key not in _SEMITONES and key not in _STEPS):
        return False
    far = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    if key in _STEPS:
        ticks = _STEPS[key] * grid_ticks * (4 if far else 1)
        editor.replace_selected("Move", moved(notes, ticks, 0))
    elif modifiers & Qt.KeyboardModifier.ControlModifier:
        change = louder(notes, _SEMITONES[key] * _VELOCITY_STEP)
        editor.replace_selected("Change velocity of", change)
    else:
        semitones = _SEMITONES[key] * (OCTAVE if far else 1)
        editor.replace_selected("Transpose", moved(notes, 0, semitones))
    return True


def _is_duplicate(event: QKeyEvent) -> bool:
    control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return control and event.key() == _Key.Key_D


def _select_all(editor: NoteEditor, playhead: int) -> bool:
    track = min(editor.selection.track, len(editor.composition.tracks) - 1)
    editor.choose(Selection(track, frozenset(editor.composition.tracks[track].notes)))
    return True


def _copy(editor: NoteEditor, playhead: int) -> bool:
    if editor.selection:
        editor.clipboard = editor.selection.notes
    return bool(editor.selection)


def _cut(editor: NoteEditor, playhead: int) -> bool:
    copied = _copy(editor, playhead)
    editor.delete("Cut")
    return copied


def _paste(editor: NoteEditor, playhead: int) -> bool:
    editor.paste(_placed(editor.clipboard, playhead), "Paste")
    return bool(editor.clipboard)


def _duplicate(editor: NoteEditor) -> bool:
    notes = editor.selection.notes
    if notes:
        editor.paste(_placed(notes, max(note.end for note in notes)), "Duplicate")
    return bool(notes)


def _placed(notes: frozenset[Note], tick: int) -> frozenset[Note]:
    return moved(notes, tick - min((note.start for note in notes), default=0), 0)


_STANDARD: dict[QKeySequence.StandardKey, Callable[[NoteEditor, int], bool]] = {
    QKeySequence.StandardKey.SelectAll: _select_all,
    QKeySequence.StandardKey.Copy: _copy,
    QKeySequence.StandardKey.Cut: _cut,
    QKeySequence.StandardKey.Paste: _paste,
}
