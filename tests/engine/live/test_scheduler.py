from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.live.scheduler import PROGRAM, Schedule, changes, due
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track

END = 2_000
notes = st.builds(Note, st.integers(0, 999), st.integers(0, 127), st.integers(1, 999))
controls = st.builds(
    ControlEvent,
    st.integers(0, END - 1),
    st.sampled_from(["control"]),
    st.sampled_from([1, 7, 10, 64]),
    st.integers(0, 127),
)
tracks = st.builds(
    make_track, st.just("Track"), st.lists(notes, max_size=30), controls=st.lists(controls)
)
compositions = st.builds(Composition, tracks=st.lists(tracks, min_size=1, max_size=4).map(tuple))
cuts = st.lists(st.integers(0, END), max_size=20).map(lambda each: sorted({0, *each, END}))


@given(compositions, cuts)
def test_no_event_is_lost_or_doubled_however_time_is_cut(
    composition: Composition, cuts: list[int]
) -> None:
    schedule = Schedule(composition)
    pieces = [event for a, b in pairwise(cuts) for event in schedule.due(a, b)]
    assert tuple(pieces) == due(composition, 0, END)


@given(compositions)
def test_every_note_begins_and_ends_once(composition: Composition) -> None:
    events = due(composition, 0, END)
    for index, track in enumerate(composition.tracks):
        begins = Counter(
            (e.tick, e.number) for e in events if e.track == index and e.kind == "note_on"
        )
        ends = Counter(
            (e.tick, e.number) for e in events if e.track == index and e.kind == "note_off"
        )
        assert begins == Counter((note.start, note.pitch) for note in track.notes)
        assert ends == Counter((note.end, note.pitch) for note in track.notes)


@given(compositions)
def test_events_come_in_time_and_a_pitch_ends_before_it_begins_again(
    composition: Composition,
) -> None:
    events = due(composition, 0, END)
    order = {"note_off": 0, "note_on": 2}
    keys = [(event.tick, order.get(event.kind, 1)) for event in events]
    assert keys == sorted(keys)


@given(compositions, st.integers(0, END))
def test_what_sounds_at_a_tick_is_what_has_begun_and_not_ended(
    composition: Composition, tick: int
) -> None:
    for schedule, track in zip(Schedule(composition).tracks, composition.tracks, strict=True):
        expected = [note for note in track.notes if note.start < tick < note.end]
        assert schedule.sounding_at(tick) == expected


@given(compositions, st.integers(0, END), st.integers(0, END))
def test_changes_lead_from_one_state_to_the_other(
    composition: Composition, before: int, after: int
) -> None:
    for track in Schedule(composition).tracks:
        was, becomes = track.state_at(before), track.state_at(after)
        assert {**was, **changes(was, becomes)} == becomes


def test_a_muted_track_stays_at_volume_nought_whatever_its_file_says() -> None:
    loud = make_track("Bass", [Note(0, 40, 480)], controls=[ControlEvent(10, "control", 7, 99)])
    composition = Composition(tracks=(Track("Melody"), replace(loud, muted=True)))
    schedule = Schedule(composition)
    assert schedule.tracks[1].state_at(100)["control", 7] == 0
    values = [e.value for e in schedule.due(0, 480) if (e.track, e.number) == (1, 7)]
    assert values
    assert not any(values)


def test_a_state_tells_the_instrument() -> None:
    composition = Composition(tracks=(Track("Melody", program=73),))
    assert Schedule(composition).tracks[0].state_at(500)[PROGRAM] == 73


def test_unchanged_notes_are_sorted_once() -> None:
    melody = make_track("Melody", [Note(0, 60, 480)])
    first = Schedule(Composition(tracks=(melody,)))
    second = Schedule(Composition(tracks=(replace(melody, volume=3),)), first)
    assert second.tracks[0].index is first.tracks[0].index
