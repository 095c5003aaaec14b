"""Files that are dropped onto a window: each kind goes to whom it is for."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class FileDrop(QObject):
    """Lets files with some endings (lower case, with their dot) be dropped anywhere on a window.

    What is dragged out of the window itself is left alone, and so are all other files: another
    `FileDrop` of the window may want them.
    """

    def __init__(
        self, window: QWidget, suffixes: Sequence[str], take: Callable[[tuple[Path, ...]], None]
    ) -> None:
        super().__init__(window)
        self._suffixes = frozenset(suffixes)
        self._take = take
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what holds such files; leave all else to whoever wants it."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent):
            files = self._files(event.mimeData())
            if files and event.source() is None:
                event.acceptProposedAction()
                if event.type() == QEvent.Type.Drop:
                    self._take(files)
                return True
        return super().eventFilter(watched, event)

    def _files(self, dragged: QMimeData) -> tuple[Path, ...]:
        paths = (Path(url.toLocalFile()) for url in dragged.urls() if url.isLocalFile())
        return tuple(path for path in paths if path.suffix.lower() in self._suffixes)
