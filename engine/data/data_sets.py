"""The packed data sets of a user: what there is, and how one takes its place or goes."""

import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from engine.data.corpus import UNREADABLE, card_from
from engine.data.packing import WINDOW_BARS
from engine.data.song import CorpusCard
from engine.data.song_report import FileReport, ImportReport, report_from
from engine.errors import DataError
from engine.files.atomic import write_atomically, writing_failed

INDEX_FILE, REPORTS_FILE, IMPORT_FILE = "corpus.json", "files.jsonl", "import.json"
LONGEST_NAME = 80
HEAD_BYTES = 256 * 1024  # in which a card ends, however many tags it has
_HIDDEN = re.compile(r"\.(?P<name>.+)\.(?P<process>\d+)-[0-9a-f]{8}\.(?P<kind>partial|old|gone)")


@dataclass(frozen=True, slots=True)
class DataSet:
    """A packed data set.

    ``songs`` and ``windows`` are counts; a window is four bars on a bar line, one after another, in
    which melody and accompaniment sound. ``source`` is the folder that it was imported from, None
    where that is not known any more; ``chosen``: only those files and folders in it (none: all of
    it, see `midi_folder.chosen_in`); ``report`` is None for a set that was packed before reports
    were kept.
    """

    name: str
    folder: Path
    card: CorpusCard
    songs: int
    windows: int
    bytes: int
    tags: tuple[str, ...]
    licence: str
    report: ImportReport | None = None
    source: Path | None = None
    chosen: tuple[str, ...] = ()
    layout: str = ""


def is_packed(folder: Path) -> bool:
    """Whether the folder is a packed corpus."""
    return (folder / INDEX_FILE).is_file()


def checked_name(name: str) -> str:
    """The name as it is. Raises `DataError` for one that cannot be a folder's on every system."""
    plain = name.strip()
    if not plain or plain != name or len(name) > LONGEST_NAME or name[0] == "." or name[-1] == ".":
        raise DataError(f"A data set needs a name of 1 to {LONGEST_NAME} letters, without a dot.")
    if any(character in '<>:"/\\|?*' or not character.isprintable() for character in name):
        raise DataError(f"“{name}” has signs that no folder's name may have. Choose another name.")
    return name


def plain_name(name: str) -> str:
    """The nearest name that `checked_name` takes."""
    words = re.sub(r"[^\w ()+,.-]", "_", name).strip(" .")[: LONGEST_NAME - 10].strip(" .")
    return words or "songs"


def data_sets(data_sets_folder: Path) -> tuple[DataSet, ...]:
    """All sets in the folder, by name; what cannot be read is left out."""
    clean_up(data_sets_folder)
    try:
        folders = sorted(each for each in data_sets_folder.iterdir() if each.name[0] != ".")
    except OSError:  # no set was ever packed
        return ()
    found = []
    for folder in folders:
        if is_packed(folder):
            try:
                found.append(data_set(folder))
            except DataError:
                continue  # its own page says what is wrong with it, when it is opened
    return tuple(found)


def data_set(folder: Path) -> DataSet:
    """The set packed in a folder. Raises `DataError`."""
    try:
        card, songs = _head(folder)
        kept = _import_note(folder)
        size = sum(each.stat().st_size for each in folder.iterdir() if each.is_file())
        report = ImportReport(**kept["report"]) if kept else None
        return DataSet(
            name=folder.name,
            folder=folder,
            card=card,
            songs=report.songs if report else songs,
            windows=int(kept["windows"]) if kept else _windows_at_most(folder),
            bytes=size,
            tags=card.tags,
            licence=card.licence,
            report=report,
            source=Path(kept["folder"]) if kept else None,
            chosen=tuple(map(str, kept.get("chosen", ()))),
            layout=str(kept["layout"]) if kept else "",
        )
    except UNREADABLE as error:
        raise DataError(f"There is no readable data set in {folder}; import it again.") from error


def _import_note(folder: Path) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads((folder / IMPORT_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return note


def _head(folder: Path) -> tuple[CorpusCard, int]:
    """The card, and how many songs there are where the index is small enough to tell, else 0."""
    with (folder / INDEX_FILE).open(encoding="utf-8") as index:
        text = index.read(HEAD_BYTES)
    card, end = json.JSONDecoder().raw_decode(text, text.index('"card": ') + len('"card": '))
    return card_from(card), text.count('"first_beat"', end)


def _windows_at_most(folder: Path) -> int:
    songs = json.loads((folder / INDEX_FILE).read_text("utf-8"))["songs"]
    return sum(song["beats"] // (WINDOW_BARS * song["beats_per_bar"]) for song in songs)


def import_json(
    source: Path, chosen: Sequence[str], layout: str, report: ImportReport, windows: int
) -> dict[str, Any]:
    """What is told of an import beside its pack."""
    where = str(source.resolve()).encode(errors="replace").decode()
    return {
        "folder": where,
        "chosen": list(chosen),
        "layout": layout,
        "windows": windows,
        "report": asdict(report),
    }


def file_reports(folder: Path, first: int = 0, count: int | None = None) -> Iterator[FileReport]:
    """What was found in each file of a packed set, from number ``first`` on. Raises `DataError`."""
    try:
        with (folder / REPORTS_FILE).open(encoding="utf-8") as lines:
            for line in islice(lines, first, None if count is None else first + count):
                yield report_from(json.loads(line))
    except FileNotFoundError:
        return  # packed before reports were kept
    except UNREADABLE as error:
        raise DataError(f"The report on the files of {folder.name} cannot be read.") from error


def remove_data_set(name: str, data_sets_folder: Path) -> None:
    """Remove a packed set, at once and whole. Raises `DataError`."""
    folder = data_sets_folder / checked_name(name)
    if not is_packed(folder):
        raise DataError(f"There is no data set {name}.")
    gone = _hidden(folder, "gone")
    try:
        folder.replace(gone)
    except OSError as error:
        raise DataError(
            f"The data set {name} is in use. Try again when its run is over."
        ) from error
    shutil.rmtree(gone, ignore_errors=True)


def retag(name: str, tags: Iterable[str], data_sets_folder: Path) -> DataSet:
    """Give a packed set other tags, in place of those that it has. Raises `DataError`."""
    folder = data_sets_folder / checked_name(name)
    found = data_set(folder)
    card = replace(found.card, tags=tuple(dict.fromkeys(tag for tag in tags if tag.strip())))
    with write_atomically(folder / INDEX_FILE, DataError) as beside:
        text = (folder / INDEX_FILE).read_text("utf-8")
        start = text.index('"card": ') + len('"card": ')
        _, end = json.JSONDecoder().raw_decode(text, start)
        beside.write_text(text[:start] + json.dumps(asdict(card)) + text[end:], "utf-8")
    return replace(found, card=card, tags=card.tags)


@contextmanager
def put_in_place(target: Path) -> Iterator[Path]:
    """A folder to write to; it becomes ``target`` when the block ends well, else nothing is left.

    An `OSError` in the block or in the replacement becomes a `DataError` with a sentence.
    """
    partial = _hidden(target, "partial")
    try:
        clean_up(target.parent)
        partial.mkdir(parents=True)
        yield partial
        _flush_to_disk(partial)
        _replace(target, partial)
    except OSError as problem:
        raise DataError(writing_failed(target, problem)) from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _hidden(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}.{kind}")


def _replace(target: Path, partial: Path) -> None:
    old = _hidden(target, "old")
    if target.exists():
        target.replace(old)
    try:
        partial.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _flush_to_disk(folder: Path) -> None:
    # Without it a power cut just after the replacement can leave files without their content.
    for path in folder.iterdir():
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def clean_up(data_sets_folder: Path) -> None:
    """Bring back or remove what a process left that was killed in the midst of its work."""
    if not data_sets_folder.is_dir():
        return
    for path in data_sets_folder.iterdir():
        match = _HIDDEN.fullmatch(path.name)
        if match is None or _lives(int(match["process"])):
            continue
        target = path.with_name(match["name"])
        if match["kind"] == "old" and not target.exists():
            path.replace(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _lives_on_windows(process: int) -> bool:
    # There `os.kill` with 0 would be Ctrl+C.
    import ctypes

    synchronize = 0x00100000
    handle = ctypes.windll.kernel32.OpenProcess(synchronize, False, process)  # type: ignore[attr-defined, unused-ignore]
    if handle:
        ctypes.windll.kernel32.CloseHandle(handle)  # type: ignore[attr-defined, unused-ignore]
    return bool(handle)


def _lives(process: int) -> bool:
    """Whether the process may still be at work there."""
    if process == os.getpid():
        return True
    if sys.platform == "win32":
        return _lives_on_windows(process)
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
