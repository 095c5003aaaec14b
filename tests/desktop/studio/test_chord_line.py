"""The line of chords above the lanes."""

from dataclasses import replace
from typing import Any

import pytest

from desktop.studio import chords as chords_module
from desktop.studio.chords import ChordLine, shown_chords
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import Track


def test_chords_are_named_once_a_band_plays(page: Any, app: Any, melody: Composition) -> None:
    app.document.load(melody)
    assert not page.area.column._caption.isVisible()
    chord = tuple(Note(0, pitch, 1920) for pitch in (48, 52, 55))
    app.document.edit(melody.with_accompaniment((Track("Chords", 4, chord),)), "Keep")
    assert page.area.column._caption.isVisible()
    assert shown_chords(app.document.composition)[0] == (0, "C")


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
