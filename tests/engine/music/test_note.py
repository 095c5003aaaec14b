"""A note refuses what MIDI does not have."""

import pytest

from engine.errors import MusicError
from engine.music.note import Note


def test_a_note_ends_after_its_duration() -> None:
    assert Note(10, 60, 5).end == 15


def test_notes_sort_by_start_then_pitch() -> None:
    assert sorted([Note(5, 60, 1), Note(0, 72, 1), Note(0, 60, 9)]) == [
        Note(0, 60, 9),
        Note(0, 72, 1),
        Note(5, 60, 1),
    ]


@pytest.mark.parametrize(
    ("start", "pitch", "duration", "velocity"),
    [
        (-1, 60, 1, 80),
        (0, 128, 1, 80),
        (0, -1, 1, 80),
        (0, 60, 0, 80),
        (0, 60, 1, 0),
        (0, 60, 1, 128),
    ],
)
def test_what_midi_does_not_have_is_refused(
    start: int, pitch: int, duration: int, velocity: int
) -> None:
    with pytest.raises(MusicError):
        Note(start, pitch, duration, velocity)
