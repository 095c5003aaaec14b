"""Files that come to the window: opened, or dropped where the hand happens to be."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.soak.hand import Button, Modifiers
from tests.soak.reach import Reach
from tests.tiny_models import write_tiny_model

MOST_BYTES = 3_000


class FileDeeds:
    """Opens songs, and drops what people drop: music, models, folders, and all that is neither."""

    def __init__(self, reach: Reach) -> None:
        self._reach, self._hand = reach, reach.hand
        self._folder = reach.folder / "dropped"
        self._folder.mkdir()

    def open_song(self) -> str:
        """A file, or a song of the library."""
        there = [song for song in self._reach.songs if song.is_file()]
        kept = self._reach.app.library.compositions() if self._hand.likely(0.5) else ()
        if kept:
            song = self._hand.one_of(kept[:50])
            self._reach.app.keeping.open_composition(song.id)
            return f"open {song.title!r} of the library"
        file = self._hand.one_of(there)
        self._reach.app.open_file(file)
        return f"open {file.name}"

    def drop(self) -> str:
        """Drag files over the window and let go, or go away with them."""
        makers: Sequence[Callable[[], list[Path]]] = (
            self._music, self._music, self._models, self._rubbish, self._folders, self._nothing,
        )  # fmt: skip
        files = [path for _ in range(self._hand.one_of((1, 1, 2))) for path in self._one(makers)]
        over = self._widget()
        place = self._hand.place_in(over.rect())
        stays = self._hand.likely(0.8)
        drop_at(over, place, files, stays=stays)
        names = ", ".join(path.name for path in files)
        return f"{'drop' if stays else 'drag'} {names} on {type(over).__name__}"

    def _one(self, makers: Sequence[Callable[[], list[Path]]]) -> list[Path]:
        return self._hand.one_of(makers)()

    def _widget(self) -> QWidget:
        """Anything that is seen, as deep as it lies."""
        window = self._reach.window
        return self._hand.one_of([window, *self._reach.seen(window)])

    def _music(self) -> list[Path]:
        there = [song for song in self._reach.songs if song.is_file()]
        return self._hand.chance.sample(there, k=min(len(there), self._hand.one_of((1, 1, 1, 3))))

    def _models(self) -> list[Path]:
        model = self._folder / "small.onnx"
        if not model.exists():
            write_tiny_model(model, name="Small")
        return [model]

    def _rubbish(self) -> list[Path]:
        """Bytes under a name that promises more, some of them cut from what would be right."""
        hand = self._hand
        path = self._folder / hand.one_of(("x.mid", "y.tutti", "z.onnx", "words.txt", "big.MID"))
        whole = hand.one_of(self._reach.songs).read_bytes() if hand.likely(0.5) else b""
        cut = whole[: hand.chance.randrange(MOST_BYTES)]
        path.write_bytes(cut or hand.chance.randbytes(hand.chance.randrange(MOST_BYTES)))
        return [path]

    def _folders(self) -> list[Path]:
        folder = self._folder / "folder"
        if not folder.exists():
            folder.mkdir()
            for song in self._reach.songs[:3]:
                shutil.copy(song, folder)
        return [folder]

    def _nothing(self) -> list[Path]:
        """A file that went away while it was dragged."""
        return [self._folder / "gone.mid"]


def drop_at(widget: QWidget, place: QPoint, files: Sequence[Path], *, stays: bool = True) -> None:
    """The events of a drag from another program, which Qt takes to whoever accepts it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    held = (Qt.DropAction.CopyAction, mime, Button.LeftButton, Modifiers.NoModifier)
    enter = QDragEnterEvent(place, *held)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return
    QApplication.sendEvent(widget, QDragMoveEvent(place, *held))
    leaves = QDropEvent(QPointF(place), *held) if stays else QDragLeaveEvent()
    QApplication.sendEvent(widget, leaves)
