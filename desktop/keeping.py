"""How work is kept: autosaved at each edit, taken up again at start, offered after a crash."""

from dataclasses import dataclass, replace
from time import perf_counter

from PySide6.QtCore import QObject, Slot

from desktop.document import Document
from desktop.jobs import Jobs
from desktop.library_bridge import LibraryBridge
from desktop.messages import MessageAction, Messages
from desktop.studio.take_edits import with_take
from engine.errors import StoreError
from engine.live.recorder import Recorder
from engine.music.composition import Composition, tempo_from_bpm
from engine.music.take import Take, played_notes
from engine.store.library import Library, RecoverableRecording

RECOVERED = "Recovered recording"
STORED_AGAIN = "The library can be written again, and everything is stored."
KILLED = "Tutti did not close properly last time. The composition is as you left it."


@dataclass(frozen=True, slots=True)
class Left:
    """What the session before left behind."""

    composition: Composition | None
    was_killed: bool
    recordings: tuple[RecoverableRecording, ...]


class Keeping(QObject):
    """Sees to it that nothing is lost; writes nothing itself and waits for no disk."""

    def __init__(
        self,
        library: Library,
        bridge: LibraryBridge,
        document: Document,
        jobs: Jobs,
        messages: Messages,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._document = document
        self._jobs = jobs
        self._messages = messages
        self._stored: Composition | None = document.composition
        document.changed.connect(self._autosave)
        bridge.problem.connect(self._on_problem)
        bridge.recovered.connect(self._on_recovered)

    @Slot(object)
    def _autosave(self, composition: Composition) -> None:
        if composition is not self._stored:
            self._stored = None
            self._library.autosave(self._document.composition_id, composition)

    def open_composition(self, composition_id: str) -> None:
        """Take up a composition of the library."""
        self._jobs.run(
            lambda control: self._library.load_composition(composition_id),
            lambda composition: self._show(composition, composition_id),
            title="Opening the composition",
        )

    def open_take(self, take: Take, title: str, snap: bool) -> None:
        """Make a new composition whose melody is a take."""
        self._document.load(composition_of(take, title, snap))

    def _show(self, composition: Composition, composition_id: str) -> None:
        self._stored = composition
        self._document.load(composition, composition_id)

    def take_up(self, composition_id: str | None, alone: bool) -> None:
        """Open what was open last, and offer what a crash left of a recording.

        Where Tutti runs twice (not ``alone``) the other one's recording is its own affair.
        """
        self._jobs.run(
            lambda control: what_is_left(self._library, composition_id, alone),
            lambda left: self._offer(left, composition_id),
            title="Reading the library",
        )

    def _offer(self, left: Left, composition_id: str | None) -> None:
        untouched = self._document.composition == Composition()
        if left.composition is not None and composition_id and untouched:
            self._show(left.composition, composition_id)
        if left.was_killed and left.composition is not None:
            self._messages.tell(KILLED)
        for recording in left.recordings:
            self._keep_recovered(recording)

    def _keep_recovered(self, recording: RecoverableRecording) -> None:
        """A recording that was cut off is kept as a take at once; opening it is the offer."""
        notes = len(played_notes(recording.take))
        if not notes:
            self._library.discard_journal(recording.recording_id)
            return
        title = recording.title or RECOVERED
        self._library.recover(replace(recording, title=title))
        self._messages.tell(
            f"A recording was cut off last time: {notes} {'note' if notes == 1 else 'notes'}, "
            f"{recording.take.duration:.0f} seconds. It is kept in the Library.",
            "warning",
            MessageAction("Open it", lambda: self.open_take(recording.take, title, True)),
            stays=True,
        )

    def keep_recording(self, recorder: Recorder, title: str) -> None:
        """Store the take that is still being recorded when the window closes."""
        if recorder.recording:
            take = recorder.stop(perf_counter())
            if played_notes(take):
                self._library.store_take(take, title, composition_id=self._document.composition_id)

    @Slot(str)
    def _on_problem(self, sentence: str) -> None:
        self._messages.tell(sentence, "error")

    @Slot()
    def _on_recovered(self) -> None:
        self._messages.tell(STORED_AGAIN, "good")


def what_is_left(library: Library, composition_id: str | None, alone: bool) -> Left:
    """Read it. Called on a worker thread."""
    composition = None
    if composition_id is not None:
        try:
            composition = library.load_composition(composition_id)
        except StoreError:
            composition = None  # deleted, or never stored since it had no note
    recordings = library.recoverable() if alone else ()
    return Left(composition, alone and library.was_killed, recordings)


def composition_of(take: Take, title: str, snap: bool) -> Composition:
    """A new composition with a take as its melody, in the take's own tempo."""
    empty = Composition(title=title, tempos=(tempo_from_bpm(take.beats_per_minute),))
    return with_take(empty, take, 0, snap)
