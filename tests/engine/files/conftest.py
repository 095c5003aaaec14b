"""Reading of MIDI files that are written byte by byte."""

from pathlib import Path

import pytest

from engine.files.midi import ImportedMidi, read_midi
from tests.midi_bytes import Read


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a file of these bytes."""

    def read(content: bytes) -> ImportedMidi:
        path = tmp_path / "song.mid"
        path.write_bytes(content)
        return read_midi(path)

    return read
