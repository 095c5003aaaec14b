"""Songs of strangers: numbers that no music has are refused, names are lines of text."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FileError, StoreError
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track
from engine.store.codec import composition_from_json, composition_to_json, take_from_json
from engine.store.song_file import Song, read_song, write_song

MUSIC = Composition(tracks=(make_track("Melody", [Note(0, 60, 480)]),))
FAR = 10**15
Change = Callable[[dict[str, Any]], None]


def sent(path: Path, change: Change) -> Path:
    """A song file whose music was changed by hand."""
    write_song(Song("a" * 32, MUSIC), path)
    with zipfile.ZipFile(path) as file:
        texts = {name: file.read(name).decode() for name in file.namelist()}
    values = json.loads(texts["music.json"])
    change(values)
    texts["music.json"] = json.dumps(values)
    with zipfile.ZipFile(path, "w") as file:
        for name, text in texts.items():
            file.writestr(name, text)
    return path


CHANGES: dict[str, Change] = {
    "a note after days": lambda v: v["tracks"][0]["notes"].append([480 * 200_000, 60, 1, 80]),
    "a note beyond 64 bits": lambda v: v["tracks"][0]["notes"].append([10**30, 60, 1, 80]),
    "a note without end": lambda v: v["tracks"][0]["notes"].append([0, 60, FAR, 80]),
    "a pedal after days": lambda v: v["tracks"][0]["controls"].append([FAR, "control", 64, 1]),
    "a pedal before all": lambda v: v["tracks"][0]["controls"].append([-1, "control", 64, 1]),
    "a chord after days": lambda v: v["chords"].append([FAR, "C"]),
    "a section after days": lambda v: v["sections"].append([FAR, "A", False]),
    "a tempo after days": lambda v: v["tempos"].append([FAR, 500_000]),
    "a tempo that stands still": lambda v: v["tempos"].append([480, 10**11]),
    "a meter of thousands": lambda v: v["meters"].append([1920, 10**6, 4]),
    "a meter of thirds": lambda v: v["meters"].append([1920, 4, 3]),
    "far too fine a resolution": lambda v: v.update(ticks_per_quarter=10**9),
    "far too many tracks": lambda v: v.update(tracks=v["tracks"] * 1025),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_no_music_has_is_refused_in_a_sentence(change: Change, tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"Choose another copy of it|damaged"):
        read_song(sent(tmp_path / "gift.tutti", change))


def test_music_of_a_day_is_welcome_and_its_names_are_lines(tmp_path: Path) -> None:
    last = 480 * 200_000
    long = replace(
        MUSIC,
        title="  Wal\x07tz\n\u202eof\tall  " + "x" * 5_000,
        tracks=(
            make_track(
                "Mel\0ody\r\n" * 99,
                [Note(last - 480, 60, 480)],
                controls=[ControlEvent(last, "control", 64, 0)],
            ),
            Track(""),
        ),
    )
    write_song(Song("b" * 32, long), tmp_path / "long.tutti")
    found = read_song(tmp_path / "long.tutti").composition
    assert found.title.startswith("Wal tz of all xxx")
    assert len(found.title) == 1_000
    assert found.melody.name.startswith("Mel ody Mel ody")
    assert found.melody.name.isprintable()
    assert [track.notes for track in found.tracks] == [track.notes for track in long.tracks]


def test_numbers_that_a_computer_cannot_count_with_are_damage() -> None:
    values = json.loads(composition_to_json(MUSIC))
    values["recorded"] = [{"start": 0, "end": 2**64, "under": None, "passes": [], "sounding": []}]
    with pytest.raises(StoreError, match="damaged"):
        composition_from_json(json.dumps(values))
    endless = '{"version":1,"beats_per_minute":120,"duration":1e300,"events":[]}'
    with pytest.raises(StoreError, match="damaged"):
        take_from_json(endless)
