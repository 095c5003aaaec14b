"""From a data set's name or folder to a packed corpus."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.data import chorales, midi_folder, pop909
from engine.data.corpus import CorpusCard, Song, write_corpus
from engine.errors import DataError


@dataclass(frozen=True, slots=True)
class Reader:
    """A known layout: how it is recognised and read."""

    card: CorpusCard
    recognises: Callable[[Path], bool]
    songs: Callable[[Path], Iterator[Song]]


READERS = (
    Reader(pop909.CARD, pop909.is_pop909, pop909.songs),
    Reader(chorales.CARD, chorales.is_chorales, chorales.songs),
)


def is_packed(folder: Path) -> bool:
    """Whether the folder is a packed corpus."""
    return (folder / "corpus.json").is_file()


def packed_folder(name_or_folder: str, data_sets: Path) -> Path:
    """The packed corpus that a name or a folder means; an unpacked folder is imported first.

    ``data_sets`` is where packed sets lie. Raises `DataError`.
    """
    named = data_sets / name_or_folder
    if named.parent == data_sets and named.name not in ("", "..") and is_packed(named):
        return named
    folder = Path(name_or_folder).expanduser()
    if is_packed(folder):
        return folder
    if not folder.is_dir():
        raise DataError(f"There is no data set {name_or_folder}, and no such folder.")
    return import_folder(folder, data_sets)


def import_folder(folder: Path, data_sets: Path) -> Path:
    """Pack a folder into ``data_sets`` whole or not at all, under its set's name."""
    for reader in READERS:
        if reader.recognises(folder):
            target = data_sets / reader.card.name
            if is_packed(target):
                return target
            _pack(reader, folder, target)
            return target
    if midi_folder.is_midi_folder(folder):
        return _import_midi_files(folder, data_sets)
    raise DataError(f"{folder} is not laid out as a data set that Tutti can read.")


def _import_midi_files(folder: Path, data_sets: Path) -> Path:
    """Pack any MIDI files; a folder whose files have changed since is another set."""
    card = midi_folder.card_of(folder)
    target = data_sets / f"{card.name}-{card.version}"
    if not is_packed(target):
        _pack(Reader(card, midi_folder.is_midi_folder, midi_folder.songs), folder, target)
    return target


def _pack(reader: Reader, folder: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        write_corpus(partial, reader.card, reader.songs(folder))
        shutil.rmtree(target, ignore_errors=True)
        partial.replace(target)
    except OSError as error:
        raise DataError(f"The data set could not be kept as {target}: {error.strerror}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
