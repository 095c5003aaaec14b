"""Rounds of takes: what each request of a song gave, the last one and all before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.studio.descriptions import describe_takes
from engine.generation.request import Accompaniment, Request
from engine.music.composition import Composition, Origin
from engine.music.ticks import meter_map
from engine.store.entries import LibraryEntry
from engine.store.library import Library

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_ROUNDS = 100
"""Of the library's, the latest; older ones are found in the Library."""


@dataclass(frozen=True, slots=True)
class BandTake:
    """A take as it is listed: "Take A", what sets it apart, the music."""

    name: str
    words: str
    accompaniment: Accompaniment


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what was asked of: ``words`` name it where it is listed.

    ``parts`` are the names of the tracks that are wanted of the answer; None: all.
    """

    composition: Composition
    request: Request
    words: str = ""
    parts: frozenset[str] | None = None

    def fitted(self, offers: frozenset[str], parts: Sequence[str]) -> Request:
        """The request without what a model (its offers, its parts) does not take."""
        density = (
            {name: value for name, value in self.request.density.items() if name in parts}
            if "density" in offers
            else {}
        )
        chords = self.request.chords if "chords" in offers else ()
        return replace(self.request, density=density, chords=chords)

    def wanted(self, answer: Accompaniment) -> Accompaniment:
        """An answer without the tracks that nobody wants; what was there stays in its order.

        Where only some bars are played anew no other part comes in. It tells what was asked.
        """
        answer = replace(answer, origin=replace(answer.origin, asked=self.words))
        order = [track.name for track in self.composition.accompaniment]
        parts = frozenset(order) if self.request.bars is not None else self.parts
        if parts is None:
            return answer
        tracks = [track for track in answer.tracks if track.name in parts]
        tracks.sort(
            key=lambda track: order.index(track.name) if track.name in order else len(order)
        )
        return replace(answer, tracks=tuple(tracks))


@dataclass(frozen=True, slots=True)
class Round:
    """The takes of one request, and where their music ends, in ticks.

    ``asked`` is None for one that the library gave back. One that still lies there has ``stored``,
    the names of its takes, take A first, and no ``takes``.
    """

    takes: tuple[BandTake, ...] = ()
    end: int = 0
    asked: Asked | None = None
    stored: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Which request it was, in some words."""
        if self.takes and self.takes[0].accompaniment.origin.asked:
            return self.takes[0].accompaniment.origin.asked
        return told_origin(self.takes[0].accompaniment.origin) if self.takes else ""


def told_origin(origin: Origin) -> str:
    """Who played, and with which seed."""
    return f"{origin.model}, varied" if origin.blend else f"{origin.model}, seed {origin.seed}"


def round_of(
    answers: Sequence[Accompaniment], composition: Composition, asked: Asked | None = None
) -> Round:
    """The takes as they are listed beside a composition."""
    meters = meter_map(composition)
    end = max(composition.melody.end, 1)
    words = describe_takes([answer.tracks for answer in answers], meters.position_at(end - 1).bar)
    ends = [track.end for answer in answers for track in answer.tracks]
    takes = tuple(
        BandTake(f"Take {LETTERS[index % len(LETTERS)]}", word, answer)
        for index, (word, answer) in enumerate(zip(words, answers, strict=True))
    )
    return Round(takes, meters.bar_end(max(end, *ends)), asked)


def stored_rounds(library: Library, composition_id: str) -> tuple[Round, ...]:
    """What the library holds of a composition's requests, the first one first, music unread.

    Called on a worker thread. Raises `StoreError`.
    """
    rounds: list[list[str]] = []
    letter = ""
    for entry in reversed(library.accompaniments(composition_id)):
        before, letter = letter, _letter(entry)
        if not rounds or letter <= before:
            rounds.append([])
        rounds[-1].append(entry.id)
    return tuple(Round(stored=tuple(each)) for each in rounds[-MOST_ROUNDS:])


def _letter(entry: LibraryEntry) -> str:
    """Of "Ode to Joy, Take B" the B: letters that do not rise begin another request."""
    return entry.title[-1:]


def read_round(library: Library, stored: Round, composition: Composition) -> Round:
    """A round with its music. Called on a worker thread. Raises `StoreError`."""
    answers = [Accompaniment(*library.load_accompaniment(each)) for each in stored.stored]
    return round_of(answers, composition)
