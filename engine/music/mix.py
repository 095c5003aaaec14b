"""What is heard of a composition: which tracks, and their instrument and place in the mix.

A track keeps the controllers of the file it came from, its own program changes, CC 7 and CC 10
among them. What the user chose stands above them: here the two become one, for the player, the
exporter and the renderer alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.music.composition import Composition
from engine.music.track import (
    CENTRE_PAN,
    CHORUS,
    DEFAULT_VOLUME,
    PAN,
    REVERB,
    VOLUME,
    ControlEvent,
    ControlKind,
    Track,
)

BANK_SELECT = (0, 32)
MAX_VALUE = 127


def is_heard(composition: Composition) -> tuple[bool, ...]:
    """For each track, whether it sounds: not muted, and soloed if any track is."""
    solo = any(track.soloed for track in composition.tracks)
    return tuple(not track.muted and (track.soloed or not solo) for track in composition.tracks)


def master_gain(composition: Composition) -> float:
    """What the master's volume multiplies all sound by: 40 dB a decade, as CC 7 does."""
    return (composition.volume / DEFAULT_VOLUME) ** 2


def given_program(controls: Iterable[ControlEvent], first_note: int) -> int | None:
    """The program that ``controls`` have set when the first note sounds; None if they set none."""
    return _given(controls, "program", 0, first_note)


def given_volume(controls: Iterable[ControlEvent], first_note: int) -> int | None:
    """The volume (CC 7) that ``controls`` have set when the first note sounds, or None.

    A track that fades in from silence has the loudest that it comes to.
    """
    controls = tuple(controls)
    volume = _given(controls, "control", VOLUME, first_note)
    if volume != 0:
        return volume
    return max(event.value for event in controls if _is(event, "control", VOLUME))


def given_pan(controls: Iterable[ControlEvent], first_note: int) -> int | None:
    """The pan (CC 10) that ``controls`` have set when the first note sounds, or None."""
    return _given(controls, "control", PAN, first_note)


def _given(
    controls: Iterable[ControlEvent], kind: ControlKind, number: int, first_note: int
) -> int | None:
    values = [
        event.value for event in controls if event.tick <= first_note and _is(event, kind, number)
    ]
    return values[-1] if values else None


def _is(event: ControlEvent, kind: ControlKind, number: int) -> bool:
    return event.kind == kind and event.number == number


def sounding_controls(track: Track) -> tuple[ControlEvent, ...]:
    """The track's controllers with its program and its place in the mix as chosen, sorted by tick.

    What the file set and the user left alone stands exactly as it was. A chosen volume scales the
    file's own CC 7, as chosen sends do CC 91 and CC 93, a chosen pan shifts its CC 10, a chosen
    program replaces its program changes. A track that no file gave states program, volume and pan
    at tick 0; one from a file only what differs.
    """
    first_note = track.notes[0].start if track.notes else 0
    program = given_program(track.controls, first_note)
    volume = given_volume(track.controls, first_note)
    pan = given_pan(track.controls, first_note)
    controls: Iterable[ControlEvent] = track.controls
    if track.program != (program or 0):
        controls, program = _without_programs(controls), None
    controls = [_mixed(event, track, volume, pan) for event in controls]
    wanted = (
        (program, track.program, 0, ControlEvent(0, "program", 0, track.program)),
        (volume, track.volume, DEFAULT_VOLUME, ControlEvent(0, "control", VOLUME, track.volume)),
        (pan, track.pan, CENTRE_PAN, ControlEvent(0, "control", PAN, track.pan)),
    )
    stated = [
        event
        for given, chosen, neutral, event in wanted
        if given is None and (track.channel is None or chosen != neutral)
    ]
    return (*stated, *_with_sends(track, controls, first_note))


def shown_send(track: Track, number: int) -> int:
    """The reverb (CC 91) or chorus (CC 93) that a track has when its first note sounds."""
    chosen = track.reverb if number == REVERB else track.chorus
    first_note = track.notes[0].start if track.notes else 0
    given = _given(track.controls, "control", number, first_note)
    return chosen if chosen is not None else given or 0


def _with_sends(
    track: Track, controls: list[ControlEvent], first_note: int
) -> tuple[ControlEvent, ...]:
    """The controllers with the reverb and the chorus that were chosen."""
    stated: list[ControlEvent] = []
    for number, chosen in ((REVERB, track.reverb), (CHORUS, track.chorus)):
        if chosen is None:
            continue
        given = _given(controls, "control", number, first_note)
        if given is None:
            stated.append(ControlEvent(0, "control", number, chosen))
        controls = [
            _scaled(event, chosen, given or 0) if _is(event, "control", number) else event
            for event in controls
        ]
    return (*stated, *controls)


def _without_programs(controls: Iterable[ControlEvent]) -> Iterator[ControlEvent]:
    for event in controls:
        bank = event.kind == "control" and event.number in BANK_SELECT
        if event.kind != "program" and not bank:
            yield event


def _mixed(event: ControlEvent, track: Track, volume: int | None, pan: int | None) -> ControlEvent:
    if event.kind != "control":
        return event
    if event.number == VOLUME:
        return _scaled(event, track.volume, DEFAULT_VOLUME if volume is None else volume)
    if event.number == PAN:
        return _at(event, event.value + track.pan - (CENTRE_PAN if pan is None else pan))
    return event


def _scaled(event: ControlEvent, chosen: int, given: int) -> ControlEvent:
    """A file's value, moved as the one that it had set was."""
    return _at(event, round(event.value * chosen / given) if given else chosen)


def _at(event: ControlEvent, value: int) -> ControlEvent:
    return replace(event, value=min(MAX_VALUE, max(0, value)))
