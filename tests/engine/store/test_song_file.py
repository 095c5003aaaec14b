"""A song goes into one file and comes back whole, on any machine; strangers' files do no harm."""

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import FileError, StoreError
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import make_track
from engine.store import song_file
from engine.store.library import Library
from engine.store.song_file import Song, SongEntry, read_song, write_song
from engine.store.songs import song_of, take_in_song
from tests.compositions import compositions

TAKE = Take((TakeEvent(0.0, "note_on", 60, 80), TakeEvent(0.5, "note_off", 60, 0)), 90.0, 0.5)
ORIGIN = Origin("Pop", "ab" * 32, 7, 1)
BAND = ((make_track("Bass", [Note(0, 40, 480)], program=33),), ORIGIN)


def song(count: int = 2, title: str = "Waltz <b>&") -> Composition:
    notes = [Note(480 * index, 60, 240) for index in range(count)]
    return Composition(
        title=title, tracks=(make_track("Melody", notes), *BAND[0]), origin=ORIGIN,
        chords=(ChordMark(0, "B♭m7"),),
    )  # fmt: skip


ids = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
entries = st.builds(
    SongEntry, ids, st.text(max_size=20), st.floats(0, 1.7e9, allow_nan=False), st.booleans()
)
texts = st.text(
    st.characters(min_codepoint=48, max_codepoint=0x2FF, categories=("L", "N")), min_size=1
)
songs = st.builds(
    Song,
    ids,
    compositions(),
    st.lists(st.tuples(entries, st.just(TAKE)), max_size=2).map(tuple),
    st.lists(st.tuples(entries, st.builds(song, st.integers(1, 9), texts)), max_size=2).map(tuple),
    st.lists(st.tuples(entries, st.just(BAND)), max_size=2).map(tuple),
    st.lists(texts.map(lambda tag: tag[:40]), max_size=3).map(tuple),
)


@given(songs)
@settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_every_song_comes_back_as_it_was(given_song: Song) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a song.tutti"
        assert write_song(given_song, path) == 0
        assert read_song(path) == given_song


@pytest.fixture
def libraries(tmp_path: Path) -> Any:
    here = [Library(tmp_path / name / "library.sqlite") for name in ("here", "there")]
    yield here
    for library in here:
        library.close()


def test_a_song_goes_to_another_machine_and_back(libraries: list[Library], tmp_path: Path) -> None:
    here, there = libraries
    path = tmp_path / "waltz.tutti"
    here.autosave("c", song())
    take = here.store_take(TAKE, "First try", composition_id="c")
    here.store_take(TAKE, "Of another song")
    version = here.versions.keep("c", song(1), "The short one", named=True)
    band = here.store_accompaniment("c", *BAND, "Take B")
    here.tags.add("c", "sad")
    here.flush()
    write_song(song_of(here, "c"), path)

    taken = take_in_song(there, read_song(path), path.name)
    assert taken.id == "c" and not taken.replaced
    assert there.load_composition("c") == song()
    assert there.compositions()[0].tags == ("sad",)
    assert [entry.id for entry in there.takes_of("c")] == [take]
    assert there.load_take(take) == TAKE
    assert there.versions.load(version) == song(1) and there.versions.named("c") == {version}
    assert there.load_accompaniment(band) == BAND
    assert not take_in_song(there, read_song(path), path.name).replaced
    assert len(there.takes()) == len(there.versions.of("c")) == 1

    there.autosave("c", song(5))
    there.flush()
    write_song(song_of(there, "c"), path)
    here.delete("c")
    assert take_in_song(here, read_song(path), path.name).replaced
    assert here.load_composition("c") == song(5)
    assert [entry.id for entry in here.compositions()] == ["c"]
    before = here.versions.of("c")[0]
    assert before.title == "Before waltz.tutti was opened"
    assert here.versions.load(before.id) == song()


def test_a_file_that_calls_itself_a_take_is_refused(libraries: list[Library]) -> None:
    here, _ = libraries
    take = here.store_take(TAKE, "First try")
    with pytest.raises(StoreError, match="something else"):
        take_in_song(here, Song(take, song()), "odd.tutti")
    assert here.load_take(take) == TAKE and here.problem is None


def test_what_does_not_fit_into_the_file_is_counted_and_the_latest_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = tuple((SongEntry(f"v{n}", "", n), song(20)) for n in range(5))
    monkeypatch.setattr(song_file, "TEXTS_BYTES", 3_000)
    assert write_song(Song("c", song(), versions=versions), tmp_path / "a.tutti") > 0
    kept = read_song(tmp_path / "a.tutti").versions
    assert kept == versions[: len(kept)]


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return path


def head_with(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        entries["song.json"] = json.dumps({**json.loads(entries["song.json"]), **values}).encode()

    return change


def music_with(**values: Any) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        entries["music.json"] = json.dumps({**json.loads(entries["music.json"]), **values}).encode()

    return change


TAKEN = {"id": "a", "title": "", "created": 0}
NEWER = "made by a newer Tutti"
BROKEN = "no song of Tutti's, or damaged"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (head_with(version=2), NEWER),
        (head_with(reverb={}), "does not know: reverb"),
        (head_with(takes=[{**TAKEN, "file": "takes/1.json", "colour": 1}]), "not know: colour"),
        (music_with(lights=[1]), "does not know: lights"),
        (music_with(version=99), NEWER),
        (head_with(format="other"), BROKEN),
        (head_with(id="../../etc"), BROKEN),
        (head_with(tags=7), BROKEN),
        (head_with(takes=[{**TAKEN, "file": "../../outside.json"}]), BROKEN),
        (head_with(takes=[{**TAKEN, "file": "takes/1.json"}]), BROKEN),
        (head_with(takes=9), BROKEN),
        (music_with(tracks=[]), "damaged"),
        (lambda entries: entries.pop("song.json"), BROKEN),
        (lambda entries: entries.update({"song.json": b"[" * 100_000}), BROKEN),
        (lambda entries: entries.update({"song.json": b"\xff"}), BROKEN),
    ],
)
def test_what_is_newer_or_damaged_is_refused_in_a_sentence(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    path = tmp_path / "a.tutti"
    write_song(Song("c", song()), path)
    with pytest.raises(FileError, match=sentence):
        read_song(rewritten(path, change))


def test_a_file_that_would_unpack_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.tutti"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("song.json", b" " * 3_000_000)
    small = replace(song_file.BOUNDS, entry=1_000_000)
    monkeypatch.setattr(song_file, "BOUNDS", small)
    with pytest.raises(FileError, match=BROKEN):
        read_song(path)
    # It lies about its size.
    content = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), b"\x09\0\0\0")
    path.write_bytes(content)
    with pytest.raises(FileError, match=BROKEN):
        read_song(path)
    monkeypatch.setattr(song_file, "BOUNDS", replace(small, entries=0))
    with pytest.raises(FileError, match=BROKEN):
        read_song(path)


@given(st.binary(max_size=300), st.integers(0, 4_000))
@settings(max_examples=25, deadline=None)
def test_damaged_bytes_never_raise_anything_else(noise: bytes, place: int) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.tutti"
        write_song(Song("c", song(), takes=((SongEntry("t", "", 0), TAKE),)), path)
        whole = path.read_bytes()
        path.write_bytes(whole[:place] + noise + whole[place + len(noise) :])
        try:
            read_song(path)
        except FileError as error:
            assert "a.tutti" in str(error)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="is not there"):
        read_song(tmp_path / "none.tutti")
