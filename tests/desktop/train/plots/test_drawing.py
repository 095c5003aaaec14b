"""What a picture looks like once it is painted, pixel by pixel."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from desktop import theme
from desktop.train.plots.chart import _path_of
from desktop.train.plots.cutting import cut
from desktop.train.plots.drawing import Drawing
from desktop.train.plots.picture import Level, Line, Picture, Spot, Stretch

WIDTH, HEIGHT = 200, 100
GROUND = QColor("black")


@pytest.fixture(autouse=True)
def _app(qtbot: QtBot) -> None:
    """Fonts need an application."""


def painted(lines: tuple[Line, ...] = (), edge: int = 0, **more: object) -> QImage:
    """``edge`` pixels of ground are left around the frame."""
    picture = Picture((0.0, 10.0), (0.0, 10.0), (), (), lines, **more)  # type: ignore[arg-type]
    size = QSize(WIDTH + 1 + 2 * edge, HEIGHT + 1 + 2 * edge)
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    with QPainter(image) as painter:
        painter.translate(edge, edge)
        Drawing(picture, WIDTH, HEIGHT, _path_of).paint(painter)
    return image


def raw(x: list[float], y: list[float]) -> Line:
    return Line(np.array(x), np.array(y), "melody", raw=True)


def touched(image: QImage, rect: QRect) -> bool:
    return any(
        image.pixelColor(x, y) != GROUND
        for x in range(rect.left(), rect.right() + 1)
        for y in range(rect.top(), rect.bottom() + 1)
    )


def test_a_line_lies_where_its_values_are() -> None:
    image = painted((raw([0, 10], [2, 2]),))
    assert image.pixelColor(100, 80) == theme.colour("melody")
    assert not touched(image, QRect(0, 0, WIDTH, 78))


def test_a_gap_in_the_values_is_a_gap_in_the_line() -> None:
    image = painted((raw([0, 2, 4, 6, 10], [5, 5, np.nan, 5, 5]),))
    assert touched(image, QRect(0, 48, 36, 4)) and touched(image, QRect(125, 48, 60, 4))
    assert not touched(image, QRect(45, 0, 70, HEIGHT))


def test_a_line_at_the_very_foot_is_seen() -> None:
    assert touched(painted((raw([0, 10], [0, 0]),)), QRect(0, HEIGHT, WIDTH, 1))


def test_values_far_outside_are_drawn_as_a_line_that_leaves() -> None:
    image = painted((raw([0, 5, 10], [5, 1e30, 5]),))
    assert touched(image, QRect(0, 0, 4, 60)) and not touched(image, QRect(0, 60, WIDTH, 40))


@given(st.lists(st.sampled_from([-1e4, -5.0, 0.0, 3.0, 10.0, 12.0, np.nan, 1e4]), max_size=12))
def test_a_cut_line_keeps_what_is_inside_and_nothing_else(heights: list[float]) -> None:
    x, y = np.arange(len(heights)) - 1.0, np.array(heights)
    cut_x, cut_y = cut(x, y, 6.0, 10.0)
    if len(x) < 2:
        return
    there = np.isfinite(cut_y)
    assert np.all((cut_y[there] >= -1e-9) & (cut_y[there] <= 10 + 1e-9))
    assert np.all((cut_x[there] >= 0) & (cut_x[there] <= 6))
    found = set(zip(cut_x[there].round(6), cut_y[there].round(6), strict=True))
    for at in range(1, len(x) - 1):
        if 0 <= x[at] <= 6 and 0 <= y[at] <= 10 and np.isfinite(y[at - 1]):
            assert (x[at], y[at]) in found


def test_no_line_leaves_its_chart_in_a_drawing_that_knows_no_clipping() -> None:
    text = QByteArray()
    buffer = QBuffer(text)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    lines = (raw([0, 5, 10], [5, 1e30, -400]), raw([-50, 4, 90], [5, 5, 5]))
    stretch, level = Stretch(8, 900, "no longer learning"), Level(77, "the data itself")
    picture = Picture((0, 10), (0, 10), (), (), lines, (level,), (stretch,))
    with QPainter(generator) as painter:
        Drawing(picture, WIDTH, HEIGHT, _path_of).paint(painter)
    drawn = re.findall(r'(?:points|d)="([^"]+)"', bytes(text.data()).decode())
    numbers = [float(found) for each in drawn for found in re.findall(r"-?[\d.]+", each)]
    assert len(numbers) > 8 and min(numbers) >= -1 and max(numbers) <= WIDTH + 1


def test_marks_stand_on_every_measured_point_inside_the_picture() -> None:
    line = Line(np.array([-50.0, 2, 8]), np.full(3, 5.0), "bass", mark="disc", every_point=True)
    image = painted((line,))
    inside = [image.pixelColor(x, 50) for x in (40, 160)]
    assert inside == [theme.colour("bass")] * 2


def test_a_mark_or_a_star_on_the_edge_is_whole_and_one_beyond_it_is_not_there() -> None:
    line = Line(np.array([0.0, 10.4]), np.full(2, 5.0), "bass", mark="disc", every_point=True)
    image = painted((line,), edge=12)
    assert touched(image, QRect(10, 60, 1, 4)), "the half of the first mark that stands out"
    assert not touched(image, QRect(WIDTH + 14, 0, 10, HEIGHT)), "of a line that goes on, nothing"
    star = painted(spots=(Spot(10.0, 5.0, "", "accent"),), edge=12)
    assert touched(star, QRect(WIDTH + 15, 56, 4, 10))
    assert not touched(painted(spots=(Spot(10.4, 5.0, "best", "accent"),), edge=12), star.rect())


def test_words_of_a_level_stand_over_it_and_under_it_at_the_top() -> None:
    low = painted(levels=(Level(2.0, "the data itself"),))
    assert touched(low, QRect(5, 62, 60, 14)) and not touched(low, QRect(5, 84, 60, 14))
    high = painted(levels=(Level(9.5, "the data itself"),))
    assert touched(high, QRect(5, 8, 60, 14))


def test_a_stretch_shades_what_it_spans_and_says_so_where_there_is_room() -> None:
    image = painted(stretches=(Stretch(8.0, 10.0, "no longer learning"),))
    assert touched(image, QRect(165, 5, 30, 5)) and touched(image, QRect(60, 80, 90, 18))
    assert not touched(image, QRect(0, 0, 150, 60))


def test_the_best_epoch_is_named_beside_its_star_at_the_edge() -> None:
    image = painted(spots=(Spot(10.0, 5.0, "best: epoch 9", "accent"),))
    assert image.pixelColor(WIDTH, 50) == theme.colour("accent")
    assert touched(image, QRect(120, 55, 70, 20))
