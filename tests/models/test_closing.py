"""How a melody that ends on a tonic draws its close, and where nothing is drawn."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.music.harmony import PITCH_CLASSES, chord_index
from models.closing import Close, Closing
from models.habits import DecodeSettings, VoiceRules
from models.key_frame import KeyFrame
from models.layout import Layout
from models.parity import example_request
from models.voice_leading import SILENT
from tests.models.conftest import tiny_accompanist

CLOSED = DecodeSettings(close=4.0, close_notes=2.0)
LAYOUT = Layout(tracks=3, one_voice=(True, False, False), drums=(2,))
RANGES = ((33, 60), (45, 80), (35, 81))
LOW = LAYOUT.pitch_low
PROFILES = KeyFrame(LOW, LAYOUT.pitches).profiles
CLOSING = Closing(LAYOUT, CLOSED, RANGES, PROFILES)
C, G, A, E, D = 60, 67, 69, 64, 62
MAJOR = (C, D, E, G, A, G, E, D)  # a beat each; the last bar is added
MINOR = (A, 71, 72, E, A, 68, 71, 68)
C_MAJOR, G_MAJOR = chord_index(0, "maj"), chord_index(7, "maj")


def closed(*beats: int | tuple[int, ...], felt: int = 4, untold: Tensor | None = None) -> Close:
    """The close of beats of one pitch each, or of four steps; felt beats so many steps apart."""
    steps = [each for beat in beats for each in (beat if isinstance(beat, tuple) else (beat,) * 4)]
    melody = torch.tensor([[float(each - LOW) if each else SILENT for each in steps]])
    position = torch.zeros(1, 2, len(steps))
    position[0, 0, :: 3 * felt], position[0, 1, ::felt] = 1, 1
    untold = torch.ones(1, len(beats), 1) if untold is None else untold
    return CLOSING(melody, position, untold)


def classes(onsets: Tensor, track: int, step: int) -> dict[int, float]:
    """What the pitch classes of a part gain at a step, where it is not zero."""
    gains = onsets[0, track, step]
    return {
        (LOW + pitch) % PITCH_CLASSES: float(gains[pitch])
        for pitch in range(LAYOUT.pitches)
        if float(gains[pitch])
    }


def test_the_tonic_is_drawn_under_the_last_note_and_the_dominant_before_it() -> None:
    chords = closed(*MAJOR, C, C).chords[0]
    assert chords[7:, C_MAJOR].tolist() == [0, 4, 4]
    # All of the beat on D is in G major, none of that on E; farther off it counts for half.
    assert chords[5:, G_MAJOR].tolist() == [0, 0, 4, 0, 0]
    assert closed(*MAJOR[:-1], D, D, C).chords[0, 7:, G_MAJOR].tolist() == [2, 4, 0]


def test_the_lowest_part_walks_from_the_dominant_to_the_tonic_and_stays() -> None:
    onsets = closed(*MAJOR, C, C).onsets
    assert classes(onsets, 0, 28) == {7: 2.0}
    assert classes(onsets, 0, 32) == {0: 2.0}
    assert classes(onsets, 0, 36) == dict.fromkeys(range(1, 12), -2.0)
    assert classes(onsets, 0, 24) == classes(onsets, 0, 30) == {}


def test_chords_are_struck_with_the_last_note_and_drums_are_left_alone() -> None:
    onsets = closed(*MAJOR, C, C).onsets
    assert classes(onsets, 1, 32) == {0: 2.0, 4: 2.0, 7: 2.0}
    struck = onsets[0, 1, 32].nonzero()[:, 0] + LOW
    assert struck.tolist() == [60, 64, 67], "one chord in the middle of 45 to 80"
    assert not onsets[0, 1, :32].any()
    assert not onsets[0, 1, 33:].any()
    assert not onsets[0, 2].any()


def test_a_melody_in_minor_ends_on_its_minor_chord() -> None:
    close = closed(*MINOR, A, A)
    assert classes(close.onsets, 1, 32) == {9: 2.0, 0: 2.0, 4: 2.0}
    assert classes(close.onsets, 0, 28) == {4: 2.0}


@pytest.mark.parametrize("last", [E, 66])
def test_what_ends_on_another_note_is_left_alone(last: int) -> None:
    close = closed(C, D, E, 65, G, 65, C, 65, C, G, C, last)
    assert not close.chords.any()
    assert not close.onsets.any()


def test_silence_has_no_close() -> None:
    close = closed(0, 0, 0)
    assert not close.chords.any()
    assert not close.onsets.any()


def test_a_note_between_felt_beats_is_reached_by_the_chord_of_the_beat_before() -> None:
    close = closed(*MAJOR, (D, D, C, C), C)
    assert classes(close.onsets, 0, 32) == {0: 2.0}
    assert classes(close.onsets, 0, 34).get(0) is None


def test_in_six_eighths_the_dominant_lasts_until_the_dotted_quarter_of_the_last_note() -> None:
    close = closed(*MAJOR[:6], (D, D, D, D), (D, D, C, C), C, felt=6)
    assert classes(close.onsets, 0, 24) == {7: 2.0}
    assert classes(close.onsets, 0, 30) == {0: 2.0}
    assert close.chords[0, 6:, G_MAJOR].tolist() == [4, 2, 0]
    assert close.chords[0, 8, C_MAJOR] == 4


def test_where_harmony_was_given_nothing_is_drawn() -> None:
    untold = torch.ones(1, 10, 1)
    untold[0, 8:] = 0
    close = closed(*MAJOR, C, C, untold=untold)
    assert not close.chords[0, 8:].any()
    assert not close.onsets[0, :, 32:].any()
    assert close.chords[0, 7, G_MAJOR] == 4


@given(st.integers(-6, 5), st.lists(st.integers(57, 74), min_size=3, max_size=9))
def test_every_key_closes_alike(shift: int, melody: list[int]) -> None:
    here, there = closed(*melody), closed(*(pitch + shift for pitch in melody))
    moved = {
        (each + shift) % PITCH_CLASSES for each in classes(here.onsets, 0, 4 * len(melody) - 4)
    }
    assert set(classes(there.onsets, 0, 4 * len(melody) - 4)) == moved


def test_a_request_with_chord_hints_is_played_as_without_the_rule() -> None:
    plain, ruled = (tiny_accompanist(settings=each) for each in (DecodeSettings(), CLOSED))
    request = example_request(plain, 1, 2)
    request["chords"][:, [0, 12, 16, 19]] = 1
    with torch.no_grad():
        assert torch.equal(plain(**request)[0], ruled(**request)[0])


def test_where_the_melody_leaves_no_room_for_the_dominant_the_bass_does_not_play_it() -> None:
    assert classes(closed(*MAJOR[:-1], A, C).onsets, 0, 28) == {}
    half = closed(*MAJOR[:-1], (D, D, E, E), C).onsets
    assert classes(half, 0, 28) == {7: 2.0}


def test_every_voice_of_a_choir_moves_to_the_last_chord() -> None:
    layout = Layout(tracks=3, one_voice=(True, True, True))
    ranges = ((55, 74), (48, 67), (40, 60))
    closing = Closing(layout, replace(CLOSED, rules=VoiceRules()), ranges, PROFILES)
    melody = torch.tensor([[float(pitch - LOW) for pitch in (*MAJOR, C) for _ in range(4)]])
    position = torch.zeros(1, 2, melody.shape[1])
    position[0, :, ::4] = 1
    onsets = closing(melody, position, torch.ones(1, 9, 1)).onsets
    for voice in (0, 1):
        assert classes(onsets, voice, 32) == {0: 6.0, 4: 6.0, 7: 6.0}
        assert (onsets[0, voice, 32] > 0).sum() > 6, "in every octave: which one is the network's"
    assert classes(onsets, 2, 32) == {0: 2.0}
