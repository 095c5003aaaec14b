"""Earlier states of the song that is open, kept by themselves at sensible moments."""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Slot

from desktop.document import Document
from engine.music.composition import Composition
from engine.store.library import Library

OFTEN_SECONDS = 600.0
"""While somebody works, a state is kept at least this often."""
MOST_COMPARED = 6_000  # notes, in a few milliseconds; above it their number has to do
LARGE_SHARE = 0.25
OPENED = "As it was opened"
WORKING = "While you worked"


class VersionKeeping(QObject):
    """Keeps what was before the first edit, before every large one, and once in a while."""

    def __init__(
        self,
        library: Library,
        document: Document,
        parent: QObject,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(parent)
        self._library, self._document, self._clock = library, document, clock
        self._before = document.composition
        self._kept_at: float | None = None
        document.loaded.connect(self._on_loaded)
        document.undo_stack.indexChanged.connect(self._on_step)

    @Slot(object)
    def _on_loaded(self, composition: Composition) -> None:
        self._before, self._kept_at = composition, None

    @Slot(int)
    def _on_step(self, _index: int) -> None:
        """An edit, an undo or a redo is done; what was before it is still at hand."""
        before, after = self._before, self._document.composition
        if after is before or after == before:
            return
        self._before = after
        title = self._why(before, after)
        if title and any(track.notes for track in before.tracks):
            self._kept_at = self._clock()
            self._library.versions.keep(self._document.composition_id, before, title)

    def _why(self, before: Composition, after: Composition) -> str:
        """What the state before a step is kept as; empty where it need not be."""
        if self._kept_at is None:
            return OPENED
        if is_large_step(before, after):
            name = self._document.undo_stack.undoText() or self._document.undo_stack.redoText()
            return f"Before {name[:1].lower()}{name[1:]}" if name else WORKING
        return WORKING if self._clock() - self._kept_at >= OFTEN_SECONDS else ""


def is_large_step(before: Composition, after: Composition) -> bool:
    """Whether tracks came or went, another band plays, or many notes changed."""
    if len(before.tracks) != len(after.tracks) or before.origin != after.origin:
        return True
    changed = sum(
        _changed(old.notes, new.notes)
        for old, new in zip(before.tracks, after.tracks, strict=True)
        if old.notes is not new.notes
    )
    notes = sum(len(track.notes) for track in before.tracks)
    return changed > max(1.0, LARGE_SHARE * notes)


def _changed(old: tuple[object, ...], new: tuple[object, ...]) -> int:
    """How many notes of a track are others than before."""
    if len(old) + len(new) > MOST_COMPARED:
        return abs(len(old) - len(new))
    return len(set(old) - set(new))
