"""``tutti data``: the catalogue, fetching, importing, listing, removing, reporting."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from engine.data.catalogue import CATALOGUE, CatalogueEntry, entry_named
from engine.data.data_sets import (
    DataSet,
    checked_name,
    data_set,
    data_sets,
    file_reports,
    is_packed,
    remove_data_set,
)
from engine.data.fetching import arrived, fetched
from engine.data.getting import get_set
from engine.data.importing import import_folder
from engine.data.midi_folder import chosen_in
from engine.data.progress import Progress, in_bytes, progress_words, report_words
from engine.data.song_report import FileReport, ImportReport
from engine.errors import DataError
from engine.store.paths import data_sets_folder, sources_folder

DONE = 0


def data_command(options: argparse.Namespace) -> int:
    """Run ``tutti data ACTION``; its exit code. Raises `TuttiError` with the sentence."""
    return ACTIONS[options.action](options)


def _catalogue(options: argparse.Namespace) -> int:
    """List the public sets and what is here of them."""
    if options.json:
        _answer([_catalogue_facts(entry) for entry in CATALOGUE])
        return DONE
    for entry in CATALOGUE:
        amount = f"{entry.songs:,} songs, {in_bytes(entry.bytes)}" if entry.bytes else "a recipe"
        _say(f"{entry.name:16} {amount:24} {entry.licence}{_here(entry)}")
        _say(f"{'':16} {entry.description}")
    _say("tutti data get NAME fetches one, or tells its recipe.")
    return DONE


def _catalogue_facts(entry: CatalogueEntry) -> Mapping[str, Any]:
    here = fetched(entry, sources_folder())
    return {
        **asdict(entry),
        "address": entry.address,
        "fetched": here is not None,
        "arrived_bytes": arrived(entry, sources_folder()),
    }


def _here(entry: CatalogueEntry) -> str:
    if fetched(entry, sources_folder()):
        return "  (here)"
    part = arrived(entry, sources_folder())
    return f"  ({in_bytes(part)} have arrived)" if part else ""


def _get(options: argparse.Namespace) -> int:
    """Fetch a set of the catalogue and pack it."""
    entry = entry_named(options.name)
    with _ProgressLine() as line:
        got = get_set(entry, sources_folder(), data_sets_folder(), line.show)
    if options.json:
        _answer(
            {
                "name": entry.name,
                "folder": str(data_sets_folder() / entry.name),
                "fetched": {
                    "folder": str(got.fetched.folder),
                    "kept": got.fetched.kept,
                    "altered": list(got.fetched.altered),
                    "missing": list(got.fetched.missing),
                },
                "report": _report_facts(got.report),
            }
        )
        return DONE
    _say(got.fetched.remark or f"{got.fetched.kept:,} files, each the one that is known.")
    _say(report_words(got.report))
    _say(f"Licence: {entry.licence}. {entry.licence_note}")
    return DONE


def _add(options: argparse.Namespace) -> int:
    """Pack MIDI files: of a folder, of several, or those that are named."""
    folder, chosen = chosen_in(options.paths)
    with _ProgressLine() as line:
        report = import_folder(
            folder,
            options.name,
            tuple(dict.fromkeys(options.tag)),
            data_sets_folder(),
            progress=lambda done, total: line.show(Progress("Importing", done, total)),
            chosen=chosen,
        )
    if options.json:
        _answer({"name": options.name, "report": _report_facts(report)})
        return DONE
    _say(report_words(report))
    if report.dropped:
        _say(f"tutti data report {options.name} tells more.")
    return DONE


def _list(options: argparse.Namespace) -> int:
    """List the packed sets."""
    sets = data_sets(data_sets_folder())
    if options.json:
        _answer([_set_facts(each) for each in sets])
        return DONE
    for each in sets:
        tags = f"  [{', '.join(each.tags)}]" if each.tags else ""
        _say(
            f"{each.name:16} {each.songs:6,} songs {each.windows:8,} windows  {each.licence}{tags}"
        )
    if not sets:
        _say("There are no data sets yet; tutti data get pop909 fetches one.")
    return DONE


def _remove(options: argparse.Namespace) -> int:
    """Remove a packed set; the files it was made from stay."""
    remove_data_set(options.name, data_sets_folder())
    _say(f"{options.name} is removed. The files it was made from are untouched.")
    return DONE


def _report(options: argparse.Namespace) -> int:
    """What was kept of a set, what not and why, file by file."""
    folder = data_sets_folder() / checked_name(options.name)
    if not is_packed(folder):
        raise DataError(f"There is no data set {options.name}; tutti data list names them.")
    named, files = data_set(folder), file_reports(folder)
    if named.report is None:
        raise DataError(f"{named.name} was imported before reports were kept; import it again.")
    if options.json:
        facts = _report_facts(named.report)
        _answer({"name": named.name, **facts, "reports": [asdict(each) for each in files]})
        return DONE
    for each in files:
        if options.all or not each.kept:
            _say_file(each)
    _say(report_words(named.report))
    return DONE


def _say_file(file: FileReport) -> None:
    _say(f"{file.path}: {'kept' if file.kept else file.reason}")
    for track in file.tracks:
        role = track.role or "left out"
        _say(f"  {track.index + 1:2} {track.name or '(no name)':24.24} {role:10} {track.why}")


def _report_facts(report: ImportReport) -> Mapping[str, Any]:
    return {**asdict(report), "dropped": dict(report.dropped)}


def _set_facts(each: DataSet) -> Mapping[str, Any]:
    return {
        "name": each.name,
        "folder": str(each.folder),
        "songs": each.songs,
        "windows": each.windows,
        "bytes": each.bytes,
        "tags": list(each.tags),
        "licence": each.licence,
        "roles": list(each.card.roles),
        "report": each.report and _report_facts(each.report),
    }


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _answer(values: Any) -> None:
    _say(json.dumps(values, indent=2))


class _ProgressLine:
    """One line on stderr that changes, where a person looks on; nothing in a log."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._remark = ""

    def __enter__(self) -> "_ProgressLine":
        return self

    def __exit__(self, *error: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")

    def show(self, progress: Progress) -> None:
        """Tell how far it is; a remark gets a line of its own, once."""
        if progress.remark and progress.remark != self._remark:
            sys.stderr.write(("\r\x1b[K" if self._shown else "") + progress.remark + "\n")
        self._remark = progress.remark
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{progress_words(progress)}")
            sys.stderr.flush()


ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "catalogue": _catalogue,
    "get": _get,
    "add": _add,
    "list": _list,
    "remove": _remove,
    "report": _report,
}
