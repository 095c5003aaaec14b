"""What was found in a file of a data set, and what became of a whole import."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

# Why a file was not kept. The words are shown as they stand.
NO_MELODY = "no melody"
NO_ACCOMPANIMENT = "no accompaniment"
METER = "meter"
DUPLICATE = "duplicate"
UNREADABLE = "unreadable"
TOO_SHORT = "too short"
OFF_THE_GRID = "off the grid"
OTHER_VOICES = "not four voices"
CORRECTED = "left out by your rule"

HELP = {
    NO_MELODY: "say in the report which track is the melody",
    NO_ACCOMPANIMENT: "say in the report which track accompanies",
    METER: "write the meter that they are in into the files, in whole quarters or eighths",
    TOO_SHORT: "a song needs four bars and eight notes of melody",
    OFF_THE_GRID: "record to a click, or quantise the notes in a sequencer first",
    OTHER_VOICES: "keep files with more or fewer voices in a folder of their own",
    UNREADABLE: "export them again as MIDI files",
}
"""What helps where files were left out for a reason. A double needs no help."""

BEATS_ESTIMATED = "Its notes do not keep to its beats; beats and bars are estimated."
FEW = 0.5  # of the files: a set that keeps less is not what was meant

LEFT_OUT = ""
"""The role of a track that is not packed."""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """What a track was taken for.

    ``channel`` counts from 1, 0 where the file was read without it; ``role`` is empty for a track
    that is not packed; ``why`` says what decided.
    """

    index: int
    name: str
    program: int
    channel: int
    notes: int
    role: str
    why: str
    median_pitch: int = 0


@dataclass(frozen=True, slots=True)
class FileReport:
    """What was found in a file; ``path`` is relative to the data set's folder.

    ``reason`` is empty for a file that was kept; ``meter`` and ``bars`` are those of what was kept,
    or would have been. ``remark`` is a sentence about what had to be mended.
    """

    path: str
    kept: bool
    reason: str = ""
    meter: str = ""
    bars: int = 0
    tracks: tuple[TrackReport, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many files there were, how many were kept, and how many were dropped by reason.

    ``songs`` is how many songs the kept files gave: a file that changes its meter gives several.
    ``meters`` counts the songs by meter, ``estimated`` the kept files whose beats were estimated.
    """

    files: int = 0
    kept: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    songs: int = 0
    meters: Mapping[str, int] = field(default_factory=dict)
    estimated: int = 0

    @property
    def main_reason(self) -> str:
        """Why most were left out where few were kept; empty where enough were.

        Doubles, and what the user's rule leaves out, count for neither.
        """
        lost = {why: count for why, count in self.dropped.items() if why in HELP}
        few = self.kept < FEW * (self.kept + sum(lost.values()))
        return max(lost, key=lambda why: lost[why]) if few else ""


_FIELDS = tuple(each.name for each in fields(FileReport))
_TRACK_FIELDS = tuple(each.name for each in fields(TrackReport))


def report_json(report: FileReport) -> dict[str, Any]:
    """Plain values."""
    # `asdict` copies deeply, which takes longer than reading a small file.
    tracks = [{name: getattr(track, name) for name in _TRACK_FIELDS} for track in report.tracks]
    return {name: getattr(report, name) for name in _FIELDS} | {"tracks": tracks}


def report_from(values: Mapping[str, Any]) -> FileReport:
    """A report from `report_json`'s values. Raises `TypeError` or `KeyError` for others."""
    tracks = tuple(TrackReport(**track) for track in values["tracks"])
    return FileReport(**{**values, "tracks": tracks})
