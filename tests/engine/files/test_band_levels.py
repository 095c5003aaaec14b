"""Takes at one loudness."""

from dataclasses import replace

import pytest

from engine.files.band_levels import (
    MOST_DECIBELS,
    band_loudness,
    gains_to_match,
    with_gain,
)
from engine.live.sound_fonts import sound_fonts
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track

MELODY = make_track("Melody", [Note(0, 72, 1920)])


def take(velocity: int, volume: int) -> Composition:
    """Two bars of a bass and a chord."""
    bass = [Note(480 * beat, 36, 400, velocity) for beat in range(8)]
    chord = [Note(0, pitch, 3840, velocity) for pitch in (60, 64, 67)]
    tracks = (
        replace(make_track("Bass", bass, program=33), volume=volume),
        replace(make_track("Chords", chord, program=4), volume=volume - 12),
    )
    return Composition(tracks=(MELODY, *tracks))


def test_takes_that_are_played_louder_are_heard_as_loud_as_the_others() -> None:
    font = sound_fonts()[-1]
    takes = [take(60, 60), take(100, 60), take(80, 84)]
    before = [band_loudness(each, font) or 0.0 for each in takes]
    assert max(before) - min(before) > 3
    gains = gains_to_match(before)
    matched = [with_gain(each, gain) for each, gain in zip(takes, gains, strict=True)]
    after = [band_loudness(each, font) or 0.0 for each in matched]
    assert max(after) - min(after) < 0.5
    assert [each.melody for each in matched] == [MELODY] * 3


def test_the_band_of_the_composition_is_what_takes_are_matched_to() -> None:
    assert gains_to_match([-20.0, -26.0, None], -23.0) == (-3.0, 3.0, 0.0)
    assert gains_to_match([-20.0, -50.0], -20.0) == (0.0, MOST_DECIBELS)
    assert gains_to_match([None, None]) == (0.0, 0.0)


def test_parts_keep_their_balance_where_the_volume_ends() -> None:
    louder = with_gain(take(80, 100), 40.0)
    assert [track.volume for track in louder.accompaniment] == pytest.approx([127, 112], abs=1)
    assert with_gain(louder, 0.0) is louder


def test_mute_and_solo_do_not_count_and_silence_has_no_loudness() -> None:
    font = sound_fonts()[-1]
    heard = take(80, 80)
    muted = heard.with_track(1, replace(heard.tracks[1], muted=True))
    assert band_loudness(muted, font) == band_loudness(heard, font)
    empty = heard.with_accompaniment((Track("Bass", 33),))
    assert band_loudness(empty, font) is None
