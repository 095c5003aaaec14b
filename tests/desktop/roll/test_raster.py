"""Thousands of notes become pixels at once, and the same ones as one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from desktop.roll.ink import level_of
from desktop.roll.raster import rasterized

HEIGHT, WIDTH = 5, 40
bars = st.lists(
    st.tuples(
        st.integers(-20, WIDTH + 20),
        st.integers(0, 30),
        st.integers(0, HEIGHT - 1),
        st.integers(1, 127),
    ),
    max_size=60,
)


@given(bars)
def test_a_pixel_is_lit_where_a_note_is_and_nowhere_else(
    notes: list[tuple[int, int, int, int]],
) -> None:
    columns = np.array(notes, dtype=np.int64).reshape(-1, 4)
    lefts, rows, velocities = columns[:, 0], columns[:, 2], columns[:, 3]
    picture = rasterized(lefts, lefts + columns[:, 1], rows, velocities, (HEIGHT, WIDTH))
    wanted = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for left, width, row, _ in notes:
        wanted[row, max(left, 0) : max(left + max(width, 1), 0)] = True
    assert np.array_equal(picture > 0, wanted)


def test_a_single_note_has_the_brightness_of_its_velocity() -> None:
    for velocity in (1, 15, 16, 64, 127):
        one = np.array([0], dtype=np.int64)
        picture = rasterized(one, one + 3, one, one + velocity, (1, 4))
        assert picture[0].tolist() == [level_of(velocity) + 1] * 3 + [0]


def test_many_loud_notes_on_one_pixel_are_as_bright_as_one() -> None:
    many = np.zeros(20_000, dtype=np.int64)
    picture = rasterized(many, many + 1, many, many + 127, (1, 2))
    assert picture[0].tolist() == [8, 0]
