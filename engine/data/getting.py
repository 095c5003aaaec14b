"""A set of the catalogue, from its address to a packed data set in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.data.catalogue import CatalogueEntry
from engine.data.fetching import FetchedSet, fetch, fetched
from engine.data.importing import import_folder
from engine.data.progress import Progress
from engine.data.song_report import ImportReport


@dataclass(frozen=True, slots=True)
class GotSet:
    """What came of it: the fetched files, and what became of them as songs."""

    fetched: FetchedSet
    report: ImportReport


def get_set(
    entry: CatalogueEntry,
    sources: Path,
    data_sets: Path,
    progress: Callable[[Progress], None] = lambda progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    gives_way: bool = False,
) -> GotSet:
    """Fetch a set unless it lies in ``sources`` already, then pack it into ``data_sets``.

    ``progress`` counts bytes while fetching and files while importing; ``gives_way`` as
    `import_folder`'s. Raises `DataError`.
    """
    found = fetched(entry, sources) or fetch(entry, sources, progress, cancelled)
    report = import_folder(
        found.folder,
        entry.name,
        entry.tags,
        data_sets,
        progress=lambda done, total: progress(Progress("Importing", done, total)),
        cancelled=cancelled,
        licence=entry.licence_in_words,
        version=entry.commit[:7],
        gives_way=gives_way,
    )
    return GotSet(found, report)
