"""What the user chose stands above what the file says, and what they left alone is untouched."""

from dataclasses import replace

from hypothesis import given

from engine.music.composition import Composition
from engine.music.mix import (
    given_pan,
    given_program,
    given_volume,
    is_heard,
    master_gain,
    shown_send,
    sounding_controls,
)
from engine.music.note import Note
from engine.music.track import (
    CHORUS,
    PAN,
    REVERB,
    VOLUME,
    ControlEvent,
    ControlKind,
    Track,
    make_track,
)
from tests.compositions import tracks


def _event(tick: int, kind: ControlKind, number: int, value: int) -> ControlEvent:
    return ControlEvent(tick, kind, number, value)


def _from_file(*controls: ControlEvent) -> Track:
    return make_track("Bass", [Note(480, 40, 480)], controls=controls, channel=1)


def test_a_muted_track_is_silent_and_a_soloed_one_silences_the_rest() -> None:
    plain, muted = Track("a"), Track("b", muted=True)
    assert is_heard(Composition(tracks=(plain, muted))) == (True, False)
    soloed = Track("c", soloed=True)
    assert is_heard(Composition(tracks=(plain, muted, soloed))) == (False, False, True)
    assert is_heard(Composition(tracks=(replace(soloed, muted=True), plain))) == (False, False)


def test_a_new_track_states_its_instrument_volume_and_pan() -> None:
    track = Track("Bass", program=33, notes=(Note(0, 40, 480),), volume=90, pan=30)
    assert sounding_controls(track) == (
        _event(0, "program", 0, 33),
        _event(0, "control", VOLUME, 90),
        _event(0, "control", PAN, 30),
    )


def test_a_files_track_left_alone_sounds_exactly_as_the_file_says() -> None:
    controls = (_event(0, "program", 0, 33), _event(9, "control", VOLUME, 70))
    track = replace(_from_file(*controls), program=33, volume=70)
    assert sounding_controls(track) == controls


def test_a_fader_scales_the_files_own_volume() -> None:
    track = _from_file(_event(0, "control", VOLUME, 100), _event(960, "control", VOLUME, 50))
    assert [e.value for e in sounding_controls(replace(track, volume=50))] == [50, 25]


def test_a_fade_in_from_silence_is_kept() -> None:
    controls = tuple(_event(tick, "control", VOLUME, value) for tick, value in ((0, 0), (900, 80)))
    track = _from_file(*controls)
    assert given_volume(controls, 480) == 80
    assert sounding_controls(replace(track, volume=80)) == controls
    assert [e.value for e in sounding_controls(replace(track, volume=40))] == [0, 40]


def test_pan_is_shifted_and_stays_within_its_range() -> None:
    track = _from_file(_event(0, "control", PAN, 64), _event(960, "control", PAN, 120))
    assert [e.value for e in sounding_controls(replace(track, pan=84))] == [84, 127]


def test_another_instrument_replaces_the_files_program_changes_and_banks() -> None:
    track = _from_file(
        _event(0, "control", 0, 8), _event(0, "program", 0, 33), _event(960, "program", 0, 40)
    )
    assert sounding_controls(replace(track, program=33)) == track.controls
    assert sounding_controls(replace(track, program=5)) == (_event(0, "program", 0, 5),)


def test_what_is_set_before_the_first_note_is_given() -> None:
    controls = (
        _event(0, "program", 0, 1),
        _event(480, "program", 0, 2),
        _event(481, "program", 0, 3),
    )
    assert given_program(controls, 480) == 2
    assert given_pan(controls, 480) is None


@given(tracks())
def test_a_chosen_mix_is_what_a_file_would_give(track: Track) -> None:
    controls = sounding_controls(track)
    first = track.notes[0].start
    assert given_program(controls, first) == track.program
    assert given_volume(controls, first) == track.volume
    assert given_pan(controls, first) == track.pan
    assert [event.tick for event in controls] == sorted(event.tick for event in controls)
    kept = [e for e in track.controls if e.kind not in ("program", "control")]
    assert [e for e in controls if e.kind not in ("program", "control")] == kept


def test_sends_are_stated_where_they_were_chosen_and_scale_what_a_file_says() -> None:
    chosen = Track("Bass", notes=(Note(0, 40, 480),), reverb=60, chorus=9)
    sends = [e for e in sounding_controls(chosen) if e.number in (REVERB, CHORUS)]
    assert sends == [_event(0, "control", REVERB, 60), _event(0, "control", CHORUS, 9)]
    track = _from_file(_event(0, "control", REVERB, 40), _event(960, "control", REVERB, 80))
    assert sounding_controls(track) == track.controls
    assert shown_send(track, REVERB) == 40
    assert [e.value for e in sounding_controls(replace(track, reverb=20))] == [20, 40]
    assert shown_send(replace(track, reverb=20), REVERB) == 20
    assert [e.value for e in sounding_controls(replace(track, reverb=0))] == [0, 0]


def test_the_master_multiplies_all_sound() -> None:
    assert master_gain(Composition()) == 1
    assert master_gain(Composition(volume=50)) == 0.25
