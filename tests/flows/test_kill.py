"""``kill -9`` at a bad moment: the next start offers what was there."""

import time

import pytest

from engine.files.melodies import sample_melodies
from engine.music.take import played_notes
from tests.flows import shelf
from tests.flows.conftest import Start
from tests.flows.performance import NOTE_ON, played, struck
from tests.flows.studio import until
from tests.jack_server import JackProbe

PROMISED_SECONDS = 0.5
# How long a busy machine may take for what takes a moment.
SLACK_SECONDS = 2.5


@pytest.mark.timeout(600)
def test_a_recording_that_was_cut_off_is_offered(start: Start, keyboard: JackProbe) -> None:
    studio = start()
    studio.find_chip("AKM322:out")
    studio.press("i")
    studio.find("Count-in off")
    studio.press("r")
    until(lambda: shelf.recordings(studio.home), "the recording")
    melody = played("Frère Jacques", 160)
    began = keyboard.play(melody.messages)["seconds"]
    until(lambda: len(struck(shelf.journal(studio.home))) >= 12, "twelve notes in the journal")
    in_journal = struck(shelf.journal(studio.home))
    studio.kill()
    safe = time.perf_counter() - began - PROMISED_SECONDS - SLACK_SECONDS
    surely = [m for at, m in melody.messages if m[0] == NOTE_ON and at < safe]

    again = start()
    again.wait_told("A recording was cut off last time")
    (take,) = until(lambda: shelf.takes(again.home), "the take that was rescued")
    rescued = [(note.pitch, note.velocity) for note in played_notes(take)]
    assert rescued == list(melody.struck)[: len(rescued)]
    assert rescued[: len(in_journal)] == in_journal
    assert len(rescued) >= len(surely)
    again.click(again.find("Open it"))
    until(lambda: shelf.compositions(again.home), "the rescued melody")
    (composition,) = shelf.compositions(again.home)
    assert [(n.pitch, n.velocity) for n in composition.melody.notes] == rescued
    assert not shelf.recordings(again.home)
    again.quit()
    start().quit()


@pytest.mark.timeout(600)
def test_an_edit_is_there_again(jack: object, start: Start) -> None:
    studio = start(sample_melodies()[0].path)
    studio.wait_opened(sample_melodies()[0].name)
    studio.click(studio.find("M", kind="QToolButton"))
    until(
        lambda: [each for each in shelf.compositions(studio.home) if each.melody.muted],
        "the edit in the library",
    )
    studio.kill()

    again = start()
    again.wait_told("The composition is as you left it.")
    until(lambda: again.find("M", kind="QToolButton").checked, "the muted melody")
    again.press("ctrl+1")
    again.quit()
