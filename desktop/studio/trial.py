"""Music that a card tries out: seen and heard while the card is open, an edit only when applied."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from desktop.studio.desk import Desk
from desktop.widgets.floating_card import FloatingCard

Card = TypeVar("Card", bound=FloatingCard)
PREVIEW_MS = 40
"""Sliders that are drawn ask for no more pictures than the eye follows."""


class Trial(Generic[Card]):
    """The life of one card: made when it is first asked for, tried out soon after each change.

    ``show`` lets the desk try out what the card says; it is called while the card is open alone.
    ``put_away`` is called when that is over, applied or not.
    """

    def __init__(
        self,
        owner: QObject,
        desk: Desk,
        make: Callable[[], Card],
        show: Callable[[], None],
        put_away: Callable[[], None] = lambda: None,
        *,
        soon_ms: int = PREVIEW_MS,
    ) -> None:
        self._desk, self._make, self._show, self._put_away = desk, make, show, put_away
        self._made: Card | None = None
        self._soon = QTimer(owner)
        self._soon.setSingleShot(True)
        self._soon.setInterval(soon_ms)
        self._soon.timeout.connect(self.show)

    @property
    def card(self) -> Card:
        """The card."""
        if self._made is None:
            self._made = self._make()
            self._made.closed.connect(self.end)
        return self._made

    @property
    def is_open(self) -> bool:
        """Whether the card is there for the user."""
        return self._made is not None and self._made.isVisible()

    def open(self) -> None:
        """Open the card, in the place of others, and try out what it says."""
        self.card.open()
        self.show()

    def show_soon(self) -> None:
        """Try out what the card says, once for several changes in a row."""
        if not self._soon.isActive():
            self._soon.start()

    def show(self) -> None:
        """Try out what the card says now."""
        if self.is_open:
            self._show()

    def rest(self) -> None:
        """Show and play the composition itself again; the card stays."""
        self._soon.stop()
        self._desk.try_out(None)

    def end(self) -> None:
        """Close the card; the composition is as it was before."""
        if self._made is not None:
            self._made.hide()
        self._put_away()
        self.rest()
