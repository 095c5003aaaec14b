"""How loud music is to ears: ITU-R BS.1770-4, in LUFS.

The K-weighting's two filters are applied as their impulse response, by Fourier transforms: numpy
has no recursive filter, and the response has died down to −100 dB within a tenth of a second.
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RESPONSE_SECONDS = 0.1
HOP_SECONDS = 0.1
HOPS_IN_BLOCK = 4  # blocks of 400 ms, three quarters of which they share
PIECE_SECONDS = 1.0
OFFSET = -0.691  # so that a sine of 997 Hz at 0 dB full scale in one channel is −3.01 LUFS
SILENT_BELOW = -70.0
QUIET_BELOW = -10.0  # beneath the loudness of the rest


class LoudnessMeter:
    """Takes stereo music piece by piece."""

    def __init__(self, sample_rate: int) -> None:
        self._response = weighting(sample_rate)
        self._hop = round(HOP_SECONDS * sample_rate)
        self._piece = round(PIECE_SECONDS * sample_rate)
        self._before = np.zeros((len(self._response) - 1, 2))
        self._waiting: list[Floats] = []
        self._waits = 0
        self._rest: Floats = np.zeros(0)
        self._powers: list[Floats] = []

    def add(self, samples: npt.NDArray[np.floating]) -> None:
        """More of it: (frame, channel)."""
        self._waiting.append(np.asarray(samples, np.float64))
        self._waits += len(samples)
        if self._waits >= self._piece:
            self._measure()

    def _measure(self) -> None:
        heard = np.concatenate([self._before, *self._waiting])
        skipped = len(self._response) - 1
        size = 1 << (len(heard) - 1).bit_length()
        spectrum = np.fft.rfft(heard, size, axis=0)
        spectrum *= np.fft.rfft(self._response, size)[:, None]
        weighted = np.fft.irfft(spectrum, size, axis=0)[skipped : len(heard)]
        self._before, self._waiting, self._waits = heard[len(heard) - skipped :], [], 0
        power = np.concatenate([self._rest, (weighted**2).sum(axis=1)])
        hops = len(power) // self._hop
        self._powers.append(power[: hops * self._hop].reshape(hops, self._hop).mean(axis=1))
        self._rest = power[hops * self._hop :]

    def integrated(self) -> float:
        """The loudness of all so far in LUFS; minus infinity for silence."""
        if self._waits:
            self._measure()
        hops = np.concatenate([*self._powers, np.zeros(0)])
        if len(hops) < HOPS_IN_BLOCK:  # shorter than a block: all there is
            hops = np.concatenate([hops, [self._rest.mean()] if len(self._rest) else []])
            return _loudness(float(hops.mean())) if len(hops) else -math.inf
        blocks = np.convolve(hops, np.full(HOPS_IN_BLOCK, 1 / HOPS_IN_BLOCK), "valid")
        heard = blocks[blocks > _power(SILENT_BELOW)]
        if not len(heard):
            return -math.inf
        gate = _loudness(float(heard.mean())) + QUIET_BELOW
        return _loudness(float(heard[heard > _power(gate)].mean()))


def _loudness(power: float) -> float:
    return OFFSET + 10 * math.log10(power) if power > 0 else -math.inf


def _power(loudness: float) -> float:
    return float(10 ** ((loudness - OFFSET) / 10))


def weighting(sample_rate: int) -> Floats:
    """The impulse response of the K-weighting at a sample rate.

    The standard gives coefficients for 48 kHz; these are the analogue filters behind them.
    """
    shelf = _high_shelf(math.tan(math.pi * 1681.974450955533 / sample_rate))
    high_pass = _high_pass(math.tan(math.pi * 38.13547087602444 / sample_rate))
    impulse = np.zeros(round(RESPONSE_SECONDS * sample_rate))
    impulse[0] = 1.0
    return _filtered(_filtered(impulse, *shelf), *high_pass)


_Coefficients = tuple[tuple[float, float, float], tuple[float, float]]


def _high_shelf(k: float) -> _Coefficients:
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    return (
        ((high + band * k / q + k * k) / a0, 2 * (k * k - high) / a0,
         (high - band * k / q + k * k) / a0),
        (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0),
    )  # fmt: skip


def _high_pass(k: float) -> _Coefficients:
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return (1.0, -2.0, 1.0), (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)


def _filtered(
    samples: Floats, forward: tuple[float, float, float], back: tuple[float, float]
) -> Floats:
    x1 = x2 = y1 = y2 = 0.0
    out = []
    for x in samples.tolist():
        y = forward[0] * x + forward[1] * x1 + forward[2] * x2 - back[0] * y1 - back[1] * y2
        x1, x2, y1, y2 = x, x1, y, y1
        out.append(y)
    return np.array(out)
