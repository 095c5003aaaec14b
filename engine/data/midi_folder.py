"""Any folder of MIDI files: which files are in it, and what their places and names tell."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from engine.errors import DataError

SUFFIXES = frozenset({"mid", "midi", "smf"})
FILE, FOLDER, OTHER = range(3)  # what a folder holds; a link is neither file nor folder
# Folders that are called after what is in them, and say nothing about the music.
PLAIN_FOLDERS = frozenset({"midi", "midis", "mid", "data", "songs", "files", "music", "tracks"})
LONGEST_TAG = 24
NO_MIDI = "{} is neither a folder nor a MIDI file. Choose files that end in .mid, .midi or .smf."


def midi_paths(folder: Path, chosen: Sequence[str] = ()) -> Iterator[str]:
    """The MIDI files in a folder and below it, relative to it, in order, as they are met.

    ``chosen``: only those files and folders of it (see `chosen_in`) that are still there. Links
    that lead out of a folder are left out. Only one folder's names are held at a time.
    """
    if not chosen:
        yield from _below(folder, "", folder.resolve())
    for path in filter(_stays_within, chosen):
        place = folder / path
        if place.is_dir():
            yield from _below(place, f"{path}/", place.resolve())
        elif is_midi_file(place):
            yield path


def _place(path: Path) -> Path:
    """Where it lies; a link to a file stays one, since its own name tells what it is."""
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def _stays_within(path: str) -> bool:
    """Whether a path that is kept in a note, which anybody may have changed, leads nowhere else."""
    there = Path(path)
    return not there.is_absolute() and not there.drive and ".." not in there.parts


def chosen_in(paths: Iterable[Path]) -> tuple[Path, tuple[str, ...]]:
    """The folder in which all the files and folders lie, and their paths in it, in order.

    There are no paths where a single folder was chosen: all of it is meant. Raises `DataError`.
    """
    places = sorted({_place(path.expanduser()) for path in paths})
    for place in places:
        if not place.exists():
            raise DataError(f"There is no file or folder {place}. Choose another one.")
        if not place.is_dir() and not is_midi_file(place):
            raise DataError(NO_MIDI.format(place))
    tops = [place for place in places if not any(each in place.parents for each in places)]
    if len(tops) == 1 and tops[0].is_dir():
        return tops[0], ()
    try:
        folder = Path(os.path.commonpath([place.parent for place in tops]))
    except ValueError as error:
        raise DataError(
            "The files lie on several drives. Import those of one at a time."
        ) from error
    return folder, tuple(place.relative_to(folder).as_posix() for place in tops)


def _below(folder: Path, inside: str, root: Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((each.name, _kind(each)) for each in entries)
    except OSError:  # a folder that may not be looked into holds nothing for us
        return
    for name, kind in names:
        if kind == FOLDER:
            yield from _below(folder / name, f"{inside}{name}/", root)
        elif _is_midi(name) and (kind == FILE or _lies_within(folder / name, root)):
            yield f"{inside}{name}"


def _kind(entry: "os.DirEntry[str]") -> int:
    # What the folder itself tells; to ask the file takes a hundred times as long.
    if entry.is_dir(follow_symlinks=False):
        return FOLDER
    return FILE if entry.is_file(follow_symlinks=False) else OTHER


def is_midi_file(path: Path) -> bool:
    """Whether it is there, and called as MIDI files are."""
    return _is_midi(path.name) and path.is_file()


def _is_midi(name: str) -> bool:
    # What macOS puts beside every file of an archive is no song.
    stem, _, suffix = name.rpartition(".")
    return bool(stem) and suffix.lower() in SUFFIXES and not name.startswith("._")


def _lies_within(path: Path, root: Path) -> bool:
    return path.is_file() and (not path.is_symlink() or path.resolve().is_relative_to(root))


def midi_files(folder: Path) -> list[Path]:
    """All of `midi_paths` at once."""
    return [folder / path for path in midi_paths(folder)]


def is_midi_folder(folder: Path) -> bool:
    """Whether any MIDI file lies in the folder."""
    return next(midi_paths(folder), None) is not None


def count_and_version(folder: Path, chosen: Sequence[str] = ()) -> tuple[int, str]:
    """How many MIDI files `midi_paths` finds, and a digest of their names, sizes and times."""
    digest, count = hashlib.sha256(), 0
    for path in midi_paths(folder, chosen):
        state = (folder / path).stat()
        digest.update(os.fsencode(path))
        digest.update(f"\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
        count += 1
    return count, digest.hexdigest()[:8]


def plain_text(path: str) -> str:
    """A path as text that can be written, whatever bytes it is made of."""
    return path.encode(errors="replace").decode()


def song_name(path: str) -> str:
    """The path without its suffix, as text that can be written."""
    return plain_text(PurePosixPath(path).with_suffix("").as_posix())


def tags_of(path: str) -> tuple[str, ...]:
    """What the folders above a file call it, and the middle of a ``song__tag__groove``."""
    pure = PurePosixPath(plain_text(path))
    words = [part.casefold() for part in pure.parts[:-1]]
    fields = pure.stem.split("__")
    if len(fields) == 3:
        words.append(fields[1].casefold())
    return tuple(dict.fromkeys(word for word in words if _is_tag(word)))


def _is_tag(word: str) -> bool:
    letters = sum(character.isalpha() for character in word)
    return letters > 1 and len(word) <= LONGEST_TAG and word not in PLAIN_FOLDERS
