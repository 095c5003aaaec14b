"""Step after step: another model adds to what is played, and every band kept can be had again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMenu

from desktop.studio.desk import Desk
from desktop.studio.generation import Generation
from desktop.studio.song_steps import at_step, step_of
from desktop.widgets.band_panel import BandPanel
from desktop.widgets.menus import add_row, empty
from engine.generation.model_card import ModelCard
from engine.generation.request import Request
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App

NO_OTHERS = "There is no other model yet."


class Steps(QObject):
    """Asks other models for parts under or over what is played; walks back to earlier steps."""

    def __init__(
        self,
        app: "App",
        panel: BandPanel,
        generation: Generation,
        desk: Desk,
        request: Callable[[Composition], Request],
        parent: QObject | None = None,
    ) -> None:
        """``request`` makes one from what the panel says now."""
        super().__init__(parent)
        self._app = app
        self._panel = panel
        self._generation = generation
        self._desk = desk
        self._request = request
        menu = panel.next_step.menu()
        menu.aboutToShow.connect(partial(self.fill, menu))
        panel.step_chosen.connect(self.walk_to)
        desk.changed.connect(self._show)

    # The next step

    def fill(self, menu: QMenu) -> None:
        """A menu for each model, with the parts that it could add or play in place of others."""
        empty(menu)
        models = [each for each in self._app.models if each.card is not None and not each.problem]
        for model in models:
            if model.card is not None:
                self._fill_model(menu.addMenu(_titled(model.card.name)), model.name, model.card)
        if not models:
            menu.addAction(NO_OTHERS).setEnabled(False)

    def _fill_model(self, menu: QMenu, name: str, card: ModelCard) -> None:
        here = {track.name for track in self._desk.shown.accompaniment}
        new = [part for part in card.track_names if part not in here]
        if len(new) > 1:
            add_row(menu, f"Add {_listed(new)}", partial(self.ask, name, new))
        for part in new:
            add_row(menu, f"Add {part.lower()}", partial(self.ask, name, [part]))
        old = [part for part in card.track_names if part in here]
        if new and old:
            menu.addSeparator()
        for part in old:
            add_row(menu, f"Play the {part.lower()} anew", partial(self.ask, name, [part]))

    def ask(self, model: str, parts: Sequence[str]) -> None:
        """Let a model play parts; everything else that is played now stays and is told to it."""
        shown = self._desk.shown
        staying = frozenset(track.name for track in shown.accompaniment) - set(parts)
        request = replace(self._request(shown), locked=staying, density={})
        words = f"{_titled(model)}: {_listed(parts)}"
        generator = self._app.generator
        if generator is None or generator.card.name.lower() != model.lower():
            self._app.choose_model(model)
        self._generation.generate(shown, request, words, parts=staying | frozenset(parts))

    # The steps so far

    @Slot(int)
    def walk_to(self, index: int) -> None:
        """Have the band of a step again, as one edit; the step stays where it is in the list."""
        self._generation.show_take(None)
        composition = self._desk.shown
        words = composition.steps[index].words
        self._desk.edit(at_step(composition, index), f"Step {index + 1}: {words}")

    @Slot()
    def _show(self) -> None:
        kept = self._app.document.composition
        self._panel.show_steps([step.words for step in kept.steps], step_of(kept))


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]


def _listed(parts: Sequence[str]) -> str:
    """Such as "drums and strings"."""
    names = [part.lower() for part in parts]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
