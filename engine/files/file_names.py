"""Names for files that are made of titles, on any system."""

from pathlib import Path

LONGEST = 80
FORBIDDEN = set('<>:"/\\|?*')
RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in "123456789"),
}


def safe_name(title: str, otherwise: str = "Untitled") -> str:
    """A title as a file's name without its ending: one that every system takes."""
    kept = "".join(
        "-" if each in FORBIDDEN else each if each.isprintable() else " " for each in title
    )
    name = " ".join(kept.split())[:LONGEST].strip(" .")
    return f"{name}_" if name.casefold() in RESERVED else name or otherwise


def free_name(path: Path) -> Path:
    """The path, or the first numbered one beside it that is not taken ("Song 2.mid")."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
        number += 1
    return free
