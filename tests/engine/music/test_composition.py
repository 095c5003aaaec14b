"""A composition keeps its maps and its melody in order."""

import pytest

from engine.errors import MusicError
from engine.music.composition import (
    Composition,
    MeterChange,
    Origin,
    TempoChange,
    tempo_from_bpm,
)
from engine.music.note import Note
from engine.music.track import Track, make_track

MELODY = make_track("Melody", [Note(0, 60, 480)])
BASS = make_track("Bass", [Note(0, 36, 960)])


def test_the_first_track_is_the_melody() -> None:
    composition = Composition(tracks=(MELODY, BASS))
    assert composition.melody is MELODY
    assert composition.accompaniment == (BASS,)
    assert composition.end == 960


def test_a_new_accompaniment_leaves_the_melody_untouched() -> None:
    origin = Origin("pop", "0" * 64, 0, 1)
    composition = Composition(tracks=(MELODY, BASS)).with_accompaniment((), origin)
    assert composition.tracks == (MELODY,)
    assert composition.origin == origin


def test_one_track_can_be_replaced() -> None:
    louder = Track("Bass", volume=127)
    assert Composition(tracks=(MELODY, BASS)).with_track(1, louder).tracks == (MELODY, louder)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticks_per_quarter": 0},
        {"tracks": ()},
        {"tempos": ()},
        {"tempos": (TempoChange(1, 500_000),)},
        {"meters": (MeterChange(0, 4, 4), MeterChange(0, 3, 4))},
        {"meters": (MeterChange(0, 4, 4), MeterChange(9, 3, 4), MeterChange(5, 2, 4))},
    ],
)
def test_maps_and_tracks_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MusicError):
        Composition(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("bpm", [0, -1, float("nan")])
def test_a_tempo_that_stands_still_is_refused(bpm: float) -> None:
    with pytest.raises(MusicError):
        tempo_from_bpm(bpm)


def test_a_meter_without_beats_is_refused() -> None:
    with pytest.raises(MusicError):
        MeterChange(0, 0, 4)
    with pytest.raises(MusicError):
        MeterChange(0, 4, 0)


def test_a_tempo_is_midis_whole_microseconds() -> None:
    assert tempo_from_bpm(100) == TempoChange(0, 600_000)
    assert tempo_from_bpm(100, 480).beats_per_minute == 100
    with pytest.raises(MusicError):
        TempoChange(0, 0)
