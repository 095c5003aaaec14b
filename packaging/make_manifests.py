"""Writes resources/catalogue/*: the checksums of the public data sets, from unpacked copies.

    .venv/bin/python packaging/make_manifests.py FOLDER

FOLDER holds an unpacked copy of each set under its name, laid out as `UPSTREAM` tells. What was
made from the upstream files (converted scores, our own lists) is no upstream file and gets no
checksum; of a JSON file some of whose keys were left out, every key gets its own. POP909's bars are
counted from a voted beat, which its own files do not tell: that list is written beside the sums.
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from engine.data.manifest import (  # noqa: E402
    ManifestLine,
    manifest_path,
    sha256_of,
    write_manifest,
)
from engine.data.sorting_out import PART_SIGN, shortest_json  # noqa: E402

PAPERS = re.compile(r"(LICENSE|COPYING|CREDITS|AUTHORS|README)[^/]*|[^/]*grant\.txt|info\.csv")
UpstreamPath = Callable[[str], str | None]
"""From the path in a copy to the path in the repository; None for what is not in it."""


def _in(folder: str) -> UpstreamPath:
    """Sets whose MIDI files all lie in one folder of the repository."""

    def upstream(path: str) -> str | None:
        return f"{folder}/{path.removeprefix('midi/')}" if path.endswith(".mid") else None

    return upstream


def _pop909(path: str) -> str | None:
    kind, _, file = path.partition("/")
    song = file.partition(".")[0]
    names = {"midi": f"{song}.mid", "beat": "beat_midi.txt", "chord": "chord_midi.txt"}
    return f"POP909/{song}/{names[kind]}" if kind in names else None


def _freedoom(path: str) -> str | None:
    """Of all versions there ever were, the commit holds those that are marked as its own."""
    found = re.fullmatch(r"midi/[\d-]{10}_(.+)_[0-9a-f]{7}_HEAD\.mid", path)
    return f"musics/{found[1].replace('__', '/')}.mid" if found else None


def _openhymnal(path: str) -> str | None:
    if not path.endswith(".abc"):
        return None
    name = path.removeprefix("abc/")
    return f"Complete/{name.partition('-')[0]}/{name}"


def _as_it_lies(path: str) -> str | None:
    return path if path.endswith((".mid", ".json")) else None


def _groove(path: str) -> str | None:
    return f"groove/{path}" if path.endswith(".mid") or PAPERS.fullmatch(path) else None


UPSTREAM: dict[str, UpstreamPath] = {
    "pop909": _pop909,
    "nottingham": _in("MIDI"),
    "jsb": _as_it_lies,
    "jsfakes": _as_it_lies,
    "openhymnal": _openhymnal,
    "freedoom": _freedoom,
    "simutrans": _in("simutrans/music"),
    "openmsx": _in("src"),
    "easyrpg": _in("Music"),
    "liquidwar5": _in("data/music"),
    "groove": _groove,
}


def main(folder: Path) -> None:
    """Write every manifest."""
    for name, upstream in UPSTREAM.items():
        lines = lines_of(folder / name, upstream)
        path = manifest_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_manifest(path, lines)
        total = sum(line.bytes for line in lines)
        songs = sum(line.path.endswith((".mid", ".abc")) for line in lines)
        print(f"{name:12} {songs:5} songs {len(lines):5} files {total:10} bytes")


def lines_of(folder: Path, upstream: UpstreamPath) -> list[ManifestLine]:
    """A line for each upstream file of a copy."""
    lines: list[ManifestLine] = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        origin = upstream(name) or (name if PAPERS.fullmatch(name) else None)
        if path.suffix == ".json":
            lines += _parts(path, name)
        elif origin is not None:
            with path.open("rb") as stream:
                sha256 = sha256_of(stream)
            lines.append(ManifestLine(name, origin, path.stat().st_size, sha256))
    return lines


def _parts(path: Path, name: str) -> list[ManifestLine]:
    """A line for each key of a JSON file."""
    parts = [
        (f"{name}{PART_SIGN}{key}", shortest_json(value))
        for key, value in json.loads(path.read_text("utf-8")).items()
    ]
    return [
        ManifestLine(part, part, len(text), hashlib.sha256(text).hexdigest())
        for part, text in parts
    ]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
