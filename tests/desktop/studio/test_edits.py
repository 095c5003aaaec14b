"""Edits of a composition: punching takes in, tempo, meter, the band's mix."""

from dataclasses import replace

from desktop.studio.edits import (
    with_band,
    with_melody,
    with_meter,
    with_mix,
    with_tempo,
    without_melody,
    without_part,
)
from desktop.studio.take_edits import with_take
from engine.music.composition import Composition, MeterChange, Origin, TempoChange
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import Track

QUARTER = 480
BPM_120 = Composition()


def played(*notes: tuple[float, float, int], until: float = 8.0) -> Take:
    """A take of (start, end, pitch) at 120 a minute: a beat is half a second."""
    events = [TakeEvent(start, "note_on", pitch, 90) for start, _, pitch in notes]
    events += [TakeEvent(end, "note_off", pitch, 0) for _, end, pitch in notes]
    return Take(tuple(sorted(events, key=lambda event: event.seconds)), 120.0, until)


def starts(composition: Composition) -> list[int]:
    return [note.start for note in composition.melody.notes]


def test_a_take_is_drawn_to_sixteenths_when_snap_is_on() -> None:
    take = played((0.02, 0.48, 60), (0.51, 0.99, 62))
    melody = with_take(BPM_120, take, 0, snap=True).melody
    assert melody.notes == (Note(0, 60, QUARTER, 90), Note(QUARTER, 62, QUARTER, 90))


def test_a_take_keeps_its_own_timing_when_snap_is_off() -> None:
    take = played((0.05, 0.45, 60))
    assert with_take(BPM_120, take, 0, snap=False).melody.notes == (Note(48, 60, 384, 90),)


def test_a_note_struck_just_before_the_downbeat_belongs_to_it() -> None:
    take = played((-0.06, 0.45, 60), (0.5, 0.95, 62))
    assert starts(with_take(BPM_120, take, 0, snap=False)) == [0, QUARTER]


def test_a_note_struck_early_at_a_punch_in_belongs_to_the_punch() -> None:
    composition = with_take(BPM_120, played((0.0, 0.4, 60)), 0, snap=True)
    punched = with_take(composition, played((-0.06, 0.45, 72)), 4 * QUARTER, snap=False)
    assert starts(punched) == [0, 4 * QUARTER]


def test_a_pickup_in_the_count_in_gets_a_bar_of_its_own() -> None:
    take = played((-0.5, -0.05, 55), (0.0, 0.45, 60))
    assert starts(with_take(BPM_120, take, 0, snap=True)) == [3 * QUARTER, 4 * QUARTER]


def test_what_was_played_more_than_a_bar_before_the_start_is_left_out() -> None:
    take = played((-3.0, -2.5, 55), (0.0, 0.45, 60))
    assert starts(with_take(BPM_120, take, 0, snap=True)) == [0]


def test_a_punch_replaces_what_lies_under_it_and_leaves_the_rest() -> None:
    old = tuple(Note(beat * QUARTER, 50, QUARTER) for beat in range(8))
    composition = BPM_120.with_track(0, Track("Melody", notes=old))
    punched = with_take(composition, played((0.0, 0.95, 72)), 2 * QUARTER, snap=True)
    assert [(note.start, note.pitch) for note in punched.melody.notes] == [
        (0, 50), (480, 50), (960, 72), (1920, 50), (2400, 50), (2880, 50), (3360, 50),
    ]  # fmt: skip


def test_a_long_note_that_reaches_into_a_punch_is_shortened() -> None:
    composition = BPM_120.with_track(0, Track("Melody", notes=(Note(0, 50, 8 * QUARTER),)))
    punched = with_take(composition, played((0.0, 0.4, 72)), QUARTER, snap=True)
    assert punched.melody.notes[0] == Note(0, 50, QUARTER)


def test_the_pedal_comes_with_the_take() -> None:
    take = Take(
        (
            TakeEvent(0.0, "note_on", 60, 80),
            TakeEvent(0.5, "control", 64, 127),
            TakeEvent(1.0, "note_off", 60, 0),
        ),
        120.0,
        1.5,
    )
    controls = with_take(BPM_120, take, 0, snap=True).melody.controls
    assert [(event.tick, event.number, event.value) for event in controls] == [(480, 64, 127)]


def test_while_recording_the_old_melody_is_silent_from_the_punch_on() -> None:
    composition = BPM_120.with_track(0, Track("Melody", notes=(Note(0, 60, 960), Note(960, 62, 9))))
    assert without_melody(composition, 480, None).melody.notes == (Note(0, 60, 480),)


def test_a_tempo_is_changed_where_the_playhead_stands() -> None:
    composition = replace(BPM_120, tempos=(TempoChange(0, 500_000), TempoChange(1920, 400_000)))
    changed = with_tempo(composition, 100, 2000)
    assert changed.tempos == (TempoChange(0, 500_000), TempoChange(1920, 600_000))


def test_a_tempo_out_of_reach_is_drawn_into_reach() -> None:
    assert round(with_tempo(BPM_120, 5000, 0).tempos[0].beats_per_minute) == 300


def test_a_meter_is_changed_where_the_playhead_stands() -> None:
    assert with_meter(BPM_120, 3, 4, 100).meters == (MeterChange(0, 3, 4),)


def test_another_accompaniment_takes_over_the_mix_by_name() -> None:
    bass = Track("Bass", 33, volume=40, muted=True)
    composition = BPM_120.with_accompaniment((bass,))
    origin = Origin("pop", "abc", 7, 1)
    tracks = (Track("Bass", 32, (Note(0, 40, 9),)), Track("Drums", is_drum=True))
    changed = with_band(composition, tracks, origin)
    assert changed.origin == origin
    assert changed.tracks[1] == replace(tracks[0], program=33, volume=40, muted=True)
    assert changed.tracks[2] == tracks[1]


def test_a_mix_changes_one_track() -> None:
    assert with_mix(BPM_120, 0, volume=12).melody.volume == 12


def test_another_track_becomes_the_melody_and_the_old_one_stays_beside_it() -> None:
    strings, lead = (
        Track("Strings", 48, (Note(0, 50, 960),)),
        Track("Lead", 80, (Note(0, 72, 480),)),
    )
    song = replace(BPM_120, tracks=(strings, Track("Bass", 33), replace(lead, locked=True)))
    changed = with_melody(song, 2)
    assert [track.name for track in changed.tracks] == ["Lead", "Strings", "Bass"]
    assert changed.melody == lead
    assert without_part(changed, 1).tracks == (lead, Track("Bass", 33))
