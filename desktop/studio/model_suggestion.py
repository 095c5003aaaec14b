"""Offers the model that suits the melody, beside the one in use; nothing is chosen by itself."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.studio.desk import Desk
from desktop.widgets.band_panel import BandPanel
from engine.errors import MusicError
from engine.generation.model_card import ModelCard
from engine.generation.suitability import suggested

if TYPE_CHECKING:
    from desktop.app import App

PAUSE_MS = 400
"""After the last change of the melody."""
FEWEST_NOTES = 8
MOST_NOTES = 5_000
WHY = "{} may suit this melody better: {}. Press to choose it; {} stays in the list."


class ModelSuggestion(QObject):
    """Looks at the melody when it has come to rest."""

    def __init__(
        self, app: "App", panel: BandPanel, desk: Desk, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._panel = panel
        self._desk = desk
        self._looked_at: object = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(PAUSE_MS)
        self._rest.timeout.connect(self.look)
        desk.changed.connect(self._wait)
        app.generator_changed.connect(self._wait)
        app.models_changed.connect(self._wait)

    @Slot()
    def _wait(self) -> None:
        self._rest.start()

    @Slot()
    def look(self) -> None:
        """Offer a model, or none."""
        shown, generator = self._desk.shown, self._app.generator
        notes = len(shown.melody.notes)
        seen = (shown.melody.notes, shown.meters, generator, self._app.models)
        if seen == self._looked_at:
            return
        self._looked_at = seen
        name, title, why = "", "", ""
        if generator is not None and FEWEST_NOTES <= notes <= MOST_NOTES:
            name, title, why = self._found(generator.card)
        self._panel.suggest(name, f"Try the model {title}", why)

    def _found(self, current: ModelCard) -> tuple[str, str, str]:
        """A model's name, its title and why."""
        models = [each for each in self._app.models if each.card is not None and not each.problem]
        cards = [each.card for each in models if each.card is not None]
        if current not in cards:
            return "", "", ""
        try:
            found = suggested(self._desk.shown, cards, cards.index(current))
        except MusicError:  # a melody that no model can accompany: Generate says so
            return "", "", ""
        if found is None:
            return "", "", ""
        title = cards[found.index].name
        return models[found.index].name, title, WHY.format(title, found.why, current.name)
