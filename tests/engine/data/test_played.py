"""Segments with drums and velocities: cut, moved, and the rows that are made of them."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.corpus import SongEntry, Stretch
from engine.data.measures import Segment
from engine.data.played import (
    Played,
    cut,
    cut_segment,
    human_of,
    melody_below,
    moved,
    other_songs,
)
from engine.music.harmony import NO_CHORD, chord_index
from engine.music.piano_roll import StepNote

N = StepNote


def played(segment: Segment, drums: tuple[StepNote, ...] = ()) -> Played:
    velocity = np.arange(segment.steps * (2 + len(segment.tracks)), dtype=np.uint8)
    return Played(segment, drums, velocity.reshape(-1, segment.steps))


def test_a_segment_ends_with_its_melodys_last_bar() -> None:
    chords = tuple(chord_index(beat, "maj") for beat in range(12))
    whole = Segment((N(0, 60, 4), N(18, 62, 2)), ((N(0, 40, 48), N(40, 41, 2)),), 48, 16, chords)
    part = cut_segment(whole, whole)
    assert (part.steps, part.bars) == (32, 2)
    assert part.tracks == ((N(0, 40, 32),),)
    assert part.chords == chords[:8]
    assert part.melody == whole.melody


def test_drums_and_velocities_end_with_it() -> None:
    whole = Segment((N(0, 60, 4),), ((N(0, 40, 4),),), 32)
    part = cut(played(whole, (N(0, 36, 1), N(16, 36, 1))), whole)
    assert part.drums == (N(0, 36, 1),)
    assert part.velocity.tolist() == [[*range(16)], [*range(32, 48)], [*range(64, 80)]]


def test_people_are_read_from_planes_with_their_drums() -> None:
    planes = np.zeros((4, 2, 24, 128), np.bool_)
    for role, step, pitch in ((0, 0, 60), (1, 4, 40), (2, 0, 36), (3, 8, 50)):
        planes[role, :, step, pitch] = True
    velocity = np.arange(96, dtype=np.uint8).reshape(4, 24)
    bars = np.array([True, False, False, True, False, False])
    stretch = Stretch(planes, velocity, np.full(6, -1, np.int16), bars)
    song = SongEntry("song", 0, 6, 3, 0, meter="6/8")
    found = human_of(song, stretch, ("Melody", "Bass", "Drums", "Keys"))
    assert found.segment.melody == (N(0, 60, 1),)
    assert found.segment.tracks == ((N(4, 40, 1),), (N(8, 50, 1),))
    assert found.drums == (N(0, 36, 1),)
    assert found.velocity[:, 0].tolist() == [0, 24, 72, 48]
    assert (found.segment.meter, found.segment.half_bar) == ("6/8", 6)
    without = human_of(song, replace(stretch, planes=planes[:2], velocity=velocity[:2]), ("M", "B"))
    assert without.drums == () and without.velocity[2].tolist() == [0] * 24


@pytest.mark.parametrize(
    ("steps_per_bar", "meter", "half"),
    [(16, "", 8), (12, "", 12), (12, "6/8", 6), (8, "", 4), (24, "12/8", 12), (20, "", 20)],
)
def test_a_bar_has_halves_where_they_begin_on_beats(
    steps_per_bar: int, meter: str, half: int
) -> None:
    assert Segment((), (), 96, steps_per_bar, None, meter).half_bar == half


def test_another_song_is_half_the_list_further_on() -> None:
    whole = [
        played(Segment((N(0, 60 + i, 16),), ((N(0, 40 + i, 32),),), 32), (N(i, 36, 1),))
        for i in range(4)
    ]
    other = other_songs(whole)
    assert [each.segment.melody[0].pitch for each in other] == [60, 61, 62, 63]
    assert [each.segment.tracks[0][0].pitch for each in other] == [42, 43, 40, 41]
    assert [each.drums[0].step for each in other] == [2, 3, 0, 1]
    assert {each.segment.steps for each in other} == {16}


def test_the_melody_an_octave_lower_has_its_velocities() -> None:
    whole = played(Segment((N(0, 60, 4),), ((N(0, 40, 4),), (N(0, 50, 4),)), 16), (N(0, 36, 1),))
    lower = melody_below(whole)
    assert lower.segment.tracks == ((N(0, 48, 4),), ())
    assert lower.drums == ()
    assert lower.velocity[1].tolist() == lower.velocity[0].tolist() == [*range(16)]
    assert not lower.velocity[2:].any()


def test_music_is_moved_with_its_chords_and_without_its_drums() -> None:
    chords = (chord_index(11, "min7"), NO_CHORD, NO_CHORD, chord_index(0, "maj"))
    whole = played(Segment((N(0, 60, 4),), ((N(0, 40, 4),),), 16, 16, chords), (N(0, 36, 1),))
    up = moved(whole, 2)
    assert (up.segment.melody[0].pitch, up.segment.tracks[0][0].pitch) == (62, 42)
    assert up.segment.chords == (chord_index(1, "min7"), NO_CHORD, NO_CHORD, chord_index(2, "maj"))
    assert up.drums == whole.drums
    back = moved(up, -2)
    assert back.segment == whole.segment
    with pytest.raises(ValueError, match="range"):
        moved(whole, 70)
