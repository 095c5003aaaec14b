"""Many notes are painted as one picture, few one by one: nobody can tell which."""

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.roll import note_painter
from desktop.roll.lane import LaneSize, PitchView
from desktop.roll.music import ShownMusic
from desktop.roll.note_painter import paint_notes
from desktop.roll.transform import TimeAxis
from desktop.theme import apply_theme
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track

_WIDTH, _HEIGHT = 300, 160


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("size", [LaneSize.NORMAL, LaneSize.OPEN])
@pytest.mark.parametrize("is_drum", [False, True])
def test_notes_look_the_same_one_by_one_and_as_one_picture(
    qapp: QApplication,
    monkeypatch: pytest.MonkeyPatch,
    scale: float,
    size: LaneSize,
    is_drum: bool,
) -> None:
    apply_theme(qapp, "dark")
    each = [Note(90 * i, 60 + i * 5 % 9, 20 + i * 37 % 300, 1 + i * 53 % 127) for i in range(40)]
    pictures = []
    for few in (len(each), 0):
        monkeypatch.setattr(note_painter, "_FEW", few)
        pictures.append(_picture(each, scale, size, is_drum))
    assert np.array_equal(pictures[0], pictures[1])
    assert np.unique(pictures[0]).size > 5


def _picture(
    each: list[Note], scale: float, size: LaneSize, is_drum: bool
) -> npt.NDArray[np.uint8]:
    music = ShownMusic()
    track = make_track("Part", each, is_drum=is_drum)
    music.load(Composition(tracks=(track,)), None)
    lane = music.lanes({0: size}, (), _HEIGHT, PitchView(8, 100 if is_drum else 460))[0]
    image = QImage(
        round(_WIDTH * scale), round(_HEIGHT * scale), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(scale)
    image.fill(Qt.GlobalColor.transparent)
    # Some begin before the view, some end behind it; those out of sight must not come in.
    axis, span = TimeAxis(0.09, 40), QRect(0, 0, _WIDTH, _HEIGHT)
    with QPainter(image) as painter:
        painter.setClipRect(0, 0, _WIDTH, lane.velocity_top)  # as the lanes do it
        columns = lane.table.columns
        paint_notes(painter, lane, axis, span, columns, raster=False, scale=scale)
    return np.frombuffer(image.constBits(), dtype=np.uint8).copy()
