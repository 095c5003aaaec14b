"""Compositions and takes: what was played and made in the Studio."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QInputDialog

from desktop.drag_folder import DragFolder
from desktop.jobs import JobControl
from desktop.keeping import composition_of
from desktop.library.lines import Line, ShelfName, entry_lines
from desktop.library.requests import LibraryRequests
from desktop.library.shelf import LineAction, Lines, Shelf
from desktop.library.versions_dialog import show_versions
from desktop.messages import MessageAction
from engine.errors import TuttiError
from engine.files.file_names import safe_name
from engine.music.composition import Composition
from engine.store.entries import LibraryEntry
from engine.store.song_file import SUFFIX, write_song
from engine.store.songs import song_of

if TYPE_CHECKING:
    from desktop.app import App

FLUSH_SECONDS = 2.0
"""While a drag waits for its file."""


class MusicShelf(Shelf):
    """What the library itself stores."""

    _tags: frozenset[str] = frozenset()
    """All tags on the shelf."""

    def read(self, done: Callable[[Lines], None]) -> None:
        """Read the entries off the GUI thread."""

        def found(lines: Lines) -> None:
            self._tags = frozenset(tag for line in lines for tag in line.tags)
            done(lines)

        self._app.jobs.run(
            lambda control: entry_lines(self._entries(), time.time(), self.name),
            found,
            title="Reading the library",
        )

    def tools(self) -> tuple[LineAction, ...]:
        """Only what bears a tag."""
        search = self._requests.search_asked.emit
        choices = tuple(
            LineAction(tag, tag.replace("&", "&&"), partial(search, f"#{tag}"))
            for tag in sorted(self._tags, key=str.casefold)
        )
        if not choices:
            return ()
        everything = LineAction("", "All", partial(search, ""))
        return (
            LineAction(
                "filter", "Tags", lambda: None, "tag-outline", tip="Show only what bears a tag",
                choices=(everything, *choices),
            ),
        )  # fmt: skip

    def actions(self, line: Line) -> tuple[LineAction, ...]:
        """Open, hear, rename, tag, copy, delete."""
        heard = self._app.preview.name == line.id
        return (
            LineAction("open", "Open in the Studio", lambda: self.open(line), kind="primary"),
            LineAction(
                "listen",
                "Stop" if heard else "Listen",
                lambda: self._listen(line),
                "stop" if heard else "play",
            ),
            *self._more_actions(line),
            self._rename_action(line),
            LineAction(
                "tags",
                "Tags",
                lambda: None,
                "tag-outline",
                tip="Words to find it again; a search for #word finds what bears it",
                choices=self._tag_choices(line),
            ),
            LineAction("duplicate", "Duplicate", lambda: self._duplicate(line), "content-copy"),
            self._delete_action(line),
        )

    def _more_actions(self, line: Line) -> tuple[LineAction, ...]:
        return ()

    def _tag_choices(self, line: Line) -> tuple[LineAction, ...]:
        """A row for each tag there is, to be put on or taken off, and one for a new one."""
        known = sorted(self._tags | set(line.tags), key=str.casefold)
        return (
            *(
                LineAction(tag, f"{'✓ ' if tag in line.tags else ''}{tag}".replace("&", "&&"),
                           partial(self._switch_tag, line, tag))
                for tag in known
            ),
            LineAction("new", "New tag …", lambda: self._ask_tag(line)),
        )  # fmt: skip

    def _switch_tag(self, line: Line, tag: str) -> None:
        tags = self._app.library.tags
        (tags.remove if tag in line.tags else tags.add)(line.id, tag)

    def _ask_tag(self, line: Line) -> None:
        window = QApplication.activeWindow()
        text, taken = QInputDialog.getText(window, "New tag", f"A tag for {line.title}")
        if taken:
            self._app.library.tags.add(line.id, text)

    def _duplicate(self, line: Line) -> None:
        self._app.library.duplicate(line.id, f"{line.title} (copy)")

    def rename(self, line: Line, title: str) -> None:
        """Another title, in the Studio too where it is open."""
        document = self._app.document
        if line.id == document.composition_id:
            document.edit(replace(document.composition, title=title), "Rename")
        self._app.library.rename(line.id, title)

    def delete(self, line: Line) -> None:
        """Into the library's trash; an open composition leaves an empty Studio."""
        if self._app.preview.name == line.id:
            self._app.preview.stop()
        if line.id == self._app.document.composition_id:
            self._app.new_composition()
        self._app.library.delete(line.id)
        undo = MessageAction("Undo", lambda: self._app.library.restore(line.id))
        self._app.messages.tell(f"{line.title} is deleted.", "info", undo)

    def _entries(self) -> tuple[LibraryEntry, ...]:
        raise NotImplementedError

    def _music(self, line: Line) -> Composition:
        """The music of a line. Called on a worker thread."""
        raise NotImplementedError

    def _with_music(self, line: Line, use: Callable[[Composition], None]) -> None:
        def work(control: JobControl) -> Composition:
            return self._music(line)

        self._app.jobs.run(work, use, title=f"Opening {line.title}")

    def _listen(self, line: Line) -> None:
        if self._app.preview.name == line.id:
            self._app.preview.stop()
            return
        self._with_music(line, lambda music: self._hear(line, music))

    def _hear(self, line: Line, music: Composition) -> None:
        if self._app.synth.problem is not None:
            self._app.messages.tell(self._app.synth.problem, "warning")
            return
        self._app.preview.start(music, line.id)
        self.told_anew.emit()


class CompositionShelf(MusicShelf):
    """Everything that was open in the Studio."""

    name: ClassVar[ShelfName] = "Compositions"
    icon = "music-clef-treble"
    empty = "No composition yet. What you play or open in the Studio is kept here."

    def __init__(
        self, app: "App", requests: LibraryRequests, parent: QObject | None = None
    ) -> None:
        super().__init__(app, requests, parent)
        self._dragged = DragFolder(self)
        app.closing.connect(self._dragged.clean)

    def _more_actions(self, line: Line) -> tuple[LineAction, ...]:
        return (
            LineAction(
                "versions",
                "Versions …",
                lambda: show_versions(self._app, line.id, line.title, QApplication.activeWindow()),
                "file-clock-outline",
                tip="How it was before: listen, take it back",
            ),
        )

    def tools(self) -> tuple[LineAction, ...]:
        """Only what bears a tag; the backup of all."""
        storage = self._app.actions["storage"]
        return (
            *super().tools(),
            LineAction(
                "storage", "Backup …", storage.trigger, "archive-outline", tip=storage.toolTip()
            ),
        )

    def drags(self, line: Line) -> bool:
        """Every song can go to another machine."""
        return True

    def file_of(self, line: Line) -> Path | None:
        """A song file, made when it is dragged."""
        library = self._app.library
        try:
            path = self._dragged.place(f"{safe_name(line.title)}{SUFFIX}")
            library.flush(FLUSH_SECONDS)
            write_song(song_of(library, line.id), path)
        except (TuttiError, OSError) as error:
            self._app.messages.tell(str(error), "error")
            return None
        return path

    def open(self, line: Line) -> None:
        """Go on with it in the Studio."""
        self._app.preview.stop()
        self._app.keeping.open_composition(line.id)
        self._requests.studio_asked.emit()

    def _entries(self) -> tuple[LibraryEntry, ...]:
        return tuple(self._app.library.compositions())

    def _music(self, line: Line) -> Composition:
        return self._app.library.load_composition(line.id)


class TakeShelf(MusicShelf):
    """Every recording as it was played."""

    name: ClassVar[ShelfName] = "Takes"
    icon = "record-circle-outline"
    empty = "No take yet. Every recording is kept here as it was played."

    def open(self, line: Line) -> None:
        """Begin a new composition with it."""
        self._app.preview.stop()
        self._with_music(line, self._app.document.load)
        self._requests.studio_asked.emit()

    def _entries(self) -> tuple[LibraryEntry, ...]:
        return tuple(self._app.library.takes())

    def _music(self, line: Line) -> Composition:
        take = self._app.library.load_take(line.id)
        return composition_of(take, line.title, self._app.settings.snap)
