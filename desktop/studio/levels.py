"""Takes are compared at one loudness: what louder takes have ahead is no matter of taste."""

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Job, JobControl
from desktop.sound import audio_settings
from desktop.studio.edits import with_band
from desktop.studio.generation import Generation
from desktop.studio.rounds import Round
from engine.errors import TuttiError
from engine.files.band_levels import band_loudness, gains_to_match, with_gain
from engine.live.sound_fonts import find_sound_font
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App

log = logging.getLogger(__name__)


class TakeLevels(QObject):
    """Measures the takes that are listed and plays the one that is auditioned as loud as the rest.

    Only what is heard is changed, and only while a take is auditioned: the band of the composition
    plays as it is mixed, and the takes as loud as that. Where nothing sounds nothing is measured.
    """

    measured = Signal()

    def __init__(self, app: "App", generation: Generation, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._generation = generation
        self._job: Job[tuple[float, ...]] | None = None
        self._of: Round | None = None
        self._gains: tuple[float, ...] = ()
        generation.takes_changed.connect(self.measure)

    def heard(self, composition: Composition) -> Composition:
        """What is to be played of what is shown."""
        shown = self._generation.shown
        if shown is None or self._of is not self._generation.round or shown >= len(self._gains):
            return composition
        return with_gain(composition, self._gains[shown])

    @Slot()
    def measure(self) -> None:
        """Measure the takes that are listed now; what was measured before is given up."""
        if self._job is not None:
            self._job.cancel()
        self._of, self._gains, self._job = None, (), None
        listed = self._generation.round
        if len(listed.takes) > 1 and not self._app.synth.problem:
            composition = self._app.document.composition
            self._job = self._app.jobs.run(
                partial(self._gains_of, listed, composition),
                partial(self._take_up, listed),
                self._give_up,
                "Measuring the takes",
            )

    def _gains_of(
        self, listed: Round, composition: Composition, control: JobControl
    ) -> tuple[float, ...]:
        """Called on a worker thread."""
        font = audio_settings(self._app.settings).sound_font or find_sound_font()
        own = band_loudness(composition, font, control.check)
        loud = [
            band_loudness(
                with_band(composition, take.accompaniment.tracks, None), font, control.check
            )
            for take in listed.takes
        ]
        return gains_to_match(loud, own)

    def _take_up(self, listed: Round, gains: tuple[float, ...]) -> None:
        self._job, self._of, self._gains = None, listed, gains
        log.info("Takes matched by %s dB", ", ".join(f"{gain:+.1f}" for gain in gains))
        self.measured.emit()

    def _give_up(self, error: TuttiError) -> None:
        """They play as they are; the sound itself tells what is wrong with it."""
        self._job = None
        log.info("Takes were not measured: %s", error)
