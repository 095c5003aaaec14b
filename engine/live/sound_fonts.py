"""Sound fonts: where systems keep them, and which one is best."""

import sys
from importlib.util import find_spec
from pathlib import Path

from engine.errors import AudioError

_FOLDERS = {
    "linux": (
        "~/.local/share/soundfonts",
        "~/.local/share/sounds/sf2",
        "/usr/local/share/soundfonts",
        "/usr/share/soundfonts",
        "/usr/share/sounds/sf2",
        "/usr/share/sounds/sf3",
    ),
    "darwin": (
        "~/Library/Audio/Sounds/Banks",
        "/Library/Audio/Sounds/Banks",
        "/opt/homebrew/share/soundfonts",
        "/usr/local/share/soundfonts",
    ),
    "win32": ("~/Documents/SoundFonts", "C:/SoundFonts"),
}
# Better first, by what the name contains; the rest follow, and last what is always there.
_PREFERRED = ("musescore_general", "fluidr3", "generaluser", "arachno")
_ALWAYS_THERE = "timgm6mb"


def sound_fonts() -> tuple[Path, ...]:
    """The sound fonts of this machine, the best first; one that has two names is told once."""
    folders = [Path(folder).expanduser() for folder in _FOLDERS.get(sys.platform, ())]
    found = [path for folder in folders for path in _fonts_in(folder)]
    packaged = _packaged_sound_font()
    if packaged is not None:
        found.append(packaged)
    files = {path.resolve(): path for path in reversed(found)}
    by_name = {path.name: path for path in reversed(files)}
    return tuple(sorted(by_name.values(), key=_rank))


def find_sound_font() -> Path:
    """The best sound font there is. Raises `AudioError` when there is none."""
    fonts = sound_fonts()
    if not fonts:
        raise AudioError("No sound font was found. Choose an .sf2 file in Settings.")
    return fonts[0]


def _fonts_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in (".sf2", ".sf3"))


def _packaged_sound_font() -> Path | None:
    """The font that comes with pretty_midi, found without importing it."""
    spec = find_spec("pretty_midi")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "TimGM6mb.sf2"
    return path if path.is_file() else None


def _rank(path: Path) -> tuple[int, bool, str]:
    """Preference; of two alike the .sf2, since an .sf3 takes seconds to unpack."""
    name = path.name.lower()
    place = next((i for i, word in enumerate(_PREFERRED) if word in name), len(_PREFERRED))
    if _ALWAYS_THERE in name:
        place = len(_PREFERRED) + 1
    return place, path.suffix.lower() == ".sf3", name
