"""Music as it is measured: a segment with its drums and with how hard its notes are struck."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.data.corpus import STEPS_PER_BEAT, SongEntry, Stretch
from engine.data.measures import Notes, Segment, octave_below
from engine.data.segments import segment_of
from engine.data.song import DRUMS, PITCHES
from engine.music.harmony import NO_CHORD, PITCH_CLASSES, QUALITIES
from engine.music.piano_roll import PianoRoll, StepNote, decode

ByteArray = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A segment, its drums, and ``velocity`` (part, step).

    Velocity is the mean of the onsets of a step, 0 where there are none; the melody comes first,
    then the segment's tracks, then the drums.
    """

    segment: Segment
    drums: Notes
    velocity: ByteArray


def human_of(song: SongEntry, stretch: Stretch, roles: Sequence[str]) -> Played:
    """What people play in a stretch; ``roles`` are those of its planes."""
    pitched = [number for number, role in enumerate(roles) if role != DRUMS]
    drums = [number for number, role in enumerate(roles) if role == DRUMS]
    segment = segment_of(replace(stretch, planes=stretch.planes[pitched]))
    struck = decode(PianoRoll(stretch.planes[drums]))
    silence = np.zeros((1, stretch.velocity.shape[1]), np.uint8)
    loud = [stretch.velocity[pitched], stretch.velocity[drums] if drums else silence]
    return Played(
        replace(segment, meter=song.meter), struck[0] if struck else (), np.concatenate(loud)
    )


def cut(played: Played, asked: Segment) -> Played:
    """The music up to the last bar in which ``asked``'s melody sounds: what a model is asked."""
    segment = cut_segment(played.segment, asked)
    return Played(segment, _until(played.drums, segment.steps), played.velocity[:, : segment.steps])


def cut_segment(segment: Segment, asked: Segment) -> Segment:
    """As `cut`, of the pitched parts."""
    end = max(note.step + note.length for note in asked.melody)
    bar = asked.steps_per_bar
    steps = min(asked.steps, -(-end // bar) * bar)
    chords = None if asked.chords is None else asked.chords[: steps // STEPS_PER_BEAT]
    return replace(
        segment,
        melody=_until(asked.melody, steps),
        tracks=tuple(_until(track, steps) for track in segment.tracks),
        steps=steps,
        steps_per_bar=bar,
        chords=chords,
        meter=asked.meter,
    )


def _until(notes: Sequence[StepNote], steps: int) -> Notes:
    return tuple(
        StepNote(note.step, note.pitch, min(note.length, steps - note.step))
        for note in notes
        if note.step < steps
    )


def other_songs(whole: Sequence[Played]) -> list[Played]:
    """The floor: each melody with the music of the segment half the list further on."""
    half = max(1, len(whole) // 2)
    others = [whole[(number + half) % len(whole)] for number in range(len(whole))]
    return [
        cut(
            replace(other, segment=replace(each.segment, tracks=other.segment.tracks)), each.segment
        )
        for each, other in zip(whole, others, strict=True)
    ]


def melody_below(played: Played) -> Played:
    """The melody itself an octave lower, as the first of the tracks: it cheats some measures."""
    line = octave_below(played.segment.melody)
    tracks = (line, *((),) * (len(played.segment.tracks) - 1))
    loud = np.zeros_like(played.velocity)
    loud[:2] = played.velocity[0]
    return Played(replace(played.segment, tracks=tracks), (), loud)


def moved(played: Played, semitones: int) -> Played:
    """The same music in another key; the drums stay.

    Raises `ValueError` where a pitch leaves MIDI's range.
    """
    segment = played.segment
    chords = segment.chords and tuple(_moved_chord(chord, semitones) for chord in segment.chords)
    tracks = tuple(_moved(track, semitones) for track in segment.tracks)
    melody = _moved(segment.melody, semitones)
    return replace(played, segment=replace(segment, melody=melody, tracks=tracks, chords=chords))


def _moved(notes: Notes, semitones: int) -> Notes:
    found = tuple(replace(note, pitch=note.pitch + semitones) for note in notes)
    if any(not 0 <= note.pitch < PITCHES for note in found):
        raise ValueError("A pitch leaves the range.")
    return found


def _moved_chord(chord: int, semitones: int) -> int:
    if chord == NO_CHORD:
        return chord
    root, quality = divmod(chord, len(QUALITIES))
    return (root + semitones) % PITCH_CLASSES * len(QUALITIES) + quality
