"""The sample melodies that come with the product; all are in the public domain.

``packaging/melodies.abc`` has their notes, ``packaging/make_melodies.py`` makes the files of them.
"""

from dataclasses import dataclass
from pathlib import Path

MELODIES_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "melodies"

# Name shown, file name without its ending; in the order in which they are offered.
SAMPLES: tuple[tuple[str, str], ...] = (
    ("Twinkle, Twinkle, Little Star", "twinkle-twinkle"),
    ("Ode to Joy", "ode-to-joy"),
    ("Greensleeves", "greensleeves"),
    ("Amazing Grace", "amazing-grace"),
    ("Frère Jacques", "frere-jacques"),
    ("When the Saints Go Marching In", "when-the-saints"),
)


@dataclass(frozen=True, slots=True)
class SampleMelody:
    """A melody to begin with: its name for people, and its MIDI file."""

    name: str
    path: Path


def sample_melodies() -> tuple[SampleMelody, ...]:
    """All sample melodies, the easiest first."""
    return tuple(SampleMelody(name, MELODIES_FOLDER / f"{stem}.mid") for name, stem in SAMPLES)
