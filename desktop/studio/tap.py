"""Tempo from taps."""

LONGEST_GAP_SECONDS = 2.5
TAPS = 8


class TapTempo:
    """Collects taps; the tempo is the mean of the last ones."""

    def __init__(self) -> None:
        self._taps: list[float] = []

    def tap(self, seconds: float) -> float | None:
        """Beats a minute after a tap at ``seconds``; None until there are two close taps."""
        if self._taps and seconds - self._taps[-1] > LONGEST_GAP_SECONDS:
            self._taps.clear()
        self._taps = [*self._taps[1 - TAPS :], seconds]
        if len(self._taps) < 2:
            return None
        return 60.0 * (len(self._taps) - 1) / (self._taps[-1] - self._taps[0])
