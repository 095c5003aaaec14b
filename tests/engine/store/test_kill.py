"""After ``kill -9`` at any moment the next start offers what was there, but for half a second."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.store.library import Library

ROOT = Path(__file__).resolve().parents[3]

# Records at 100 events a second at most and journals twice a second, edits a composition, and
# stores a take now and then; says on stdout what it has handed over.
STUDIO = """
import sys, time
from pathlib import Path
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.take import Take, TakeEvent
from engine.music.track import make_track
from engine.store.library import Library

library = Library(Path(sys.argv[1]))
assert library.flush()
events, notes, takes, began, journalled = [], [], 0, time.perf_counter(), 0.0
print("ready", flush=True)
while True:
    now = time.perf_counter() - began
    events.append(TakeEvent(now, "note_on", 60, 1 + len(events) % 127))
    if now - journalled >= 0.5:
        journalled = now
        library.journal("now", events, 120.0, "Live")
    if len(events) % 5 == 0:
        notes.append(Note(len(notes) * 480, 60, 240))
        library.autosave("song", Composition(tracks=(make_track("Melody", notes),)))
    if len(events) % 40 == 0:
        library.store_take(Take(tuple(events), 120.0, now), f"Take {takes}", wait_seconds=20)
        takes += 1
    print(len(events), len(notes), takes, flush=True)
    time.sleep(0.01)
"""


@pytest.mark.parametrize("attempt", range(10))
def test_a_kill_loses_no_more_than_half_a_second(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "library.sqlite"
    process = subprocess.Popen(
        [sys.executable, "-c", STUDIO, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(random.Random(attempt).uniform(0.6, 2.2))
    process.kill()
    events, notes, takes = map(int, process.stdout.read().splitlines()[-1].split())
    process.wait()
    process.stdout.close()

    library = Library(path)
    try:
        assert library.was_killed
        (left,) = library.recoverable()
        written = len(left.take.events)
        last = left.take.events[-1].seconds
        assert [event.value for event in left.take.events] == [1 + n % 127 for n in range(written)]
        # The journal is half a second apart, its writing and a busy machine take some of their own.
        assert (events - written) * 0.01 <= 0.5 + 0.25, (events, written, last)
        assert len(library.load_composition("song").melody.notes) >= notes - 10
        # A take is on disk when it has been handed over; one more may not have been said.
        assert takes <= len(library.takes()) <= takes + 1
        for entry in library.takes():
            assert library.load_take(entry.id).events
    finally:
        library.close()
