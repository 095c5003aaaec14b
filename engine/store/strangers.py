"""What music from a stranger's file may hold, so that it can be drawn, heard and edited here.

Far above anything that is music; a file beyond it was made to do harm, or is damaged.
"""

from dataclasses import replace

from engine.errors import StoreError
from engine.music.composition import Composition
from engine.music.titles import one_line

MOST_TRACKS = 1024
MOST_QUARTERS = 200_000  # 28 hours at 120, twice what is read of a MIDI file
MOST_TICKS_A_QUARTER = 0x7FFF
SLOWEST = 1_000_000_000  # microseconds a quarter
MOST_BEATS = 255
DENOMINATORS = tuple(1 << power for power in range(7))
LONGEST_TITLE, LONGEST_NAME = 1_000, 200


def welcomed(composition: Composition) -> Composition:
    """The composition with its title and names as single lines of text.

    Raises `StoreError` where it holds more than music does.
    """
    if not _is_music(composition):
        raise StoreError("It holds numbers that no music has. Choose another copy of it.")
    return replace(
        composition,
        title=one_line(composition.title, LONGEST_TITLE) or "Untitled",
        tracks=tuple(
            replace(track, name=one_line(track.name, LONGEST_NAME)) for track in composition.tracks
        ),
    )


def _is_music(composition: Composition) -> bool:
    quarter, tracks = composition.ticks_per_quarter, composition.tracks
    if quarter > MOST_TICKS_A_QUARTER or len(tracks) > MOST_TRACKS:
        return False
    last = MOST_QUARTERS * quarter
    ends = [composition.end, *(each.end for each in composition.recorded)]
    tempos, meters = composition.tempos, composition.meters
    maps = [change.tick for changes in (tempos, meters) for change in changes]
    marks = [mark.tick for marks in (composition.chords, composition.sections) for mark in marks]
    controls = [event.tick for track in tracks for event in track.controls]
    return (
        all(0 <= tick <= last for tick in (*ends, *maps, *marks, *controls))
        and all(change.microseconds_per_quarter <= SLOWEST for change in tempos)
        and all(
            change.numerator <= MOST_BEATS and change.denominator in DENOMINATORS
            for change in meters
        )
    )
