"""The Studio page: puts its parts together and connects them."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from desktop.app import App


class StudioPage(QWidget):
    """Record, generate, listen, keep, mix, export."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
