"""The synthesizer's life: opened off the GUI thread, opened again when its settings change."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.jobs import Jobs
from engine.errors import TuttiError
from engine.live.audio import AudioSettings, SilentSynth, Synth
from engine.store.settings import Settings

OPENING = "The sound is being opened."
WATCH_MS = 1_000
CLOSED = "The sound is closed."

log = logging.getLogger(__name__)


class Sound(QObject):
    """Holds the one synthesizer; a `SilentSynth` with the reason stands in where none sounds."""

    changed = Signal(object)
    """The `Synth` to use from now on; the one before is closed after this was told."""
    problem_changed = Signal(str)
    """Why nothing sounds: it could not be opened, or has stopped; empty: it runs again."""
    refused = Signal(object, str)
    """Settings that could not be opened were given up, for the reason; these are opened again."""

    def __init__(
        self, jobs: Jobs, open_synth: Callable[[AudioSettings], Synth], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._open_synth = open_synth
        self.synth: Synth = SilentSynth(OPENING)
        self.opening = False
        self._wanted = AudioSettings()
        self._working: AudioSettings | None = None
        self._opened: list[Synth] = []
        self._problem = ""
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.look)

    @property
    def wanted(self) -> AudioSettings:
        """The settings last asked for."""
        return self._wanted

    def open(self, settings: AudioSettings) -> None:
        """Open the sound with these settings, closing what sounds now. The last call wins."""
        self._wanted = settings
        if not self.opening:
            self._open_wanted()

    def _open_wanted(self) -> None:
        self.opening = True
        before, settings = self.synth, self._wanted
        self._use(SilentSynth(OPENING, settings.sample_rate))
        self._jobs.run(
            lambda control: self._exchange(before, settings),
            lambda synth: self._on_opened(synth, settings),
            lambda error: self._on_failed(error, settings),
            "Opening the sound",
        )

    def _exchange(self, before: Synth, settings: AudioSettings) -> Synth:
        """Called on a worker thread. A device for one user alone must be given back first."""
        before.close()
        synth = self._open_synth(settings)
        self._opened.append(synth)
        return synth

    def _on_opened(self, synth: Synth, settings: AudioSettings) -> None:
        log.info("Sound: %s, latency %s ms", synth.description, synth.latency_ms)
        self._opened.remove(synth)
        self._working = settings
        self._settle(synth, settings)

    def _on_failed(self, error: TuttiError, settings: AudioSettings) -> None:
        working, self._working = self._working, None
        if working is None or working == settings or settings != self._wanted:
            self._settle(SilentSynth(str(error), settings.sample_rate), settings)
            return
        # What sounded before sounds again; should it be gone too, that is told.
        self.opening = False
        self.refused.emit(working, str(error))
        self.open(working)

    def _settle(self, synth: Synth, settings: AudioSettings) -> None:
        """Use what was opened, or go on at once if other settings are wanted meanwhile."""
        self.opening = False
        if settings != self._wanted:
            self.synth = synth
            self._open_wanted()
        else:
            self._use(synth)
            if synth.problem is not None:
                self.problem_changed.emit(synth.problem)

    def _use(self, synth: Synth) -> None:
        self.synth = synth
        self._problem = synth.problem or ""
        self.changed.emit(synth)
        if synth.problem is None:
            self._watch.start()
        else:
            self._watch.stop()

    @Slot()
    def look(self) -> None:
        """No driver says that it has died; the synthesizer knows when it is asked."""
        problem = self.synth.problem or ""
        if problem != self._problem:
            self._problem = problem
            self.problem_changed.emit(problem)

    def close(self) -> None:
        """Give the audio driver back; after the jobs are closed."""
        self._watch.stop()
        for synth in (*self._opened, self.synth):
            synth.close()
        self._opened.clear()
        self.synth = SilentSynth(CLOSED)


def audio_settings(settings: Settings) -> AudioSettings:
    """What of the settings the synthesizer is opened with."""
    return AudioSettings(
        driver=settings.audio_driver,
        period_size=settings.period_size,
        period_count=settings.period_count,
        sample_rate=settings.sample_rate,
        sound_font=Path(settings.sound_font) if settings.sound_font else None,
        gain=settings.gain,
        metered=True,
    )


def sound_choices(audio: AudioSettings) -> dict[str, Any]:
    """The settings, by name, that `audio_settings` made this of; but for the gain."""
    return {
        "audio_driver": audio.driver,
        "period_size": audio.period_size,
        "period_count": audio.period_count,
        "sample_rate": audio.sample_rate,
        "sound_font": str(audio.sound_font) if audio.sound_font is not None else None,
    }
