"""The document against a plain list of values."""

import gc
import weakref
from dataclasses import replace
from itertools import pairwise

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PySide6.QtCore import QCoreApplication, QObject
from pytestqt.qtbot import QtBot

from desktop.document import UNDO_STEPS, Document
from desktop.undo_history import Swap, UndoHistory
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track


def with_note(composition: Composition, pitch: int) -> Composition:
    melody = composition.melody.with_notes((*composition.melody.notes, Note(0, pitch, 10)))
    return composition.with_track(0, melody)


def test_an_edit_is_one_step_and_one_signal(qtbot: QtBot) -> None:
    document = Document()
    heard: list[Composition] = []
    document.changed.connect(heard.append)
    edited = with_note(document.composition, 60)
    document.edit(edited, "Add note")
    assert heard == [edited] and document.composition is edited
    assert document.undo_stack.undoText() == "Add note"
    document.undo()
    assert heard[-1] == Composition() and not document.undo_stack.canUndo()
    document.redo()
    assert heard[-1] == edited and len(heard) == 3


def test_an_edit_that_changes_nothing_is_no_step(qtbot: QtBot) -> None:
    document = Document()
    document.edit(Composition(), "Nothing")
    assert not document.undo_stack.canUndo()


def test_another_composition_has_no_past_and_its_own_name(qtbot: QtBot) -> None:
    document = Document()
    first = document.composition_id
    document.edit(with_note(document.composition, 60), "Add note")
    with qtbot.waitSignals([document.loaded, document.changed], order="strict"):
        document.load(Composition("Other"))
    assert not document.undo_stack.canUndo()
    assert document.composition.title == "Other"
    assert document.composition_id != first
    document.load(Composition("Kept"), "its-id")
    assert document.composition_id == "its-id"


def test_edits_of_one_name_that_go_on_are_one_step(qtbot: QtBot) -> None:
    document = Document()
    document.edit_on(with_note(document.composition, 60), "Transpose")
    for pitch in (61, 62):
        document.edit_on(with_note(Composition(), pitch), "Transpose")
    assert document.undo_stack.count() == 1 and document.composition.melody.notes[0].pitch == 62
    document.undo()
    assert document.composition == Composition() and document.undo_stack.redoText() == "Transpose"
    document.redo()
    document.edit_on(with_note(Composition(), 63), "Move")
    assert document.undo_stack.count() == 2


def test_more_steps_than_are_kept_forget_the_oldest(qtbot: QtBot) -> None:
    document = Document()
    for number in range(UNDO_STEPS + 3):
        document.edit(replace(document.composition, title=str(number)), "Rename")
    assert document.undo_stack.count() == document.undo_stack.index() == UNDO_STEPS
    document.undo_stack.setIndex(0)
    assert document.composition.title == "2" and not document.undo_stack.canUndo()


def test_more_bytes_than_are_kept_forget_the_oldest_but_never_the_last(qtbot: QtBot) -> None:
    shown: list[Composition] = []
    history = UndoHistory(shown.append, UNDO_STEPS, 200_000)
    notes = tuple(Note(60 * number, 60, 50) for number in range(1_000))
    songs = [Composition(str(number)) for number in range(12)]
    songs = [
        song.with_track(0, song.melody.with_notes(replace(note, velocity=9) for note in notes))
        for song in songs
    ]
    for before, after in pairwise(songs):
        history.push(Swap(before, after, "Edit"))
    assert 1 < history.count() == history.index() < 4
    assert history.forgotten + history.count() == len(songs) - 1
    history.setIndex(0)
    assert shown[-1] is songs[history.forgotten] and not history.canUndo()
    many = tuple(Note(60 * number, 60, 50) for number in range(5_000))
    history.push(Swap(songs[0], songs[0].with_track(0, Track("Long", notes=many)), "Open"))
    assert history.count() == 1 and history.canUndo()
    history.clear()
    assert not history.forgotten and not history.canUndo()


class Owner(QObject):
    """Whoever a document belongs to; it hears of every step."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document(self)
        self.document.changed.connect(self.hear)
        self.document.undo_stack.indexChanged.connect(self.hear)

    def hear(self, told: object) -> None:
        self.told = told


def test_a_document_with_a_past_can_be_thrown_away_whatever_is_collected_first(
    qtbot: QtBot,
) -> None:
    gone = []
    for number in range(8):
        owner = Owner()
        for pitch in range(60, 62 + number % 7):
            owner.document.edit_on(with_note(owner.document.composition, pitch), "Add note")
        gone.append(weakref.ref(owner.document))
        del owner
    gc.collect()
    assert not any(reference() for reference in gone)


class DocumentMachine(RuleBasedStateMachine):
    """Undo and redo walk over a list of values."""

    def __init__(self) -> None:
        super().__init__()
        self.application = QCoreApplication.instance() or QCoreApplication([])
        self.document = Document()
        self.values = [self.document.composition]
        self.at = 0

    @rule(pitch=st.integers(0, 127))
    def edit(self, pitch: int) -> None:
        edited = with_note(self.values[self.at], pitch)
        self.document.edit(edited, "Add note")
        if edited != self.values[self.at]:
            self.values = [*self.values[: self.at + 1], edited]
            self.at += 1

    @rule(title=st.text(max_size=3))
    def rename(self, title: str) -> None:
        edited = replace(self.values[self.at], title=title)
        self.document.edit(edited, "Rename")
        if edited != self.values[self.at]:
            self.values = [*self.values[: self.at + 1], edited]
            self.at += 1

    @rule()
    def undo(self) -> None:
        self.document.undo()
        self.at = max(0, self.at - 1)

    @rule()
    def redo(self) -> None:
        self.document.redo()
        self.at = min(len(self.values) - 1, self.at + 1)

    @invariant()
    def they_agree(self) -> None:
        assert self.document.composition == self.values[self.at]
        assert self.document.undo_stack.canUndo() == (self.at > 0)
        assert self.document.undo_stack.canRedo() == (self.at < len(self.values) - 1)


TestDocumentMachine = DocumentMachine.TestCase
TestDocumentMachine.settings = settings(max_examples=40, stateful_step_count=20)
