"""How far a fetch or an import is, and how that is said."""

from dataclasses import dataclass
from typing import Literal

from engine.data.song_report import HELP, ImportReport

Stage = Literal["Fetching", "Checking", "Importing"]
SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: bytes, or files while importing; ``total`` None is not known.

    ``remark`` is a sentence on what happened on the way, such as a line that broke.
    """

    stage: Stage
    done: int
    total: int | None = None
    bytes_per_second: float = 0.0
    remark: str = ""

    @property
    def fraction(self) -> float | None:
        """0 to 1, None where the total is not known."""
        return min(1.0, self.done / self.total) if self.total else None


def progress_words(progress: Progress) -> str:
    """Such as "Fetching: 3.1 MB of 19.7 MB, 1.2 MB a second"."""
    if progress.stage == "Importing":
        return f"Importing: {progress.done:,} of {progress.total or 0:,} files"
    of = f" of {in_bytes(progress.total)}" if progress.total else ""
    pace = progress.bytes_per_second
    speed = f", {in_bytes(pace)} a second" if pace and progress.stage == "Fetching" else ""
    return f"{progress.stage}: {in_bytes(progress.done)}{of}{speed}"


def in_bytes(number: float) -> str:
    """An amount as it is read: "19.7 MB", "200 kB"."""
    size, unit = next((each for each in SIZES if number >= each[0]), (1, "bytes"))
    value = number / size
    return f"{value:.1f} {unit}" if unit != "bytes" and value < 100 else f"{value:.0f} {unit}"


def report_words(report: ImportReport) -> str:
    """Such as "812 of 824 files are kept. Left out: 9 meter, 3 no melody."

    Where few were kept, it ends with what helps.
    """
    kept = f"{report.kept:,} of {report.files:,} files are kept"
    kept += f", {report.estimated:,} with estimated beats." if report.estimated else "."
    if not report.dropped:
        return kept
    most_first = sorted(report.dropped.items(), key=lambda item: -item[1])
    told = f"{kept} Left out: {', '.join(f'{count:,} {why}' for why, count in most_first)}."
    why = report.main_reason
    return f"{told} Mostly {why}: {HELP[why]}." if why else told
