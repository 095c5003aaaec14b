"""One page with sound, notes and the model's card; it asks nobody for anything and runs nothing."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.errors import FileError
from engine.files import share_page as module
from engine.files.midi import read_midi
from engine.files.share_page import SharedSong, share_page, write_share_page
from engine.generation.card_words import card_lines
from engine.generation.model_card import CardTrack, ModelCard
from engine.music.composition import Composition, tempo_from_bpm
from engine.music.note import Note
from engine.music.track import make_track

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
MELODY = make_track(EVIL, [Note(480 * n, 60 + n, 240) for n in range(8)])
BASS = make_track("Bass", [Note(0, 40, 1920)], program=33)
SONG = Composition(title=EVIL, tracks=(MELODY, BASS), tempos=(tempo_from_bpm(60),))
CARD = ModelCard(
    "Pop", (CardTrack("Bass"),), 16, 8, description=EVIL, licence="GPL-3.0-or-later",
    rights="yours", trained_on=({"name": "pop909", "songs": 823, "licence": "MIT"}, "more"),
)  # fmt: skip
COLOURS = {"melody": "#123456", "bass": "#654321", "window": "#000000"}
SHARED = SharedSong(SONG, b"ID3sound", 8.0, card_lines(CARD), ("melody", "bass"), COLOURS, COLOURS)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def decoded(address: str | None) -> bytes:
    return base64.b64decode((address or "").partition(",")[2])


def test_sound_notes_and_card_are_in_the_page(tmp_path: Path) -> None:
    page = Page(share_page(SHARED))
    assert decoded(page.all("audio")[0]["src"]) == b"ID3sound"
    (tmp_path / "a.mid").write_bytes(decoded(page.all("a")[0]["href"]))
    assert len(read_midi(tmp_path / "a.mid").composition.tracks) == 2
    drawn = [path["d"] or "" for path in page.all("path") if path.get("fill")]
    assert [path.count("M") for path in drawn] == [8, 1]
    # Eight seconds of sixty pixels; the second note of the melody begins after one of them.
    assert page.all("svg")[0]["width"] == "480"
    assert re.findall(r"M([\d.]+) ", drawn[0])[:2] == ["0.0", "60.0"]
    words = " ".join(page.words)
    for expected in ("Pop", "GPL-3.0-or-later", "pop909 · 823 songs · MIT", "more", "0:08"):
        assert expected in words
    assert page.words.count(EVIL) >= 3  # title, heading, track: as text


def test_nothing_that_a_title_says_is_run_and_nothing_is_fetched() -> None:
    text = share_page(SHARED)
    page = Page(text)
    assert len(page.all("script")) == 1 and page.all("img") == []
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    addresses = [a[name] or "" for _, a in page.tags for name in ("src", "href") if name in a]
    assert all(address.startswith("data:") for address in addresses)
    (policy,) = [m["content"] or "" for m in page.all("meta") if "http-equiv" in m]
    assert "default-src 'none'" in policy and "unsafe-eval" not in policy
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text)


def test_a_song_without_a_model_has_no_card_and_one_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = replace(SHARED, card=())
    assert "The model that played" not in share_page(plain)
    path = tmp_path / "song.html"
    write_share_page(replace(plain, composition=replace(SONG, title="caf\udce9")), path)
    assert "caf?" in path.read_text("utf-8")
    monkeypatch.setattr(module, "MOST_SOUND", 3)
    with pytest.raises(FileError, match="too long for a page"):
        write_share_page(SHARED, path)
