"""Where each part of a band stands in the mix at first: below the melody and beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.music.general_midi import FAMILIES
from engine.music.track import CENTRE_PAN, Track

# Rendered with FluidR3 and TimGM6mb: at one volume and velocity a clarinet is 5 to 6 dB louder than
# a piano, a fingered bass and an electric piano 2 to 5, and chords add up. FluidSynth lowers by
# 40 dB a decade of CC 7. The melody stands at `DEFAULT_VOLUME`, in the centre.
BASS_VOLUME = 72
DRUM_VOLUME = 72
OTHER_VOLUME = 48
SIDES = (CENTRE_PAN - 20, CENTRE_PAN + 20)


def usual_volume(track: Track) -> int:
    """Where a part of a band stands at first."""
    if track.is_drum:
        return DRUM_VOLUME
    return BASS_VOLUME if FAMILIES[track.program // 8][0] == "Bass" else OTHER_VOLUME


def balanced(tracks: Iterable[Track]) -> Iterator[Track]:
    """The parts at volumes that leave the melody in front; bass and drums in the centre."""
    placed = 0
    for track in tracks:
        volume = usual_volume(track)
        if volume != OTHER_VOLUME:
            yield replace(track, volume=volume)
        else:
            yield replace(track, volume=volume, pan=SIDES[placed % len(SIDES)])
            placed += 1
