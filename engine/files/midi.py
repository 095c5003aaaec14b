"""MIDI files in and out."""

from dataclasses import dataclass
from pathlib import Path

from engine.errors import FileError
from engine.files.atomic import write_atomically
from engine.files.midi_chunks import MAX_BYTES, read_chunks, too_large
from engine.files.midi_export import midi_bytes
from engine.files.midi_import import composition_of
from engine.music.composition import Composition


@dataclass(frozen=True, slots=True)
class ImportedMidi:
    """A file's music, and what the user should know about it.

    ``melody_choice`` is a sentence: which track was taken as the melody. ``remarks`` are sentences
    about what had to be mended.
    """

    composition: Composition
    melody_choice: str
    remarks: tuple[str, ...] = ()


def read_midi(path: Path) -> ImportedMidi:
    """The music of a MIDI file of type 0 or 1, its resolution kept. Raises `FileError`."""
    chunks = read_chunks(_content(path), path.name)
    composition, choice, remarks = composition_of(chunks, path.stem, path.name)
    return ImportedMidi(composition, choice, remarks)


def write_midi(composition: Composition, path: Path) -> None:
    """Writes a MIDI file of type 1, whole or not at all; muted tracks are in it as well.

    Track 0 is the melody, with tempo and meter at its head. Raises `FileError`.
    """
    content = midi_bytes(composition)
    with write_atomically(path) as beside:
        beside.write_bytes(content)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as problem:
        raise FileError(f"{path} is not there. Choose another file.") from problem
    except IsADirectoryError as problem:
        raise FileError(f"{path} is a folder. Choose a MIDI file in it.") from problem
    except OSError as problem:
        reason = (problem.strerror or "the system refused").lower()
        raise FileError(f"{path} could not be read: {reason}. Choose another file.") from problem
    if len(content) > MAX_BYTES:
        raise too_large(path.name)
    return content
