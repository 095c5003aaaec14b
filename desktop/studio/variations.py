"""Takes made out of takes: more like one of them, and the way from one to another."""

from collections.abc import Callable
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.studio.desk import Desk
from desktop.studio.generation import Generation
from desktop.studio.rounds import Asked, BandTake
from engine.generation.flavours import Flavour, flavour_of, near, path
from engine.generation.request import MAX_SEED, Request
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App

FEW_STEPS, MANY_STEPS = 3, 5
"""Takes between two."""


class Variations(QObject):
    """Asks for takes near another one and between two; each answer is a round of its own."""

    def __init__(
        self,
        app: "App",
        generation: Generation,
        desk: Desk,
        request: Callable[[Composition], Request],
        parent: QObject | None = None,
    ) -> None:
        """``request`` makes one from what the panel says now."""
        super().__init__(parent)
        self._app = app
        self._generation = generation
        self._desk = desk
        self._request = request

    @Slot(int)
    def more_like(self, index: int) -> None:
        """Ask for takes near one of those listed."""
        take, seed = self._generation.takes[index], SystemRandom().randint(0, MAX_SEED)
        if self._can_vary(take):
            flavour = flavour_of(take.accompaniment.origin)
            count = self._request(self._desk.shown).takes
            flavours = near(flavour, seed, count, self._noise_size)
            self._ask(flavours, seed, f"more like {take.name} of {self._number}")

    @Slot(int, int)
    def go_between(self, index: int, other: int) -> None:
        """Ask for the takes on the way from one to another."""
        first, last = self._generation.takes[index], self._generation.takes[other]
        if self._can_vary(first) and self._can_vary(last):
            ends = [flavour_of(take.accompaniment.origin) for take in (first, last)]
            many = self._request(self._desk.shown).takes > FEW_STEPS
            steps = MANY_STEPS if many else FEW_STEPS
            flavours = tuple(path(ends[0], ends[1], steps, self._noise_size))
            words = f"{first.name} to {last.name[-1]} of {self._number}"
            self._ask(flavours, first.accompaniment.origin.seed, words)

    @property
    def _number(self) -> int:
        return self._generation.at + 1

    @property
    def _noise_size(self) -> int:
        generator = self._app.generator
        return generator.card.noise_size if generator is not None else 1

    def _can_vary(self, take: BandTake) -> bool:
        """Whether the model that played it is the one in use; a sentence where it is not."""
        origin, generator = take.accompaniment.origin, self._app.generator
        if generator is not None and generator.sha256 == origin.model_sha256:
            return True
        another = generator is None or generator.card.name != origin.model
        which = origin.model if another else f"another version of {origin.model}"
        self._app.messages.tell(
            f"{take.name} was played by {which}. Only the model that played a take can vary it: "
            "choose it above."
        )
        return False

    def _ask(self, flavours: tuple[Flavour, ...], seed: int, words: str) -> None:
        """As the round was asked for: its bars, its locked parts; else as the panel says now."""
        asked = self._generation.round.asked or self._as_now()
        now = self._request(self._desk.shown)
        request = replace(
            asked.request,
            seed=seed,
            takes=len(flavours),
            first_take=0,
            flavours=flavours,
            adventure=now.adventure,
            density=now.density,
            chords=now.chords,
        )
        self._generation.generate(self._current(asked), request, words)

    def _as_now(self) -> Asked:
        shown = self._desk.shown
        return Asked(shown, self._request(shown))

    def _current(self, asked: Asked) -> Composition:
        """What the round was asked of, with the melody as it is now."""
        shown = self._desk.shown
        return shown.with_accompaniment(asked.composition.accompaniment, asked.composition.origin)
