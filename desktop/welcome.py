"""The first song: one press plays a sample melody, and the band comes in when it is ready."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

from desktop.actions import shown_key
from engine.files.melodies import sample_melodies
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App
    from desktop.pages.studio import StudioPage

FIRST = "ode-to-joy"
LISTEN = "The melody alone; the band comes in as soon as it is ready."
THERE = (
    "That is your first song. Choose another take on the right, press {key} for new ones, "
    "or play your own melody with the keys A to K."
)


class FirstSong(QObject):
    """Leads from the empty Studio to a melody that sounds with a band, without a keyboard."""

    def __init__(self, app: "App", page: "StudioPage") -> None:
        super().__init__(page)
        self._app, self._page = app, page
        self._opening = self._waiting = False
        page.area.empty.first_song_asked.connect(self.begin)
        # Queued: the page shows a song after it is loaded, and a take after all are listed.
        queued = Qt.ConnectionType.QueuedConnection
        app.document.loaded.connect(self._on_loaded, queued)
        page.generation.takes_changed.connect(self._on_takes, queued)
        page.generation.busy_changed.connect(self._on_busy, queued)

    @Slot()
    def begin(self) -> None:
        """Open the melody."""
        path = next(each.path for each in sample_melodies() if each.path.stem == FIRST)
        self._opening = True
        self._app.open_file(path)

    @Slot(object)
    def _on_loaded(self, _composition: Composition) -> None:
        """Another song that is opened meanwhile ends it."""
        self._waiting, self._opening = self._opening, False
        if self._waiting:
            self._app.actions["loop"].setChecked(True)
            self._page.band.generate()
            if self._page.generation.busy:
                self._page.playback.play_from(0)
                self._app.messages.tell(LISTEN)

    @Slot()
    def _on_takes(self) -> None:
        if not self._waiting or not self._page.generation.takes:
            return
        self._waiting = False
        if not self._page.playback.playing:
            self._page.band.listen(0)
        self._app.messages.tell(THERE.format(key=self._key()), "good")

    def _key(self) -> str:
        keys = self._app.actions["generate"].shortcuts()
        return shown_key(keys[0].toString()) if keys else "Generate"

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        """It was cancelled, or failed, which is told where it happened."""
        if not busy and not self._page.generation.takes:
            self._waiting = False
