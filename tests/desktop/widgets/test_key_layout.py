"""Keys lie where a pianist looks for them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.key_layout import (
    COMPUTER_KEYS,
    layout_for,
    pitch_of_letter,
    velocity_at,
)

widths = st.integers(300, 4000)
octaves = st.integers(-1, 9)


@given(widths, st.integers(60, 300), octaves)
def test_white_keys_fill_the_width_and_every_key_is_found_at_its_own_foot(
    width: int, height: int, octave: int
) -> None:
    layout = layout_for(width, height, octave)
    whites = layout.whites
    assert whites[0].left == 0
    assert all(a.left + a.width == pytest.approx(b.left) for a, b in itertools.pairwise(whites))
    for key in (*whites, *layout.blacks):
        found = layout.key_at(key.left + key.width / 2, key.height - 1)
        assert found is not None
        assert found.pitch == key.pitch


@given(widths, octaves)
def test_the_octave_of_the_computer_keys_is_always_seen(width: int, octave: int) -> None:
    layout = layout_for(width, 100, octave)
    assert layout.shows(12 * (octave + 1))


def test_five_octaves_from_c2_suit_a_thousand_pixels() -> None:
    layout = layout_for(1090, 180, 4)
    assert layout.whites[0].pitch == 36
    assert len(layout.whites) == 35
    assert len(layout.blacks) == 25


def test_the_highest_key_is_g9() -> None:
    assert max(key.pitch for key in layout_for(3000, 100, 9).whites) == 127


def test_a_press_is_louder_towards_the_lower_end() -> None:
    values = [velocity_at(y, 100) for y in range(-10, 120, 10)]
    assert values == sorted(values)
    assert 1 <= values[0] < 50 < 110 < values[-1] <= 127


def test_a_to_k_play_a_chromatic_octave() -> None:
    assert [pitch_of_letter(letter, 4) for letter in COMPUTER_KEYS] == list(range(60, 73))
    assert pitch_of_letter("Q", 4) is None
    assert pitch_of_letter("", 4) is None
    assert pitch_of_letter("K", 9) is None
