"""The noise of a take: by the model contract, the same on every machine for ever."""

import numpy as np
import numpy.typing as npt
from numpy.random import PCG64, Generator, SeedSequence


def take_noise(seed: int, take: int, size: int) -> npt.NDArray[np.float32]:
    """Standard normal noise of take ``take`` (from 0) of a request, shape (size,)."""
    generator = Generator(PCG64(SeedSequence([seed, take])))
    return generator.standard_normal(size, dtype=np.float32)
