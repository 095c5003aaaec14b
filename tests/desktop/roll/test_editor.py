"""Edits in any order: none loses a note that it does not cover, and all can be taken back."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from desktop.document import Document
from desktop.roll.commands import COMMANDS
from desktop.roll.editor import NoteEditor
from desktop.roll.edits import Selection
from desktop.roll.gathered import gathered_notes
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.note_columns import (
    begun_later,
    columns_of,
    lengthened,
    louder,
    moved,
    with_velocities,
)
from engine.music.note_grid import NoteGrid
from engine.music.ticks import meter_map
from engine.music.track import Track, make_track, without_overlaps

notes = st.builds(
    Note, st.integers(0, 12).map(lambda n: 120 * n), st.integers(60, 63), st.integers(60, 400)
)
tracks = st.lists(notes, max_size=10).map(
    lambda each: make_track("Part", without_overlaps(each)[0])
)


class Hand:
    """An editor before a document, as the lanes put them together."""

    def __init__(self, music: Composition) -> None:
        self.document = Document()
        self.document.load(music)
        self.editor = NoteEditor(lambda: None, self._edit)
        self.editor.load(music)
        self.document.changed.connect(self.editor.load)
        self._playhead = 300
        self.loop = (240, 960)

    def _edit(self, music: Composition, name: str, held: bool) -> None:
        (self.document.edit_on if held else self.document.edit)(music, name)

    def grid(self) -> NoteGrid:
        return NoteGrid(meter_map(self.editor.composition), 480)

    def playhead(self) -> int:
        return self._playhead

    def at_hand(self) -> tuple[int, ...]:
        return (0, 1)

    def seek_to(self, tick: int) -> None:
        self._playhead = tick % 1500


Act = Callable[[Hand], object]


def choose(track: int, bits: int, beside: int = 0) -> Act:
    """Select by bits in the track that is worked on, and in the other."""

    def act(hand: Hand) -> None:
        wanted, tracks = {track: bits, 1 - track: beside}, hand.editor.composition.tracks
        parts = {
            index: [n for i, n in enumerate(tracks[index].notes) if wanted[index] >> i & 1]
            for index in range(len(tracks))
        }
        hand.editor.choose(Selection.of_parts(track, parts))

    return act


def drag(ticks: int, semitones: int) -> Act:
    def act(hand: Hand) -> None:
        chosen = hand.editor.selection
        source = gathered_notes(chosen, hand.editor.composition)
        for share in (1, 2):
            change = partial(moved, ticks=ticks * share // 2, semitones=semitones * share // 2)
            hand.editor.carry_all(source.after(change), chosen)
        hand.editor.drop("Move")

    return act


def draw_velocities(first: int, last: int) -> Act:
    def act(hand: Hand) -> None:
        track = hand.editor.selection.track
        before = hand.editor.composition.tracks[track].notes
        drawn = with_velocities(columns_of(before), (0, first), (1500, last))
        hand.editor.carry(drawn, Selection(track, frozenset(before)), chosen=False)
        hand.editor.drop("Change velocity of")

    return act


steps = st.sampled_from([-240, -120, 120, 240])
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(choose, st.integers(0, 1), st.integers(0, 2**10 - 1), st.integers(0, 2**10 - 1)),
    st.builds(drag, steps, st.integers(-2, 2)),
    st.builds(draw_velocities, st.integers(1, 127), st.integers(1, 127)),
    st.sampled_from(COMMANDS).map(lambda spec: spec.act),
    st.builds(
        lambda by, held: (
            lambda hand: hand.editor.nudge("Move", lambda n: moved(n, by, 0), held=held)
        ),
        steps,
        st.booleans(),
    ),
    st.builds(
        lambda by: lambda hand: hand.editor.nudge("Stretch", lambda n: lengthened(n, by, 60)), steps
    ),
    st.builds(
        lambda by: lambda hand: hand.editor.nudge("Stretch", lambda n: begun_later(n, by, 60)),
        steps,
    ),
    st.just(lambda hand: hand.editor.nudge("Change velocity of", lambda n: louder(n, 9))),
    st.just(lambda hand: hand.document.undo()),
    st.just(lambda hand: hand.document.redo()),
)


def sound(track: Track) -> bool:
    """Whether a track is in order, and no pitch sounds twice at once."""
    by_pitch = sorted(track.notes, key=lambda note: (note.pitch, note.start))
    apart = all(a.pitch != b.pitch or a.end <= b.start for a, b in pairwise(by_pitch))
    return apart and list(track.notes) == sorted(track.notes)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(tracks, tracks, st.lists(acts, max_size=14))
def test_whatever_is_done_the_tracks_stay_sound_and_undo_leads_back(
    first: Track, second: Track, done: list[Act]
) -> None:
    start = Composition(tracks=(first, second))
    hand = Hand(start)
    for act in done:
        before, chosen = hand.document.composition, hand.editor.selection
        depth = hand.document.undo_stack.index()
        act(hand)
        music = hand.document.composition
        assert all(sound(track) for track in music.tracks)
        step = hand.document.undo_stack.index() - depth
        assert step in (-1, 0, 1)
        selected = hand.editor.selection
        assert all(each <= set(music.tracks[i].notes) for i, each in selected.parts().items())
        # An edit works on the tracks with chosen notes; the others are the very same.
        touched = {chosen.track, *chosen.parts(), *selected.parts()}
        same = [i for i, was in enumerate(before.tracks) if music.tracks[i] is was]
        assert step < 1 or set(same) | touched == {0, 1}
    end, depth = hand.document.composition, hand.document.undo_stack.index()
    hand.document.undo_stack.setIndex(0)
    assert hand.document.composition == start
    hand.document.undo_stack.setIndex(depth)
    assert hand.document.composition == end


def test_drops_that_change_nothing_are_no_edits() -> None:
    hand = Hand(Composition(tracks=(make_track("Part", [Note(0, 60, 120)]),)))
    choose(0, 1)(hand)
    drag(0, 0)(hand)
    drag(-240, 0)(hand)
    hand.editor.nudge("Move", lambda each: moved(each, -120, 0))
    hand.editor.exchange(0, [], [], "Split")
    assert hand.document.undo_stack.count() == 0
