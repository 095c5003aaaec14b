"""Any folder of MIDI files as songs with a melody, a bass, chords and a counter-melody.

The melody is found as everywhere (`engine.files.midi`). The other tracks get their roles by
program, register and voices: a bass is General MIDI's (32 to 39) or lies low and plays one note at
a time; of the rest, what plays one note at a time is counter-melody, the others are chords. Where
nothing is a bass, the chords' lowest notes are. Drums have no role yet. Chords are not annotated in
such files: the harmony that the tracks imply stands in their place.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.data.corpus import STEPS_PER_BEAT, CorpusCard, RoleNote, Song
from engine.data.roles import HIGHEST_BASS, split_bass
from engine.errors import FileError
from engine.files.midi import read_midi
from engine.music.composition import Composition
from engine.music.harmony import implied_chords
from engine.music.note import Note
from engine.music.ticks import StepGrid, meter_map
from engine.music.track import Track

MELODY, BASS, CHORDS, COUNTER = range(4)
ROLES = ("Melody", "Bass", "Chords", "Counter")
PROGRAMS = (0, 33, 4, 71)
SUFFIXES = frozenset({".mid", ".midi", ".smf"})
BASS_PROGRAMS = range(32, 40)
ONE_VOICE_SHARE = 0.9  # of a track's notes that begin when no other of it sounds
COMMON_TIME = (4, 4)
FEWEST_NOTES = 8  # in the melody and in the rest: less is no song


def midi_files(folder: Path) -> list[Path]:
    """The MIDI files in a folder and below it, in order; links that lead out of it are left out."""
    root = folder.resolve()
    found = (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in found if path.is_file() and path.resolve().is_relative_to(root))


def is_midi_folder(folder: Path) -> bool:
    """Whether any MIDI file lies in the folder."""
    return bool(midi_files(folder))


def card_of(folder: Path) -> CorpusCard:
    """The set's card; its version is a digest of the files' names, sizes and times."""
    digest = hashlib.sha256()
    for path in midi_files(folder):
        state = path.stat()
        digest.update(os.fsencode(path.relative_to(folder)))
        digest.update(f"\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    version = digest.hexdigest()[:8]
    return CorpusCard(folder.resolve().name, version, "the user's own files", ROLES, PROGRAMS)


def songs(folder: Path) -> Iterator[Song]:
    """The songs of all files that can be read and have a melody, company and bars of four beats."""
    for path in midi_files(folder):
        try:
            composition = read_midi(path).composition
        except FileError:
            continue
        song = song_of(composition, _song_name(path.relative_to(folder)))
        if song is not None:
            yield song


def _song_name(path: Path) -> str:
    """The path without its suffix, as text that can be written whatever bytes it is made of."""
    return path.with_suffix("").as_posix().encode(errors="replace").decode()


def song_of(composition: Composition, name: str) -> Song | None:
    """A composition as a song, None for one without melody, company or bars of four quarters."""
    meters = [(each.numerator, each.denominator) for each in composition.meters]
    starts = meter_map(composition).bar_starts(composition.end)
    has_pick_up = len(meters) > 1 and len(starts) > 1 and composition.meters[1].tick == starts[1]
    if set(meters[1:] if has_pick_up else meters) != {COMMON_TIME}:
        return None
    first_bar = starts[1] // composition.ticks_per_quarter if has_pick_up else 0
    grid = StepGrid(composition.ticks_per_quarter, STEPS_PER_BEAT)
    melody = _on_steps(composition.melody.notes, MELODY, grid)
    company = _roles(composition.accompaniment, grid)
    if len(melody) < FEWEST_NOTES or len(company) < FEWEST_NOTES:
        return None
    notes = tuple(sorted({*melody, *company}))
    beats = max(note.step + note.length for note in notes) // STEPS_PER_BEAT + 1
    edges = [grid.tick_at(STEPS_PER_BEAT * beat) for beat in range(beats + 1)]
    pitched = [track.notes for track in composition.tracks if not track.is_drum]
    return Song(name, notes, beats, 4, first_bar % 4, implied_chords(pitched, edges))


def _roles(tracks: tuple[Track, ...], grid: StepGrid) -> list[RoleNote]:
    pitched = [track for track in tracks if track.notes and not track.is_drum]
    found = [note for track in pitched for note in _on_steps(track.notes, _role(track), grid)]
    if any(note.role == BASS for note in found):
        return found
    chords = [note for note in found if note.role == CHORDS]
    bass, rest = split_bass(chords, BASS)
    return [note for note in found if note.role != CHORDS] + bass + rest


def _role(track: Track) -> int:
    one_voice = _one_voice_share(track.notes) >= ONE_VOICE_SHARE
    low = float(np.median([note.pitch for note in track.notes])) <= HIGHEST_BASS
    if track.program in BASS_PROGRAMS or (one_voice and low):
        return BASS
    return COUNTER if one_voice else CHORDS


def _one_voice_share(notes: tuple[Note, ...]) -> float:
    """Share of the notes that begin when at most a moment of the one before still sounds."""
    alone, end = 0, 0
    for note in notes:
        alone += note.start >= end - note.duration // 4
        end = max(end, note.end)
    return alone / len(notes)


def _on_steps(notes: tuple[Note, ...], role: int, grid: StepGrid) -> list[RoleNote]:
    placed = []
    for note in notes:
        step = grid.nearest_step(note.start)
        length = max(1, grid.nearest_step(note.end) - step)
        placed.append(RoleNote(role, step, note.pitch, length, note.velocity))
    return placed
