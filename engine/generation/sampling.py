"""Running a model over a whole piece: windows, passes and batches, to planes of notes.

**Passes** (cards with ``passes`` above 1, models that take `known` and `keep`): each pass keeps
the cells (a track's step) it is surest of, an equal share of them each time, and asks again for
the rest with those as known. A cell is as sure as its least sure value is far from the threshold.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.errors import ModelError
from engine.generation import contract
from engine.generation.conditions import Conditions
from engine.generation.model_card import ModelCard
from engine.generation.session import FloatArray, RunCancelled, Session
from engine.generation.windows import LONGEST_RUN, Window, join_step, resume_step
from engine.music.piano_roll import PLANES, BoolArray

VelocityArray = npt.NDArray[np.uint8]
MAX_VELOCITY = 127


@dataclass(frozen=True, slots=True)
class TakePlanes:
    """One take: bool (track, plane, step, pitch), and velocities (track, step, pitch) if given."""

    planes: BoolArray
    velocities: VelocityArray | None


@dataclass(slots=True)
class Progress:
    """Counts runs, reports the share that is done, and stops when it is no longer wanted."""

    total: int
    report: Callable[[float], None] | None = None
    cancelled: Callable[[], bool] | None = None
    done: int = field(default=0, init=False)

    def step(self) -> None:
        """One run is done. Raises `RunCancelled`."""
        self.done += 1
        if self.report is not None:
            self.report(self.done / self.total)
        self.check()

    def check(self) -> None:
        """Raises `RunCancelled` if cancelled."""
        if self.cancelled is not None and self.cancelled():
            raise RunCancelled


class Sampler:
    """Runs one model over one piece."""

    def __init__(
        self,
        session: Session,
        card: ModelCard,
        conditions: Conditions,
        windows: tuple[Window, ...],
        bars: tuple[int, ...],
    ) -> None:
        self._session = session
        self._card = card
        self._conditions = conditions
        self._windows = windows
        self._bars = bars

    def runs(self, takes: int) -> int:
        """How often the graph will be run for so many takes."""
        batches = -(-takes // self._batch_size())
        return batches * len(self._windows) * self._card.passes

    def sample(self, noise: FloatArray, progress: Progress) -> Iterator[TakePlanes]:
        """The planes of each take; ``noise`` is (take, noise_size). Raises `RunCancelled`.

        One batch after the other as they are asked for: many takes of a long piece are large.
        """
        size = self._batch_size()
        for first in range(0, len(noise), size):
            yield from self._batch(noise[first : first + size], progress)

    def _batch_size(self) -> int:
        return max(1, LONGEST_RUN // (self._windows[0].last - self._windows[0].first))

    def _batch(self, noise: FloatArray, progress: Progress) -> list[TakePlanes]:
        """Window by window; what overlaps is known to the next one, or joined at a bar line."""
        tracks, pitches = len(self._card.tracks), self._card.pitches
        length = self._windows[-1].last
        planes = np.zeros((len(noise), tracks, PLANES, length, pitches), dtype=np.bool_)
        velocities: npt.NDArray[np.uint8] | None = None
        for window in self._windows:
            progress.check()
            resumed = self._resumed(window, planes)
            made, force = self._window(window, resumed, planes, noise, progress)
            starts = [
                self._start(window, resumed, *pair) for pair in zip(planes, made, strict=True)
            ]
            if force is not None and velocities is None:
                velocities = np.zeros((len(noise), tracks, length, pitches), dtype=np.uint8)
            for take, start in enumerate(starts):
                planes[take, :, :, start : window.last] = made[take, :, :, start - window.first :]
                if force is not None and velocities is not None:
                    velocities[take, :, start : window.last] = force[
                        take, :, start - window.first :
                    ]
        return [
            TakePlanes(planes[take], None if velocities is None else velocities[take])
            for take in range(len(noise))
        ]

    def _resumed(self, window: Window, planes: BoolArray) -> int:
        """Up to which step the music of the windows before is told to this one."""
        if window.fresh == window.first:
            return window.first
        return resume_step(planes, window, self._bars)

    def _start(self, window: Window, resumed: int, before: BoolArray, made: BoolArray) -> int:
        """From which step on a window's music is taken."""
        if window.fresh == window.first or self._conditions.known is not None:
            return resumed
        overlap = slice(window.first, window.fresh)
        return join_step(
            before[:, :, overlap], made[:, :, : window.fresh - window.first], window, self._bars
        )

    def _window(
        self,
        window: Window,
        resumed: int,
        planes: BoolArray,
        noise: FloatArray,
        progress: Progress,
    ) -> tuple[BoolArray, VelocityArray | None]:
        """The planes of one window for each take, and their velocities."""
        inputs = self._inputs(window, noise)
        if self._conditions.known is None or self._conditions.keep is None:
            return self._run(inputs, progress)[1:]
        span = slice(window.first, window.last)
        known = np.repeat(self._conditions.known[None, :, :, span], len(noise), axis=0)
        keep = np.repeat(self._conditions.keep[None, :, span], len(noise), axis=0)
        overlap = resumed - window.first
        known[:, :, :, :overlap] = planes[:, :, :, window.first : resumed]
        keep[:, :, :overlap] = True
        return self._passes(inputs, known, keep, progress)

    def _passes(
        self,
        inputs: dict[str, FloatArray],
        known: BoolArray,
        keep: BoolArray,
        progress: Progress,
    ) -> tuple[BoolArray, VelocityArray | None]:
        fixed, fixed_keep = known.copy(), keep.copy()
        velocities = None
        for index in range(self._card.passes):
            inputs[contract.KNOWN] = _flat(known & keep[:, :, None, :, None])
            inputs[contract.KEEP] = keep.astype(np.float32)
            values, known, velocities = self._run(inputs, progress)
            # Whatever the network made of it, what stays does stay.
            known = np.where(fixed_keep[:, :, None, :, None], fixed, known)
            left = self._card.passes - 1 - index
            keep = _surest(values, keep, left, self._card.threshold)
            fixed, fixed_keep = known, keep
        return known, velocities

    def _inputs(self, window: Window, noise: FloatArray) -> dict[str, FloatArray]:
        """The inputs that do not change from pass to pass, with their batch axis."""
        span = slice(window.first, window.last)
        told = self._conditions
        values: Mapping[str, FloatArray | None] = {
            contract.MELODY: told.melody[:, span],
            contract.CHORDS: None if told.chords is None else told.chords[:, span],
            contract.POSITION: None if told.position is None else told.position[:, span],
            contract.DENSITY: told.density,
        }
        batch = len(noise)
        inputs = {
            name: np.repeat(value[None], batch, axis=0)
            for name, value in values.items()
            if value is not None
        }
        return {**inputs, contract.NOISE: noise}

    def _run(
        self, inputs: dict[str, FloatArray], progress: Progress
    ) -> tuple[FloatArray, BoolArray, VelocityArray | None]:
        """One run: the raw values and the set cells (take, track, plane, step, pitch)."""
        results = self._session.run(inputs, progress.cancelled)
        progress.step()
        batch, _planes, steps, _pitches = inputs[contract.MELODY].shape
        for name, value in results.items():
            self._check(name, value, batch, steps)
        values = results[contract.ACCOMPANIMENT]
        values = values.reshape(batch, len(self._card.tracks), PLANES, steps, self._card.pitches)
        force = results.get(contract.VELOCITY)
        return values, values >= self._card.threshold, None if force is None else _midi(force)

    def _check(self, name: str, value: FloatArray, batch: int, steps: int) -> None:
        expected = contract.shape_of(name, self._card, batch, steps)
        if value.shape != expected:
            raise ModelError(
                f"Card and graph of {self._card.name} disagree: “{name}” came out with the shape "
                f"{_written(value.shape)} where the card says {_written(expected)}."
            )
        if not np.isfinite(value).all():
            raise ModelError(f"{self._card.name} answered with values that are no numbers.")


def _surest(values: FloatArray, keep: BoolArray, left: int, threshold: float) -> BoolArray:
    """The cells to keep before ``left`` more passes: an equal share of the free ones each time."""
    if left == 0:
        return np.ones_like(keep)
    sure = np.abs(values - threshold).min(axis=(2, 4))  # (take, track, step)
    kept = keep.copy()
    rows, certainties = kept.reshape(len(kept), -1), sure.reshape(len(sure), -1)
    for row, certainty in zip(rows, certainties, strict=True):
        free = np.flatnonzero(~row)
        order = np.argsort(-certainty[free], kind="stable")
        row[free[order[: -(-len(free) // (left + 1))]]] = True
    return kept


def _flat(planes: BoolArray) -> FloatArray:
    """(take, track, plane, step, pitch) to the graph's (take, track·plane, step, pitch)."""
    takes, tracks, each, steps, pitches = planes.shape
    return planes.reshape(takes, tracks * each, steps, pitches).astype(np.float32)


def _midi(force: FloatArray) -> VelocityArray:
    return np.clip(np.rint(force * MAX_VELOCITY), 1, MAX_VELOCITY).astype(np.uint8)


def _written(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))
