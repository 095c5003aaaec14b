"""The values of a data set: songs on a step grid, their entries in a pack, and the pack's card."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEPS_PER_BEAT = 4
COMPOUND_PULSE = 6
PITCHES = 128
COMMON_TIME = "4/4"
DRUMS = "Drums"  # the role whose pitches are General MIDI's drum keys

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, order=True)
class RoleNote:
    """A note of a song on the step grid; ``role`` indexes the corpus's roles."""

    role: int
    step: int
    pitch: int
    length: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Song:
    """A song before it is packed.

    ``notes`` are `RoleNote`s, or their fields as an int32 array (note, 5) where there are many.
    ``chords`` has one class a beat. ``meter`` is as written (``6/8``), empty for ``n/4``. ``song``
    is the name that all its arrangements share, empty for what `song_key` reads in its name;
    ``melody`` a mark of its melody that transposition does not change.
    """

    name: str
    notes: tuple[RoleNote, ...] | IntArray
    beats: int
    beats_per_bar: int
    first_bar_beat: int
    chords: Sequence[int] | npt.NDArray[np.int16]
    meter: str = ""
    tags: tuple[str, ...] = ()
    song: str = ""
    melody: str = ""


@dataclass(frozen=True, slots=True)
class SongEntry:
    """Where a packed song lies; beats are quarters and count from the corpus's beginning.

    ``parts`` names the roles that sound in it, empty where all of them do.
    """

    name: str
    first_beat: int
    beats: int
    beats_per_bar: int
    first_bar_beat: int
    tags: tuple[str, ...] = ()
    meter: str = ""
    song: str = ""
    melody: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CorpusCard:
    """What a corpus is: for the trainer's records and the model's card."""

    name: str
    version: str
    licence: str
    roles: tuple[str, ...]
    programs: tuple[int, ...]
    tags: tuple[str, ...] = ()


def meter_of(song: SongEntry) -> str:
    """The meter as it is written, such as ``4/4`` or ``6/8``."""
    return song.meter or f"{song.beats_per_bar}/4"


def pulse_of(song: SongEntry) -> int:
    """Steps from one felt beat to the next: in compound meters three eighths, else a quarter."""
    above, _, below = meter_of(song).partition("/")
    compound = below == "8" and int(above) % 3 == 0 and int(above) > 3
    return COMPOUND_PULSE if compound else STEPS_PER_BEAT


def song_key(song: SongEntry) -> str:
    """What all arrangements of a song share, in every set that holds one.

    Its own mark, or else its name without its folder and what stands behind ``__``.
    """
    return song.song or song.name.rpartition("/")[2].partition("__")[0]
