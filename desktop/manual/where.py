"""Which page of the manual fits what is on the screen."""

from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.faults import FaultDialog
from desktop.library.storage_dialog import StorageDialog
from desktop.library.versions_dialog import VersionsDialog
from desktop.main_window import MainWindow
from desktop.pages.studio import StudioPage
from desktop.pages.train import TrainPage
from desktop.palette import Palette
from desktop.shortcuts_dialog import ShortcutsDialog
from desktop.studio.chord_dialogs import ChordSheetDialog, PlayedChordsDialog
from desktop.studio.export_dialog import ExportDialog
from desktop.widgets.fit_card import FitCard
from desktop.widgets.floating_card import FloatingCard
from desktop.widgets.passes_card import PassesCard
from desktop.widgets.tempo_card import TempoCard
from desktop.widgets.timing_card import TimingCard

Place = tuple[str, str]
FIRST: Place = ("first-song", "")
OF_PAGES: dict[str, Place] = {"Library": ("library", ""), "Settings": ("settings", "")}
OF_TABS: dict[str, Place] = {
    "Run": ("training", ""),
    "Data": ("training", "music-to-learn-from"),
    "Learn": ("training", "learn-how-it-works"),
}
OF_CARDS: dict[type[FloatingCard], Place] = {
    TimingCard: ("timing", "the-timing-card"),
    FitCard: ("recording", "playing-without-a-click"),
    PassesCard: ("recording", "round-and-round"),
    TempoCard: ("timing", "tempo-and-meter"),
}
OF_DIALOGS: dict[type[QDialog], Place] = {
    ChordSheetDialog: ("chords", "write-all-of-them"),
    ExportDialog: ("files", "audio"),
    FaultDialog: ("troubleshooting", "tutti-did-something-wrong"),
    Palette: ("window", "find-a-command-by-its-name"),
    PlayedChordsDialog: ("chords", "take-them-from-what-is-there"),
    ShortcutsDialog: ("keys", ""),
    StorageDialog: ("files", "backup-and-room-on-the-disk"),
    VersionsDialog: ("files", "how-it-was-before"),
}


def fitting(window: MainWindow) -> Place:
    """The place of the manual that tells of what the user sees: a page and a section."""
    for kind, place in OF_DIALOGS.items():
        if isinstance(QApplication.activeModalWidget(), kind):
            return place
    page: QWidget | None = window.page_widget(window.page) if window.page else None
    if isinstance(page, StudioPage):
        return _of_studio(page)
    if isinstance(page, TrainPage):
        return OF_TABS[page.tab]
    return OF_PAGES.get(window.page, FIRST)


def _of_studio(studio: StudioPage) -> Place:
    """A card over the lanes first, then what goes on, then what there is."""
    for card in studio.findChildren(FloatingCard):
        if card.isVisible():
            return OF_CARDS.get(type(card), FIRST)
    if studio.recording.active:
        return ("recording", "")
    if studio.area.lanes.opened is not None:
        return ("editor", "")
    if studio.generation.takes:
        return ("takes", "")
    return FIRST
