"""Compositions and takes as versioned JSON, exactly there and back.

Lists are written in short pieces: one long call of the C encoder would hold the interpreter for
160 ms at 100,000 notes, and with it whoever draws or listens at that moment.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, get_args

from engine.errors import StoreError, TuttiError
from engine.music.chord_symbols import ChordMark
from engine.music.composition import (
    Composition,
    KeySignature,
    MeterChange,
    NoiseShare,
    Origin,
    Step,
    TempoChange,
)
from engine.music.lyrics import Lyric
from engine.music.note import Note
from engine.music.recorded import PlayedPass, Recorded
from engine.music.sections import SectionMark
from engine.music.take import CONTROL_KINDS, Take, TakeEvent, TakeEventKind
from engine.music.track import DEFAULT_VOLUME, ControlEvent, Track

VERSION = 1
PIECE = 500
BEND_RANGE = (-8192, 8191)  # the widest that any message's value is
LARGEST = 2**40  # ticks: what is drawn and played counts in 64 bits, and beyond lies damage
LONGEST_SECONDS = 1e7  # four months
TAKE_KINDS = frozenset(get_args(TakeEventKind))
Value = TypeVar("Value")


def composition_to_json(composition: Composition) -> str:
    """The text of a composition."""
    tracks = ",".join(_track_to_json(track) for track in composition.tracks)
    head = {
        "version": VERSION,
        "title": composition.title,
        "ticks_per_quarter": composition.ticks_per_quarter,
        "tempos": [[each.tick, each.microseconds_per_quarter] for each in composition.tempos],
        "meters": [[each.tick, each.numerator, each.denominator] for each in composition.meters],
        "origin": _origin_values(composition.origin),
        "chords": [[mark.tick, mark.symbol] for mark in composition.chords],
        "keys": [[key.tick, key.sharps, key.minor] for key in composition.keys],
        "volume": composition.volume,
        "sections": [[mark.tick, mark.letter, mark.varied] for mark in composition.sections],
        "lyrics": [[lyric.tick, lyric.text] for lyric in composition.lyrics],
    }
    steps = ",".join(_step_to_json(step) for step in composition.steps)
    recorded = ",".join(_recorded_to_json(each) for each in composition.recorded)
    return f'{_opened(head)},"steps":[{steps}],"tracks":[{tracks}],"recorded":[{recorded}]}}'


def _step_to_json(step: Step) -> str:
    head = {"words": step.words, "origin": _origin_values(step.origin)}
    return f'{_opened(head)},"tracks":[{",".join(map(_track_to_json, step.tracks))}]}}'


def composition_from_json(text: str) -> Composition:
    """The composition of a text. Raises `StoreError`."""
    return _reading(text, "composition", _composition)


def accompaniment_to_json(tracks: Sequence[Track], origin: Origin) -> str:
    """The text of an accompaniment."""
    head = {"version": VERSION, "origin": _origin_values(origin)}
    return f'{_opened(head)},"tracks":[{",".join(map(_track_to_json, tracks))}]}}'


def accompaniment_from_json(text: str) -> tuple[tuple[Track, ...], Origin]:
    """The tracks of a text, and where they come from. Raises `StoreError`."""
    return _reading(
        text, "accompaniment", lambda values: (_tracks(values), _given_origin(*values["origin"]))
    )


def take_to_json(take: Take) -> str:
    """The text of a take."""
    head = {
        "version": VERSION,
        "beats_per_minute": take.beats_per_minute,
        "duration": take.duration,
    }
    return f'{_opened(head)},"events":{events_to_json(take.events)}}}'


def take_from_json(text: str) -> Take:
    """The take of a text. Raises `StoreError`."""
    return _reading(text, "take", _take)


def events_to_json(events: Sequence[TakeEvent]) -> str:
    """The text of some events."""
    return _listed([[each.seconds, each.kind, each.number, each.value] for each in events])


def _opened(values: Mapping[str, Any]) -> str:
    """A JSON object without its closing brace."""
    return json.dumps(values)[:-1]


def _listed(rows: Sequence[Any]) -> str:
    return f"[{','.join(_pieces(rows))}]"


def _pieces(rows: Sequence[Any]) -> Iterator[str]:
    for first in range(0, len(rows), PIECE):
        yield json.dumps(rows[first : first + PIECE], separators=(",", ":"))[1:-1]


def _origin_values(origin: Origin | None) -> list[Any] | None:
    if origin is None:
        return None
    values = [origin.model, origin.model_sha256, origin.seed, origin.take]
    blend = [[share.seed, share.take, share.weight] for share in origin.blend]
    if origin.asked:
        return [*values, blend, origin.asked]
    return [*values, blend] if blend else values


def _origin(values: list[Any] | None) -> Origin | None:
    return None if values is None else _given_origin(*values)


def _given_origin(
    model: Any, sha256: Any, seed: Any, take: Any, blend: Any = (), asked: Any = ""
) -> Origin:
    shares = tuple(NoiseShare(_is(int, a), _is(int, b), _seconds(c)) for a, b, c in blend)
    numbers = _is(int, seed), _is(int, take)
    return Origin(_is(str, model), _is(str, sha256), *numbers, shares, _is(str, asked))


def _track_to_json(track: Track) -> str:
    head = {
        "name": track.name,
        "program": track.program,
        "is_drum": track.is_drum,
        "volume": track.volume,
        "pan": track.pan,
        "muted": track.muted,
        "soloed": track.soloed,
        "locked": track.locked,
        "channel": track.channel,
        "reverb": track.reverb,
        "chorus": track.chorus,
        "output": track.output,
    }
    return f"{_opened(head)},{_played_to_json(track.notes, track.controls)}}}"


def _played_to_json(notes: Sequence[Note], controls: Sequence[ControlEvent]) -> str:
    """Notes and controllers as two members of an object."""
    return f'"notes":{_notes_to_json(notes)},"controls":' + _listed(
        [[each.tick, each.kind, each.number, each.value] for each in controls]
    )


def _notes_to_json(notes: Sequence[Note]) -> str:
    return _listed([[note.start, note.pitch, note.duration, note.velocity] for note in notes])


def _recorded_to_json(recorded: Recorded) -> str:
    passes = ",".join(
        f"{{{_played_to_json(each.notes, each.controls)}}}" for each in recorded.passes
    )
    head = {"start": recorded.start, "end": recorded.end, "sounding": recorded.sounding}
    under = "null" if recorded.under is None else _notes_to_json(recorded.under)
    return f'{_opened(head)},"under":{under},"passes":[{passes}]}}'


def _reading(text: str, what: str, build: Callable[[Mapping[str, Any]], Value]) -> Value:
    try:
        values = json.loads(text)
        if values["version"] > VERSION:
            raise StoreError(f"This {what} was made by a newer Tutti; use that one to open it.")
        return build(values)
    except StoreError:
        raise
    except (
        ValueError,
        TypeError,
        ArithmeticError,
        LookupError,
        RecursionError,
        TuttiError,
    ) as error:
        raise StoreError(f"A stored {what} is damaged and cannot be opened.") from error


def _is(kind: type[Value], value: Any) -> Value:
    """The value, if it is of this type: what a damaged text holds instead must not get further."""
    if type(value) is not kind:
        raise TypeError(value)
    return value


def _whole(value: Any, low: int = 0, high: int = 127) -> int:
    if not low <= _is(int, value) <= high:
        raise ValueError(value)
    return int(value)


def _tick(value: Any) -> int:
    return _whole(value, -LARGEST, LARGEST)


def _wholes(values: Sequence[Any]) -> Sequence[int]:
    """Ticks and other numbers of a row, as they are."""
    for value in values:
        _tick(value)
    return values


def _composition(values: Mapping[str, Any]) -> Composition:
    return Composition(
        title=_is(str, values["title"]),
        ticks_per_quarter=_tick(values["ticks_per_quarter"]),
        tempos=tuple(TempoChange(*_wholes(each)) for each in values["tempos"]),
        meters=tuple(MeterChange(*_wholes(each)) for each in values["meters"]),
        tracks=_tracks(values),
        origin=_origin(values["origin"]),
        # These are absent in what an earlier Tutti stored.
        chords=tuple(_chord(*each) for each in values.get("chords", ())),
        keys=tuple(_key(*each) for each in values.get("keys", ())),
        volume=_whole(values.get("volume", DEFAULT_VOLUME)),
        recorded=tuple(_recorded(each) for each in values.get("recorded", ())),
        sections=tuple(_section(*each) for each in values.get("sections", ())),
        steps=tuple(_step(each) for each in values.get("steps", ())),
        lyrics=tuple(_lyric(*each) for each in values.get("lyrics", ())),
    )


def _recorded(values: Mapping[str, Any]) -> Recorded:
    under = values["under"]
    return Recorded(
        _tick(values["start"]),
        _tick(values["end"]),
        passes=tuple(PlayedPass(_notes(each), _controls(each)) for each in values["passes"]),
        sounding=tuple(_wholes(values["sounding"])),
        under=None if under is None else _notes({"notes": under}),
    )


def _notes(values: Mapping[str, Any]) -> tuple[Note, ...]:
    return tuple(Note(*_wholes(each)) for each in values["notes"])


def _controls(values: Mapping[str, Any]) -> tuple[ControlEvent, ...]:
    return tuple(_control(*each) for each in values["controls"])


def _section(tick: Any, letter: Any, varied: Any) -> SectionMark:
    return SectionMark(_tick(tick), _is(str, letter), _is(bool, varied))


def _step(values: Mapping[str, Any]) -> Step:
    return Step(_is(str, values["words"]), _tracks(values), _origin(values["origin"]))


def _key(tick: Any, sharps: Any, minor: Any) -> KeySignature:
    return KeySignature(_tick(tick), _is(int, sharps), _is(bool, minor))


def _lyric(tick: Any, text: Any) -> Lyric:
    return Lyric(_tick(tick), _is(str, text))


def _chord(tick: Any, symbol: Any) -> ChordMark:
    return ChordMark(_tick(tick), _is(str, symbol))


def _tracks(values: Mapping[str, Any]) -> tuple[Track, ...]:
    return tuple(_track(each) for each in values["tracks"])


def _track(values: Mapping[str, Any]) -> Track:
    return Track(
        name=_is(str, values["name"]),
        program=_whole(values["program"]),
        notes=_notes(values),
        controls=_controls(values),
        is_drum=_is(bool, values["is_drum"]),
        volume=_whole(values["volume"]),
        pan=_whole(values["pan"]),
        muted=_is(bool, values["muted"]),
        soloed=_is(bool, values["soloed"]),
        locked=_is(bool, values["locked"]),
        channel=None if values["channel"] is None else _whole(values["channel"], 0, 15),
        # These are absent in what an earlier Tutti stored.
        reverb=_chosen(_whole, values.get("reverb")),
        chorus=_chosen(_whole, values.get("chorus")),
        output=_chosen(partial(_is, str), values.get("output")),
    )


def _chosen(read: Callable[[Any], Value], value: Any) -> Value | None:
    """What was chosen, None where nothing was."""
    return None if value is None else read(value)


def _control(tick: Any, kind: Any, number: Any, value: Any) -> ControlEvent:
    if kind not in CONTROL_KINDS:
        raise ValueError(kind)
    least, most = BEND_RANGE
    return ControlEvent(_tick(tick), kind, _whole(number), _whole(value, least, most))


def _take(values: Mapping[str, Any]) -> Take:
    return Take(_events(values), _seconds(values["beats_per_minute"]), _seconds(values["duration"]))


def _events(values: Mapping[str, Any]) -> tuple[TakeEvent, ...]:
    return tuple(_event(*each) for each in values["events"])


def _event(seconds: Any, kind: Any, number: Any, value: Any) -> TakeEvent:
    if kind not in TAKE_KINDS:
        raise ValueError(kind)
    least, most = BEND_RANGE
    return TakeEvent(_seconds(seconds), kind, _whole(number), _whole(value, least, most))


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not -LONGEST_SECONDS <= value <= LONGEST_SECONDS:
        raise ValueError(value)
    return float(value)
