"""A composition: the melody, its accompaniment, and the maps of tempo and meter."""

from dataclasses import dataclass, replace

from engine.errors import MusicError
from engine.music.chord_symbols import ChordMark
from engine.music.lyrics import Lyric
from engine.music.recorded import Recorded
from engine.music.sections import SectionMark
from engine.music.track import DEFAULT_VOLUME, Track

DEFAULT_TICKS_PER_QUARTER = 480
MICROSECONDS_PER_MINUTE = 60_000_000


@dataclass(frozen=True, slots=True, order=True)
class TempoChange:
    """From ``tick`` on, a quarter note lasts ``microseconds_per_quarter`` (MIDI's own, exact)."""

    tick: int
    microseconds_per_quarter: int

    def __post_init__(self) -> None:
        if self.microseconds_per_quarter < 1:
            raise MusicError("A quarter note must last at least a microsecond.")

    @property
    def beats_per_minute(self) -> float:
        """Quarter notes a minute."""
        return MICROSECONDS_PER_MINUTE / self.microseconds_per_quarter


@dataclass(frozen=True, slots=True, order=True)
class MeterChange:
    """From ``tick`` on, a bar has ``numerator`` beats, each a ``denominator``-th note."""

    tick: int
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.numerator < 1 or self.denominator < 1:
            raise MusicError(f"There is no meter {self.numerator}/{self.denominator}.")


@dataclass(frozen=True, slots=True, order=True)
class KeySignature:
    """From ``tick`` on, so many sharps (flats below 0) are written at the staff.

    Raises `MusicError` for what no staff has.
    """

    tick: int
    sharps: int
    minor: bool = False

    def __post_init__(self) -> None:
        if self.tick < 0 or not -7 <= self.sharps <= 7:
            raise MusicError("A key signature has at most seven sharps or flats.")


@dataclass(frozen=True, slots=True)
class NoiseShare:
    """So much of the noise of take ``take`` of ``seed``, as a part of a blend."""

    seed: int
    take: int
    weight: float


@dataclass(frozen=True, slots=True)
class Origin:
    """Enough to make the same accompaniment again.

    ``blend`` is empty where the noise was that of ``take`` of ``seed``; else it was their sum.
    ``asked`` are the words for what was asked, such as "more like Take B of 2"; most often none.
    """

    model: str
    model_sha256: str
    seed: int
    take: int
    blend: tuple[NoiseShare, ...] = ()
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """The band as it was once, on the way to what it is: ``words`` say how it came about."""

    words: str
    tracks: tuple[Track, ...]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """Music as it is edited, stored and exported.

    ``tracks[0]`` is the melody as it was played, never a network's copy; it may be empty. Times are
    ticks. Both maps start at tick 0 and are sorted; raises `MusicError` otherwise. ``chords`` are
    those that the user wants to hear, sorted, no two at one tick: hints, never required.
    ``keys`` are the signatures that a file gave, in order. ``volume`` is the master's, 0 to 127:
    at `DEFAULT_VOLUME` the tracks are as loud as they are. ``recorded`` is what was played into the
    melody, in the order in which it was. ``sections`` are marks like chords;
    ``steps`` the bands that were kept so far, the first one first. ``lyrics`` are a file's words,
    by their ticks.
    """

    title: str = "Untitled"
    ticks_per_quarter: int = DEFAULT_TICKS_PER_QUARTER
    tempos: tuple[TempoChange, ...] = (TempoChange(0, 500_000),)
    meters: tuple[MeterChange, ...] = (MeterChange(0, 4, 4),)
    tracks: tuple[Track, ...] = (Track("Melody"),)
    origin: Origin | None = None
    chords: tuple[ChordMark, ...] = ()
    keys: tuple[KeySignature, ...] = ()
    volume: int = DEFAULT_VOLUME
    recorded: tuple[Recorded, ...] = ()
    sections: tuple[SectionMark, ...] = ()
    steps: tuple[Step, ...] = ()
    lyrics: tuple[Lyric, ...] = ()

    def __post_init__(self) -> None:
        if self.ticks_per_quarter < 1:
            raise MusicError("A composition needs at least one tick a quarter note.")
        if not self.tracks:
            raise MusicError("A composition needs a melody track, even an empty one.")
        for changes in (self.tempos, self.meters):
            ticks = [change.tick for change in changes]
            if not ticks or ticks[0] != 0 or ticks != sorted(set(ticks)):
                raise MusicError("Tempo and meter changes must start at 0 and be in order.")
        places = [mark.tick for mark in self.chords]
        if places != sorted(set(places)):
            raise MusicError("Chords must be in order, one at a time.")
        places = [mark.tick for mark in self.sections]
        if places != sorted(set(places)):
            raise MusicError("Sections must be in order, one at a time.")

    @property
    def melody(self) -> Track:
        """The track that the accompaniment is made for."""
        return self.tracks[0]

    @property
    def accompaniment(self) -> tuple[Track, ...]:
        """All tracks but the melody."""
        return self.tracks[1:]

    @property
    def end(self) -> int:
        """First tick after the last note of any track."""
        return max(track.end for track in self.tracks)

    def with_track(self, index: int, track: Track) -> "Composition":
        """The same composition with one track replaced."""
        tracks = list(self.tracks)
        tracks[index] = track
        return replace(self, tracks=tuple(tracks))

    def with_accompaniment(
        self, tracks: tuple[Track, ...], origin: Origin | None = None
    ) -> "Composition":
        """The same melody with another accompaniment."""
        return replace(self, tracks=(self.tracks[0], *tracks), origin=origin)


def tempo_from_bpm(beats_per_minute: float, tick: int = 0) -> TempoChange:
    """The tempo of so many quarter notes a minute, as MIDI's whole microseconds.

    Raises `MusicError` for a tempo of 0 or less.
    """
    if not beats_per_minute > 0:
        raise MusicError("A tempo must be more than 0 beats a minute.")
    return TempoChange(tick, round(MICROSECONDS_PER_MINUTE / beats_per_minute))
