"""A keyboard or a sound server that goes away in the middle of things, and comes back."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.music.take import played_notes
from tests.flows import odd_music, shelf
from tests.flows.conftest import Start
from tests.flows.ear import Ear
from tests.flows.performance import NOTE_ON, played, sample, struck
from tests.flows.studio import PATIENCE_SECONDS, Studio, until
from tests.jack_server import JackProbe, JackServer

ORGAN = 16
TRIES = 3
LOST_SECONDS = 20.0
HELD = (76, 99)


@pytest.mark.timeout(600)
def test_what_was_played_is_kept_and_nothing_hangs(
    jack: JackServer, start: Start, ear: Ear, tmp_path: Path
) -> None:
    """An organ's note that hangs would sound for ever."""
    studio = start(odd_music.write(tmp_path / "organ.mid", odd_music.quarters(4), program=ORGAN))
    studio.wait_opened("organ")
    studio.find("Audio 48 kHz", kind="StatusChip")
    ear.listen()
    first = played("Twinkle, Twinkle, Little Star", 120, slice(0, 7))
    second = played("Ode to Joy", 120, slice(0, 5))
    with JackProbe(jack) as keyboard:
        studio.find_chip("AKM322:out")
        without_a_click(studio)
        everything = [*first.struck, HELD]
        messages = [*first.messages, (first.seconds, (NOTE_ON, *HELD))]
        record(studio, lambda: keyboard.play(messages), everything)
        ear.wait_for_sound()
        keyboard.unplug()
    studio.find_chip("AKM322:out is away")
    until(lambda: ("note_off", HELD[0], 0) in shelf.journal(studio.home), "its release")
    ear.wait_for_silence()
    with JackProbe(jack) as keyboard:
        studio.find_chip("AKM322:out")
        keyboard.play(second.messages)
        everything += second.struck
        until_struck(studio, everything)
        until(lambda: released(studio) == len(everything), "the last release")
        takes_before = len(shelf.takes(studio.home))
        studio.press("Escape")
        take = until(lambda: shelf.takes(studio.home)[takes_before:], "the take")[0]
    notes = played_notes(take)
    assert [(note.pitch, note.velocity) for note in notes] == everything
    assert all(note.end < take.duration for note in notes)
    ear.wait_for_silence()
    studio.quit()


@pytest.mark.timeout(600)
def test_sound_that_stops_is_said_and_comes_back_with_one_click(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = JackServer(f"flows-gone{os.getpid()}")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    with server:
        studio = start(sample("Ode to Joy"))
        studio.find("Audio 48 kHz", kind="StatusChip")
        studio.wait_opened("Ode to Joy")
        studio.press("space")
        studio.wait_until_playing()
        server.stop(signal.SIGKILL)
        studio.find_chip("No sound")
        studio.wait_told("The sound has stopped")
    with server, JackProbe(server):
        studio.click(studio.find("Open the sound again"))
        studio.find("Audio 48 kHz", kind="StatusChip")
        studio.find_chip("AKM322:out")
        studio.press("Home", "space")
        studio.wait_until_playing()
        studio.quit()


def without_a_click(studio: Studio) -> None:
    """Record at once, so that nothing but the keyboard sounds; from an empty place on."""
    for switch in ("Click", "Count-in 1"):
        assert studio.find(switch, kind="QToolButton").checked
    studio.press("c", "i")
    studio.find("Count-in off")


def record(studio: Studio, play: Callable[[], object], notes: list[tuple[int, int]]) -> None:
    """Record these notes; anew where the sound server lost some on the way.

    It goes on without a program that a busy machine holds up, and what that one says is lost.
    """
    for _ in range(TRIES):
        studio.press("r")
        until(lambda: shelf.recordings(studio.home), "the recording")
        play()
        try:
            until_struck(studio, notes, LOST_SECONDS)
        except AssertionError as lost:
            problem = lost
            studio.press("Escape")
            until(lambda: not shelf.recordings(studio.home), "the end of the recording")
        else:
            return
    raise problem


def until_struck(
    studio: Studio, notes: list[tuple[int, int]], patience_seconds: float = PATIENCE_SECONDS
) -> None:
    """Wait until the recording holds these notes and no others."""

    def journal() -> list[tuple[int, int]]:
        return struck(shelf.journal(studio.home))

    until(
        lambda: journal() == notes, f"{notes}", lambda: f"{journal()} was kept.", patience_seconds
    )


def released(studio: Studio) -> int:
    """How many notes of the recording have ended."""
    return sum(kind == "note_off" for kind, _, _ in shelf.journal(studio.home))
