"""Data sets: what generators can learn from."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QApplication, QInputDialog

from desktop.data.states import some_of
from desktop.library.facts import FactGroup, size_words, told
from desktop.library.lines import Line, ShelfName, counted
from desktop.library.shelf import LineAction, Lines, Shelf, Story
from desktop.messages import MessageAction
from engine.data.data_sets import DataSet, data_sets, retag
from engine.errors import DataError
from engine.store.paths import data_sets_folder
from engine.store.trash import bring_back, put_aside


class DataShelf(Shelf):
    """Packed sets, fetched or imported."""

    name: ClassVar[ShelfName] = "Data sets"
    icon = "database-outline"
    empty = "No data set yet. Fetch one, or add MIDI files of your own."

    _known: tuple[DataSet, ...] = ()

    def read(self, done: Callable[[Lines], None]) -> None:
        """Read the cards off the GUI thread."""

        def found(known: tuple[DataSet, ...]) -> None:
            self._known = known
            done(tuple(data_line(each) for each in known))

        self._app.jobs.run(
            lambda control: data_sets(data_sets_folder()), found, title="Listing data sets"
        )

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """Its files on the Train page, its tags, its end."""
        data = self._data(line)
        if data is None:
            return ()
        return (
            LineAction("open", "Show on the Train page", lambda: self.open(line), kind="primary"),
            LineAction(
                "tags", "Change its tags …", lambda: self._ask_tags(data), "tag-outline",
                tip="A training run can use only what has certain tags",
            ),
            self._delete_action(line, "Remove"),
        )  # fmt: skip

    def tools(self) -> tuple[LineAction, ...]:
        """More of them."""
        return (LineAction("add", "Add a data set …", self._requests.data_asked.emit, "plus"),)

    def tell(self, line: Line, done: Callable[[Story], None]) -> None:
        """Its card, and what became of its files."""
        data = self._data(line)
        done(Story(data_facts(data)) if data is not None else Story())

    def open(self, line: Line) -> None:
        """Where data sets are shown file by file."""
        self._requests.data_asked.emit()

    def rename(self, line: Line, title: str) -> None:
        """Runs call a set by its name: it keeps the one it has."""

    def delete(self, line: Line) -> None:
        """Put it aside: models and runs that learned from it stay as they are."""

        def done(aside: Path) -> None:
            self.changed.emit()
            undo = MessageAction("Undo", lambda: self._restore(aside))
            self._app.messages.tell(f"{line.title} is removed.", "info", undo)

        self._app.jobs.run(
            lambda control: put_aside(Path(line.id), DataError), done, title="Removing a data set"
        )

    def _restore(self, aside: Path) -> None:
        self._app.jobs.run(
            lambda control: bring_back(aside, DataError),
            lambda path: self.changed.emit(),
            title="Taking a data set back",
        )

    def _ask_tags(self, data: DataSet) -> None:
        text, taken = QInputDialog.getText(
            QApplication.activeWindow(),
            f"Tags of {data.name}",
            "Words, separated by commas",
            text=", ".join(data.tags),
        )
        if taken:
            self.retag(data.name, text.split(","))

    def retag(self, name: str, tags: list[str]) -> None:
        """Give a set other tags."""
        wanted = [tag.strip() for tag in tags]
        self._app.jobs.run(
            lambda control: retag(name, wanted, data_sets_folder()),
            lambda data: self.changed.emit(),
            title="Changing tags",
        )

    def _data(self, line: Line) -> DataSet | None:
        return next((each for each in self._known if str(each.folder) == line.id), None)


def data_line(data: DataSet) -> Line:
    """A data set's line."""
    words = [counted(data.songs, "song"), data.licence, size_words(data.bytes)]
    if data.tags:
        words.insert(1, ", ".join(data.tags))
    return Line(
        str(data.folder),
        data.name,
        " · ".join(word for word in words if word),
        shelf="Data sets",
        words=" ".join(data.tags),
        editable=False,
    )


def data_facts(data: DataSet) -> tuple[FactGroup, ...]:
    """Everything there is to say of a set."""
    report = data.report
    groups = [
        told(
            "What is in it",
            ("Songs", f"{data.songs:,}"),
            ("Windows", f"{data.windows:,} of four bars"),
            ("Parts", ", ".join(data.card.roles)),
            ("Tags", ", ".join(data.tags)),
            ("Meters", ", ".join(report.meters) if report is not None else ""),
        ),
        told(
            "It may be used",
            ("Licence", data.licence),
        ),
        told(
            "Where it is from",
            ("Version", data.card.version),
            ("Folder", str(data.source or "")),
            ("Of it", ", ".join(some_of(data.chosen))),
            ("On disk", size_words(data.bytes)),
        ),
    ]
    if report is not None:
        dropped = sorted(report.dropped.items(), key=lambda pair: -pair[1])
        rows = ((reason, f"{count:,} left out") for reason, count in dropped)
        groups.insert(1, told("Its files", ("Kept", f"{report.kept:,} of {report.files:,}"), *rows))
    return tuple(groups)
