"""A track: the notes and controllers of one instrument."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from engine.music.note import Note

ControlKind = Literal["control", "program", "bend", "channel_pressure", "key_pressure"]

SUSTAIN = 64
VOLUME = 7
PAN = 10
REVERB, CHORUS = 91, 93
DEFAULT_VOLUME = 100
CENTRE_PAN = 64


@dataclass(frozen=True, slots=True, order=True)
class ControlEvent:
    """A channel message that is not a note.

    ``number`` is the controller for ``control``, the key for ``key_pressure``, else 0. ``value`` is
    0 to 127, for ``bend`` −8192 to 8191. Events of one tick keep the order they were given in.
    """

    tick: int
    kind: ControlKind
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class Track:
    """The notes and controllers of one instrument, with its place in the mix.

    ``program`` is General MIDI's, 0 to 127. ``volume`` and ``pan`` are CC 7 and CC 10 values.
    ``reverb`` and ``chorus`` are CC 91 and CC 93, None where nobody chose and what the controllers
    say holds. ``output`` names the MIDI port that plays the track, None for Tutti's own sound.
    ``channel`` is the MIDI channel (0 to 15) that a file gave, None where export chooses.
    Invariant: ``notes`` are sorted, ``controls`` are sorted by tick; `make_track` has it so.
    """

    name: str
    program: int = 0
    notes: tuple[Note, ...] = ()
    controls: tuple[ControlEvent, ...] = ()
    is_drum: bool = False
    volume: int = DEFAULT_VOLUME
    pan: int = CENTRE_PAN
    muted: bool = False
    soloed: bool = False
    locked: bool = False
    channel: int | None = None
    reverb: int | None = None
    chorus: int | None = None
    output: str | None = None

    @property
    def end(self) -> int:
        """First tick after the last note, 0 for an empty track."""
        return max((note.end for note in self.notes), default=0)

    def with_notes(self, notes: Iterable[Note]) -> "Track":
        """The same track with other notes, sorted."""
        return replace(self, notes=tuple(sorted(notes)))


def make_track(
    name: str,
    notes: Iterable[Note],
    *,
    program: int = 0,
    controls: Iterable[ControlEvent] = (),
    is_drum: bool = False,
    channel: int | None = None,
) -> Track:
    """A track whose notes and controls are put in order (controls stably, by tick)."""
    return Track(
        name=name,
        program=program,
        notes=tuple(sorted(notes)),
        controls=tuple(sorted(controls, key=lambda event: event.tick)),
        is_drum=is_drum,
        channel=channel,
    )


def without_overlaps(notes: Iterable[Note]) -> tuple[tuple[Note, ...], int]:
    """Notes in order, none sounding when its own pitch starts again, and how many were changed.

    A note that is still sounding when its pitch is struck again is shortened to end there. Of two
    that start together the longer stays.
    """
    kept: list[Note] = []
    last_of_pitch: dict[int, int] = {}
    changed = 0
    for note in sorted(notes):
        index = last_of_pitch.get(note.pitch)
        if index is not None and kept[index].end > note.start:
            changed += 1
            before = kept[index]
            if before.start == note.start:
                kept[index] = max(before, note, key=lambda each: each.duration)
                continue
            kept[index] = replace(before, duration=note.start - before.start)
        last_of_pitch[note.pitch] = len(kept)
        kept.append(note)
    return tuple(kept), changed
