"""Words that set takes apart."""

from desktop.studio.descriptions import describe_takes
from engine.music.note import Note
from engine.music.track import Track


def part(name: str, count: int, pitch: int = 60, length: int = 240, drum: bool = False) -> Track:
    notes = tuple(Note(index * 240, pitch, length) for index in range(count))
    return Track(name, notes=notes, is_drum=drum)


def test_the_busier_take_is_called_busier() -> None:
    words = describe_takes([(part("Chords", 16),), (part("Chords", 32),)], 4)
    assert words == ("calmer chords", "busier chords")


def test_the_largest_difference_is_told() -> None:
    low = (part("Bass", 16), part("Counter", 16, 60))
    high = (part("Bass", 18), part("Counter", 16, 72))
    assert describe_takes([low, high], 4)[1] == "higher counter"


def test_longer_notes_are_told() -> None:
    words = describe_takes([(part("Pad", 8, length=240),), (part("Pad", 8, length=960),)], 2)
    assert words[1] == "longer notes in pad"


def test_takes_that_are_alike_are_told_by_their_notes_a_bar() -> None:
    assert describe_takes([(part("Bass", 16),), (part("Bass", 16),)], 4) == ("4 notes a bar",) * 2


def test_a_single_take_is_told_by_its_notes_a_bar() -> None:
    assert describe_takes([(part("Bass", 10),)], 5) == ("2 notes a bar",)


def test_a_silent_part_is_told() -> None:
    words = describe_takes([(part("Drums", 0, drum=True),), (part("Drums", 9, drum=True),)], 4)
    assert words == ("no drums", "the only one with drums")


def test_no_takes_have_no_words() -> None:
    assert describe_takes([], 4) == ()


def test_a_small_difference_is_told_as_a_slight_one() -> None:
    words = describe_takes([(part("Chords", 100),), (part("Chords", 107),)], 4)
    assert words == ("slightly calmer chords", "slightly busier chords")


def test_two_takes_are_told_by_different_words_where_there_are_any() -> None:
    calm = (part("Bass", 16), part("Counter", 8))
    busy = (part("Bass", 16), part("Counter", 16))
    busy_and_high = (part("Bass", 16, 64), part("Counter", 16))
    words = describe_takes([calm, busy, busy_and_high], 4)
    assert len(set(words)) == 3
    assert words[2] == "higher bass"
