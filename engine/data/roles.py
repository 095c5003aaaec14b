"""Finding the roles of an arrangement in its notes."""

from collections.abc import Iterable
from dataclasses import replace

from engine.data.corpus import RoleNote

HIGHEST_BASS = 52


def split_bass(notes: Iterable[RoleNote], bass_role: int) -> tuple[list[RoleNote], list[RoleNote]]:
    """A keyboard part's bass line and the rest.

    A note belongs to the bass when it is the lowest struck at its step, no lower note of the part
    still sounds, and it lies at E3 or below. The bass is one voice: a note ends where the next
    begins.
    """
    bass: list[RoleNote] = []
    rest: list[RoleNote] = []
    sounding: list[tuple[int, int]] = []  # (end, pitch)
    by_step: dict[int, list[RoleNote]] = {}
    for note in notes:
        by_step.setdefault(note.step, []).append(note)
    for step in sorted(by_step):
        group = sorted(by_step[step], key=lambda note: note.pitch)
        sounding = [(end, pitch) for end, pitch in sounding if end > step]
        floor = min((pitch for _, pitch in sounding), default=128)
        lowest = group[0]
        is_bass = lowest.pitch <= HIGHEST_BASS and lowest.pitch <= floor
        if is_bass:
            bass.append(replace(lowest, role=bass_role))
        rest.extend(group[1:] if is_bass else group)
        sounding.extend((note.step + note.length, note.pitch) for note in group)
    return _one_voice(bass), rest


def _one_voice(notes: list[RoleNote]) -> list[RoleNote]:
    ends = [*(note.step for note in notes), 1 << 40][1:]
    return [
        replace(note, length=min(note.length, end - note.step))
        for note, end in zip(notes, ends, strict=True)
    ]
