"""The samples of one run: listed, read off the GUI thread, kept ready to be painted."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Job, JobControl, Jobs
from desktop.train.samples.sample_files import Sample, read_sample, samples_in
from desktop.train.samples.sheet import Extent, Sheet, sheet_of
from engine.errors import StoreError, TuttiError

BATCH = 8
"""Samples read in one job: few, so that the first pictures stand at once."""
NOTHING = Extent(48, 71, 8 * 4 * 480)

Read = tuple[Sample, Sheet | None, str]


class Film(QObject):
    """All samples of a run by epoch, people's last. Lives on the GUI thread, reads on others."""

    listed = Signal()
    """The samples are other ones than before."""
    developed = Signal()
    """Some more of them have been read."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._run: Path | None = None
        self._sheets: dict[Sample, Sheet] = {}
        self._problems: dict[Sample, str] = {}
        self._known: set[Sample] = set()
        """Those that have been read, or cannot be."""
        self._wanted: tuple[Sample, ...] = ()
        self._listing: Job[tuple[Sample, ...]] | None = None
        self._reading: Job[list[Read]] | None = None
        self._again = False
        self.samples: tuple[Sample, ...] = ()
        self.epochs: tuple[Sample, ...] = ()
        """The samples but for people's."""
        self.was_listed = False
        self.extent = NOTHING
        """The same room for all pictures: they can be compared at a glance."""

    def set_run(self, run: Path | None) -> None:
        """Show the samples of another run; None: of no run."""
        for job in (self._listing, self._reading):
            if job is not None:
                job.cancel()
        self._listing = self._reading = None
        self._run, self._again, self.was_listed = run, False, False
        self.samples, self.epochs, self._wanted = (), (), ()
        self._sheets, self._problems, self._known, self.extent = {}, {}, set(), NOTHING
        self.listed.emit()
        self.refresh()

    def refresh(self) -> None:
        """Look again which samples there are; calls that come too often are joined."""
        run = self._run
        if run is None:
            return
        if self._listing is not None:
            self._again = True
            return
        self._listing = self._jobs.run(
            lambda control: samples_in(run), self._on_listed, title="Listing samples"
        )

    def sheet(self, sample: Sample) -> Sheet | None:
        """A sample ready to be painted; None until it has been read."""
        return self._sheets.get(sample)

    def problem(self, sample: Sample) -> str:
        """Why a sample cannot be shown; empty where it can, or may yet."""
        return self._problems.get(sample, "")

    def want(self, samples: Sequence[Sample]) -> None:
        """Read these before all others."""
        self._wanted = tuple(samples)
        self._read_more()

    def _on_listed(self, samples: tuple[Sample, ...]) -> None:
        self._listing = None
        first, self.was_listed = not self.was_listed, True
        if samples != self.samples or first:
            self.samples, there = samples, set(samples)
            self.epochs = tuple(sample for sample in samples if sample.epoch is not None)
            self._sheets = {s: sheet for s, sheet in self._sheets.items() if s in there}
            self._known &= there
            self.listed.emit()
        if self._again:
            self._again = False
            self.refresh()
        self._read_more()

    def _read_more(self) -> None:
        if self._reading is not None or len(self._known) >= len(self.samples):
            return
        there = set(self.samples)
        order = dict.fromkeys((*(s for s in self._wanted if s in there), *self.samples))
        missing = [sample for sample in order if sample not in self._known]
        if missing:
            batch = missing[:BATCH]
            self._reading = self._jobs.run(
                lambda control: read_all(control, batch),
                self._on_read,
                self._on_failed,
                "Reading samples",
            )

    def _on_read(self, read: list[Read]) -> None:
        self._reading = None
        for sample, sheet, problem in read:
            self._known.add(sample)
            if sheet is None:
                self._problems[sample] = problem
            else:
                self._sheets[sample] = sheet
                self._stretch(sheet)
        self.developed.emit()
        self._read_more()

    def _on_failed(self, error: TuttiError) -> None:
        """A fault of Tutti's own, which has been reported: leave the rest unread."""
        self._reading = None

    def _stretch(self, sheet: Sheet) -> None:
        taken = sheet.extent
        if taken is not None:
            self.extent = taken if self.extent is NOTHING else self.extent.including(taken)


def read_all(control: JobControl, samples: Sequence[Sample]) -> list[Read]:
    """Sheets of samples, or why there is none. Called on a worker thread."""
    read: list[Read] = []
    for sample in samples:
        control.check()
        try:
            read.append((sample, sheet_of(read_sample(sample)), ""))
        except StoreError as error:
            read.append((sample, None, str(error)))
    return read
