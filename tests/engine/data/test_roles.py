from engine.data.corpus import RoleNote
from engine.data.roles import HIGHEST_BASS, split_bass


def note(step: int, pitch: int, length: int = 4) -> RoleNote:
    return RoleNote(2, step, pitch, length, 70)


def test_the_lowest_of_a_chord_is_its_bass() -> None:
    bass, rest = split_bass([note(0, 36), note(0, 60), note(0, 64)], 1)
    assert bass == [RoleNote(1, 0, 36, 4, 70)]
    assert rest == [note(0, 60), note(0, 64)]


def test_a_high_chord_has_no_bass() -> None:
    bass, rest = split_bass([note(0, HIGHEST_BASS + 1), note(0, 60)], 1)
    assert bass == []
    assert len(rest) == 2


def test_nothing_above_a_sounding_low_note_is_bass() -> None:
    bass, rest = split_bass([note(0, 36, 8), note(4, 48)], 1)
    assert [each.pitch for each in bass] == [36]
    assert [each.pitch for each in rest] == [48]


def test_the_bass_is_one_voice() -> None:
    bass, _ = split_bass([note(0, 40, 16), note(4, 38, 8), note(6, 36, 2)], 1)
    assert [(each.step, each.length) for each in bass] == [(0, 4), (4, 2), (6, 2)]
