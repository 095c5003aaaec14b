"""Music in four voices: chorales, hymns and string quartets, voice by voice."""

from collections.abc import Sequence
from itertools import pairwise

from engine.data.parsing import PITCH, ParsedFile, ParsedTrack
from engine.data.roles import Found, median, shape_of
from engine.data.rules import RoleRule, TrackFacts
from engine.data.song_report import LEFT_OUT, TrackReport

FOUR_VOICES = ("Soprano", "Alto", "Tenor", "Bass")
VOICE_PROGRAMS = (73, 71, 70, 43)
NAMES = ("soprano", "alto", "tenor", "bass", "violin", "viola", "violoncello", "cello")
FEWEST_ALONE = 0.6  # of a voice's notes that begin when no other of it sounds: double stops are few
LEAST_DESCENT = 1  # semitones by which the median of the first voice lies above that of the last


def voices_of(parsed: ParsedFile) -> list[list[int]]:
    """The numbers of the tracks that are one voice: those of one name, or a track without one."""
    voices: dict[str, list[int]] = {}
    for number, track in enumerate(parsed.tracks):
        if not track.is_drum:
            voices.setdefault(track.name.casefold() or f"\0{number}", []).append(number)
    return list(voices.values())


def is_in_voices(parsed: ParsedFile) -> bool:
    """Whether a file is four single lines, the first the highest."""
    voices = voices_of(parsed)
    if len(voices) != len(FOUR_VOICES) or any(track.is_drum for track in parsed.tracks):
        return False
    tracks = [parsed.tracks[numbers[0]] for numbers in voices]
    if not (_are_voices(tracks) or _are_alike(tracks)):
        return False
    shapes = [shape_of(track.notes, parsed.ticks_per_quarter, 1) for track in tracks]
    medians = [shape.median_pitch for shape in shapes]
    single = all(shape.one_voice >= FEWEST_ALONE for shape in shapes)
    descends = all(above >= below - 2 for above, below in pairwise(medians))
    return single and descends and medians[0] >= medians[-1] + LEAST_DESCENT


def _are_voices(tracks: Sequence[ParsedTrack]) -> bool:
    return all(any(name in track.name.casefold() for name in NAMES) for track in tracks)


def _are_alike(tracks: Sequence[ParsedTrack]) -> bool:
    return not any(track.name for track in tracks) and len({t.program for t in tracks}) == 1


def find_voices(parsed: ParsedFile, rule: RoleRule, path: str) -> Found:
    """The voice of every track, in the order of the file; −1 where there are not four."""
    voices = voices_of(parsed)
    place = {number: voice for voice, numbers in enumerate(voices) for number in numbers}
    whole = len(voices) == len(FOUR_VOICES)
    roles, reports = [], []
    for number, track in enumerate(parsed.tracks):
        middle = median(track.notes[:, PITCH])
        facts = TrackFacts(number, track.name, track.program, track.channel, middle)
        told = rule.role_of(path, facts)
        role = place.get(number, -1) if whole else -1
        why = f"voice {role + 1}" if role >= 0 else "there are not four voices"
        if told is not None:
            role, why = (FOUR_VOICES.index(told) if told in FOUR_VOICES else -1), "your rule"
        roles.append(role)
        reports.append(
            TrackReport(
                index=number,
                name=track.name,
                program=track.program,
                channel=track.channel,
                notes=len(track.notes),
                role=FOUR_VOICES[role] if role >= 0 else LEFT_OUT,
                why=why,
                median_pitch=round(middle),
            )
        )
    return Found(tuple(roles), tuple(reports))
