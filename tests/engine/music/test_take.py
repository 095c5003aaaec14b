"""A performance in seconds becomes notes in ticks."""

from hypothesis import given
from hypothesis import strategies as st

from engine.music.composition import tempo_from_bpm
from engine.music.note import Note
from engine.music.take import (
    PlayedNote,
    Take,
    TakeEvent,
    controls_in_ticks,
    notes_in_ticks,
    played_notes,
)
from engine.music.ticks import TempoMap
from engine.music.track import ControlEvent

TEMPO = TempoMap((tempo_from_bpm(120),), 480)


def _on(seconds: float, pitch: int, velocity: int = 80) -> TakeEvent:
    return TakeEvent(seconds, "note_on", pitch, velocity)


def _off(seconds: float, pitch: int) -> TakeEvent:
    return TakeEvent(seconds, "note_off", pitch, 0)


def _take(*events: TakeEvent, duration: float = 10.0) -> Take:
    return Take(events, 120.0, duration)


def test_a_key_sounds_from_its_strike_to_its_release() -> None:
    take = _take(_on(0.5, 60, 90), _on(0.6, 64), _off(1.0, 60), _off(1.5, 64))
    assert played_notes(take) == (PlayedNote(0.5, 1.0, 60, 90), PlayedNote(0.6, 1.5, 64, 80))


def test_a_key_still_down_ends_with_the_take() -> None:
    assert played_notes(_take(_on(1.0, 60), duration=3.0)) == (PlayedNote(1.0, 3.0, 60, 80),)


def test_a_key_struck_again_without_release_ends_its_first_note() -> None:
    take = _take(_on(0.0, 60), _on(1.0, 60, 90), _off(2.0, 60))
    assert played_notes(take) == (PlayedNote(0.0, 1.0, 60, 80), PlayedNote(1.0, 2.0, 60, 90))


def test_a_release_of_a_key_held_since_before_the_take_is_no_note() -> None:
    assert played_notes(_take(_off(0.2, 60))) == ()


def test_notes_keep_their_timing_from_where_recording_began() -> None:
    assert notes_in_ticks([PlayedNote(0.5, 1.0, 60, 80)], TEMPO, 960) == (Note(1440, 60, 480),)


def test_notes_follow_a_tempo_change() -> None:
    tempos = TempoMap((tempo_from_bpm(120), tempo_from_bpm(60, 480)), 480)
    assert notes_in_ticks([PlayedNote(0.0, 1.5, 60, 80)], tempos) == (Note(0, 60, 960),)


def test_a_first_note_struck_early_starts_at_the_start() -> None:
    assert notes_in_ticks([PlayedNote(-0.1, 0.5, 60, 80)], TEMPO) == (Note(0, 60, 480),)


def test_what_began_and_ended_in_the_count_in_is_left_out() -> None:
    assert notes_in_ticks([PlayedNote(-1.0, -0.5, 60, 80)], TEMPO) == ()


def test_a_note_of_no_length_lasts_a_tick() -> None:
    assert notes_in_ticks([PlayedNote(1.0, 1.0, 60, 80)], TEMPO) == (Note(960, 60, 1),)


def test_pedal_and_bend_come_along() -> None:
    take = _take(TakeEvent(-0.2, "control", 64, 127), _on(0.0, 60), TakeEvent(0.5, "bend", 0, -300))
    assert controls_in_ticks(take, TEMPO) == (
        ControlEvent(0, "control", 64, 127),
        ControlEvent(480, "bend", 0, -300),
    )


moments = st.floats(0, 60)


@given(st.lists(st.tuples(moments, st.floats(0.01, 5), st.integers(60, 64)), max_size=30))
def test_every_strike_becomes_one_note(strikes: list[tuple[float, float, int]]) -> None:
    events = [
        event
        for start, length, pitch in strikes
        for event in (_on(start, pitch), _off(start + length, pitch))
    ]
    events.sort(key=lambda event: event.seconds)
    notes = played_notes(_take(*events, duration=70.0))
    assert sorted((n.start, n.pitch) for n in notes) == sorted((s, p) for s, _, p in strikes)
    assert all(note.end >= note.start for note in notes)


@given(
    st.lists(st.tuples(moments, moments, st.integers(0, 127)), max_size=30), st.integers(0, 9600)
)
def test_ticks_are_the_seconds_at_the_tempo(
    played: list[tuple[float, float, int]], start_tick: int
) -> None:
    notes = [PlayedNote(min(a, b), max(a, b), pitch, 80) for a, b, pitch in played]
    placed = notes_in_ticks(notes, TEMPO, start_tick)
    expected = sorted((start_tick + round(note.start * 960), note.pitch) for note in notes)
    for note, (start, _) in zip(placed, expected, strict=True):
        assert abs(note.start - start) <= 1
