"""What a sound font says of itself, read from its first bytes; and whose it is, where known."""

from dataclasses import dataclass
from pathlib import Path

# The facts stand before the sound; no font needs so much for them.
_MOST_BYTES = 65_536
_LONGEST_TEXT = 120
_HEADER = 12
# By a part of the file's name. Sources: Debian's copyright files of fluid-soundfont and timgm6mb,
# the licences that come with MuseScore_General and GeneralUser GS.
_LICENCES = (
    ("fluidr3", "MIT licence"),
    ("timgm6mb", "GNU GPL 2"),
    ("musescore_general", "MIT licence"),
    ("ms_basic", "MIT licence"),
    ("generaluser", "GeneralUser GS licence"),
)


@dataclass(frozen=True, slots=True)
class SoundFontFacts:
    """``title`` and ``copyright`` as the file has them, empty where it has none; ``size`` bytes."""

    title: str
    copyright: str
    licence: str
    size: int

    @property
    def sentence(self) -> str:
        """All that is known, in a line."""
        known = self.licence or "licence unknown"
        parts = (self.title, f"{self.size / 1e6:,.0f} MB", known, self.copyright)
        return " · ".join(part for part in parts if part)


def sound_font_facts(font: Path) -> SoundFontFacts | None:
    """The facts of a font; None where the file cannot be read."""
    try:
        with font.open("rb") as file:
            head = file.read(_MOST_BYTES)
        size = font.stat().st_size
    except OSError:
        return None
    texts = _texts(head)
    name = font.name.lower()
    licence = next((words for part, words in _LICENCES if part in name), "")
    return SoundFontFacts(texts.get(b"INAM", ""), texts.get(b"ICOP", ""), licence, size)


def _texts(head: bytes) -> dict[bytes, str]:
    """The texts of the file's list INFO, by their names; none where it is no sound font."""
    if head[:4] != b"RIFF" or head[8:_HEADER] != b"sfbk" or head[_HEADER : _HEADER + 4] != b"LIST":
        return {}
    at, end = _HEADER + 12, min(len(head), _HEADER + 8 + _number(head, _HEADER + 4))
    texts: dict[bytes, str] = {}
    while at + 8 <= end:
        length = _number(head, at + 4)
        texts[head[at : at + 4]] = _text(head[at + 8 : min(end, at + 8 + length)])
        at += 8 + length + length % 2
    return texts


def _number(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4], "little")


def _text(raw: bytes) -> str:
    text = raw.split(b"\0")[0].decode("utf-8", errors="replace")
    printable = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(printable.split())[:_LONGEST_TEXT]
