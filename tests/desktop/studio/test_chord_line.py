"""The line of chords above the lanes."""

from dataclasses import replace
from typing import Any

import pytest

from desktop.roll.chord_row import ChordRow, OwnChord
from desktop.studio import chords as chords_module
from desktop.studio.chords import ChordLine, outside, own_chords, shown_chords
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import Track


def test_the_row_of_chords_comes_with_a_melody_and_names_what_a_band_implies(
    page: Any, app: Any, melody: Composition
) -> None:
    assert not page.area.column.chords.isVisible()
    app.document.load(melody)
    assert page.area.column.chords.isVisible()
    empty = page.area.lanes.chords
    assert empty == ChordRow()
    chord = tuple(Note(0, pitch, 1920) for pitch in (48, 52, 55))
    app.document.edit(melody.with_accompaniment((Track("Chords", 4, chord),)), "Keep")
    assert shown_chords(app.document.composition)[0] == (0, "C")
    named = page.area.lanes.chords
    assert named.implied[0] == (0, "C")


def test_chords_are_read_anew_only_when_notes_or_bars_change(
    melody: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Composition] = []

    def remember(composition: Composition) -> list[tuple[int, str]]:
        read.append(composition)
        return shown_chords(composition)

    monkeypatch.setattr(chords_module, "shown_chords", remember)
    line = ChordLine()
    first = melody.with_accompaniment((Track("Bass", 33, (Note(0, 36, 1920),)),))
    quieter = first.with_track(1, replace(first.tracks[1], volume=20))
    other = first.with_track(1, first.tracks[1].with_notes((Note(0, 41, 1920),)))
    in_three = replace(first, meters=(MeterChange(0, 3, 4),))
    told = [line.of(each) for each in (first, quieter, other, in_three)]
    assert read == [first, other, in_three]
    assert told == [shown_chords(each) for each in (first, quieter, other, in_three)]


def test_an_own_chord_holds_until_the_next_mark_and_the_last_to_the_end(
    melody: Composition,
) -> None:
    marks = (ChordMark(0, "C"), ChordMark(960), ChordMark(3840, "Am"))
    assert own_chords(replace(melody, chords=marks)) == (
        OwnChord(0, 960, "C"),
        OwnChord(3840, 7680, "Am"),
    )
    beyond = replace(melody, chords=(ChordMark(9600, "F"),))
    assert own_chords(beyond) == (OwnChord(9600, 11520, "F"),)


def test_implied_chords_stand_only_where_no_own_one_holds() -> None:
    implied = [(0, "C"), (1920, "F"), (5760, "G")]
    own = [OwnChord(1920, 2880, "Dm"), OwnChord(2880, 3840, "G7")]
    assert outside(implied, own, 7680) == [(0, "C"), (3840, "F"), (5760, "G")]
    assert outside(implied, [OwnChord(0, 7680, "Am")], 7680) == []
