"""What sets a take apart from the others of its request, in two or three words."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from statistics import fmean

from engine.music.track import Track

NOTABLE = 1.0
"""A difference scores 1 where a listener would begin to notice it."""
SLIGHT = 0.4
"""From here on it is told as a slight one, so that takes much alike can still be told apart."""
NOTABLE_DENSITY_OCTAVES = log2(1.12)
NOTABLE_PITCH_SEMITONES = 1.5
NOTABLE_LENGTH_OCTAVES = log2(1.25)


@dataclass(frozen=True, slots=True)
class _Difference:
    score: float
    words: str


def describe_takes(takes: Sequence[tuple[Track, ...]], bars: float) -> tuple[str, ...]:
    """Words for each take, compared with the mean of the others; ``bars`` is the music's length.

    Words that a take before has already are left to it where there are others. A single take, or
    one that is like the others, is told by its notes a bar.
    """
    told: list[str] = []
    for index in range(len(takes)):
        notes = sum(len(track.notes) for track in takes[index])
        words = _notable(takes, index) or [f"{round(notes / max(bars, 1.0))} notes a bar"]
        told.append(next((each for each in words if each not in told), words[0]))
    return tuple(told)


def _notable(takes: Sequence[tuple[Track, ...]], index: int) -> list[str]:
    """What sets a take apart, the largest difference first."""
    others = [take for place, take in enumerate(takes) if place != index]
    differences = [
        difference
        for track in takes[index]
        if (peers := [_named(take, track.name) for take in others])
        for difference in _differences(track, [peer for peer in peers if peer is not None])
    ]
    return [
        each.words if each.score >= NOTABLE else f"slightly {each.words}"
        for each in sorted(differences, key=lambda each: -each.score)
        if each.score >= SLIGHT
    ]


def _named(take: tuple[Track, ...], name: str) -> Track | None:
    return next((track for track in take if track.name == name), None)


def _differences(track: Track, peers: Sequence[Track]) -> list[_Difference]:
    name = track.name.lower()
    sounding = [peer for peer in peers if peer.notes]
    if not track.notes:
        return [_Difference(9.0, f"no {name}")] if sounding else []
    if not sounding:
        return [_Difference(9.0, f"the only one with {name}")] if peers else []
    compared = [_density(track, sounding, name)]
    if not track.is_drum:
        compared += [_height(track, sounding, name), _length(track, sounding, name)]
    return compared


def _density(track: Track, peers: Sequence[Track], name: str) -> _Difference:
    octaves = log2(len(track.notes) / fmean(len(peer.notes) for peer in peers))
    word = "busier" if octaves > 0 else "calmer"
    return _Difference(abs(octaves) / NOTABLE_DENSITY_OCTAVES, f"{word} {name}")


def _height(track: Track, peers: Sequence[Track], name: str) -> _Difference:
    semitones = _mean_pitch(track) - fmean(_mean_pitch(peer) for peer in peers)
    word = "higher" if semitones > 0 else "lower"
    return _Difference(abs(semitones) / NOTABLE_PITCH_SEMITONES, f"{word} {name}")


def _length(track: Track, peers: Sequence[Track], name: str) -> _Difference:
    octaves = log2(_mean_length(track) / fmean(_mean_length(peer) for peer in peers))
    word = "longer notes in" if octaves > 0 else "shorter notes in"
    return _Difference(abs(octaves) / NOTABLE_LENGTH_OCTAVES, f"{word} {name}")


def _mean_pitch(track: Track) -> float:
    return fmean(note.pitch for note in track.notes)


def _mean_length(track: Track) -> float:
    return fmean(note.duration for note in track.notes)
