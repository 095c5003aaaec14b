from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.live.channels import CLICK_CHANNEL
from engine.live.lookahead import LookAhead, Loop
from engine.live.scheduler import Schedule, due
from engine.live.timeline import tick_heard
from engine.music.composition import Composition, TempoChange, tempo_from_bpm
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track
from tests.engine.live.sequencers import HandSequencer, hanging

# 120 beats a minute, 480 ticks a beat: 960 ticks a second.
SECOND = 960
BEGIN = 1.0


def composed(*notes: Note, **changes: object) -> Composition:
    return Composition(tracks=(make_track("Melody", notes),), **changes)  # type: ignore[arg-type]


def playing(composition: Composition, from_tick: int = 0) -> tuple[LookAhead, HandSequencer]:
    sequencer = HandSequencer()
    ahead = LookAhead(sequencer, Schedule(composition))
    ahead.begin(BEGIN, from_tick)
    return ahead, sequencer


def play_out(ahead: LookAhead, sequencer: HandSequencer, seconds: float) -> None:
    ahead.fill(seconds, None)
    sequencer.advance(seconds)


def test_notes_sound_at_their_times_along_tempo_changes() -> None:
    tempos = (TempoChange(0, 500_000), TempoChange(480, 1_000_000))
    ahead, sequencer = playing(composed(Note(0, 60, 480), Note(480, 62, 480), tempos=tempos))
    play_out(ahead, sequencer, 5.0)
    assert sequencer.notes() == [
        (1.0, "on", 60),
        (1.5, "off", 60),
        (1.5, "on", 62),
        (2.5, "off", 62),
    ]


def test_playing_from_within_a_note_strikes_it_but_no_drum() -> None:
    melody = make_track("Melody", [Note(0, 60, 960)])
    drums = make_track("Drums", [Note(0, 36, 960)], is_drum=True)
    ahead, sequencer = playing(Composition(tracks=(melody, drums)), from_tick=480)
    play_out(ahead, sequencer, 3.0)
    assert sequencer.notes(0) == [(1.0, "on", 60), (1.5, "off", 60)]
    assert sequencer.notes(1) == []


def test_a_loop_goes_round_without_a_gap_and_lets_go_at_its_end() -> None:
    ahead, sequencer = playing(composed(Note(0, 60, 480), Note(480, 64, 4_800)))
    ahead.loop = Loop(0, 960)
    play_out(ahead, sequencer, 3.9)
    rounds = [(BEGIN + n, BEGIN + n + 0.5, BEGIN + n + 1) for n in range(3)]
    expected = []
    for begin, middle, end in rounds:
        expected += [(begin, "on", 60), (middle, "off", 60), (middle, "on", 64)]
        expected += [(end, "off", 64)] if end < 3.9 else []
    assert sequencer.notes() == expected


def test_the_playhead_goes_back_exactly_at_the_loops_end() -> None:
    ahead, _ = playing(composed(Note(0, 60, 480)))
    ahead.loop = Loop(240, 960)
    ahead.fill(5.0, None)
    heard = [tick_heard(ahead.stretches, BEGIN + step / 1000) for step in range(3_000)]
    jumps = [(a, b) for a, b in pairwise(heard) if b < a]
    assert heard[0] == 0
    assert all(a > 958.9 and b < 241.1 for a, b in jumps)
    assert len(jumps) == 3
    assert max(heard) < 960


def test_a_click_falls_on_every_beat_and_counts_in() -> None:
    ahead, sequencer = playing(composed(Note(0, 60, 480)), from_tick=0)
    ahead.metronome = True
    ahead.begin(5.0, 0)
    ahead.count_in(1)
    ahead.fill(7.1, None)
    sequencer.advance(7.1)
    ats = [event.at for event in sequencer.played if event.channel == CLICK_CHANNEL]
    assert ats == [3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 6.5, 7.0]


def test_a_pedal_is_down_where_the_music_holds_it_down() -> None:
    pedal = [ControlEvent(0, "control", 64, 127), ControlEvent(960, "control", 64, 0)]
    melody = make_track("Melody", [Note(0, 60, 1_920)], controls=pedal)
    ahead, sequencer = playing(Composition(tracks=(melody,)), from_tick=480)
    sequencer.advance(1.0)
    assert ("control", 64, 127) in [(e.kind, e.number, e.value) for e in sequencer.played]
    play_out(ahead, sequencer, 3.0)
    assert [e.value for e in sequencer.played if e.number == 64][-1] == 0


def test_an_edit_takes_back_what_has_not_sounded_and_nothing_else() -> None:
    before = composed(Note(0, 60, 480), Note(960, 64, 480))
    after = composed(Note(0, 60, 480), Note(960, 65, 480))
    ahead, sequencer = playing(before)
    ahead.fill(3.0, None)
    sequencer.advance(1.8)
    ahead.replace(Schedule(after), 1.82)
    play_out(ahead, sequencer, 4.0)
    assert sequencer.notes() == [
        (1.0, "on", 60),
        (1.5, "off", 60),
        (2.0, "on", 65),
        (2.5, "off", 65),
    ]


def test_a_note_that_both_have_sounds_on_and_others_change_at_once() -> None:
    both = Note(0, 60, 1_920)
    ahead, sequencer = playing(composed(both, Note(0, 64, 1_920)))
    ahead.fill(1.5, None)
    sequencer.advance(1.5)
    ahead.replace(Schedule(composed(both, Note(0, 67, 1_920))), 1.52)
    play_out(ahead, sequencer, 4.0)
    notes = sequencer.notes()
    assert [each for each in notes if each[2] == 60] == [(1.0, "on", 60), (3.0, "off", 60)]
    changed = [(kind, pitch) for at, kind, pitch in notes if 1.5 < at < 1.6]
    assert changed == [("off", 64), ("on", 67)]


def test_another_instrument_strikes_its_notes_anew() -> None:
    composition = composed(Note(0, 60, 1_920))
    other = composition.with_track(0, replace(composition.melody, program=40))
    ahead, sequencer = playing(composition)
    ahead.fill(1.5, None)
    sequencer.advance(1.5)
    ahead.replace(Schedule(other), 1.52)
    play_out(ahead, sequencer, 4.0)
    kinds = [event.kind for event in sequencer.played if 1.5 < event.at < 1.6]
    assert kinds == ["note_off", "program", "note_on"]


def test_mute_and_volume_are_heard_at_once_while_notes_go_on() -> None:
    composition = composed(Note(0, 60, 1_920))
    muted = composition.with_track(0, replace(composition.melody, muted=True))
    ahead, sequencer = playing(composition)
    ahead.fill(1.5, None)
    sequencer.advance(1.5)
    ahead.replace(Schedule(muted), 1.52)
    ahead.replace(Schedule(composition.with_track(0, replace(composition.melody, volume=50))), 1.7)
    play_out(ahead, sequencer, 4.0)
    volumes = [event.value for event in sequencer.played if event.number == 7]
    assert volumes[-3:] == [100, 0, 50]
    assert len(sequencer.notes()) == 2


def test_the_click_is_even_at_any_tempo_and_rests_where_none_could_hear_beats() -> None:
    for bpm, beat in ((20, 3.0), (300, 0.2)):
        ahead, sequencer = playing(composed(tempos=(tempo_from_bpm(bpm),)))
        ahead.metronome = True
        play_out(ahead, sequencer, BEGIN + 9.9)
        clicks = [event.at for event in sequencer.played if event.channel == CLICK_CHANNEL]
        assert clicks[0] == BEGIN and len(clicks) == int(9.9 / beat) + 1
        assert all(abs(b - a - beat) < 1e-6 for a, b in pairwise(clicks))
    ahead, sequencer = playing(composed(tempos=(TempoChange(0, 1),)))  # a million beats a second
    ahead.metronome = True
    play_out(ahead, sequencer, BEGIN + 1.0)
    assert len([e for e in sequencer.played if e.channel == CLICK_CHANNEL]) < 100


def test_a_muted_track_on_a_midi_port_strikes_no_notes_and_is_not_turned_down() -> None:
    melody = replace(
        make_track("Melody", [Note(0, 60, 1_920), Note(1_920, 62, 480)]), output="Port"
    )
    composition = Composition(tracks=(melody, make_track("Bass", [Note(0, 40, 4_800)])))
    ahead, sequencer = playing(composition)
    ahead.fill(1.5, None)
    sequencer.advance(1.5)
    ahead.replace(Schedule(composition.with_track(0, replace(melody, muted=True))), 1.52)
    ahead.fill(1.7, None)
    sequencer.advance(1.6)
    assert [what for _, *what in sequencer.notes()] == [["on", 60], ["off", 60]]
    soloed = composition.with_track(1, replace(composition.tracks[1], soloed=True))
    ahead.replace(Schedule(soloed), 1.72)
    ahead.fill(1.9, None)
    sequencer.advance(1.8)
    assert len(sequencer.notes()) == 2
    ahead.replace(Schedule(composition), 1.92)
    play_out(ahead, sequencer, 7.0)
    assert [what for _, *what in sequencer.notes()[2:]] == [
        ["on", 60], ["off", 60], ["on", 62], ["off", 62],
    ]  # fmt: skip
    volumes = [e.value for e in sequencer.played if e.channel == 0 and e.number == 7]
    assert set(volumes) == {100} and not hanging(sequencer.played)


def test_a_track_that_goes_lets_go_of_its_keys_and_its_pedal() -> None:
    bass = make_track("Bass", [Note(0, 40, 4_800)], controls=[ControlEvent(0, "control", 64, 127)])
    ahead, sequencer = playing(Composition(tracks=(Track("Melody"), bass)))
    ahead.fill(1.5, None)
    sequencer.advance(1.5)
    ahead.replace(Schedule(Composition()), 1.52)
    play_out(ahead, sequencer, 4.0)
    after = [(e.kind, e.number, e.value) for e in sequencer.played if e.at > 1.5]
    assert ("note_off", 40, 0) in after
    assert ("control", 64, 0) in after


notes = st.builds(Note, st.integers(0, 2_000), st.integers(60, 64), st.integers(1, 900))
compositions = st.builds(
    lambda tracks: Composition(tracks=tuple(tracks)),
    st.lists(
        st.builds(make_track, st.just("Track"), st.lists(notes, max_size=12)),
        min_size=1,
        max_size=3,
    ),
)
steps = st.lists(
    st.tuples(st.floats(0.001, 0.3), st.none() | compositions | st.just("loop")), max_size=8
)


@given(compositions, steps)
def test_no_note_hangs_whatever_is_edited_while_playing(
    composition: Composition, steps: list[tuple[float, object]]
) -> None:
    ahead, sequencer = playing(composition)
    now = BEGIN
    for elapsed, what in steps:
        now += elapsed
        ahead.fill(now + 0.5, None)
        sequencer.advance(now)
        if isinstance(what, Composition):
            ahead.replace(Schedule(what), now + 0.02)
        elif what == "loop":
            ahead.loop = Loop(200, 700)
            ahead.cut(now + 0.02)
    ahead.loop = None
    ahead.cut(now + 0.02)
    play_out(ahead, sequencer, now + 10.0)
    assert not hanging(sequencer.played)


@given(compositions, st.lists(st.floats(0.01, 0.7), min_size=1, max_size=12))
def test_time_cut_into_any_pieces_plays_every_note_once(
    composition: Composition, waits: list[float]
) -> None:
    ahead, sequencer = playing(composition)
    now = BEGIN
    for wait in waits:
        now += wait
        play_out(ahead, sequencer, now)
    play_out(ahead, sequencer, BEGIN + 9.9)
    struck = sorted((e.at, e.channel, e.number) for e in sequencer.played if e.kind == "note_on")
    expected = sorted(
        (BEGIN + event.tick / SECOND, event.track, event.number)
        for event in due(composition, 0, 9_000)
        if event.kind == "note_on"
    )
    assert [(round(a, 6), b, c) for a, b, c in struck] == [
        (round(a, 6), b, c) for a, b, c in expected
    ]
