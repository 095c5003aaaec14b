from pathlib import Path

from engine.live.sound_font_facts import SoundFontFacts, sound_font_facts


def chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def font(path: Path, *texts: tuple[bytes, bytes]) -> Path:
    told = b"INFO" + b"".join(chunk(name, text + b"\0") for name, text in texts)
    body = b"sfbk" + chunk(b"LIST", told) + chunk(b"LIST", b"sdta")
    path.write_bytes(chunk(b"RIFF", body))
    return path


def test_a_font_tells_its_title_copyright_and_licence(tmp_path: Path) -> None:
    path = font(tmp_path / "FluidR3_GM.sf2", (b"INAM", b"Fluid R3"), (b"ICOP", b"Frank\nWen"))
    facts = sound_font_facts(path)
    assert facts == SoundFontFacts("Fluid R3", "Frank Wen", "MIT licence", path.stat().st_size)
    assert "licence unknown" in SoundFontFacts("Own", "", "", 2_000_000).sentence


def test_what_is_no_font_or_is_cut_short_has_no_texts(tmp_path: Path) -> None:
    other = tmp_path / "song.sf2"
    other.write_bytes(b"MThd" + bytes(100))
    facts = sound_font_facts(other)
    assert facts is not None and facts.title == facts.copyright == ""
    whole = font(tmp_path / "a.sf2", (b"INAM", b"x" * 5_000)).read_bytes()
    for length in range(60):
        other.write_bytes(whole[:length])
        cut = sound_font_facts(other)
        assert cut is not None and len(cut.title) <= 120
    assert sound_font_facts(tmp_path / "missing.sf2") is None
