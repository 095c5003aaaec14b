"""How progress comes from a worker thread to the page: as often as it can be looked at."""

from desktop.jobs import JobControl
from engine.data.progress import Progress

STEPS = 200
"""How often the progress of one stage is told, at most; a download beats by itself."""


class Told:
    """The last progress of a job. Written on the worker thread, read on the GUI thread."""

    def __init__(self) -> None:
        self.progress: Progress | None = None
        self.control: JobControl | None = None

    def tell(self, progress: Progress) -> None:
        """Keep it, and wake the page where it is news. Called on the worker thread."""
        before, self.progress = self.progress, progress
        if self.control is not None and (before is None or _is_news(before, progress)):
            self.control.progress(progress.fraction or 0.0, progress.stage)

    def count(self, done: int, total: int) -> None:
        """The same for an import, which counts files."""
        self.tell(Progress("Importing", done, total))


def _is_news(before: Progress, now: Progress) -> bool:
    if before.stage != now.stage or now.stage == "Fetching" or not now.total:
        return True
    step = max(1, now.total // STEPS)
    return now.done // step != before.done // step or now.done >= now.total
