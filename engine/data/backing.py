"""Accompaniments without their melody, which lies in another set under the same song's name.

MMA (Musical MIDI Accompaniment) writes such files: over the chords of a tune it plays drums, bass,
chords and strings. Nottingham's tunes and the arrangements made of them are two sets of this kind.
"""

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np

from engine.data.parsing import DURATION, START, ParsedFile, ParsedTrack, parse
from engine.data.roles import MELODY, find_roles
from engine.data.rules import NO_RULE
from engine.errors import FileError

TRACK = re.compile(r"(drum|bass|walk|chord|arpeggio|scale|solo|aria|plectrum)(-\w+)?\d*", re.I)
TUNES = ("nottingham",)  # sets whose tunes others accompany


def lacks_melody(parsed: ParsedFile) -> bool:
    """Whether a file has the tracks of an accompaniment by rules, and no other."""
    return bool(parsed.tracks) and all(TRACK.fullmatch(track.name) for track in parsed.tracks)


def with_its_melody(folder: Path, path: str) -> ParsedFile:
    """The file with the melody of the tune that it is named after; without one, no tracks at all.

    Tunes are looked for in a folder called like their set: in or beside the folder, or where sets
    are fetched to. Raises `FileError`.
    """
    parsed = parse(folder / path)
    tune = PurePosixPath(path).stem.partition("__")[0]
    for place in _places(folder):
        source = place / f"{tune}.mid"
        if source.is_file():
            return _joined(parsed, parse(source))
    remark = f"The tune {tune} is not at hand: put its set beside this one."
    return replace(parsed, tracks=(), remark=remark)


def _places(folder: Path) -> list[Path]:
    from engine.store.paths import sources_folder  # few readers need to know

    homes = (folder, folder.resolve().parent, sources_folder())
    roots = [root / name for root in homes for name in TUNES]
    return [place for root in roots for place in (root / "midi", root / "MIDI", root)]


def _joined(parsed: ParsedFile, tune: ParsedFile) -> ParsedFile:
    found = find_roles(tune, NO_RULE, "")
    if MELODY not in found.roles:
        raise FileError("The tune that it is named after has no melody.")
    source = tune.tracks[found.roles.index(MELODY)]
    notes = source.notes.copy()
    scale = parsed.ticks_per_quarter / tune.ticks_per_quarter
    ends = np.round((notes[:, START] + notes[:, DURATION]) * scale).astype(np.int32)
    notes[:, START] = np.round(notes[:, START] * scale)
    notes[:, DURATION] = np.maximum(1, ends - notes[:, START])
    melody = ParsedTrack("MELODY", source.program, source.channel, False, notes)
    return replace(parsed, tracks=(melody, *parsed.tracks))
