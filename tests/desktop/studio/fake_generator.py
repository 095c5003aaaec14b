"""A generator that answers at once, and how a page is asked for takes."""

from threading import Event
from typing import Any

from pytestqt.qtbot import QtBot

from engine.errors import ModelError
from engine.generation.request import Accompaniment, Request
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.track import Track


class FakeGenerator:
    """Answers with a bass whose pitch is the take's; waits for `may_go` when it is clear."""

    provider = "CPU"
    device_note = ""
    sha256 = "f" * 64

    def __init__(self, offers: frozenset[str] = frozenset({"adventure"})) -> None:
        self.offers = offers
        self.card = type(
            "Card",
            (),
            {
                "name": "Fake",
                "tracks": (Track("Bass", 33), Track("Chords", 4)),
                "tags": ("pop",),
                "track_names": ("Bass", "Chords"),
            },
        )()
        self.may_go = Event()
        self.may_go.set()
        self.requests: list[Request] = []
        self.fails = False

    def compose(
        self, composition: Composition, request: Request, *, progress: Any, cancelled: Any
    ) -> tuple[Accompaniment, ...]:
        self.requests.append(request)
        while not self.may_go.wait(0.01):
            if cancelled():
                return ()
        if self.fails:
            raise ModelError("The model cannot play this.")
        return tuple(self.answer(request, take) for take in range(request.takes))

    def answer(self, request: Request, take: int) -> Accompaniment:
        notes = tuple(Note(480 * beat, 40 + take, 480) for beat in range(4 + 4 * take))
        return Accompaniment((Track("Bass", 33, notes),), Origin("pop", "f", request.seed, take))


def generate(page: Any, app: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.generation.takes_changed, timeout=3000):
        app.actions["generate"].trigger()


def pitches(composition: Composition) -> set[int]:
    return {note.pitch for track in composition.accompaniment for note in track.notes}
