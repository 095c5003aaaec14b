"""A folder of songs packed, beside the same through pretty_midi; and the memory of many files.

Songs are made here: 824 of the size of POP909's, and small ones by the thousand. Two variables of
the environment ask for more:

- ``TUTTI_BENCHMARK_POP909``: the folder of the real POP909, instead of songs of its size;
- ``TUTTI_BENCHMARK_FILES``: how many small files at most (170000 takes a quarter of an hour).
"""

import compileall
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import numpy as np
import pretty_midi

from engine.data import pop909
from engine.data.arrangement import Kind, Reading, arrange
from engine.data.collection import Collection
from engine.data.importing import import_folder
from engine.data.layouts import known_layout
from engine.data.midi_folder import midi_paths
from engine.data.packing import CorpusWriter, PackedSong, pack_all
from engine.data.parsing import ParsedFile, ParsedTrack
from engine.data.reading_pool import TOGETHER, worker_count
from engine.data.reading_worker import NICENESS
from engine.data.roles import BAND, find_roles
from engine.data.rules import NO_RULE
from engine.data.song import CorpusCard
from engine.data.song_report import ImportReport
from tests.benchmarks.rows import Row

SONGS = 824
BY_PRETTY_MIDI = 20  # songs a turn, spread over the set: all of them take a minute
TURNS = 4
TIMES_AS_FAST = 20.0
MORE_MEGABYTES = 32.0  # that the most files may take beyond the fewest
SIZES = (200, 1000)
QUARTER, FILES_A_FOLDER = 480, 1000
STRETCHES, WINDOW_BEATS = 2000, 16
ROOT = Path(__file__).resolve().parents[2]


def run() -> list[Row]:
    """Speed, memory, and what reading a window costs the trainer."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        return [*_speed(folder), *_memory(folder)]


def _speed(folder: Path) -> Iterator[Row]:
    given = os.environ.get("TUTTI_BENCHMARK_POP909")
    songs = Path(given) if given else folder / "songs"
    if not given:
        write_songs(songs, SONGS, bars=70, lines=3)
    # As after a first start, whether or not this Python writes what it compiles.
    compileall.compile_dir(ROOT / "engine", quiet=1)
    os.nice(NICENESS)  # as modest as our readers are, or a busy machine would favour one of both
    ours, theirs, count = 0.0, 0.0, 0
    # By turns: a machine's own speed changes within seconds.
    for turn in range(TURNS):
        each, report = _imported(songs, "songs", folder)
        ours += each / TURNS
        each, some = by_pretty_midi(songs, folder / f"theirs {turn}", report.files, turn)
        theirs, count = theirs + each / TURNS, count + some
    readers = worker_count(report.files)
    yield Row(
        f"{report.files} songs imported, read by {readers} processes", ours * report.files, "s"
    )
    yield Row(f"a song imported ({report.kept} kept)", 1000 * ours, "ms")
    yield Row(f"a song through pretty_midi in one process ({count} of them)", 1000 * theirs, "ms")
    yield Row("our share of its time", ours / theirs, "", 1 / TIMES_AS_FAST)
    yield Row("times as fast as through pretty_midi", theirs / ours, "×")
    yield from _reading(folder / "sets" / "songs")


def _imported(songs: Path, name: str, folder: Path) -> tuple[float, ImportReport]:
    """Seconds a song."""
    began = time.perf_counter()
    report = import_folder(songs, name, (), folder / "sets")
    return (time.perf_counter() - began) / report.files, report


def _reading(packed: Path) -> Iterator[Row]:
    collection, rng = Collection([packed]), random.Random(0)
    began = time.perf_counter()
    for _ in range(STRETCHES):
        song = rng.choice(collection.songs)
        collection.stretch(song, rng.randrange(max(1, song.beats)), WINDOW_BEATS)
    each = (time.perf_counter() - began) / STRETCHES
    yield Row(f"a window of {WINDOW_BEATS} beats read from the pack", 1e6 * each, "µs", 1000.0)


def by_pretty_midi(songs: Path, target: Path, files: int, turn: int = 0) -> tuple[float, int]:
    """Seconds a song, and how many: parsed by pretty_midi, then roles and pack as ours.

    Each turn takes other songs.
    """
    known = known_layout(songs)
    roles = known.roles if known else BAND
    paths = list(known.files(songs) if known else midi_paths(songs))
    some = list(islice(paths, turn, None, max(1, files // BY_PRETTY_MIDI)))
    began = time.perf_counter()
    with CorpusWriter(target, roles) as writer:
        for place in range(0, len(some), TOGETHER):
            group = some[place : place + TOGETHER]
            for song in _packed_by_pretty_midi(songs, group, roles, known is not None):
                writer.add(song)
        writer.finish(CorpusCard("theirs", "1", "", roles, (0,) * len(roles)))
    return (time.perf_counter() - began) / len(some), len(some)


def _packed_by_pretty_midi(
    folder: Path, paths: Sequence[str], roles: tuple[str, ...], is_pop909: bool
) -> Iterable[PackedSong]:
    if is_pop909:
        with mock.patch.object(pop909, "_score", _score_by_pretty_midi):
            readings = pop909.read_all(folder, paths, NO_RULE)
    else:
        readings = [_arranged_by_pretty_midi(folder, path) for path in paths]
    return pack_all([song for reading in readings for song in reading.songs], roles)


def _arranged_by_pretty_midi(folder: Path, path: str) -> Reading:
    parsed = _parsed_by_pretty_midi(folder / path)
    return arrange(parsed, find_roles(parsed, NO_RULE, path), path, path, Kind(), str)


def _columns(track: Any) -> dict[str, Any]:
    notes = [(n.start, n.end - n.start, n.pitch, n.velocity) for n in track.notes]
    table = np.array(notes, float).reshape(-1, 4)
    names = ("time", "duration", "pitch", "velocity")
    kinds = (float, float, np.int32, np.int32)
    return {n: table[:, i].astype(k) for i, (n, k) in enumerate(zip(names, kinds, strict=True))}


def _score_by_pretty_midi(path: str) -> Any:
    return SimpleNamespace(
        tracks=[
            SimpleNamespace(
                name=track.name,
                program=track.program,
                notes=SimpleNamespace(numpy=partial(_columns, track)),
            )
            for track in pretty_midi.PrettyMIDI(path).instruments
        ]
    )


def _parsed_by_pretty_midi(path: Path) -> ParsedFile:
    score = pretty_midi.PrettyMIDI(str(path))
    tick = score.time_to_tick
    tracks = [
        ParsedTrack(
            name=track.name,
            program=track.program,
            channel=0,
            is_drum=track.is_drum,
            notes=np.array(
                [
                    (tick(n.start), tick(n.end) - tick(n.start), n.pitch, n.velocity)
                    for n in track.notes
                ],
                np.int32,
            ),
        )
        for track in score.instruments
        if track.notes
    ]
    meters = [(tick(m.time), m.numerator, m.denominator) for m in score.time_signature_changes]
    return ParsedFile(score.resolution, tuple(tracks), tuple(meters))


def _memory(folder: Path) -> Iterator[Row]:
    most = int(os.environ.get("TUTTI_BENCHMARK_FILES", SIZES[-1]))
    sizes = sorted({*SIZES, *(most // 10**power for power in range(3)), most})
    peaks = []
    for size in (size for size in sizes if SIZES[0] <= size <= most):
        songs = folder / f"{size}"
        write_songs(songs, size, bars=8, lines=2)
        told = _imported_apart(songs, folder / f"{size} sets")
        peaks.append(told["ours"] + told["readers"])
        yield Row(f"{size} files: peak memory of the import", told["ours"], "MB")
        yield Row(f"{size} files: peak memory of a reader", told["readers"], "MB")
        yield Row(f"{size} files: time", told["seconds"], "s")
        yield Row(f"{size} files: opening the pack", 1000 * told["opening"], "ms")
    growth = peaks[-1] - peaks[0]
    yield Row("memory that the most files take beyond the fewest", growth, "MB", MORE_MEGABYTES)


_APART = """
import json, re, resource, sys, time
from pathlib import Path
from engine.data.corpus import Corpus
from engine.data.importing import import_folder
began = time.perf_counter()
report = import_folder(Path(sys.argv[1]), "many", (), Path(sys.argv[2]))
seconds = time.perf_counter() - began
# Of our own, what the kernel counts since the start: getrusage tells that of the caller as well.
ours = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
readers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
began = time.perf_counter()
songs = len(Corpus(Path(sys.argv[2]) / "many").songs)
opening = time.perf_counter() - began
assert songs == report.kept == report.files, report
print(json.dumps({"seconds": seconds, "ours": ours, "readers": readers, "opening": opening}))
"""


def _imported_apart(songs: Path, sets: Path) -> dict[str, float]:
    """An import in a process of its own, so that its peak of memory is its own."""
    command = [sys.executable, "-c", _APART, str(songs), str(sets)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def write_songs(folder: Path, count: int, *, bars: int, lines: int) -> None:
    """Songs of a melody, a bass and some lines of chords, no two alike, in many folders."""
    for number in range(count):
        inside = folder / f"{number // FILES_A_FOLDER:03d}"
        if number % FILES_A_FOLDER == 0:
            inside.mkdir(parents=True)
        (inside / f"{number:06d}.mid").write_bytes(_song(random.Random(number), bars, lines))


def _song(rng: random.Random, bars: int, lines: int) -> bytes:
    tune = [(QUARTER // 2, 60 + rng.randrange(24)) for _ in range(8 * bars)]
    low = [(2 * QUARTER, 36 + rng.randrange(12)) for _ in range(2 * bars)]
    chords = [
        [(QUARTER, 48 + 5 * line + rng.randrange(5)) for _ in range(4 * bars)]
        for line in range(lines)
    ]
    tracks = [_track(b"MELODY", 0, tune), _track(b"Bass", 1, low)]
    tracks += [_track(b"Chords", 2 + number, notes) for number, notes in enumerate(chords)]
    head = b"MThd" + (6).to_bytes(4) + (1).to_bytes(2)
    return head + len(tracks).to_bytes(2) + QUARTER.to_bytes(2) + b"".join(tracks)


def _track(name: bytes, channel: int, notes: list[tuple[int, int]]) -> bytes:
    body = bytearray(b"\x00\xff\x03" + bytes([len(name)]) + name)
    for length, pitch in notes:
        body += bytes([0, 0x90 | channel, pitch, 80])
        body += bytes([0x80 | length >> 7, length & 0x7F, 0x80 | channel, pitch, 0])
    body += b"\x00\xff\x2f\x00"
    return b"MTrk" + len(body).to_bytes(4) + bytes(body)
