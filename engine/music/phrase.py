"""A few notes that let an instrument be judged: the track's own, else some that suit it."""

from bisect import bisect_left
from dataclasses import dataclass

from engine.music.composition import Composition
from engine.music.general_midi import FAMILIES
from engine.music.ticks import tempo_map
from engine.music.track import Track

LONGEST_SECONDS = 2.0
HELD_SECONDS = 0.9
VELOCITY = 96
MIDDLE_C, LOW_C = 60, 36
KICK, SNARE, HAT = 36, 38, 42
BEAT_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class PhraseNote:
    """A note in seconds since the phrase began."""

    start: float
    end: float
    pitch: int
    velocity: int


def phrase_of(composition: Composition, index: int, tick: float = 0) -> tuple[PhraseNote, ...]:
    """Two seconds of a track from its next note after ``tick`` on (or its first), in its tempo."""
    track = composition.tracks[index]
    if not track.notes:
        return _suitable(track)
    notes, tempos = track.notes, tempo_map(composition)
    first = bisect_left(notes, tick, key=lambda note: note.start)
    notes = notes[first:] or notes
    begin = tempos.seconds_at(notes[0].start)
    phrase = []
    for note in notes:
        start = tempos.seconds_at(note.start) - begin
        if start >= LONGEST_SECONDS:
            break
        end = min(LONGEST_SECONDS, tempos.seconds_at(note.end) - begin)
        phrase.append(PhraseNote(start, end, note.pitch, note.velocity))
    return tuple(phrase)


def _suitable(track: Track) -> tuple[PhraseNote, ...]:
    if track.is_drum:
        beats = enumerate((KICK, HAT, SNARE, HAT))
        return tuple(
            PhraseNote(BEAT_SECONDS * i, BEAT_SECONDS * (i + 1), pitch, VELOCITY)
            for i, pitch in beats
        )
    pitch = LOW_C if FAMILIES[track.program // 8][0] == "Bass" else MIDDLE_C
    return (PhraseNote(0.0, HELD_SECONDS, pitch, VELOCITY),)
