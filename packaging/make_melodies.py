"""Makes the sample melodies' MIDI files of their notation: ``python packaging/make_melodies.py``.

Reads the small part of ABC that ``melodies.abc`` needs: one voice, notes and rests with lengths,
accidentals, ties, bar lines, a pick-up; the accents of the meter become velocities.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.files.midi import write_midi  # noqa: E402
from engine.music.composition import (  # noqa: E402
    DEFAULT_TICKS_PER_QUARTER,
    Composition,
    MeterChange,
    tempo_from_bpm,
)
from engine.music.note import Note  # noqa: E402
from engine.music.track import make_track  # noqa: E402

SOURCE = ROOT / "packaging" / "melodies.abc"
TARGET = ROOT / "resources" / "melodies"

PITCHES = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
SIGNATURES = {"C": {}, "Am": {}, "G": {"F": 1}, "F": {"B": -1}}
ACCIDENTALS = {"^": 1, "_": -1, "=": 0}
NOTE = re.compile(
    r"(?P<mark>[\^_=]?)(?P<letter>[A-Ga-gz])(?P<octave>[,']*)(?P<length>[\d/]*)(?P<tie>-?)"
)

WHOLE = 4 * DEFAULT_TICKS_PER_QUARTER
BREATH = DEFAULT_TICKS_PER_QUARTER // 16  # between notes, so that repeated ones speak
ON_THE_BAR, ON_THE_HALF, ON_THE_BEAT, OFF_THE_BEAT = 94, 86, 80, 72
SWELL = 8  # how much louder the middle of a phrase of four bars is than its ends
PHRASE_BARS = 4


@dataclass(frozen=True)
class Tune:
    """One tune: its header's fields by letter, and its music as text."""

    fields: dict[str, str]
    music: str

    @property
    def meter(self) -> tuple[int, int]:
        """Beats and their kind."""
        beats, kind = self.fields["M"].split("/")
        return int(beats), int(kind)

    @property
    def bar_ticks(self) -> int:
        """The length of a full bar."""
        beats, kind = self.meter
        return beats * WHOLE // kind


def tunes() -> Iterator[Tune]:
    """All tunes of the source, in its order."""
    text = re.sub(r"^%.*\n", "", SOURCE.read_text("utf-8"), flags=re.MULTILINE)
    for block in text.strip().split("\n\n"):
        lines = block.strip().splitlines()
        fields = dict(line.split(":", 1) for line in lines if re.match(r"[A-Z]:", line))
        yield Tune(fields, " ".join(line for line in lines if not re.match(r"[A-Z]:", line)))


def bars(tune: Tune) -> list[list[tuple[int | None, int, bool]]]:
    """Each bar's notes: pitch (None for a rest), ticks, whether it is tied to the next."""
    return [
        [_read(match, tune) for match in NOTE.finditer(bar)]
        for bar in tune.music.strip("|] ").split("|")
    ]


def _read(match: re.Match[str], tune: Tune) -> tuple[int | None, int, bool]:
    unit = Fraction(tune.fields["L"]) * WHOLE
    numerator, slash, denominator = match["length"].partition("/")
    ticks = unit * int(numerator or 1) / (int(denominator or 2) if slash else 1)
    if match["letter"] == "z":
        return None, int(ticks), False
    letter = match["letter"].upper()
    signature = SIGNATURES[tune.fields["K"]].get(letter, 0)
    pitch = PITCHES[letter] + ACCIDENTALS.get(match["mark"], signature)
    pitch += 12 * (
        match["letter"].islower() + match["octave"].count("'") - match["octave"].count(",")
    )
    return pitch, int(ticks), bool(match["tie"])


def composition(tune: Tune) -> Composition:
    """The tune as music; a short first bar is a pick-up, with a first meter of its own length."""
    in_bars = bars(tune)
    beats, kind = tune.meter
    pick_up = sum(ticks for _, ticks, _ in in_bars[0])
    full = tune.bar_ticks
    meters: tuple[MeterChange, ...] = (MeterChange(0, beats, kind),)
    if pick_up < full:
        meters = (MeterChange(0, pick_up * kind // WHOLE, kind), MeterChange(pick_up, beats, kind))
    first_bar = pick_up - full if pick_up < full else 0
    return Composition(
        title=tune.fields["T"],
        tempos=(tempo_from_bpm(float(tune.fields["Q"].removeprefix("1/4="))),),
        meters=meters,
        tracks=(make_track("Melody", _notes(tune, in_bars, first_bar)),),
    )


def _notes(
    tune: Tune, in_bars: list[list[tuple[int | None, int, bool]]], first_bar: int
) -> Iterator[Note]:
    now = held = 0
    for pitch, ticks, tied in (each for bar in in_bars for each in bar):
        if pitch is not None and not tied:
            velocity = _velocity(now - held - first_bar, tune)
            yield Note(now - held, pitch, held + ticks - BREATH, velocity)
        held = held + ticks if tied else 0
        now += ticks


def _velocity(tick: int, tune: Tune) -> int:
    """The accent of a place in the bar, with a swell to the middle of each phrase."""
    within = tick % tune.bar_ticks
    _, kind = tune.meter
    beat = WHOLE // kind * (3 if kind == 8 else 1)
    accent = OFF_THE_BEAT
    if within == 0:
        accent = ON_THE_BAR
    elif 2 * within == tune.bar_ticks:
        accent = ON_THE_HALF
    elif within % beat == 0:
        accent = ON_THE_BEAT
    phrase = PHRASE_BARS * tune.bar_ticks
    place = tick % phrase / phrase  # 0 to 1
    return accent - SWELL + round(SWELL * (1 - abs(2 * place - 1)))


def make(target: Path = TARGET) -> list[Path]:
    """Writes every tune's file into a folder; their paths."""
    paths = []
    for tune in tunes():
        paths.append(target / f"{tune.fields['F']}.mid")
        write_midi(composition(tune), paths[-1])
    return paths


if __name__ == "__main__":
    for path in make():
        print(path.relative_to(ROOT))
