"""How the window looks and moves."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.settings.form import Choice, Section

if TYPE_CHECKING:
    from desktop.app import App

THEMES = (("As the system", "system"), ("Dark", "dark"), ("Light", "light"))


class AppearanceSection(Section):
    """Theme and motion."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Appearance", parent)
        self._app = app
        self._theme = Choice(THEMES)
        self._theme.activated.connect(self._on_theme)
        self._still = QCheckBox("Leave out animations")
        self._still.clicked.connect(self._on_still)
        self.add_row("Theme", self._theme)
        self.add_row("Motion", self._still, "The system's own wish is followed in any case.")
        app.settings_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        self._theme.show_value(self._app.settings.theme)
        self._still.setChecked(self._app.settings.reduced_motion)

    @Slot()
    def _on_theme(self) -> None:
        self._app.change_settings(theme=self._theme.value)

    @Slot(bool)
    def _on_still(self, on: bool) -> None:
        self._app.change_settings(reduced_motion=on)
