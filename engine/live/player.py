"""Plays a composition through the synthesizer's own clock."""

from collections.abc import Callable

from engine.live.audio import Synth
from engine.music.composition import Composition


class Player:
    """Play, stop, seek, loop, click and count in."""

    def __init__(self, synth: Synth) -> None:
        self._synth = synth
        self.on_finished: Callable[[], None] | None = None

    @property
    def playing(self) -> bool:
        """Whether time runs."""
        return False

    def set_composition(self, composition: Composition) -> None:
        """Play this from now on; may be called while playing."""

    def set_synth(self, synth: Synth) -> None:
        """Play through another synthesizer; stops first."""

    def play(self, from_tick: int | None = None) -> None:
        """Play from a tick, or from where it stands."""

    def play_with_count_in(self, bars: int, from_tick: int | None = None) -> float:
        """Count in, then play; `time.perf_counter` seconds at which ``from_tick`` sounds."""
        return 0.0

    def stop(self) -> None:
        """Stop where it stands."""

    def seek(self, tick: int) -> None:
        """Go on from another tick."""

    def set_loop(self, start_tick: int, end_tick: int | None) -> None:
        """Repeat from start to end; None: do not loop."""

    def set_metronome(self, on: bool) -> None:
        """Click with the beats while playing."""

    def position_ticks(self) -> float:
        """What is heard now."""
        return 0.0

    def close(self) -> None:
        """Stop and end the thread."""
