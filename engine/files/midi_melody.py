"""Which track of a MIDI file is taken as the melody, and the sentence that says why."""

import re
from collections.abc import Sequence
from statistics import median

from engine.music.track import Track

MELODY_NAME = "MELODY"
LEADING = re.compile(r"melod|\blead\b|\bvox\b|\bvocals?\b|\bvoice\b|\bsolo\b|\btheme\b|\bsoprano\b")
BACKING = re.compile(r"back|bass|chord|rhythm|harmon|2nd|second")
"""What makes of a voice or a lead one of the others: "Backing vocals", "Lead bass"."""
BASS_PROGRAMS, STRING_PROGRAMS = range(32, 40), range(48, 55)
ONE_VOICE, SEVERAL_VOICES = 0.9, 0.5
LOWEST = 57
"""Median pitches below it are no reason to pass the first track over for another."""


def melody_of(tracks: Sequence[Track]) -> tuple[int, str]:
    """The index of the melody among tracks with notes, and the sentence that says why."""
    if len(tracks) == 1:
        return 0, f"The melody is the file's only track, “{tracks[0].name}”."
    named = _named(tracks)
    if named is not None:
        return named, f"The melody is the track named “{tracks[named].name}”."
    pitched = [index for index, track in enumerate(tracks) if not track.is_drum]
    if not pitched:
        return (
            0,
            f"The file holds only drums; the first of them, “{tracks[0].name}”, is the melody.",
        )
    first, *others = pitched
    lines = [index for index in others if _is_line_above(tracks[index], tracks[first])]
    if lines and _is_backing(tracks[first]):
        name = tracks[lines[0]].name
        return lines[0], f"The melody is the first track that plays one line, “{name}”."
    return first, f"The melody is the first track that is not drums, “{tracks[first].name}”."


def _named(tracks: Sequence[Track]) -> int | None:
    names = [track.name.strip() for track in tracks]
    for index, name in enumerate(names):
        if name.upper() == MELODY_NAME:
            return index
    for index, name in enumerate(map(str.casefold, names)):
        if LEADING.search(name) and not BACKING.search(name) and not tracks[index].is_drum:
            return index
    return None


def _is_backing(track: Track) -> bool:
    """Whether a track is likely no melody: a bass, a pad, chords."""
    return (
        track.program in BASS_PROGRAMS
        or track.program in STRING_PROGRAMS
        or _one_voice_share(track) < SEVERAL_VOICES
    )


def _is_line_above(track: Track, first: Track) -> bool:
    """Whether a track plays one line, not below the first track's middle."""
    if not (track.notes and first.notes):
        return False
    middle = median(note.pitch for note in track.notes)
    return (
        not _is_backing(track)
        and _one_voice_share(track) >= ONE_VOICE
        and middle >= max(LOWEST, median(note.pitch for note in first.notes))
    )


def _one_voice_share(track: Track) -> float:
    """Share of the notes that begin when at most a moment of those before still sounds."""
    until, alone = 0, 0
    for note in track.notes:
        alone += note.start >= until - note.duration // 4
        until = max(until, note.end)
    return alone / max(1, len(track.notes))
