"""The Settings page: its sections under each other; every change is applied at once."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.pages.layout import ColumnPage
from desktop.settings.appearance import AppearanceSection
from desktop.settings.files import FilesSection
from desktop.settings.generation import GenerationSection
from desktop.settings.keyboards import KeyboardsSection
from desktop.settings.shortcut_section import HelpSection
from desktop.settings.sound import SoundSection

if TYPE_CHECKING:
    from desktop.app import App

SECTIONS = (
    KeyboardsSection,
    SoundSection,
    GenerationSection,
    AppearanceSection,
    FilesSection,
    HelpSection,
)


class SettingsPage(ColumnPage):
    """Keyboards, sound, generation, appearance, files, help."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent)
        for section in SECTIONS:
            self.add(section(app))
