"""The trash: songs, recordings, models and runs that were deleted and can be taken back."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from desktop.jobs import JobControl
from desktop.library.lines import Line, ShelfName, counted, day, length
from desktop.library.shelf import LineAction, Lines, Shelf
from engine.errors import ModelError, StoreError, TrainingError, TuttiError
from engine.store.paths import models_folder, runs_folder
from engine.store.trash import Aside, bring_back, empty_trash, lying_aside

KEPT = "kept for 30 days"
AtHand = tuple[Lines, dict[str, Aside]]


class TrashShelf(Shelf):
    """What was deleted, the last first."""

    name: ClassVar[ShelfName] = "Trash"
    icon = "trash-can-outline"
    empty = "The trash is empty. What you delete lies here for 30 days."
    _asides: dict[str, Aside]

    def read(self, done: Callable[[Lines], None]) -> None:
        """Read the entries off the GUI thread."""

        def found(at_hand: AtHand) -> None:
            lines, self._asides = at_hand
            done(lines)

        self._app.jobs.run(lambda control: self._at_hand(), found, title="Reading the trash")

    def _at_hand(self) -> AtHand:
        """Called on a worker thread."""
        now, library = time.time(), self._app.library
        found: list[tuple[float, Line]] = []
        for kind, entries in (
            ("song", library.compositions(trashed=True)),
            ("recording", library.takes(trashed=True)),
        ):
            for entry in entries:
                told = f"{kind} · {counted(entry.notes, 'note')} · {length(entry.seconds)}"
                words = f"{told} · changed {day(entry.changed, now)}"
                found.append((entry.changed, _line(entry.id, entry.title, words)))
        asides: dict[str, Aside] = {}
        for kind, folder in (("model", models_folder()), ("training run", runs_folder())):
            for aside in lying_aside(folder):
                asides[str(aside.path)] = aside
                words = f"{kind} · deleted {day(aside.deleted, now)}"
                found.append((aside.deleted, _line(str(aside.path), aside.path.stem, words)))
        lines = tuple(line for _, line in sorted(found, key=lambda each: each[0], reverse=True))
        return lines, asides

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """Take back; songs and recordings can be deleted for good one by one."""
        back = LineAction("restore", "Take it back", lambda: self.open(line), "history", "primary")
        return (back,) if line.id in self._asides else (back, self._delete_action(line, "For good"))

    def tools(self) -> tuple[LineAction, ...]:
        """Make room."""
        return (
            LineAction(
                "empty_trash",
                "Empty the trash",
                self._empty,
                "delete-sweep-outline",
                tip="Delete for good all songs, recordings, models and runs that lie here",
            ),
        )

    def open(self, line: Line) -> None:
        """Take it back to where it was."""
        aside = self._asides.get(line.id)
        if aside is None:
            self._app.library.restore(line.id)
            self._tell_back(line)
            return
        is_model = aside.path.is_relative_to(models_folder())
        error: type[TuttiError] = ModelError if is_model else TrainingError

        def done(_path: Path) -> None:
            if is_model:
                self._app.model_choice.list_again()
            self._app.training.runs_changed.emit()
            self._tell_back(line)
            self.changed.emit()

        self._app.jobs.run(
            lambda control: bring_back(aside.path, error), done, title="Taking it back"
        )

    def _tell_back(self, line: Line) -> None:
        self._app.messages.tell(f"{line.title} is back.", "good")

    def rename(self, line: Line, title: str) -> None:
        """Nothing here has another name."""

    def delete(self, line: Line) -> None:
        """Delete a song or a recording for good."""
        self._app.library.forget(line.id)

    def _empty(self) -> None:
        library = self._app.library

        def work(control: JobControl) -> None:
            library.empty_trash()
            for folder in (models_folder(), runs_folder()):
                empty_trash(folder, -1.0)
            if not library.flush():
                raise StoreError("The trash could not be emptied yet; the library is not writable.")

        self._app.jobs.run(work, lambda _none: self.changed.emit(), title="Emptying the trash")


def _line(line_id: str, title: str, words: str) -> Line:
    return Line(line_id, title, words, shelf="Trash", words=KEPT, editable=False)
