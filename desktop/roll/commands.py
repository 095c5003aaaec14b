"""What can be asked for the selected notes, by menu and by keys alike: one table."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from desktop.roll.clip import clip_of, span_of
from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection
from engine.music.note import Note
from engine.music.note_edits import joined, of_pitches, split_at
from engine.music.note_grid import NoteGrid


class Desk(Protocol):
    """Where a command works."""

    editor: NoteEditor

    def grid(self) -> NoteGrid:
        """The grid of edits."""

    def playhead(self) -> int:
        """The playhead's tick."""

    def seek_to(self, tick: int) -> None:
        """Ask for another position."""


Command = Callable[[Desk], bool]
"""Does what it is for; whether there was anything to do."""


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A row of the table; ``keys`` in Qt's portable spelling, ``needs``: only with notes chosen."""

    id: str
    text: str
    keys: tuple[str, ...]
    act: Command
    needs: bool = True


def _notes(desk: Desk) -> tuple[Note, ...]:
    """All notes of the track that is worked on."""
    editor = desk.editor
    return editor.composition.tracks[editor.selection.track].notes


def _choose(desk: Desk, notes: frozenset[Note]) -> bool:
    desk.editor.choose(replace(desk.editor.selection, notes=notes))
    return True


def select_all(desk: Desk) -> bool:
    """Select every note of the track."""
    return _choose(desk, frozenset(_notes(desk)))


def invert(desk: Desk) -> bool:
    """Select the notes that were not, and only those."""
    return _choose(desk, frozenset(_notes(desk)) - desk.editor.selection.notes)


def same_pitches(desk: Desk) -> bool:
    """Select all notes of the pitches that are selected."""
    pitches = {note.pitch for note in desk.editor.selection.notes}
    return bool(pitches) and _choose(desk, of_pitches(_notes(desk), pitches))


def copy(desk: Desk) -> bool:
    """Remember the selected notes."""
    notes = desk.editor.selection.notes
    if notes:
        desk.editor.clip = clip_of(notes, desk.grid())
    return bool(notes)


def cut(desk: Desk) -> bool:
    """Remember the selected notes and take them away."""
    copied = copy(desk)
    desk.editor.delete("Cut")
    return copied


def paste(desk: Desk) -> bool:
    """Put the remembered notes at the playhead, into the track that is worked on."""
    editor = desk.editor
    if editor.clip is None:
        return False
    tick = desk.grid().nearest(desk.playhead())
    quarter = editor.composition.ticks_per_quarter
    editor.put(editor.selection.track, editor.clip.placed(tick, quarter), "Paste")
    return True


def duplicate(desk: Desk) -> bool:
    """Put the selected notes once more behind themselves."""
    editor = desk.editor
    notes = editor.selection.notes
    if notes:
        start, end = span_of(notes, desk.grid())
        copies = (replace(note, start=note.start + end - start) for note in notes)
        editor.put(editor.selection.track, copies, "Duplicate")
    return bool(notes)


def delete(desk: Desk) -> bool:
    """Take the selected notes away."""
    chosen = bool(desk.editor.selection)
    desk.editor.delete()
    return chosen


def split(desk: Desk) -> bool:
    """Cut the notes that sound at the playhead: the selected ones, else all of the track."""
    editor, tick = desk.editor, desk.playhead()
    notes = editor.selection.notes or frozenset(_notes(desk))
    cut_notes = [note for note in notes if note.start < tick < note.end]
    editor.exchange(editor.selection.track, cut_notes, split_at(cut_notes, tick), "Split")
    return bool(cut_notes)


def join(desk: Desk) -> bool:
    """Make one note of the selected ones of each pitch."""
    editor = desk.editor
    notes = editor.selection.notes
    result = joined(notes)
    if len(result) < len(notes):
        editor.replace_selected("Join", result)
    return bool(notes)


def add(desk: Desk) -> bool:
    """Add a note like the last one at the playhead, and move the playhead behind it."""
    editor, grid = desk.editor, desk.grid()
    start = grid.nearest(desk.playhead())
    track = editor.composition.tracks[editor.selection.track]
    like = editor.brush or Note(0, 36 if track.is_drum else 60, max(1, grid.length_at(start)), 90)
    note = replace(like, start=start)
    editor.put(editor.selection.track, [note], "Add")
    desk.seek_to(note.end)
    return True


def choose_beside(desk: Desk, steps: int, *, keep: bool) -> bool:
    """Select the note after (before for -1) the selected ones, beside them or instead."""
    notes, chosen = _notes(desk), desk.editor.selection.notes
    if not notes:
        return False
    if chosen:
        edge = max(chosen) if steps > 0 else min(chosen)
        index = min(max(0, notes.index(edge) + steps), len(notes) - 1)
    else:
        index = next((i for i, n in enumerate(notes) if n.start >= desk.playhead()), -1)
    return _choose(desk, (chosen if keep else frozenset()) | {notes[index]})


def choose_none(desk: Desk) -> bool:
    """Select no note."""
    chosen = bool(desk.editor.selection)
    desk.editor.choose(Selection(desk.editor.selection.track))
    return chosen


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec("cut", "Cut", ("Ctrl+X",), cut),
    CommandSpec("copy", "Copy", ("Ctrl+C",), copy),
    CommandSpec("paste", "Paste", ("Ctrl+V",), paste, needs=False),
    CommandSpec("duplicate", "Duplicate", ("Ctrl+Shift+D", "Ctrl+D"), duplicate),
    CommandSpec("delete", "Delete", ("Del", "Backspace"), delete),
    CommandSpec("select_all", "Select all notes", ("Ctrl+A",), select_all, needs=False),
    CommandSpec("invert", "Invert the selection", ("Ctrl+I",), invert, needs=False),
    CommandSpec("same_pitches", "Select all of these pitches", ("Ctrl+U",), same_pitches),
    CommandSpec("split", "Split at the playhead", ("Ctrl+Shift+X",), split, needs=False),
    CommandSpec("join", "Join", ("Ctrl+J",), join),
    CommandSpec("add", "Add a note at the playhead", ("Ins",), add, needs=False),
)
BY_ID = {spec.id: spec for spec in COMMANDS}
