"""What is asked of a model, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import MusicError
from engine.generation.flavours import Flavour
from engine.music.composition import Origin
from engine.music.track import Track

MAX_TAKES = 64
MAX_SEED = 2**63 - 1
MAX_ADVENTURE = 4.0
MAX_EXTENSION = 64


@dataclass(frozen=True, slots=True)
class ChordHint:
    """From ``tick`` on, until the next hint, this chord; ``root`` None says that none is given.

    ``root`` and ``pitch_classes`` count semitones above C, 0 to 11.
    """

    tick: int
    root: int | None
    pitch_classes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """How an accompaniment is wanted; raises `MusicError` for values that cannot be.

    ``takes`` of them are made, the first being take ``first_take`` of ``seed``. ``adventure``
    multiplies the noise (1 is as trained). ``density`` is 0 to 1 by track name, ``locked`` names
    the composition's tracks that stay as they are. ``bars`` are the first and the last bar (from 1)
    to be made anew, the others staying; None is all. ``extend_bars`` are accompanied beyond the
    melody's last bar. ``flavours`` are the takes' noises where these are not the seed's own.
    """

    seed: int = 0
    takes: int = 1
    first_take: int = 0
    adventure: float = 1.0
    density: Mapping[str, float] = field(default_factory=dict)
    chords: tuple[ChordHint, ...] = ()
    locked: frozenset[str] = frozenset()
    bars: tuple[int, int] | None = None
    extend_bars: int = 0
    flavours: tuple[Flavour, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= MAX_SEED or self.first_take < 0:
            raise MusicError("A seed and a take's number must be whole numbers from 0 on.")
        if not 1 <= self.takes <= MAX_TAKES:
            raise MusicError(f"Ask for 1 to {MAX_TAKES} takes at a time.")
        if not 0 <= self.adventure <= MAX_ADVENTURE:
            raise MusicError(f"Adventure must lie between 0 and {MAX_ADVENTURE:g}.")
        if not all(0 <= value <= 1 for value in self.density.values()):
            raise MusicError("A track's density must lie between 0 and 1.")
        if self.bars is not None and not 1 <= self.bars[0] <= self.bars[1]:
            raise MusicError("The bars to be made anew must be a first and a last bar.")
        if not 0 <= self.extend_bars <= MAX_EXTENSION:
            raise MusicError(f"A melody can be extended by 0 to {MAX_EXTENSION} bars.")
        if self.flavours and len(self.flavours) != self.takes:
            raise MusicError("Each take needs a flavour of its own, or none has one.")


@dataclass(frozen=True, slots=True)
class Accompaniment:
    """One take: the tracks under the melody, and where they come from.

    ``remarks`` are sentences about what could not be as asked, such as a meter the model was not
    trained for.
    """

    tracks: tuple[Track, ...]
    origin: Origin
    remarks: tuple[str, ...] = ()
