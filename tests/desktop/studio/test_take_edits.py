"""Recordings in a melody: laid, made again, taken back; loops cut into passes."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.studio.take_edits import as_played, with_passes, with_sounding, with_take
from engine.errors import MusicError
from engine.music.composition import Composition
from engine.music.loop_passes import passes_of
from engine.music.note import Note
from engine.music.recorded import MOST_PASSES, PlayedPass, Recorded
from engine.music.reworking import Reworking, reworked
from engine.music.scope import Scope
from engine.music.take import Take, TakeEvent
from engine.music.track import Track

BAR = 1920
SLOW_HANDS = st.lists(
    st.tuples(st.floats(0, 7.5), st.floats(0.05, 1.0), st.integers(40, 80)), min_size=1, max_size=20
)


def played(*notes: tuple[float, float, int], until: float = 8.0) -> Take:
    """A take of (start, length, pitch) at 120 a minute: a bar is two seconds."""
    events = [TakeEvent(start, "note_on", pitch, 90) for start, _, pitch in notes]
    events += [TakeEvent(start + length, "note_off", pitch, 0) for start, length, pitch in notes]
    return Take(tuple(sorted(events, key=lambda event: event.seconds)), 120.0, until)


def heard(composition: Composition) -> list[tuple[int, int]]:
    return [(note.start, note.pitch) for note in composition.melody.notes]


@settings(max_examples=20)
@given(SLOW_HANDS, st.booleans(), st.integers(-12, 12))
def test_what_was_played_comes_back_whatever_was_done_to_it(
    hands: list[tuple[float, float, int]], overdub: bool, semitones: int
) -> None:
    old = tuple(Note(beat * 480, 30, 400) for beat in range(20))
    before = Composition(tracks=(Track("Melody", notes=old),))
    take = played(*hands)
    plain = with_take(before, take, 0, snap=False, overdub=overdub)
    snapped = with_take(before, take, 0, snap=True, overdub=overdub)
    changed = reworked(snapped, Scope(), Reworking(strength=0.7, semitones=semitones))
    (recorded,) = snapped.recorded
    back = as_played(changed)
    inside = [note for note in back.melody.notes if recorded.covers(note.start)]
    assert inside == [note for note in plain.melody.notes if recorded.covers(note.start)]
    assert as_played(back) == back
    for pitch in {note.pitch for note in snapped.melody.notes}:
        of_pitch = [note for note in snapped.melody.notes if note.pitch == pitch]
        assert all(one.end <= two.start for one, two in pairwise(of_pitch))


def test_an_overdub_adds_and_leaves_what_was_there() -> None:
    first = with_take(Composition(), played((0.02, 0.4, 60), (1.0, 0.4, 62)), 0, snap=True)
    second = with_take(first, played((0.51, 0.4, 72), (1.01, 0.4, 76)), 0, snap=True, overdub=True)
    assert heard(second) == [(0, 60), (480, 72), (960, 62), (960, 76)]
    assert heard(as_played(second)) == [(19, 60), (490, 72), (960, 62), (970, 76)]
    third = with_take(second, played((0.0, 3.9, 50)), 0, snap=True)
    assert heard(third) == [(0, 50)] and len(third.recorded) == 1


def test_a_punch_ends_where_it_should_and_leaves_what_is_around() -> None:
    old = tuple(Note(beat * 480, 50, 480) for beat in range(12))
    before = Composition(tracks=(Track("Melody", notes=old),))
    take = played((-0.6, 0.3, 40), (-0.05, 0.4, 70), (1.0, 9.0, 72), (1.97, 0.5, 74), until=3.0)
    punched = with_take(before, take, BAR, snap=True, until=2 * BAR)
    assert heard(punched) == [
        *((beat * 480, 50) for beat in range(4)),
        (BAR, 70),
        (BAR + 960, 72),
        *((beat * 480, 50) for beat in range(8, 12)),
    ]
    assert punched.melody.notes[5].end == 2 * BAR
    assert heard(as_played(punched, 0, BAR)) == heard(punched)


def test_each_pass_is_kept_and_another_can_sound() -> None:
    take = played((0.0, 0.4, 60), (2.0, 0.4, 62), (4.0, 0.4, 64), until=4.5)
    passes = passes_of(take, 2.0)
    looped = with_passes(Composition(), passes, 0, BAR, snap=True, overdub=False)
    assert heard(looped) == [(0, 62)]  # the last one that was played to its end
    assert heard(with_sounding(looped, 0, (2,), snap=True)) == [(0, 64)]
    assert heard(with_sounding(looped, 0, (0, 2), snap=True)) == [(0, 60), (0, 64)]
    layered = with_passes(Composition(), passes, 0, BAR, snap=True, overdub=True)
    assert heard(layered) == [(0, 60), (0, 62), (0, 64)]
    many = with_passes(Composition(), passes * 40, 0, BAR, snap=True, overdub=False)
    assert len(many.recorded[0].passes) == MOST_PASSES


def test_a_recording_without_a_pass_cannot_be() -> None:
    with pytest.raises(MusicError):
        Recorded(0, 10, (), (0,))
    with pytest.raises(MusicError):
        Recorded(10, 0, (PlayedPass(()),))
