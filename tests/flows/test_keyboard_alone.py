"""Hands that never leave the keyboard: its own buttons, its pedal, and what nobody recorded."""

import pytest

from engine.music.take import Take, played_notes
from tests.flows import shelf
from tests.flows.conftest import Start
from tests.flows.ear import Ear
from tests.flows.performance import played
from tests.flows.studio import Studio, until
from tests.jack_server import JackProbe

PLAY, STOP, RECORD, PEDAL = 105, 106, 107, 64


@pytest.mark.timeout(600)
def test_the_keyboard_s_buttons_record_stop_and_play(
    start: Start, keyboard: JackProbe, ear: Ear
) -> None:
    studio = start()
    studio.find_chip("AKM322:out")
    studio.find("Audio 48 kHz", kind="StatusChip")
    ear.listen()
    studio.press("i")
    studio.find("Count-in off")
    tune = played("Ode to Joy", 140, slice(0, 8))
    record(studio, keyboard)
    keyboard.send(0xB0, PEDAL, 127)
    keyboard.play(tune.messages)
    until(lambda: released(studio) == len(tune.struck), "the last note in the journal")
    keyboard.send(0xB0, PEDAL, 0)
    until(lambda: ("control", PEDAL, 0) in shelf.journal(studio.home), "the pedal's release")
    push(keyboard, STOP)
    take = until(lambda: shelf.takes(studio.home), "the take")[0]
    assert notes_of(take) == list(tune.struck)
    until(lambda: shelf.compositions(studio.home), "the melody")
    assert [c.value for c in shelf.compositions(studio.home)[0].melody.controls] == [127, 0]
    ear.wait_for_silence()
    push(keyboard, PLAY)
    ear.wait_for_sound()
    push(keyboard, STOP)
    ear.wait_for_silence()
    what_nobody_recorded_is_kept(studio, keyboard, ear)
    closing_keeps_what_is_being_recorded(studio, keyboard)


def what_nobody_recorded_is_kept(studio: Studio, keyboard: JackProbe, ear: Ear) -> None:
    studio.press("ctrl+n")
    studio.find("Play something", kind="QLabel")
    tune = played("Amazing Grace", 140, slice(0, 6))
    keyboard.play(tune.messages)
    ear.wait_for_sound()
    ear.wait_for_silence()
    studio.click(studio.find("Keep what I just played", kind="QPushButton"))
    take = until(lambda: shelf.takes(studio.home)[1:], "the take that nobody recorded")[0]
    assert notes_of(take) == list(tune.struck)
    until(lambda: len(shelf.compositions(studio.home)) == 2, "its melody")


def closing_keeps_what_is_being_recorded(studio: Studio, keyboard: JackProbe) -> None:
    before = len(shelf.takes(studio.home))
    tune = played("Greensleeves", 140, slice(0, 4))
    record(studio, keyboard)
    keyboard.play(tune.messages)
    until(lambda: released(studio) == len(tune.struck), "the last note in the journal")
    studio.quit()
    takes = shelf.takes(studio.home)
    assert len(takes) == before + 1
    assert notes_of(takes[-1]) == list(tune.struck)
    assert not shelf.recordings(studio.home)


def push(keyboard: JackProbe, button: int) -> None:
    """The button sends once at the press and once at the release."""
    keyboard.send(0xB0, button, 127)
    keyboard.send(0xB0, button, 0)


def record(studio: Studio, keyboard: JackProbe) -> None:
    push(keyboard, RECORD)
    until(lambda: shelf.recordings(studio.home), "the recording")


def released(studio: Studio) -> int:
    """How many notes of the recording have ended."""
    return sum(kind == "note_off" for kind, _, _ in shelf.journal(studio.home))


def notes_of(take: Take) -> list[tuple[int, int]]:
    return [(note.pitch, note.velocity) for note in played_notes(take)]
