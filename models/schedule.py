"""The learning rate over a run."""

import math

WARM_UP_STEPS = 150
FLOOR = 0.03


def learning_rate(peak: float, step: int, total: int) -> float:
    """A short rise, then half a cosine down to 3 % of the peak."""
    rise = min(1.0, (step + 1) / min(WARM_UP_STEPS, max(1, total // 10)))
    fall = 0.5 * (1 + math.cos(math.pi * min(step, total) / max(1, total)))
    return peak * rise * ((1 - FLOOR) * fall + FLOOR)
