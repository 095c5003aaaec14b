"""How a trained network plays: temperatures of what is drawn, and what is made like people's."""

from dataclasses import dataclass

from models.layout import DURATIONS

DENSITY_POINTS = 11
HALVES = 2  # every other beat


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """Passes over the tracks, and temperatures of what is drawn at noise size 1.

    Drums play many keys, each of them seldom, and are drawn at temperatures of their own: kick and
    snare, on which a pattern rests, cooler than hats, and those than all others.
    ``held`` says per track whether each note of a single voice lasts until the next one begins.
    After the passes each voice is drawn anew, ``redraws`` times over, the lowest first and each in
    two halves, given all others. ``parallels`` is what a logit loses for each parallel fifth or
    octave; for music in single voices alone. ``chord_pull`` and ``note_pull`` are what a logit
    gains at most by agreeing with the melody (`models.melody_pull`).
    """

    passes: int = 8
    onset_temperature: float = 0.4
    core_temperature: float = 0.5
    hat_temperature: float = 0.8
    drum_temperature: float = 1.0
    chord_temperature: float = 0.6
    duration_temperature: float = 0.8
    rest_temperature: float = 1.0
    held: tuple[bool, ...] = ()
    redraws: int = 0
    parallels: float = 0.0
    chord_pull: float = 0.0
    note_pull: float = 0.0

    def rounds(self, tracks: int) -> int:
        """All passes over so many tracks."""
        return self.passes + self.redraws * HALVES * tracks


# Single voices that are held from note to note: of 24 training chorales 26 parallels, 96 without.
CHOIR = DecodeSettings(redraws=1, parallels=4.0)
# On 96 training segments: tonal distance 0.90, 1.12 without.
BY_PRESET = {"pop": DecodeSettings(chord_pull=3.0, note_pull=1.8)}


def settings_for(preset: str, choir: bool) -> DecodeSettings:
    """How a preset's network plays; ``choir``: all its parts are single voices that are held."""
    return CHOIR if choir else BY_PRESET.get(preset, DecodeSettings())


@dataclass(frozen=True, slots=True)
class Habits:
    """How a part is played, beside what the network expects.

    ``usual`` per track: times the expected notes, so that as many are played as in the data;
    ``rests`` per track: added to the logit that it rests, so that as many bars are empty;
    ``deviation`` per track: times the deviation of velocities that is expected;
    ``lengths`` per track: added to the logit of each length, so that notes last as long;
    ``times`` per track: how many times its mean the data plays at each of `DENSITY_POINTS` even
    quantiles, from the least busy to the busiest.
    """

    usual: tuple[float, ...]
    rests: tuple[float, ...]
    deviation: tuple[float, ...]
    lengths: tuple[tuple[float, ...], ...]
    times: tuple[tuple[float, ...], ...]


def even_habits(tracks: int) -> Habits:
    """That which changes nothing."""
    even = (1.0,) * tracks
    lengths = ((0.0,) * len(DURATIONS),) * tracks
    return Habits(even, (0.0,) * tracks, even, lengths, ((1.0,) * DENSITY_POINTS,) * tracks)
