"""The picture on a take's card."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme import apply_theme, colour
from desktop.widgets.take_strip import TakeStrip
from engine.music.note import Note
from engine.music.track import make_track

BASS = make_track("Bass", [Note(0, 36, 1920), Note(1920, 43, 1920)], program=33)
CHORDS = make_track("Chords", [Note(0, pitch, 3840) for pitch in (60, 64, 67)], program=4)
DRUMS = make_track("Drums", [Note(480 * i, 38, 60) for i in range(8)], is_drum=True)


@pytest.fixture
def strip(qtbot: QtBot, qapp: QApplication) -> Iterator[TakeStrip]:
    apply_theme(qapp, "dark")
    strip = TakeStrip()
    strip.resize(240, 48)
    yield strip
    strip.deleteLater()


def picture(strip: TakeStrip) -> QImage:
    return strip.grab().toImage()


def hues(image: QImage) -> set[int]:
    """Hues that occur, in steps of 30 degrees."""
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = (image.pixelColor(x, y) for x, y in points)
    return {c.hue() // 30 for c in colours if c.saturation() > 90 and c.value() > 110}


def test_every_track_is_drawn_in_its_colour(strip: TakeStrip) -> None:
    strip.set_tracks([BASS, CHORDS, DRUMS])
    wanted = {colour(role).hue() // 30 for role in ("bass", "chords", "drums")}
    assert wanted <= hues(picture(strip))


def test_higher_notes_are_drawn_higher(strip: TakeStrip) -> None:
    strip.set_tracks([BASS])
    image = picture(strip)
    blue = colour("bass").hue()

    def height(x: int) -> int:
        column = [image.pixelColor(x, y) for y in range(image.height())]
        return next(y for y, c in enumerate(column) if abs(c.hue() - blue) < 12 and c.value() > 110)

    assert height(180) < height(60)


def test_takes_that_differ_look_different(strip: TakeStrip) -> None:
    strip.set_tracks([BASS])
    first = picture(strip)
    strip.set_tracks([make_track("Bass", [Note(0, 40, 480)], program=33)], end=3840)
    assert picture(strip) != first


def test_what_is_heard_is_marked_while_it_plays(strip: TakeStrip) -> None:
    strip.set_tracks([BASS])
    still = picture(strip)
    strip.set_position(1920)
    assert picture(strip) != still
    strip.set_position(None)
    assert picture(strip) == still


def test_an_empty_take_is_an_empty_picture(strip: TakeStrip) -> None:
    strip.set_tracks([])
    assert hues(picture(strip)) == set()


def test_its_name_tells_what_it_shows(strip: TakeStrip) -> None:
    strip.set_tracks([BASS, DRUMS])
    assert strip.accessibleName() == "Bass, Drums"
