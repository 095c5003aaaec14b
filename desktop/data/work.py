"""The slow work of the Data page: reading, fetching, importing and removing data sets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from desktop.data.fetched_files import fetched_bytes, put_away, take_back
from desktop.data.findings import Findings, examined
from desktop.data.states import OwnSongs, State, Work
from desktop.data.telling import Told
from desktop.jobs import Job, JobControl
from desktop.messages import Level, MessageAction
from engine.data.catalogue import CATALOGUE, CatalogueEntry
from engine.data.progress import progress_words, report_words
from engine.errors import DataError, TuttiError
from engine.store.paths import data_sets_folder, sources_folder
from engine.store.trash import bring_back, empty_trash, put_aside

if TYPE_CHECKING:
    from desktop.app import App
    from engine.data.data_sets import DataSet
    from engine.data.rules import RoleRule
    from engine.data.song_report import ImportReport

LOOKING = "Looking at the files"
KEPT_DAYS = 7.0
"""How long a removed set lies aside."""
FILES_DELETED = (
    "The fetched files of {title} are deleted; their room is free once Tutti is started again."
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of an import, and a sentence about the fetching before it."""

    report: "ImportReport"
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """The packed sets, and by name the bytes of downloads that can go on, and of all files."""

    sets: "tuple[DataSet, ...]"
    arrived: dict[str, int]
    fetched: dict[str, int]


class DataWork(QObject):
    """Knows the sets and what is being done with each; every change is a signal."""

    sets_read = Signal(object)
    """tuple[DataSet, ...]: what there is now."""
    work_changed = Signal(str)
    """A set's name: see `work`."""
    report_asked = Signal(str)
    """A set's name: what was found in it is to be looked at."""
    examined = Signal(object)
    """`Findings` of songs of which nothing could be kept."""
    changed = Signal()
    """Sets came, went, or have other songs or tags."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._work: dict[str, Work] = {}
        self._jobs: dict[str, Job[_Outcome]] = {}
        self._reading = False
        self._read_again = False
        self._is_changed = False
        self._is_first = True

    def work(self, name: str) -> Work:
        """Where the set of that name stands."""
        return self._work.get(name, Work())

    @property
    def under_way(self) -> tuple[str, ...]:
        """The names of the sets on which something is being done."""
        return tuple(self._jobs)

    @Slot()
    def read(self) -> None:
        """Read what there is, off the GUI thread; `sets_read` tells."""
        if self._reading:
            self._read_again = True
            return
        self._reading = True
        first, self._is_first = self._is_first, False
        job = self._app.jobs.run(
            lambda control: _read_all(first), self._show_read, title="Reading the data sets"
        )
        job.ended.connect(self._end_reading)

    @Slot()
    def _end_reading(self) -> None:
        self._reading = False
        if self._read_again:
            self._read_again = False
            self.read()

    def _show_read(self, found: _Found) -> None:
        names = {each.name for each in found.sets}
        for entry in CATALOGUE:
            self._show_found(entry.name, found, entry.name in names)
        self.sets_read.emit(found.sets)
        if self._is_changed:
            self._is_changed = False
            self.changed.emit()

    def _show_found(self, name: str, found: _Found, is_here: bool) -> None:
        work, arrived = self.work(name), found.arrived.get(name, 0)
        fetched = found.fetched.get(name, 0)
        if work.goes_on or (work.state == "failed" and not is_here):
            self._set_work(name, replace(work, arrived=arrived, fetched=fetched))
        elif is_here:
            self._set_work(name, Work("here", fetched=fetched))
        else:
            state: State = "part" if arrived else "absent"
            self._set_work(name, Work(state, arrived=arrived, fetched=fetched))

    def get(self, entry: CatalogueEntry) -> None:
        """Fetch a set of the catalogue, or go on with it, and import it."""

        def work(control: JobControl, told: Told) -> _Outcome:
            # Here, so that the window need not wait for the libraries of https and MIDI.
            from engine.data.getting import get_set

            got = get_set(
                entry, sources_folder(), data_sets_folder(), told.tell, control.cancelled,
                gives_way=True,
            )  # fmt: skip
            return _Outcome(got.report, got.fetched.remark)

        begun = Work("fetching", words="Connecting", arrived=self.work(entry.name).arrived)
        self._start(entry.name, entry.title, begun, work)

    def add(self, own: OwnSongs) -> None:
        """Import songs; a set of that name is replaced. Then its report is asked for."""

        def work(control: JobControl, told: Told) -> _Outcome:
            from engine.data.importing import import_folder

            return _Outcome(
                import_folder(
                    own.folder, own.name, own.tags, data_sets_folder(), progress=told.count,
                    cancelled=control.cancelled, chosen=own.chosen, gives_way=True,
                )
            )  # fmt: skip

        begun = Work("importing", words=LOOKING)
        look = MessageAction("Show what was found", lambda: self.examine(own))
        self._start(own.name, own.name, begun, work, look=True, on_failure=look)

    def examine(self, own: OwnSongs) -> None:
        """Look at songs of which nothing could be kept; `examined` tells."""

        def work(control: JobControl) -> Findings:
            told = Told()
            told.control = control
            return examined(own, told.count, control.cancelled)

        self._app.jobs.run(work, self.examined.emit, title=f"Looking at {own.name}")

    def import_again(self, found: Findings, rule: "RoleRule") -> None:
        """Import a set from where it came from, by another rule. Then its report is asked for."""
        source = found.source
        if source is None:
            return

        def work(control: JobControl, told: Told) -> _Outcome:
            from engine.data.importing import import_folder

            return _Outcome(
                import_folder(
                    source, found.name, found.tags, data_sets_folder(), rule,
                    told.count, control.cancelled, licence=found.licence, version=found.version,
                    chosen=found.chosen, gives_way=True,
                )
            )  # fmt: skip

        begun = Work("importing", words=LOOKING)
        self._start(found.name, found.name, begun, work, look=True)

    def cancel(self, name: str) -> None:
        """Stop what is being done with a set; what was fetched is kept to go on from."""
        job = self._jobs.get(name)
        if job is not None:
            job.cancel()
            self._set_work(name, replace(self.work(name), fraction=None, words="Stopping"))

    def _start(
        self,
        name: str,
        title: str,
        begun: Work,
        work: Callable[[JobControl, Told], _Outcome],
        *,
        look: bool = False,
        on_failure: MessageAction | None = None,
    ) -> None:
        """``look``: its report is asked for at once when it is done."""
        if name in self._jobs:
            return
        told = Told()

        def run(control: JobControl) -> _Outcome:
            told.control = control
            return work(control, told)

        job = self._app.jobs.run(
            run,
            lambda outcome: self._done(name, title, outcome, look),
            lambda error: self._fail(name, error, on_failure),
            title=f"Importing {title}",
        )
        self._jobs[name] = job
        job.progressed.connect(lambda fraction, stage: self._show_progress(name, told))
        job.ended.connect(lambda: self._end(name))
        self._set_work(name, begun)

    def _show_progress(self, name: str, told: Told) -> None:
        progress = told.progress
        if progress is None or name not in self._jobs:
            return
        state: State = "importing" if progress.stage == "Importing" else "fetching"
        words = progress_words(progress)
        self._set_work(name, Work(state, progress.fraction, words, progress.remark))

    def _done(self, name: str, title: str, outcome: _Outcome, look: bool) -> None:
        self._jobs.pop(name, None)
        self._set_work(name, Work("here"))
        self._is_changed = True
        if outcome.remark:
            self._app.messages.tell(f"{title}: {outcome.remark}", "warning", stays=True)
        show = None if look else MessageAction("Show", lambda: self.report_asked.emit(name))
        # Of a folder of one's own (which is looked at) more was hoped for; a public set is known.
        level: Level = "warning" if look and outcome.report.main_reason else "good"
        self._app.messages.tell(f"{title}: {report_words(outcome.report)}", level, show)
        if look:
            self.report_asked.emit(name)

    def _fail(self, name: str, error: TuttiError, action: MessageAction | None) -> None:
        self._jobs.pop(name, None)
        self._set_work(name, Work("failed", remark=str(error)))
        if action is not None or all(entry.name != name for entry in CATALOGUE):
            self._app.messages.tell(str(error), "error", action)

    def _end(self, name: str) -> None:
        self._jobs.pop(name, None)
        if self.work(name).goes_on:  # it was cancelled
            self._set_work(name, Work())
        self.read()

    def _set_work(self, name: str, work: Work) -> None:
        if work != self._work.get(name):
            self._work[name] = work
            self.work_changed.emit(name)

    def retag(self, name: str, tags: Sequence[str]) -> None:
        """Give a set other tags."""

        def work(control: JobControl) -> None:
            from engine.data.data_sets import retag

            retag(name, tags, data_sets_folder())

        self._quickly(work, f"Tagging {name}")

    def remove(self, name: str) -> None:
        """Take a set away; a message offers to bring it back."""

        def work(control: JobControl) -> Path:
            from engine.data.data_sets import checked_name

            empty_trash(data_sets_folder(), KEPT_DAYS)
            return put_aside(data_sets_folder() / checked_name(name), DataError)

        def done(aside: Path) -> None:
            undo = MessageAction("Undo", lambda: self._bring_back(name, aside))
            self._app.messages.tell(f"{name} is removed.", "info", undo)

        self._quickly(work, f"Removing {name}", done)

    def delete_files(self, entry: CatalogueEntry) -> None:
        """Delete what was fetched of a set; the packed set stays, and a message offers undo."""

        def done(aside: tuple[Path, ...]) -> None:
            undo = MessageAction("Undo", lambda: self._take_back(entry, aside))
            self._app.messages.tell(FILES_DELETED.format(title=entry.title), "info", undo)

        folder = sources_folder()
        self._quickly(lambda control: put_away(entry, folder), f"Deleting {entry.title}", done)

    def _take_back(self, entry: CatalogueEntry, aside: tuple[Path, ...]) -> None:
        self._quickly(lambda control: take_back(aside), f"Bringing back {entry.title}")

    def _bring_back(self, name: str, aside: Path) -> None:
        self._quickly(lambda control: bring_back(aside, DataError), f"Bringing back {name}")

    def _quickly(
        self,
        work: Callable[[JobControl], T],
        title: str,
        then: Callable[[T], None] = lambda result: None,
    ) -> None:
        def done(result: T) -> None:
            then(result)
            self._is_changed = True
            self.read()

        self._app.jobs.run(work, done, title=title)


def _read_all(is_first: bool) -> _Found:
    """Called on a worker thread; ``is_first`` of this window: files of the last one go for good."""
    from engine.data.data_sets import data_sets
    from engine.data.fetching import arrived

    folder = sources_folder()
    if is_first:
        empty_trash(folder, 0)
    parts = {entry.name: arrived(entry, folder) for entry in CATALOGUE}
    files = {entry.name: fetched_bytes(entry, folder) for entry in CATALOGUE}
    return _Found(data_sets(data_sets_folder()), parts, files)
