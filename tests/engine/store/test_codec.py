"""Compositions and takes go to JSON and come back exactly."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import StoreError
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
from engine.music.take import Take, TakeEvent
from engine.music.track import ControlEvent, Track, make_track
from engine.store.codec import (
    accompaniment_from_json,
    accompaniment_to_json,
    composition_from_json,
    composition_to_json,
    take_from_json,
    take_to_json,
)

small = st.integers(0, 127)
ticks = st.integers(0, 10**9)
notes = st.builds(Note, ticks, small, st.integers(1, 10**6), st.integers(1, 127))
controls = st.builds(
    ControlEvent, ticks, st.sampled_from(["control", "bend", "program"]), small,
    st.integers(-8192, 8191),
)  # fmt: skip
tracks = st.builds(
    Track,
    name=st.text(max_size=20),
    program=small,
    notes=st.lists(notes, max_size=8).map(lambda each: tuple(sorted(each))),
    controls=st.lists(controls, max_size=4).map(tuple),
    is_drum=st.booleans(),
    volume=small,
    pan=small,
    muted=st.booleans(),
    soloed=st.booleans(),
    locked=st.booleans(),
    channel=st.none() | st.integers(0, 15),
    reverb=st.none() | small,
    chorus=st.none() | small,
    output=st.none() | st.text(max_size=9),
)
shares = st.builds(NoiseShare, ticks, ticks, st.floats(-2, 2))
origins = st.builds(
    Origin,
    st.text(max_size=9),
    st.text(max_size=9),
    ticks,
    ticks,
    st.lists(shares, max_size=2).map(tuple),
)
steps = st.builds(
    Step, st.text(max_size=9), st.lists(tracks, max_size=2).map(tuple), st.none() | origins
)
passes = st.builds(
    PlayedPass, st.lists(notes, max_size=3).map(tuple), st.lists(controls, max_size=3).map(tuple)
)
recordings = st.builds(
    Recorded,
    start=st.just(0),
    end=ticks,
    passes=st.lists(passes, min_size=2, max_size=3).map(tuple),
    sounding=st.sampled_from([(0,), (1,), (0, 1)]),
    under=st.none() | st.lists(notes, max_size=3).map(tuple),
)
compositions = st.builds(
    Composition,
    title=st.text(max_size=20),
    ticks_per_quarter=st.integers(1, 32767),
    tempos=st.integers(1, 2**24 - 1).map(lambda us: (TempoChange(0, us), TempoChange(960, 7))),
    meters=st.integers(1, 12).map(lambda n: (MeterChange(0, n, 8),)),
    tracks=st.lists(tracks, min_size=1, max_size=4).map(tuple),
    origin=st.none() | origins,
    volume=small,
    sections=st.booleans().map(lambda varied: (SectionMark(0, "A"), SectionMark(9, "B", varied))),
    steps=st.lists(steps, max_size=2).map(tuple),
    recorded=st.lists(recordings, max_size=2).map(tuple),
    keys=st.builds(KeySignature, ticks, st.integers(-7, 7), st.booleans()).map(lambda key: (key,)),
    lyrics=st.lists(st.builds(Lyric, ticks, st.text(max_size=9)), max_size=3).map(tuple),
    chords=st.dictionaries(ticks, st.sampled_from(["", "B♭m7", "F/A"]), max_size=4).map(
        lambda by_tick: tuple(ChordMark(tick, by_tick[tick]) for tick in sorted(by_tick))
    ),
)
kinds = st.sampled_from(["note_on", "note_off", "control", "bend", "key_pressure"])
events = st.builds(
    TakeEvent, st.floats(-100, 1e6, allow_nan=False), kinds, small, st.integers(-8192, 8191)
)
takes = st.builds(
    Take, st.lists(events, max_size=12).map(tuple), st.floats(20, 400), st.floats(0, 1e6)
)


@given(compositions)
def test_a_composition_comes_back_as_it_was(composition: Composition) -> None:
    assert composition_from_json(composition_to_json(composition)) == composition


def test_what_was_stored_before_there_were_chords_has_none() -> None:
    values = json.loads(composition_to_json(Composition()))
    del values["chords"], values["keys"]
    assert composition_from_json(json.dumps(values)) == Composition()


def test_what_was_stored_before_there_were_sends_has_none() -> None:
    values = json.loads(composition_to_json(Composition()))
    del values["sections"], values["steps"]
    del values["volume"], values["recorded"]
    for name in ("reverb", "chorus", "output"):
        del values["tracks"][0][name]
    assert composition_from_json(json.dumps(values)) == Composition()


def test_a_chord_that_is_none_is_damage() -> None:
    values = json.loads(composition_to_json(Composition()))
    values["chords"] = [[0, "Q"]]
    with pytest.raises(StoreError, match="damaged"):
        composition_from_json(json.dumps(values))


@given(takes)
def test_a_take_comes_back_to_the_last_bit_of_its_times(take: Take) -> None:
    assert take_from_json(take_to_json(take)) == take


@given(st.lists(tracks, max_size=3).map(tuple), origins)
def test_an_accompaniment_comes_back_as_it_was(band: tuple[Track, ...], origin: Origin) -> None:
    assert accompaniment_from_json(accompaniment_to_json(band, origin)) == (band, origin)


def test_long_lists_are_written_in_pieces_without_a_seam() -> None:
    melody = make_track("Melody", [Note(index, index % 128, 1) for index in range(1733)])
    composition = Composition(tracks=(melody,))
    assert composition_from_json(composition_to_json(composition)) == composition
    assert len(json.loads(composition_to_json(composition))["tracks"][0]["notes"]) == 1733


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"version": 1}', '{"version": "x"}', "null"]
)
def test_a_damaged_text_is_said_to_be_damaged(text: str) -> None:
    with pytest.raises(StoreError, match="damaged"):
        composition_from_json(text)


def test_impossible_notes_are_damage_too() -> None:
    text = composition_to_json(Composition(tracks=(make_track("M", [Note(0, 60, 1)]),)))
    with pytest.raises(StoreError, match="damaged"):
        composition_from_json(text.replace("[[0,60,1,80]]", "[[0,260,1,80]]"))


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ('"title": "T"', '"title": 5'),
        ('"program": 7', '"program": 128'),
        ('"program": 7', '"program": "7"'),
        ('"channel": 3', '"channel": 16'),
        ('"muted": false', '"muted": 0'),
        ('"volume": 100', '"volume": null'),
        ("[[0,60,1,80]]", "[[0.5,60,1,80]]"),
        ("[[0,60,1,80]]", "[[0,60,1,true]]"),
        ('[[0,"bend",0,5]]', '[[0,"bent",0,5]]'),
        ('[[0,"bend",0,5]]', '[[0,"bend",0,9999]]'),
        ('"tempos": [[0, 500000]]', '"tempos": [[0, 5e5]]'),
        ('"ticks_per_quarter": 480', '"ticks_per_quarter": 480.0'),
    ],
)
def test_values_of_another_kind_are_damage_too(whole: str, broken: str) -> None:
    bend = ControlEvent(0, "bend", 0, 5)
    track = make_track("M", [Note(0, 60, 1)], program=7, channel=3, controls=[bend])
    text = composition_to_json(Composition("T", tracks=(track,)))
    assert whole in text
    with pytest.raises(StoreError, match="damaged"):
        composition_from_json(text.replace(whole, broken))


@pytest.mark.parametrize("broken", ['[NaN,"note_on",60,80]', '[0.5,"note_up",60,80]', "[0.5]"])
def test_events_that_cannot_be_are_damage_too(broken: str) -> None:
    text = take_to_json(Take((TakeEvent(0.5, "note_on", 60, 80),), 120.0, 1.0))
    assert '[0.5,"note_on",60,80]' in text
    with pytest.raises(StoreError, match="damaged"):
        take_from_json(text.replace('[0.5,"note_on",60,80]', broken))


def test_a_text_of_a_newer_tutti_is_said_to_be_newer() -> None:
    text = take_to_json(Take((), 120.0, 1.0)).replace('"version": 1', '"version": 2')
    with pytest.raises(StoreError, match="newer"):
        take_from_json(text)
