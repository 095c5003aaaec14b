"""A track that is dragged out of the Studio arrives elsewhere as a MIDI file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

from desktop.drag_folder import DragFolder
from desktop.messages import Messages
from engine.errors import FileError
from engine.files.file_names import safe_name
from engine.files.midi import write_midi
from engine.music.composition import Composition

EMPTY = "{} holds no notes that could be dragged out."


class TrackDrag(QObject):
    """Writes the track into a folder that goes when the window closes."""

    def __init__(
        self, window: QWidget, shown: Callable[[], Composition], messages: Messages
    ) -> None:
        super().__init__(window)
        self._window, self._shown, self._messages = window, shown, messages
        self._folder = DragFolder(self)

    @Slot(int)
    def start(self, index: int) -> None:
        """Drag a track; returns when it was dropped."""
        dragged = self.dragged(index)
        if dragged is not None:
            drag = QDrag(self._window)
            drag.setMimeData(dragged)
            drag.exec(Qt.DropAction.CopyAction)

    def dragged(self, index: int) -> QMimeData | None:
        """What other programs are given: the address of a MIDI file with the track alone."""
        song = self._shown()
        if not song.tracks[index].notes:
            self._messages.tell(EMPTY.format(song.tracks[index].name))
            return None
        try:
            path = self._written(song, index)
        except (FileError, OSError) as error:
            self._messages.tell(str(error), "error")
            return None
        dragged = QMimeData()
        dragged.setUrls([QUrl.fromLocalFile(str(path))])
        return dragged

    def _written(self, song: Composition, index: int) -> Path:
        track = song.tracks[index]
        path = self._folder.place(f"{safe_name(f'{song.title} - {track.name}')}.mid")
        alone = replace(track, muted=False, soloed=False)
        # The words belong to the melody, the chords to whoever goes on with it.
        lyrics = song.lyrics if index == 0 else ()
        write_midi(replace(song, tracks=(alone,), lyrics=lyrics), path)
        return path

    @Slot()
    def clean(self) -> None:
        """Remove the files; the program ends."""
        self._folder.clean()
