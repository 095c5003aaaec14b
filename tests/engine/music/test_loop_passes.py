"""A take that went round in a loop, cut into passes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.music.loop_passes import passes_of
from engine.music.take import Take, TakeEvent, played_notes

SLOW_HANDS = st.lists(
    st.tuples(st.floats(0, 7.5), st.floats(0.05, 1.0), st.integers(40, 80)), min_size=1, max_size=20
)


def played(*notes: tuple[float, float, int], until: float = 8.0) -> Take:
    """A take of (start, length, pitch) at 120 a minute: a bar is two seconds."""
    events = [TakeEvent(start, "note_on", pitch, 90) for start, _, pitch in notes]
    events += [TakeEvent(start + length, "note_off", pitch, 0) for start, length, pitch in notes]
    return Take(tuple(sorted(events, key=lambda event: event.seconds)), 120.0, until)


@settings(max_examples=20)
@given(SLOW_HANDS, st.floats(1.0, 4.0), st.floats(0.0, 0.1))
def test_every_note_of_a_loop_is_in_the_pass_it_was_played_in(
    hands: list[tuple[float, float, int]], seconds: float, early: float
) -> None:
    take = played(*hands, until=8.6)
    passes = passes_of(take, seconds, early)
    assert len(passes) * seconds >= 8.6 - 0.06 * seconds
    assert all(one.duration == pytest.approx(seconds) for one in passes[:-1])
    found = [
        (number * seconds + note.start, note.pitch)
        for number, each in enumerate(passes)
        for note in played_notes(each)
    ]
    kept = [note for note in played_notes(take) if note.start + early < len(passes) * seconds]
    assert sorted(found) == [
        (pytest.approx(note.start), note.pitch) for note in sorted(kept, key=lambda n: n.start)
    ]
    for each in passes:
        assert all(-early - 1e-9 <= note.start <= note.end for note in played_notes(each))


def test_a_pedal_that_is_held_over_the_end_of_a_pass_is_down_in_the_next() -> None:
    down, up = TakeEvent(0.5, "control", 64, 127), TakeEvent(4.5, "control", 64, 0)
    passes = passes_of(Take((down, up), 120.0, 6.0), 2.0)
    assert [[(e.seconds, e.value) for e in each.events] for each in passes] == [
        [(0.5, 127)],
        [(0.0, 127)],
        [(0.0, 127), (0.5, 0)],
    ]
