"""A sequencer whose clock a test moves, and which remembers what it was given."""

from dataclasses import dataclass

from engine.music.take import TakeEventKind


@dataclass(frozen=True, slots=True)
class Sent:
    """One event that a sequencer was given."""

    at: float
    source: int
    channel: int
    kind: TakeEventKind
    number: int
    value: int


class HandSequencer:
    """Keeps to `Sequencer`; ``seconds`` is moved by `advance`."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waiting: list[Sent] = []
        self.played: list[Sent] = []

    def send(
        self, at: float, source: int, channel: int, kind: TakeEventKind, number: int, value: int
    ) -> None:
        self.waiting.append(Sent(at, source, channel, kind, number, value))

    def take_back(self, source: int) -> None:
        self.waiting = [event for event in self.waiting if event.source != source]

    def take_back_all(self) -> None:
        self.waiting.clear()

    def advance(self, seconds: float) -> None:
        """Play what is due until then, in order."""
        self.seconds = seconds
        due = [event for event in self.waiting if event.at <= seconds]
        self.waiting = [event for event in self.waiting if event.at > seconds]
        self.played += sorted(due, key=lambda event: event.at)

    def notes(self, channel: int = 0) -> list[tuple[float, str, int]]:
        """Notes of a channel: time, on or off, pitch."""
        return [
            (round(event.at, 4), event.kind[5:], event.number)
            for event in self.played
            if event.channel == channel and event.kind in ("note_on", "note_off")
        ]


def hanging(events: list[Sent]) -> set[tuple[int, int]]:
    """The keys that are down after these events. Fails where one goes up that is not down."""
    down: set[tuple[int, int]] = set()
    for event in events:
        key = (event.channel, event.number)
        if event.kind == "note_on":
            down.add(key)
        elif event.kind == "note_off":
            assert key in down, f"{event} lets go of a key that is up"
            down.discard(key)
    return down
