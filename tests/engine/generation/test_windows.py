"""Long pieces in windows, by a network that plays an ending at the end of all it is given."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.generation.conditions import Conditions
from engine.generation.model_card import CardTrack, ModelCard
from engine.generation.sampling import Progress, Sampler
from engine.generation.session import FloatArray
from engine.generation.windows import Window, resume_step, windows_of
from engine.music.piano_roll import ONSET, SOUNDING, BoolArray

BAR, WINDOW = 16, 64 * 16
DOWNBEAT, HELD, ENDING = range(3)
"""Pitches: a note on each bar line, one that rings over most of them, and that of an ending."""
CARD = ModelCard("Ender", (CardTrack("Part", 0, False, 0, 2),), BAR, 1, pitches=3, max_steps=WINDOW)


class Ender:
    """A session: a note a bar, and in the last bar of what it is given that of an ending."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def run(
        self, inputs: Mapping[str, FloatArray], cancelled: Callable[[], bool] | None = None
    ) -> dict[str, FloatArray]:
        kept = inputs["keep"][:, :, :, None]
        planes = np.zeros_like(inputs["known"])
        planes[:, ONSET, ::BAR, DOWNBEAT] = 1
        planes[:, ONSET, BAR // 2 :: BAR, HELD] = 1
        for bar in range(0, planes.shape[2], BAR):
            rings = 1 if bar % (4 * BAR) else -BAR // 4  # not over every fourth bar line
            planes[:, SOUNDING, max(0, bar - BAR // 2) : max(0, bar + rings), HELD] = 1
        planes[:, ONSET, -BAR, ENDING] = 1
        planes[:, SOUNDING] = np.maximum(planes[:, SOUNDING], planes[:, ONSET])
        self.told.append(int(kept.sum()))
        return {"accompaniment": np.where(kept > 0, inputs["known"], planes)}


def played(bars: int) -> tuple[BoolArray, list[int]]:
    """Planes (plane, step, pitch) of a piece, and how many steps each window was told."""
    lines = tuple(range(0, (bars + 64) * BAR, BAR))
    windows = windows_of(bars * BAR, lines, CARD)
    length = windows[-1].last
    conditions = Conditions(
        melody=np.zeros((2, length, 3), np.float32),
        chords=None,
        density=None,
        position=None,
        known=np.zeros((1, 2, length, 3), np.bool_),
        keep=np.zeros((1, length), np.bool_),
    )
    session: Any = Ender()
    sampler = Sampler(session, CARD, conditions, windows, lines)
    (take,) = sampler.sample(np.zeros((1, 1), np.float32), Progress(sampler.runs(1)))
    return take.planes[0, :, : bars * BAR], session.told


def test_an_ending_is_played_at_the_end_alone() -> None:
    planes, told = played(160)
    assert np.flatnonzero(planes[ONSET, :, ENDING]).tolist() == [159 * BAR]
    assert np.flatnonzero(planes[ONSET, :, DOWNBEAT]).tolist() == list(range(0, 160 * BAR, BAR))
    # Half of a window is told to the next one, but for the bars that are made anew.
    assert told[0] == 0
    assert all(24 * BAR <= steps <= 30 * BAR for steps in told[1:])


def test_a_window_goes_on_at_the_bar_line_over_which_the_least_rings() -> None:
    planes, _ = played(64)
    lines = tuple(range(0, 128 * BAR, BAR))
    window = Window(32 * BAR, 96 * BAR, 64 * BAR)
    assert resume_step(planes[None], window, lines) == 60 * BAR
    assert resume_step(planes[None], window, ()) == 64 * BAR


def test_no_note_is_broken_where_windows_meet() -> None:
    planes, _ = played(160)
    whole = planes[SOUNDING, 4 * BAR : 8 * BAR, HELD]
    found = planes[SOUNDING, 4 * BAR : 156 * BAR, HELD].reshape(-1, 4 * BAR)
    assert (found == whole).all()
