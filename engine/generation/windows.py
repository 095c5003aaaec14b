"""A melody longer than a model's longest input: overlapping windows, joined at bar lines.

Windows are all of one length, begin on bar lines and overlap by half. A model that can be told
what stays (`known`) gets the overlap so and goes on from it, but for its last bars: it took the
end of its input for the end of the song, and played so. Those are made anew. The others' windows
are joined at the bar line in the overlap around which both agree most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.generation.model_card import ModelCard
from engine.music.piano_roll import ONSET, SOUNDING, BoolArray

# What is run at once, in steps times takes: a U-Net's planes of this length fit in 2 GB.
LONGEST_RUN = 8192
# Of a window of 64 bars: the last two are always made anew, and at most the last eight.
LEAST_ANEW, MOST_ANEW = 1 / 32, 1 / 8


@dataclass(frozen=True, slots=True)
class Window:
    """Steps ``first`` to ``last`` (excluded); from ``fresh`` on no window before reaches."""

    first: int
    last: int
    fresh: int


def longest_run(card: ModelCard) -> int:
    """Steps of the longest input that is given to a model, a multiple of its step multiple."""
    limit = min(card.max_steps or LONGEST_RUN, LONGEST_RUN)
    return max(1, limit // card.step_multiple) * card.step_multiple


def windows_of(steps: int, bars: Sequence[int], card: ModelCard) -> tuple[Window, ...]:
    """The windows that cover ``steps``; ``bars`` are the steps where bars start.

    One window, padded to the step multiple, wherever the model takes it.
    """
    longest = longest_run(card)
    padded = -(-steps // card.step_multiple) * card.step_multiple
    if padded <= longest:
        return (Window(0, padded, 0),)
    windows = [Window(0, longest, 0)]
    while windows[-1].last < steps:
        before = windows[-1]
        first = _next_start(before, steps - longest, longest, bars)
        windows.append(Window(first, first + longest, before.last))
    return tuple(windows)


def _next_start(before: Window, final: int, length: int, bars: Sequence[int]) -> int:
    """The last bar line up to half a window on; no later than the one that reaches the end."""
    wanted = before.first + max(1, length // 2)
    lines = [bar for bar in bars if before.first < bar <= before.last]
    reaching = [bar for bar in lines if final <= bar <= wanted]
    if reaching:
        return reaching[0]
    within = [bar for bar in lines if bar <= wanted]
    if within:
        return within[-1]
    return lines[0] if lines else wanted


def join_step(before: BoolArray, after: BoolArray, window: Window, bars: Sequence[int]) -> int:
    """The bar line where the music goes over from one window to the next.

    ``before`` and ``after`` are planes (track, plane, step, pitch) of the overlap alone. Of the bar
    lines inside it (its ends, where there is none) the one around which the two differ least,
    the middle one first.
    """
    overlap = before.shape[2]
    lines = [bar for bar in bars if window.first < bar < window.fresh]
    if not lines:
        lines = [bar for bar in bars if bar in (window.first, window.fresh)] or [window.fresh]
    differing = np.count_nonzero(before[:, SOUNDING] != after[:, SOUNDING], axis=(0, 2))
    middle = (window.first + window.fresh) / 2

    def cost(line: int) -> tuple[int, float]:
        at = line - window.first
        near = differing[max(0, at - overlap // 4) : at + overlap // 4]
        return int(near.sum()), abs(line - middle)

    return min(lines, key=cost)


def resume_lines(window: Window, bars: Sequence[int]) -> list[int]:
    """The bar lines at which a window may go on from what the one before it played.

    They lie some bars before that one's end; its end, where there are none.
    """
    length = window.last - window.first
    first = max(window.first, window.fresh - int(length * MOST_ANEW))
    last = window.fresh - int(length * LEAST_ANEW)
    return [bar for bar in bars if first < bar <= last < window.fresh] or [window.fresh]


def resume_step(before: BoolArray, window: Window, bars: Sequence[int]) -> int:
    """The one of `resume_lines` over which the fewest notes ring, the latest first.

    ``before`` are planes (…, plane, step, pitch) of the whole piece.
    """
    lines = resume_lines(window, bars)

    def ringing(line: int) -> tuple[int, int]:
        over = before[..., SOUNDING, line, :] & ~before[..., ONSET, line, :]
        return int(np.count_nonzero(over)), -line

    return lines[0] if len(lines) == 1 else min(lines, key=ringing)
