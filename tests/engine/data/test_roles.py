from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.corpus import RoleNote
from engine.data.parsing import parse
from engine.data.roles import BAND, HIGHEST_BASS, Found, find_roles, named_role, split_bass
from engine.data.rules import NO_RULE, Correction, RoleRule
from engine.music.track import Track, make_track
from tests.engine.data.band_songs import BEAT, band, line, triads, write_song

BASS_ROLE = 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "song.mid"


def roles_of(path: Path, *tracks: Track, rule: RoleRule = NO_RULE) -> list[str]:
    return [report.role for report in found_in(path, *tracks, rule=rule).reports]


def found_in(path: Path, *tracks: Track, rule: RoleRule = NO_RULE) -> Found:
    return find_roles(parse(write_song(path, tracks)), rule, "song.mid")


def test_roles_are_found_by_name_register_and_voices(path: Path) -> None:
    found = found_in(path, *band())
    assert [each.role for each in found.reports] == ["Melody", "Chords", "Counter", "Bass", "Drums"]
    assert [each.why for each in found.reports] == [
        "named “Melody”",
        "several notes at a time",
        "one note at a time",
        "low, one note at a time",
        "drums play on channel 10",
    ]
    assert [each.channel for each in found.reports] == [0, 0, 0, 0, 10]


def test_a_bass_program_is_a_bass_wherever_it_lies(path: Path) -> None:
    slap = make_track("Slap", line([60, 62, 64, 65] * 4), program=36)
    assert roles_of(path, band()[0], slap) == ["Melody", "Bass"]


def test_strings_are_known_by_program_and_by_name(path: Path) -> None:
    pad = make_track("Layer", triads([48, 53, 55, 48]), program=89)
    named = make_track("Slow Strings", triads([48, 53, 55, 48]), program=4)
    noises = make_track("Sea", line([60] * 16), program=122)
    found = roles_of(path, band()[0], pad, named, noises)
    assert found == ["Melody", "Strings", "Strings", ""]


def test_a_melody_without_a_name_is_found_among_the_others(path: Path) -> None:
    tune = make_track("Part 3", line([72, 74, 76, 77, 79, 77, 76, 74] * 4), program=73)
    arpeggio = make_track("Part 1", line([60, 64, 67, 72] * 8), program=0)
    chords = make_track("Part 2", triads([60, 65, 67, 60]), program=24)
    low = make_track("Part 4", line([36, 43] * 16), program=33)
    found = found_in(path, arpeggio, chords, tune, low)
    assert [each.role for each in found.reports] == ["Counter", "Chords", "Melody", "Bass"]
    assert found.reports[2].why.startswith("the likeliest melody")


def test_chords_and_drums_alone_have_no_melody(path: Path) -> None:
    chords = make_track("", triads([48, 53, 55, 48] * 2))
    kit = make_track("", line([36, 38] * 16), is_drum=True)
    assert "Melody" not in roles_of(path, chords, kit)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("MELODY", "Melody"),
        ("Lead Vocals", "Melody"),
        ("VOICE", "Melody"),
        ("Bassoon", None),
        ("Bass Drum", "Drums"),
        ("Fretless Bass 2", "Bass"),
        ("PIANO_RH", "Chords"),
        ("Chord-Sus", "Strings"),
        ("BRIDGE", "Counter"),
        ("Invoice", None),
        ("", None),
    ],
)
def test_names_tell_roles(name: str, role: str | None) -> None:
    found = named_role(name)
    assert (None if found is None else BAND[found]) == role


def test_the_users_word_goes_before_all_signs(path: Path) -> None:
    rule = RoleRule(
        (
            Correction(role="Melody", name="flute"),
            Correction(role="", channels=(10,)),
            Correction(role="Strings", file="song.mid", track=1),
            Correction(role="Bass", file="other.mid", track=0),
        )
    )
    found = found_in(path, *band(), rule=rule)
    assert [each.role for each in found.reports] == ["Counter", "Strings", "Melody", "Bass", ""]
    assert [each.why for each in found.reports][1:3] == ["your rule", "your rule"]


def test_every_track_gets_a_role_or_a_reason(path: Path) -> None:
    found = found_in(path, *band())
    assert len(found.roles) == len(found.reports) == 5
    assert all(report.why for report in found.reports)
    assert [report.notes for report in found.reports] == [16, 12, 16, 16, 16]


def note(step: int, pitch: int, length: int = 4) -> RoleNote:
    return RoleNote(2, step, pitch, length, 64)


def pitches(notes: list[RoleNote]) -> list[tuple[int, int, int]]:
    return [(each.step, each.pitch, each.length) for each in notes]


def test_the_lowest_of_a_chord_is_the_bass() -> None:
    bass, rest = split_bass([note(0, 64), note(0, 40), note(0, 60)], BASS_ROLE)
    assert pitches(bass) == [(0, 40, 4)]
    assert pitches(rest) == [(0, 60, 4), (0, 64, 4)]
    assert [each.role for each in bass] == [BASS_ROLE]


def test_a_high_lowest_note_is_no_bass() -> None:
    bass, rest = split_bass([note(0, HIGHEST_BASS + 1), note(4, HIGHEST_BASS)], BASS_ROLE)
    assert pitches(bass) == [(4, HIGHEST_BASS, 4)]
    assert len(rest) == 1


def test_above_a_lower_note_that_still_sounds_there_is_no_bass() -> None:
    bass, rest = split_bass([note(0, 36, 8), note(4, 45), note(8, 45)], BASS_ROLE)
    assert pitches(bass) == [(0, 36, 8), (8, 45, 4)]
    assert pitches(rest) == [(4, 45, 4)]


def test_a_bass_note_ends_where_the_next_begins() -> None:
    bass, _ = split_bass([note(0, 40, 16), note(4, 38, 2)], BASS_ROLE)
    assert pitches(bass) == [(0, 40, 4), (4, 38, 2)]


NOTES = st.lists(
    st.builds(note, st.integers(0, 24), st.integers(30, 70), st.integers(1, 12)),
    max_size=24,
    unique_by=lambda each: (each.step, each.pitch),
)


@given(NOTES)
def test_a_split_loses_no_note_and_its_bass_is_one_low_voice(notes: list[RoleNote]) -> None:
    bass, rest = split_bass(notes, BASS_ROLE)
    struck = sorted((each.step, each.pitch) for each in (*bass, *rest))
    assert struck == sorted((each.step, each.pitch) for each in notes)
    assert all(each.pitch <= HIGHEST_BASS for each in bass)
    ends = [each.step + each.length for each in bass]
    assert all(end <= after.step for end, after in zip(ends, bass[1:], strict=False))
    for each in bass:
        lower = [
            n for n in notes if n.step < each.step < n.step + n.length and n.pitch < each.pitch
        ]
        assert not lower


def test_a_track_without_an_end_of_its_own_is_measured_by_the_file(path: Path) -> None:
    parsed = parse(write_song(path))
    short = replace(parsed, tracks=tuple(t for t in parsed.tracks if t.name == "Melody"))
    assert short.end == 16 * BEAT
    assert np.array_equal(short.tracks[0].notes[0], (0, BEAT, 72, 80))
