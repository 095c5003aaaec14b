"""Whether an exported generator plays what its network plays.

Torch and ONNX Runtime sum in different orders and differ in the last bits of a number. Notes are
drawn by comparing such numbers with chance; where two lie nearer to each other than those bits,
either note is right, and what is drawn after it follows from it. A request on which that happens
tells nothing of the file, so another one is asked in its place: but only where the network itself
plays other notes as soon as its noise is nudged, and a file of which no request gives the very
notes of the network is refused.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from torch import Tensor

from engine.errors import TrainingError
from models.decode import Accompanist
from models.layout import PLANES, STEPS_PER_BEAT
from models.noise_field import NOISE_SIZE
from models.onnx_file import quiet_session

OUTPUTS = ("accompaniment", "velocity")
BEATS_PER_MULTIPLE = 4
SHAPES = ((1, 2), (3, 5))
"""Rows and bars of the requests that are played."""
REQUESTS = 6  # of each shape, until one gives the same notes
NUDGE, NUDGES = 1e-4, 8  # of normal noise: a hundred times what rounding comes to
VELOCITY_TOLERANCE = 1e-4
OTHER_NOTES = "The exported model plays other notes than the trained one; it was not kept."
OTHER_VELOCITIES = "The exported model's velocities differ from the trained one's; it was not kept."

Request = dict[str, Tensor]
Rolls = npt.NDArray[np.float32]


def example_request(accompanist: Accompanist, batch: int, bars: int, seed: int = 0) -> Request:
    """A random request of the contract's shapes, for tracing and for the parity check."""
    layout, rng = accompanist.layout, torch.Generator().manual_seed(seed)
    steps = bars * BEATS_PER_MULTIPLE * STEPS_PER_BEAT
    melody = torch.zeros(batch, PLANES, steps, layout.pitches)
    places = torch.randint(35, 60, (batch, steps // 2), generator=rng)
    for row, pitches in enumerate(places):
        for beat, pitch in enumerate(pitches):
            melody[row, 0, 2 * beat, pitch] = 1
            melody[row, 1, 2 * beat : 2 * beat + 2, pitch] = 1
    position = torch.zeros(batch, 2, steps)
    position[:, 0, ::16] = 1
    position[:, 1, ::STEPS_PER_BEAT] = 1
    return {
        "melody": melody,
        "noise": torch.randn(batch, NOISE_SIZE, generator=rng),
        "known": torch.zeros(batch, layout.tracks * PLANES, steps, layout.pitches),
        "keep": torch.zeros(batch, layout.tracks, steps),
        "chords": torch.zeros(batch, 24, steps),
        "density": -torch.ones(batch, layout.tracks),
        "position": position,
    }


def check_parity(accompanist: Accompanist, path: Path) -> float:
    """Play requests in torch and in ONNX: the same notes, velocities within 1e-4.

    Returns the largest difference of velocity. Raises `TrainingError` for another note that
    rounding does not explain, or where no request of a shape gives the same notes.
    """
    session = quiet_session(path)
    return max(_difference(accompanist, session, batch, bars) for batch, bars in SHAPES)


def _difference(
    accompanist: Accompanist, session: onnxruntime.InferenceSession, batch: int, bars: int
) -> float:
    """The largest difference of velocity in the first request that gives the same notes."""
    for seed in range(bars, bars + REQUESTS):
        request = example_request(accompanist, batch, bars, seed)
        notes, velocity = _played(accompanist, request)
        feeds = {name: value.numpy() for name, value in request.items()}
        found, played = session.run(list(OUTPUTS), feeds)
        if np.array_equal(notes >= 0.5, found >= 0.5):
            worst = float(np.abs(velocity - played).max())
            if worst > VELOCITY_TOLERANCE:
                raise TrainingError(OTHER_VELOCITIES)
            return worst
        if not _hangs_by_a_hair(accompanist, request, notes):
            break
    raise TrainingError(OTHER_NOTES)


def _played(accompanist: Accompanist, request: Request) -> tuple[Rolls, Rolls]:
    with torch.no_grad():
        notes, velocity = accompanist(**request)
    return notes.numpy(), velocity.numpy()


def _hangs_by_a_hair(accompanist: Accompanist, request: Request, notes: Rolls) -> bool:
    """Whether the network plays other notes when its noise is nudged."""
    rng = torch.Generator().manual_seed(0)
    for _ in range(NUDGES):
        noise = request["noise"]
        nudged = noise + NUDGE * torch.randn(noise.shape, generator=rng)
        others, _ = _played(accompanist, request | {"noise": nudged})
        if not np.array_equal(others >= 0.5, notes >= 0.5):
            return True
    return False
