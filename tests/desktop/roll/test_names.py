"""What notes are called."""

import pytest

from desktop.roll.names import describe, drum_name, length_name, pitch_name
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.ticks import meter_map


@pytest.mark.parametrize(
    ("pitch", "name"), [(60, "C4"), (61, "C♯4"), (0, "C-1"), (127, "G9"), (70, "B♭4")]
)
def test_middle_c_is_c4(pitch: int, name: str) -> None:
    assert pitch_name(pitch) == name


@pytest.mark.parametrize(
    ("pitch", "name"),
    [
        *[(35, "Low kick"), (36, "Kick"), (38, "Snare"), (42, "Closed hi-hat"), (49, "Crash")],
        *[(51, "Ride"), (56, "Cowbell"), (69, "Cabasa"), (75, "Claves"), (81, "Open triangle")],
        (82, "B♭5"),
    ],
)
def test_drums_have_general_midi_s_names(pitch: int, name: str) -> None:
    assert drum_name(pitch) == name


@pytest.mark.parametrize(
    ("ticks", "name"),
    [(480, "quarter"), (720, "dotted quarter"), (120, "sixteenth"), (600, "1.25 quarters")],
)
def test_lengths_are_named_as_musicians_do(ticks: int, name: str) -> None:
    assert length_name(ticks, 480) == name


def test_the_hover_tip_says_pitch_place_length_and_velocity() -> None:
    meters = meter_map(Composition())
    note = Note(1920 + 480, 60, 240, 77)
    assert describe(note, meters, 480, is_drum=False) == "C4 · bar 2.2 · eighth · velocity 77"
