"""Any folder of MIDI files: which files are in it, and what their places and names tell."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

SUFFIXES = frozenset({"mid", "midi", "smf"})
FILE, FOLDER, OTHER = range(3)  # what a folder holds; a link is neither file nor folder
# Folders that are called after what is in them, and say nothing about the music.
PLAIN_FOLDERS = frozenset({"midi", "midis", "mid", "data", "songs", "files", "music", "tracks"})
LONGEST_TAG = 24


def midi_paths(folder: Path) -> Iterator[str]:
    """The MIDI files in a folder and below it, relative to it, in order, as they are met.

    Links that lead out of it are left out. Only one folder's names are held at a time.
    """
    return _below(folder, "", folder.resolve())


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


def count_and_version(folder: Path) -> tuple[int, str]:
    """How many MIDI files there are, and a digest of their names, sizes and times."""
    digest, count = hashlib.sha256(), 0
    for path in midi_paths(folder):
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
