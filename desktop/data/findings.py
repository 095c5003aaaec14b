"""What was found in the files of a set, as the page shows it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from glob import escape
from itertools import islice
from pathlib import Path

from desktop.data.states import OwnSongs
from engine.data.rules import NO_RULE, Correction, RoleRule, TrackFacts, read_rule
from engine.data.song_report import FileReport, ImportReport, TrackReport
from engine.store.paths import data_sets_folder

MOST_FILES = 20_000
"""Files whose findings are shown; the counts are of all."""
MOST_EXAMINED = 500
FIXED_LAYOUTS = ("pop909", "chorales", "drums")
"""Layouts whose roles are known beforehand: there is nothing to correct."""


@dataclass(frozen=True, slots=True)
class Findings:
    """A set's name, where it came from, what was found in each file, and the rule it was read by.

    ``chosen``: only those files and folders of the ``source``. ``is_packed`` is False where songs
    were only looked at, since nothing of them was kept.
    ``alike``: see `count_alike`.
    """

    name: str
    source: Path | None
    tags: tuple[str, ...]
    roles: tuple[str, ...]
    counts: ImportReport
    files: tuple[FileReport, ...]
    rule: RoleRule
    chosen: tuple[str, ...] = ()
    layout: str = ""
    licence: str = ""
    version: str = ""
    is_packed: bool = True
    alike: Counter[Correction] = field(default_factory=Counter)

    @property
    def problem(self) -> str:
        """Why roles cannot be corrected; empty when they can."""
        if self.layout in FIXED_LAYOUTS:
            return "This set says itself which track is what; there is nothing to correct."
        if self.source is None or not self.source.is_dir():
            return "The folder this set was read from is not there any more."
        return ""


def read_findings(name: str) -> Findings:
    """What is kept beside a packed set. Called on a worker thread. Raises `DataError`."""
    from engine.data.data_sets import data_set, file_reports

    folder = data_sets_folder() / name
    found = data_set(folder)
    files = tuple(islice(file_reports(folder), MOST_FILES))
    return Findings(
        name=name,
        source=found.source,
        tags=found.tags,
        roles=found.card.roles,
        counts=found.report or ImportReport(),
        files=files,
        rule=read_rule(folder),
        chosen=found.chosen,
        layout=found.layout,
        licence=found.licence,
        version=found.card.version,
        alike=count_alike(files),
    )


def examined(
    own: OwnSongs, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Findings:
    """What is found in songs of which nothing was packed. Called on a worker thread."""
    from engine.data.importing import examine
    from engine.data.roles import BAND

    files = examine(
        own.folder, MOST_EXAMINED, progress=progress, cancelled=cancelled, chosen=own.chosen,
        gives_way=True,
    )  # fmt: skip
    dropped = Counter(file.reason for file in files if not file.kept)
    counts = ImportReport(len(files), len(files) - dropped.total(), dict(dropped.most_common()))
    return Findings(
        own.name, own.folder, own.tags, BAND, counts, files, NO_RULE, chosen=own.chosen,
        is_packed=False, alike=count_alike(files),
    )  # fmt: skip


def facts_of(track: TrackReport) -> TrackFacts:
    """What a correction can ask about a track."""
    return TrackFacts(
        track.index, track.name, track.program, track.channel, float(track.median_pitch)
    )


def role_by(rule: RoleRule, file: FileReport, track: TrackReport) -> str:
    """The role of a track as the rule will have it."""
    given = rule.role_of(file.path, facts_of(track))
    return track.role if given is None else given


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tracks a correction is for, and how many files have such a track."""

    correction: Correction
    files: int


def scopes(
    file: FileReport, track: TrackReport, role: str, alike: Counter[Correction]
) -> tuple[Scope, ...]:
    """This track alone, then with all that look alike; ``alike`` is counted by `count_alike`."""
    here = Correction(role=role, file=file.path, track=track.index)
    every = _alike(file, track)
    return Scope(here, 1), Scope(replace(every, role=role), alike[every])


def count_alike(files: Iterable[FileReport]) -> Counter[Correction]:
    """In how many files there is a track that a correction of all alike ones would mean."""
    counted: Counter[Correction] = Counter()
    for file in files:
        counted.update({_alike(file, track) for track in file.tracks})
    return counted


def _alike(file: FileReport, track: TrackReport) -> Correction:
    """By name; where that does not part it from the file's other tracks, by its number too."""
    name = track.name.casefold()
    twins = sum(1 for each in file.tracks if each.name.casefold() == name)
    return Correction(
        name=escape(track.name),
        track=track.index if twins > 1 or not name else None,
        programs=() if name else (track.program,),
    )


def in_words(correction: Correction) -> str:
    """Such as "“Lead” is Melody in every file"."""
    if correction.whole_file:
        return f"{correction.file} is left out"
    role = correction.role or "left out"
    number = "" if correction.track is None else f"track {correction.track + 1}"
    if correction.file:
        return f"{Path(correction.file).name}: {number or 'every track'} is {role}"
    name = f"“{_unescaped(correction.name)}”" if correction.name else ""
    which = ", ".join(filter(None, (name, number))) or "every track"
    return f"{which} is {role} in every file"


def _unescaped(name: str) -> str:
    """The name that `glob.escape` was given."""
    return re.sub(r"\[([*?[])\]", r"\1", name)


def differs(one: RoleRule, other: RoleRule) -> int:
    """How many corrections only one of two rules has."""
    return len(set(one.corrections) ^ set(other.corrections))
