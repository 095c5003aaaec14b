"""Finding the roles of an arrangement: by name, program, channel and register, and by its notes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.data.parsing import DURATION, PITCH, START, ParsedFile, ParsedTrack
from engine.data.rules import RoleRule, TrackFacts
from engine.data.song import IntArray, RoleNote
from engine.data.song_report import LEFT_OUT, TrackReport

MELODY, BASS, CHORDS, COUNTER, STRINGS, DRUMS = range(6)
BAND = ("Melody", "Bass", "Chords", "Counter", "Strings", "Drums")
BAND_PROGRAMS = (0, 33, 4, 71, 48, 0)

HIGHEST_BASS = 52
BASS_PROGRAMS = range(32, 40)
STRING_PROGRAMS = (*range(44, 46), *range(48, 55), *range(88, 96))  # ensembles, choirs, pads
EFFECT_PROGRAMS = range(112, 128)  # percussion instruments and noises
ONE_VOICE_SHARE = 0.9  # of a track's notes that begin when no other of it sounds
BASS_ONE_VOICE_SHARE = 0.8

# Words in track names, in the order in which they are asked. `\b` would not part "Bass1".
_WORDS = (
    (DRUMS, r"drum|perc|\bkit\b|hi-?hat|snare|cymbal"),
    (MELODY, r"melod|vocal|vocals|\bvoice\b|\bvox\b|\bvoc\b|canto|gesang|chant\b|\bsing|\btune\b"),
    (BASS, r"(?<![a-z])bass(?!oon)|\bbasso\b|\bwalk\b"),
    (STRINGS, r"strings?\b|\bpad\b|choir|ensemble|chord-sus|\borch"),
    (COUNTER, r"bridge|counter|obbligato|descant"),
    (CHORDS, r"chord|accord|rhythm|comping|\bakk|piano_[rl]h|\baccomp|arpeggio|strum"),
)
NAMED = tuple((role, re.compile(pattern)) for role, pattern in _WORDS)
LEADING = re.compile(r"\blead\b|\bsolo\b|soprano|\btheme\b")

# How much each sign speaks for a melody; found on the sets whose melodies are named.
ENOUGH = 2.5
FEWEST_MELODY_NOTES = 8
WHOLE_TONE = 2  # semitones
LOWEST_MELODY, HIGHEST_MELODY = 53, 88  # median pitches beyond which a melody is less likely
MELODY_PROGRAMS = (*range(40, 42), *range(56, 61), *range(64, 80), *range(80, 88), 22, 52, 53, 54)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a track's notes look like. ``coverage`` is a share of the beats of the file.

    ``one_voice``: share of the notes that begin when at most a moment of the one before still
    sounds. ``pitches``: how many different ones. ``steps``: share of the intervals that are a whole
    tone at most, which parts tunes from arpeggios.
    """

    one_voice: float
    median_pitch: float
    coverage: float
    pitches: int
    steps: float
    notes: int


def shape_of(notes: IntArray, ticks_per_quarter: int, beats: int) -> Shape:
    """The shape of a track's notes (note, 4)."""
    pitches = notes[:, PITCH]
    of_beat = notes[:, START] // ticks_per_quarter
    return Shape(
        one_voice=_one_voice_share(notes),
        median_pitch=median(pitches),
        coverage=(1 + np.count_nonzero(np.diff(of_beat))) / max(1, beats),
        pitches=int(np.count_nonzero(np.bincount(pitches))),
        steps=np.count_nonzero(np.abs(np.diff(pitches)) <= WHOLE_TONE) / max(1, len(notes) - 1),
        notes=len(notes),
    )


def median(numbers: npt.NDArray[np.integer | np.floating]) -> float:
    """The middle one, or the mean of the two: numpy's own takes ten times as long for few."""
    ordered, middle = numbers.copy(), len(numbers) // 2
    ordered.sort()
    return float(ordered[middle] + ordered[~middle]) / 2


def _one_voice_share(notes: IntArray) -> float:
    starts, durations = notes[:, START], notes[:, DURATION]
    sounding_until = np.maximum.accumulate(starts + durations)
    alone = starts[1:] >= sounding_until[:-1] - durations[1:] // 4
    return float((1 + np.count_nonzero(alone)) / len(notes))


@dataclass(frozen=True, slots=True)
class Found:
    """The role of each track, as a number of `BAND` or −1, and the report on it."""

    roles: tuple[int, ...]
    reports: tuple[TrackReport, ...]


def find_roles(parsed: ParsedFile, rule: RoleRule, path: str) -> Found:
    """The role of every track of a file; at most one kind of them is the melody."""
    beats = -(-parsed.end // parsed.ticks_per_quarter)
    shapes = [shape_of(t.notes, parsed.ticks_per_quarter, beats) for t in parsed.tracks]
    facts = [
        TrackFacts(number, track.name, track.program, track.channel, shape.median_pitch)
        for number, (track, shape) in enumerate(zip(parsed.tracks, shapes, strict=True))
    ]
    told = [rule.role_of(path, each) for each in facts]
    found = [
        (_numbered(word), "your rule") if word is not None else _role_alone(track, shape)
        for word, track, shape in zip(told, parsed.tracks, shapes, strict=True)
    ]
    if "Melody" not in told:
        found = _with_melody(found, parsed.tracks, shapes, told)
    reports = [
        TrackReport(
            index=fact.index,
            name=fact.name,
            program=fact.program,
            channel=fact.channel,
            notes=shape.notes,
            role=BAND[role] if role >= 0 else LEFT_OUT,
            why=why,
            median_pitch=round(shape.median_pitch),
        )
        for fact, shape, (role, why) in zip(facts, shapes, found, strict=True)
    ]
    return Found(tuple(role for role, _ in found), tuple(reports))


def _numbered(role: str) -> int:
    return BAND.index(role) if role in BAND else -1


def named_role(name: str) -> int | None:
    """The role that a track's name tells, None where it tells none."""
    words = name.casefold()
    return next((role for role, pattern in NAMED if pattern.search(words)), None)


def _role_alone(track: ParsedTrack, shape: Shape) -> tuple[int, str]:
    """The role of a track by itself; whether it is the melody is asked of all tracks together."""
    if track.is_drum:
        return DRUMS, "drums play on channel 10"
    named = named_role(track.name)
    if named is not None and named not in (MELODY, DRUMS):
        return named, f"named “{track.name}”"
    if track.program in EFFECT_PROGRAMS:
        return -1, "percussion or noises on a pitched channel"
    if track.program in BASS_PROGRAMS:
        return BASS, "a bass instrument"
    if shape.one_voice >= BASS_ONE_VOICE_SHARE and shape.median_pitch <= HIGHEST_BASS:
        return BASS, "low, one note at a time"
    if track.program in STRING_PROGRAMS:
        return STRINGS, "strings, a choir or a pad"
    if shape.one_voice >= ONE_VOICE_SHARE:
        return COUNTER, "one note at a time"
    return CHORDS, "several notes at a time"


def _with_melody(
    found: list[tuple[int, str]],
    tracks: Sequence[ParsedTrack],
    shapes: Sequence[Shape],
    told: Sequence[str | None],
) -> list[tuple[int, str]]:
    free = [number for number in range(len(tracks)) if told[number] is None]
    chosen = _named_melody(tracks, free)
    why = ""
    if chosen is None:
        chosen = _likeliest_melody(tracks, shapes, free)
        if chosen is None:
            return found
        why = f"the likeliest melody: one line, in {shapes[chosen].coverage:.0%} of the beats"
    return [
        (MELODY, why or f"named “{tracks[chosen].name}”") if number == chosen else each
        for number, each in enumerate(found)
    ]


def _named_melody(tracks: Sequence[ParsedTrack], free: Iterable[int]) -> int | None:
    named = [
        number
        for number in free
        if not tracks[number].is_drum and named_role(tracks[number].name) == MELODY
    ]
    exact = [number for number in named if tracks[number].name.strip().casefold() == "melody"]
    return next(iter(exact or named), None)


def _likeliest_melody(
    tracks: Sequence[ParsedTrack], shapes: Sequence[Shape], free: Iterable[int]
) -> int | None:
    scores = {number: melody_score(tracks[number], shapes[number]) for number in free}
    best = max(scores, key=lambda number: scores[number], default=None)
    return None if best is None or scores[best] < ENOUGH else best


def melody_score(track: ParsedTrack, shape: Shape) -> float:
    """How much speaks for a track to be the melody."""
    if (
        track.is_drum
        or shape.notes < FEWEST_MELODY_NOTES
        or track.program in BASS_PROGRAMS
        or track.program in EFFECT_PROGRAMS
        or named_role(track.name) in (BASS, CHORDS, DRUMS)
    ):
        return 0.0
    below = max(0.0, LOWEST_MELODY - shape.median_pitch)
    above = max(0.0, shape.median_pitch - HIGHEST_MELODY)
    score = 2 * shape.one_voice + min(1.0, 1.5 * shape.coverage) + min(1.0, shape.pitches / 12)
    score += shape.steps - 0.15 * (below + above)
    score += 0.02 * (min(shape.median_pitch, 76) - 60)
    score += 0.4 * (track.program in MELODY_PROGRAMS) - 0.4 * (track.program in STRING_PROGRAMS)
    score += 0.8 * bool(LEADING.search(track.name.casefold()))
    score -= 0.5 * (named_role(track.name) in (STRINGS, COUNTER))
    return score


def split_bass(notes: Iterable[RoleNote], bass_role: int) -> tuple[list[RoleNote], list[RoleNote]]:
    """`split_bass_array` of single notes."""
    rows = [(n.role, n.step, n.pitch, n.length, n.velocity) for n in notes]
    array = np.array(rows, np.int32).reshape(-1, 5)
    bass, rest = split_bass_array(array, bass_role)
    return [RoleNote(*map(int, row)) for row in bass], [RoleNote(*map(int, row)) for row in rest]


def split_bass_array(notes: IntArray, bass_role: int) -> tuple[IntArray, IntArray]:
    """A keyboard part's bass line and the rest; notes (note, 5) as `RoleNote`'s fields.

    A note belongs to the bass when it is the lowest struck at its step, no lower note of the part
    still sounds, and it lies at E3 or below. The bass is one voice: a note ends where the next
    begins.
    """
    if not len(notes):
        return notes, notes
    notes = notes[np.argsort(notes[:, 1].astype(np.int64) << 7 | notes[:, 2], kind="stable")]
    step, pitch, length = notes[:, 1], notes[:, 2], notes[:, 3]
    is_bass = pitch <= HIGHEST_BASS
    is_bass[1:] &= step[1:] != step[:-1]  # the lowest at its step
    is_bass &= ~_is_above_a_bass(step, pitch, length)
    bass, rest = notes[is_bass], notes[~is_bass]
    bass[:, 0] = bass_role
    if len(bass):
        bass[:-1, 3] = np.minimum(bass[:-1, 3], np.diff(bass[:, 1]))
    return bass, rest


def _is_above_a_bass(step: IntArray, pitch: IntArray, length: IntArray) -> npt.NDArray[np.bool_]:
    """Whether a lower pitch, struck before the note and low enough for a bass, still sounds."""
    low = pitch <= HIGHEST_BASS
    bit = np.int64(1) << np.minimum(pitch, HIGHEST_BASS + 1).astype(np.int64)
    # A number for each step; its bits are the low pitches that sound there and begin earlier.
    held = length[low].astype(np.int64) - 1
    begin = step[low] + 1 - (np.cumsum(held) - held)
    sounding = np.zeros(int((step + length).max()) + 1, np.int64)
    np.bitwise_or.at(
        sounding, np.repeat(begin, held) + np.arange(held.sum()), bit[low].repeat(held)
    )
    above: npt.NDArray[np.bool_] = (sounding[step] & (bit - 1)) != 0
    return above
