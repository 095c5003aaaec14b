"""Numbers by step in arrays that grow: what a million steps need."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Steps = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
Number = TypeVar("Number", bound=np.generic)

FIRST_ROOM = 1024


class Columns:
    """One column of increasing steps, and one of values for each name; NaN where none was told."""

    def __init__(self) -> None:
        self.length = 0
        self._steps: Steps = np.empty(FIRST_ROOM, np.int64)
        self._values: dict[str, Values] = {}
        self._first: dict[str, int] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in the order in which they came."""
        return tuple(self._values)

    @property
    def last_step(self) -> int:
        """The last row's step, 0 without rows."""
        return int(self._steps[self.length - 1]) if self.length else 0

    def steps(self, name: str) -> Steps:
        """Steps since the column began: a view, true until the columns change."""
        return self._steps[self._first.get(name, self.length) : self.length]

    def values(self, name: str) -> Values:
        """The values at these steps."""
        if name not in self._values:
            return np.empty(0, np.float32)
        return self._values[name][self._first[name] : self.length]

    def extend(self, steps: Iterable[int], values: Mapping[str, Iterable[float]]) -> None:
        """Add rows; the steps must increase, and be above the last one."""
        added = np.fromiter(steps, np.int64)
        end = self.length + len(added)
        self._make_room(end)
        self._steps[self.length : end] = added
        for column in self._values.values():
            column[self.length : end] = np.nan
        for name, numbers in values.items():
            self._put(name, np.fromiter(numbers, np.float64, len(added)))
        self.length = end

    def _put(self, name: str, numbers: npt.NDArray[np.float64]) -> None:
        known = np.abs(numbers) <= np.finfo(np.float32).max
        if name not in self._values:
            if not known.any():
                return
            self._values[name] = np.full(len(self._steps), np.nan, np.float32)
            self._first[name] = self.length + int(np.argmax(known))
        self._values[name][self.length : self.length + len(numbers)] = np.where(
            known, numbers, np.nan
        )

    def _make_room(self, length: int) -> None:
        if length <= len(self._steps):
            return
        room = max(length, 2 * len(self._steps))
        self._steps = _longer(self._steps, room, 0)
        self._values = {name: _longer(old, room, np.nan) for name, old in self._values.items()}

    def cut_after(self, step: int) -> bool:
        """Drop the rows of later steps; whether there were any."""
        kept = int(np.searchsorted(self._steps[: self.length], step, "right"))
        gone = kept < self.length
        self.length = kept
        for name, first in list(self._first.items()):
            if first >= kept:
                del self._first[name], self._values[name]
        return gone


def _longer(old: npt.NDArray[Number], room: int, fill: float) -> npt.NDArray[Number]:
    new = np.full(room, fill, old.dtype)
    new[: len(old)] = old
    return new
