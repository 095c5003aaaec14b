"""What can be asked for the selected notes, by menu and by keys alike: one table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from desktop.roll.brush import drawn_length, hit_length
from desktop.roll.clip import clip_of, repeated
from desktop.roll.editor import DRAWN_VELOCITY, NoteEditor
from desktop.roll.edits import Selection
from engine.music.note import Note
from engine.music.note_edits import joined, of_pitches, split_at
from engine.music.note_grid import NoteGrid


class Desk(Protocol):
    """Where a command works."""

    editor: NoteEditor
    loop: tuple[int, int] | None
    """The bars that are marked."""

    def grid(self) -> NoteGrid:
        """The grid of edits."""

    def playhead(self) -> int:
        """The playhead's tick."""

    def seek_to(self, tick: int) -> None:
        """Ask for another position."""

    def at_hand(self) -> tuple[int, ...]:
        """The tracks that are seen and can be edited."""


Command = Callable[[Desk], bool]
"""Does what it is for; whether there was anything to do."""


Tracks = tuple[int, ...]


class Needs(Enum):
    """What must be there before a command can do anything."""

    NOTHING = "nothing"
    NOTES = "selected notes"
    COPIED = "copied notes"
    BARS = "marked bars"

    def met(self, desk: Desk) -> bool:
        """Whether it is there."""
        return {
            Needs.NOTHING: True,
            Needs.NOTES: bool(desk.editor.selection),
            Needs.COPIED: desk.editor.clip is not None,
            Needs.BARS: desk.loop is not None,
        }[self]


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A row of the table; ``keys`` in Qt's portable spelling."""

    id: str
    text: str
    keys: tuple[str, ...]
    act: Command
    needs: Needs = Needs.NOTES


def _notes(desk: Desk) -> tuple[Note, ...]:
    """All notes of the track that is worked on."""
    editor = desk.editor
    return editor.composition.tracks[editor.selection.track].notes


def _choose(desk: Desk, notes: Iterable[Note]) -> bool:
    desk.editor.choose(Selection(desk.editor.selection.track, frozenset(notes)))
    return True


def _choose_each(desk: Desk, notes_of: Callable[[int], Iterable[Note]], tracks: Tracks) -> bool:
    """Select notes of several tracks; whether there were any."""
    chosen = Selection.of_parts(
        desk.editor.selection.track, {track: notes_of(track) for track in tracks}
    )
    desk.editor.choose(chosen)
    return bool(chosen)


def select_all(desk: Desk) -> bool:
    """Select every note of the track."""
    return _choose(desk, _notes(desk))


def select_all_tracks(desk: Desk) -> bool:
    """Select every note of all tracks that are seen."""
    tracks = desk.editor.composition.tracks
    return _choose_each(desk, lambda track: tracks[track].notes, desk.at_hand())


def select_marked(desk: Desk) -> bool:
    """Select what begins in the marked bars, in all tracks that are seen."""
    if desk.loop is None:
        return False
    tracks, (start, end) = desk.editor.composition.tracks, desk.loop
    return _choose_each(
        desk,
        lambda track: (note for note in tracks[track].notes if start <= note.start < end),
        desk.at_hand(),
    )


def invert(desk: Desk) -> bool:
    """Select the notes that were not, and only those."""
    tracks, chosen = desk.editor.composition.tracks, desk.editor.selection
    _choose_each(desk, lambda i: frozenset(tracks[i].notes) - chosen.of(i), chosen.tracks())
    return True


def same_pitches(desk: Desk) -> bool:
    """Select all notes of the pitches that are selected, each in its track."""
    tracks, parts = desk.editor.composition.tracks, desk.editor.selection.parts()

    def alike(track: int) -> Iterable[Note]:
        return of_pitches(tracks[track].notes, {note.pitch for note in parts[track]})

    return bool(parts) and _choose_each(desk, alike, tuple(parts))


def copy(desk: Desk) -> bool:
    """Remember the selected notes."""
    editor = desk.editor
    if editor.selection:
        editor.remember(clip_of(editor.selection, editor.composition, desk.grid()))
    return bool(editor.selection)


def cut(desk: Desk) -> bool:
    """Remember the selected notes and take them away."""
    copied = copy(desk)
    desk.editor.delete("Cut")
    return copied


def paste(desk: Desk) -> bool:
    """Put the remembered notes at the playhead: into the track that is worked on, or each back."""
    editor = desk.editor
    if editor.clip is None:
        return False
    track, tick = editor.selection.track, desk.grid().nearest(desk.playhead())
    notes = editor.clip.placed(tick, editor.composition, track, desk.at_hand())
    editor.replace(Selection(track), Selection.of_parts(track, notes), "Paste")
    return bool(notes)


def duplicate(desk: Desk) -> bool:
    """Put the selected notes once more behind themselves."""
    editor, chosen = desk.editor, desk.editor.selection
    if chosen:
        again = Selection.of_parts(chosen.track, repeated(chosen, desk.grid()))
        editor.replace(Selection(chosen.track), again, "Duplicate")
    return bool(chosen)


def delete(desk: Desk) -> bool:
    """Take the selected notes away."""
    chosen = bool(desk.editor.selection)
    desk.editor.delete()
    return chosen


def split(desk: Desk) -> bool:
    """Cut the notes that sound at the playhead: the selected ones, else all of the track."""
    editor, tick = desk.editor, desk.playhead()
    chosen = editor.selection or Selection(editor.selection.track, frozenset(_notes(desk)))
    met = {
        track: [note for note in notes if note.start < tick < note.end]
        for track, notes in chosen.parts().items()
    }
    gone = Selection.of_parts(chosen.track, met)
    halves = {track: split_at(notes, tick) for track, notes in met.items()}
    editor.replace(gone, Selection.of_parts(chosen.track, halves), "Split")
    return bool(gone)


def join(desk: Desk) -> bool:
    """Make one note of the selected ones of each pitch, in each track."""
    chosen = desk.editor.selection
    whole = {track: joined(notes) for track, notes in chosen.parts().items()}
    result = Selection.of_parts(chosen.track, whole)
    if result.count < chosen.count:
        desk.editor.replace(chosen, result, "Join")
    return bool(chosen)


def add(desk: Desk) -> bool:
    """Add a note like the last one at the playhead, and move the playhead behind it."""
    editor, grid = desk.editor, desk.grid()
    start = grid.nearest(desk.playhead())
    track = editor.composition.tracks[editor.selection.track]
    drawn = drawn_length(editor.brush, grid, start)
    length = hit_length(grid, start) if track.is_drum else drawn
    like = editor.brush or Note(0, 36 if track.is_drum else 60, length, DRAWN_VELOCITY)
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
    if not keep:
        return _choose(desk, {notes[index]})
    desk.editor.choose(replace(desk.editor.selection, notes=chosen | {notes[index]}))
    return True


def choose_none(desk: Desk) -> bool:
    """Select no note."""
    chosen = bool(desk.editor.selection)
    _choose(desk, ())
    return chosen


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec("cut", "Cut", ("Ctrl+X",), cut),
    CommandSpec("copy", "Copy", ("Ctrl+C",), copy),
    CommandSpec("paste", "Paste", ("Ctrl+V",), paste, needs=Needs.COPIED),
    CommandSpec("duplicate", "Duplicate", ("Ctrl+Shift+D", "Ctrl+D"), duplicate),
    CommandSpec("delete", "Delete", ("Del", "Backspace"), delete),
    CommandSpec("select_all", "Select all notes", ("Ctrl+A",), select_all, needs=Needs.NOTHING),
    CommandSpec(
        "select_all_tracks",
        "Select all notes of all tracks",
        ("Ctrl+Alt+A",),
        select_all_tracks,
        needs=Needs.NOTHING,
    ),
    CommandSpec(
        "select_marked",
        "Select the notes of the marked bars",
        ("Ctrl+Alt+B",),
        select_marked,
        needs=Needs.BARS,
    ),
    CommandSpec("invert", "Invert the selection", ("Ctrl+I",), invert, needs=Needs.NOTHING),
    CommandSpec("same_pitches", "Select all of these pitches", ("Ctrl+U",), same_pitches),
    CommandSpec("split", "Split at the playhead", ("Ctrl+Shift+X",), split, needs=Needs.NOTHING),
    CommandSpec("join", "Join", ("Ctrl+J",), join),
    CommandSpec("add", "Add a note at the playhead", ("Ins",), add, needs=Needs.NOTHING),
)
BY_ID = {spec.id: spec for spec in COMMANDS}
