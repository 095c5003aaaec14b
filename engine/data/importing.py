"""From a folder of songs to a packed data set: read side by side, written as a stream.

A set is made in a hidden folder beside the others and takes its place whole or not at all. Beside
the pack stand ``rules.json`` (what the user corrected), ``files.jsonl`` (a report on every file)
and ``import.json`` (where it came from, and the counts).
"""

import json
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TextIO

from engine.data import chorales, midi_folder, pop909
from engine.data.data_sets import (
    IMPORT_FILE,
    REPORTS_FILE,
    DataSet,
    checked_name,
    data_set,
    data_sets,
    file_reports,
    import_json,
    is_packed,
    plain_name,
    put_in_place,
    remove_data_set,
    retag,
)
from engine.data.layouts import Layout, known_layout, layout_of
from engine.data.packing import CorpusWriter, PackedSong
from engine.data.reading_pool import Cancelled, FileResult, ReadingPool, worker_count
from engine.data.rules import NO_RULE, RoleRule, read_rule, write_rule
from engine.data.song import CorpusCard, meter_of
from engine.data.song_report import (
    BEATS_ESTIMATED,
    DUPLICATE,
    FileReport,
    ImportReport,
    report_json,
)
from engine.errors import DataError

__all__ = [
    "Cancelled",
    "DataSet",
    "data_set",
    "data_sets",
    "examine",
    "file_reports",
    "import_folder",
    "is_packed",
    "packed_folder",
    "remove_data_set",
    "retag",
]

THEIR_OWN = "the user's own files"
LOOKED_AT = 24  # files, spread over the folder, that tell its layout
CARDS = {"pop909": pop909.CARD, "chorales": chorales.CARD}

Progress = Callable[[int, int], None]


def _nobody_cancels() -> bool:
    return False


def _untold(_done: int, _total: int) -> None:
    pass


def packed_folder(name_or_folder: str, data_sets_folder: Path) -> Path:
    """The packed corpus that a name or a folder means; an unpacked folder is imported first.

    ``data_sets_folder`` is where packed sets lie. Raises `DataError`.
    """
    named = data_sets_folder / name_or_folder
    if named.parent == data_sets_folder and named.name not in ("", "..") and is_packed(named):
        return named
    folder = Path(name_or_folder).expanduser()
    if is_packed(folder):
        return folder
    if not folder.is_dir():
        raise DataError(f"There is no data set {name_or_folder}, and no such folder.")
    name = _usual_name(folder)
    target = data_sets_folder / name
    if not is_packed(target):
        import_folder(folder, name, (), data_sets_folder)
    return target


def _usual_name(folder: Path) -> str:
    """Under which a folder is packed that nobody named: one whose files change is another set."""
    layout = known_layout(folder)
    if layout is not None:
        return CARDS[layout.name].name
    count, version = midi_folder.count_and_version(folder)
    if not count:
        raise DataError(f"{folder} is not laid out as a data set that Tutti can read.")
    return f"{plain_name(folder.resolve().name)}-{version}"


@dataclass(frozen=True, slots=True)
class _Source:
    """A folder that is read: its layout, how many files there are, and a digest of them.

    ``chosen``: only those files and folders in it, and none for all.
    """

    folder: Path
    chosen: tuple[str, ...]
    layout: Layout
    files: int
    version: str
    pool: ReadingPool

    def paths(self) -> Iterator[str]:
        """All its songs' paths, as they are met."""
        if self.chosen:
            return midi_folder.midi_paths(self.folder, self.chosen)
        return self.layout.files(self.folder)


def import_folder(
    folder: Path,
    name: str,
    tags: Iterable[str],
    data_sets_folder: Path,
    rule: RoleRule | None = None,
    progress: Progress = _untold,
    cancelled: Callable[[], bool] = _nobody_cancels,
    *,
    licence: str = "",
    version: str = "",
    chosen: tuple[str, ...] = (),
    gives_way: bool = False,
) -> ImportReport:
    """Pack the songs in ``folder`` as the data set ``name``; one of that name is replaced.

    ``chosen``: only those MIDI files and folders in it (`midi_folder.chosen_in`). ``rule`` has the
    user's corrections, by default those that the set of that name was packed with. ``progress`` is
    told how many of how many files are done. ``gives_way`` to sound and playing: for an import
    beside a window. Raises `Cancelled`, and `DataError` where nothing can be packed; then all is as
    it was.
    """
    target = data_sets_folder / checked_name(name)
    if rule is None:
        rule = read_rule(target) if is_packed(target) else NO_RULE
    opened = _opened(folder, chosen, rule, cancelled, gives_way)
    with opened as source, put_in_place(target) as partial:
        card = _card(source, name, tags, licence, version)
        counts = _pack(source, card, partial, progress)
        report = counts.report()
        write_rule(partial, rule)
        note = import_json(folder, chosen, source.layout.name, report, counts.windows)
        (partial / IMPORT_FILE).write_text(json.dumps(note), "utf-8")
    return report


def _card(
    source: _Source, name: str, tags: Iterable[str], licence: str, version: str
) -> CorpusCard:
    known = CARDS.get(source.layout.name)
    return CorpusCard(
        name=name,
        version=version or (known.version if known else source.version),
        licence=licence or (known.licence if known else THEIR_OWN),
        roles=source.layout.roles,
        programs=source.layout.programs,
        tags=tuple(dict.fromkeys((*tags, *(known.tags if known else ())))),
    )


def examine(
    folder: Path,
    limit: int | None = None,
    rule: RoleRule = NO_RULE,
    progress: Progress = _untold,
    cancelled: Callable[[], bool] = _nobody_cancels,
    *,
    chosen: tuple[str, ...] = (),
    gives_way: bool = False,
) -> tuple[FileReport, ...]:
    """What is found in the folder's files, or in the first ``limit`` of them; nothing is packed.

    Raises `Cancelled`, and `DataError` for a folder without songs.
    """
    seen = _Marks()
    reports: list[FileReport] = []
    with _opened(folder, chosen, rule, cancelled, gives_way) as source:
        total = source.files if limit is None else min(limit, source.files)
        for result in source.pool.results(islice(source.paths(), total), "examine"):
            reports.append(_unless_known(result, seen).report)
            progress(len(reports), total)
    return tuple(reports)


@contextmanager
def _opened(
    folder: Path,
    chosen: tuple[str, ...],
    rule: RoleRule,
    cancelled: Callable[[], bool],
    gives_way: bool,
) -> Iterator[_Source]:
    """The folder with the processes that read it. Raises `DataError`."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}. Choose another one.")
    layout = known_layout(folder) if not chosen else None
    if layout is not None:
        count, version = sum(1 for _ in layout.files(folder)), ""
    else:
        count, version = midi_folder.count_and_version(folder, chosen)
    if not count:
        raise DataError(
            f"The files that were chosen in {folder} are not there any more."
            if chosen
            else f"{folder} is not laid out as a data set that Tutti can read."
        )
    with ReadingPool(folder, worker_count(count), cancelled, gives_way=gives_way) as pool:
        if layout is None:
            every = max(1, count // LOOKED_AT)
            some = islice(midi_folder.midi_paths(folder, chosen), 0, None, every)
            layout = layout_of(list(pool.looks(some)))
        pool.expect(layout, rule)
        yield _Source(folder, chosen, layout, count, version, pool)


class _Marks:
    """Marks that were met before, eight bytes each: 170,000 of them are still little."""

    def __init__(self) -> None:
        self._met = array("Q")

    def meet(self, mark: str) -> bool:
        """Whether the mark was met before; it is from now on."""
        if not mark:
            return False
        number = int(mark, 16)
        place = bisect_left(self._met, number)
        if place < len(self._met) and self._met[place] == number:
            return True
        self._met.insert(place, number)
        return False


def _unless_known(result: FileResult, seen: _Marks) -> FileResult:
    """The result, dropped where a file before it holds the same music."""
    if not result.report.kept or not seen.meet(result.content):
        return result
    return FileResult(replace(result.report, kept=False, reason=DUPLICATE))


@dataclass(slots=True)
class _Counts:
    """What came of the files so far."""

    files: int = 0
    songs: int = 0
    windows: int = 0
    estimated: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    meters: Counter[str] = field(default_factory=Counter)

    def add(self, result: FileResult) -> None:
        self.files += 1
        self.songs += len(result.songs)
        self.windows += sum(song.windows for song in result.songs)
        if not result.report.kept:
            self.dropped[result.report.reason] += 1
        elif result.report.remark.endswith(BEATS_ESTIMATED):
            self.estimated += 1
        self.meters.update(meter_of(song.entry) for song in result.songs)

    def report(self) -> ImportReport:
        kept = self.files - sum(self.dropped.values())
        dropped = dict(self.dropped.most_common())
        meters = dict(self.meters.most_common())
        return ImportReport(self.files, kept, dropped, self.songs, meters, self.estimated)


def _pack(source: _Source, card: CorpusCard, partial: Path, progress: Progress) -> _Counts:
    counts, seen, last = _Counts(), _Marks(), ""
    with (
        CorpusWriter(partial, card.roles) as writer,
        (partial / REPORTS_FILE).open("w", encoding="utf-8") as reports,
    ):
        for result in source.pool.results(source.paths()):
            result = _unless_known(result, seen)
            for song in result.songs:
                named = _with_another_name(song, last)
                writer.add(named)
                last = named.entry.name
            _tell(reports, result.report)
            counts.add(result)
            progress(counts.files, max(source.files, counts.files))
        if not counts.songs:
            raise DataError(_nothing_kept(counts.report()))
        writer.finish(card)
    return counts


def _with_another_name(song: PackedSong, last: str) -> PackedSong:
    """The song, renamed where the one before is called the same (``a.mid`` beside ``a.midi``)."""
    if song.entry.name != last:
        return song
    return replace(song, entry=replace(song.entry, name=f"{last}__again"))


def _tell(reports: TextIO, report: FileReport) -> None:
    path = midi_folder.plain_text(report.path)
    reports.write(json.dumps(report_json(replace(report, path=path))) + "\n")


def _nothing_kept(report: ImportReport) -> str:
    told = ", ".join(f"{count} {reason}" for reason, count in report.dropped.items())
    return f"None of the files held a melody with an accompaniment ({told})."
