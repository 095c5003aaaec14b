"""The document against a plain list of values."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.document import Document
from engine.music.composition import Composition
from engine.music.note import Note


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
