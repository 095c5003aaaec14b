"""The layouts of data sets that are known: how each is recognised, and how a file of it is read."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from engine.data import chorales, pop909
from engine.data.arrangement import Kind, Reading, arrange
from engine.data.backing import lacks_melody, with_its_melody
from engine.data.estimated_beats import with_estimated_beats
from engine.data.midi_folder import midi_paths, song_name, tags_of
from engine.data.parsing import ParsedFile, parse
from engine.data.roles import BAND, BAND_PROGRAMS, Found, find_roles
from engine.data.rules import RoleRule
from engine.data.song_report import (
    CORRECTED,
    LEFT_OUT,
    NO_MELODY,
    OTHER_VOICES,
    UNREADABLE,
    FileReport,
    TrackReport,
)
from engine.data.voices import FOUR_VOICES, VOICE_PROGRAMS, find_voices, is_in_voices
from engine.errors import FileError

MOSTLY = 0.8  # of the files that were looked at must be of the layout
DRUM_ROLES = ("Melody", "Drums")
FOLK_TUNE = re.compile(r"(ashover|hpps|jigs|morris|playford|reels|slip|waltzes|xmas)[a-z]*[-\d]")
STYLE_OF = {"hpps": "hornpipe", "jigs": "jig", "slip": "jig", "reels": "reel", "waltzes": "waltz"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a first glance at a file shows."""

    path: str
    in_voices: bool
    only_drums: bool
    lacks_melody: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout: the roles it is packed with, where its songs are, and how one of them is read.

    ``name`` is what a process that reads for another is told. ``card`` has what is known of a set
    that always is the same one. ``read_all`` reads several songs as ``read`` does each of them, for
    layouts where that is the faster.
    """

    name: str
    roles: tuple[str, ...]
    programs: tuple[int, ...]
    files: Callable[[Path], Iterator[str]]
    read: Callable[[Path, str, RoleRule], Reading]
    tags: tuple[str, ...] = ()
    read_all: Callable[[Path, Sequence[str], RoleRule], list[Reading]] | None = None

    def readings(self, folder: Path, paths: Sequence[str], rule: RoleRule) -> list[Reading]:
        """What each file gives, in the order of the paths. Raises `DataError`."""
        if self.read_all is not None:
            return self.read_all(folder, paths, rule)
        return [self.read(folder, path, rule.for_file(path)) for path in paths]


def look_at(folder: Path, path: str) -> Look | None:
    """A first glance at a MIDI file; None where it cannot be read."""
    try:
        parsed = parse(folder / path)
    except FileError:
        return None
    drums = [track.is_drum for track in parsed.tracks]
    return Look(path, is_in_voices(parsed), bool(drums) and all(drums), lacks_melody(parsed))


def layout_of(looks: Sequence[Look]) -> Layout:
    """The layout of a folder of MIDI files, from a glance at some of them."""
    if _mostly(look.only_drums for look in looks):
        return LAYOUTS["drums"]
    if _mostly(look.in_voices for look in looks):
        return LAYOUTS["voices"]
    if _mostly(look.lacks_melody for look in looks):
        return LAYOUTS["backing"]
    stems = (PurePosixPath(look.path).stem for look in looks)
    if _mostly(bool(FOLK_TUNE.match(stem)) for stem in stems):
        return LAYOUTS["folk"]
    return LAYOUTS["band"]


def known_layout(folder: Path) -> Layout | None:
    """The layout of a folder that its files' names tell, None for any folder of MIDI files."""
    if pop909.is_pop909(folder):
        return LAYOUTS["pop909"]
    return LAYOUTS["chorales"] if chorales.is_chorales(folder) else None


def _mostly(signs: Iterator[bool]) -> bool:
    told = list(signs)
    return bool(told) and sum(told) >= MOSTLY * len(told)


def _by_melody(path: str, melody: str) -> str:
    """A stranger's song is known by its melody, an arrangement by the song's name before ``__``."""
    return "" if "__" in PurePosixPath(path).stem else melody


def _by_name(_path: str, _melody: str) -> str:
    return ""


def _parsed(folder: Path, path: str) -> ParsedFile:
    return parse(folder / path)


def _read(
    load: Callable[[Path, str], ParsedFile],
    find: Callable[[ParsedFile, RoleRule, str], Found],
    kind: Kind,
    tags: Callable[[str], tuple[str, ...]],
    key: Callable[[str, str], str],
    folder: Path,
    path: str,
    rule: RoleRule,
) -> Reading:
    """A MIDI file as songs. What cannot be read or used is said in its report."""
    if rule.leaves_out(path):
        return Reading(FileReport(path, kept=False, reason=CORRECTED))
    try:
        parsed = load(folder, path)
    except FileError as problem:
        return Reading(FileReport(path, kept=False, reason=UNREADABLE, remark=str(problem)))
    if not parsed.tracks:
        return Reading(FileReport(path, kept=False, reason=NO_MELODY, remark=parsed.remark))
    found = find(parsed, rule, path)
    if kind.needs_melody:
        parsed = with_estimated_beats(parsed, found)
    reading = arrange(parsed, found, path, song_name(path), kind, partial(key, path))
    named = tags(path)
    return replace(reading, songs=tuple(replace(song, tags=named) for song in reading.songs))


def _read_voices(folder: Path, path: str, rule: RoleRule) -> Reading:
    kind = Kind(splits_bass=False, drums=-1)
    reading = _read(_parsed, find_voices, kind, tags_of, _by_melody, folder, path, rule)
    roles = {track.role for track in reading.report.tracks}
    if reading.report.tracks and not roles.issuperset(FOUR_VOICES):
        return Reading(replace(reading.report, kept=False, reason=OTHER_VOICES))
    return reading


def _find_drums(parsed: ParsedFile, _rule: RoleRule, _path: str) -> Found:
    roles = tuple(1 if track.is_drum else -1 for track in parsed.tracks)
    reports = tuple(
        TrackReport(
            index=number,
            name=track.name,
            program=track.program,
            channel=track.channel,
            notes=len(track.notes),
            role="Drums" if role == 1 else LEFT_OUT,
            why="drums play on channel 10" if role == 1 else "a set of drums has drums alone",
        )
        for number, (track, role) in enumerate(zip(parsed.tracks, roles, strict=True))
    )
    return Found(roles, reports)


def _drum_tags(path: str) -> tuple[str, ...]:
    """Of ``37_hip-hop_67_fill_4-4.mid``: the style and whether it is a beat or a fill."""
    fields = PurePosixPath(path).stem.split("_")
    named = [fields[1].partition("-")[0], fields[3]] if len(fields) == 5 else []
    return tuple(dict.fromkeys(["drums", *named]))


def _folk_tags(path: str) -> tuple[str, ...]:
    stem = PurePosixPath(path).stem
    found = FOLK_TUNE.match(stem)
    kind = [STYLE_OF.get(found[1], found[1])] if found else []
    return tuple(dict.fromkeys([*kind, *tags_of(path)]))


_BAND_READER = partial(_read, _parsed, find_roles, Kind())
LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "pop909",
            pop909.CARD.roles,
            pop909.CARD.programs,
            pop909.files,
            pop909.read,
            read_all=pop909.read_all,
        ),
        Layout("chorales", FOUR_VOICES, VOICE_PROGRAMS, chorales.files, chorales.read),
        Layout("voices", FOUR_VOICES, VOICE_PROGRAMS, midi_paths, _read_voices),
        Layout("band", BAND, BAND_PROGRAMS, midi_paths, partial(_BAND_READER, tags_of, _by_melody)),
        Layout(
            "folk", BAND, BAND_PROGRAMS, midi_paths, partial(_BAND_READER, _folk_tags, _by_name)
        ),
        Layout(
            "backing",
            BAND,
            BAND_PROGRAMS,
            midi_paths,
            partial(_read, with_its_melody, find_roles, Kind(), tags_of, _by_name),
        ),
        Layout(
            "drums",
            DRUM_ROLES,
            (0, 0),
            midi_paths,
            partial(
                _read,
                _parsed,
                _find_drums,
                Kind(splits_bass=False, needs_melody=False, drums=1, loosest=1.0),
                _drum_tags,
                _by_melody,
            ),
        ),
    )
}
