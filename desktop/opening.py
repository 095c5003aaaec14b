"""Files that are opened: MIDI files and songs, one into the Studio, several into the Library."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.document import new_composition_id
from desktop.jobs import JobControl
from engine.errors import TuttiError
from engine.files.melodies import sample_melodies
from engine.files.midi import ImportedMidi, read_midi
from engine.music.composition import Composition
from engine.store.song_file import SUFFIX, Song, read_song
from engine.store.songs import TakenInSong, take_in_song

if TYPE_CHECKING:
    from desktop.app import App

MIDI_SUFFIXES = (".mid", ".midi", ".kar", ".smf")
MUSIC_SUFFIXES = (*MIDI_SUFFIXES, SUFFIX)
MOST_AT_ONCE = 200
ANOTHER = " The right button on another track's head makes that the melody."

log = logging.getLogger(__name__)


class Opening(QObject):
    """Reads files off the GUI thread and makes music of them."""

    song_opened = Signal(str, object)
    """A composition's id, and the song file that it came from."""

    def __init__(self, app: "App") -> None:
        super().__init__(app)
        self._app = app

    def open_file(self, path: Path) -> None:
        """Make a file the composition."""
        if path.suffix.lower() == SUFFIX:
            self._open_song(path)
        else:
            self._open_midi(path)

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open one in the Studio; take several into the Library."""
        if len(paths) == 1:
            self.open_file(paths[0])
        else:
            self._take_in(tuple(paths[:MOST_AT_ONCE]), len(paths))

    def _open_midi(self, path: Path) -> None:
        def done(imported: ImportedMidi) -> None:
            self._app.document.load(named(imported.composition, path))
            log.info("Opened %s", path.name)
            if path.resolve() not in sample_names():
                self._app.recent.add(path)
                self._app.messages.tell(" ".join((told_melody(imported), *imported.remarks)))

        self._app.jobs.run(lambda control: read_midi(path), done, title=f"Opening {path.name}")

    def _open_song(self, path: Path) -> None:
        library = self._app.library

        def work(control: JobControl) -> tuple[Song, TakenInSong]:
            song = read_song(path)
            return song, take_in_song(library, song, path.name)

        def done(opened: tuple[Song, TakenInSong]) -> None:
            song, taken = opened
            self._app.document.load(song.composition, taken.id)
            self._app.recent.add(path)
            self.song_opened.emit(taken.id, path)
            self._app.messages.tell(song_words(song, taken), "good")

        self._app.jobs.run(work, done, title=f"Opening {path.name}")

    def _take_in(self, paths: tuple[Path, ...], asked: int) -> None:
        library = self._app.library

        def work(control: JobControl) -> list[str]:
            refused = []
            for number, path in enumerate(paths):
                control.check()
                control.progress(number / len(paths), path.name)
                try:
                    if path.suffix.lower() == SUFFIX:
                        take_in_song(library, read_song(path), path.name)
                    else:
                        music = named(read_midi(path).composition, path)
                        library.autosave(new_composition_id(), music)
                except TuttiError as error:
                    refused.append(str(error))
            return refused

        def done(refused: list[str]) -> None:
            taken = len(paths) - len(refused)
            of = f" of {asked}" if asked > taken else ""
            words = f"{taken}{of} files are in the Library now."
            self._app.messages.tell(
                " ".join((words, *refused[:1])), "warning" if refused else "good"
            )

        self._app.jobs.run(work, done, title="Opening files")

    def drop(self, files: Sequence[Path]) -> None:
        """Open what was dropped, and show where it stands."""
        page = "page_studio" if len(files) == 1 else "page_library"
        self._app.actions[page].trigger()
        self.open_files(files)


def song_words(song: Song, taken: TakenInSong) -> str:
    """What came with a song."""
    parts = (
        (len(song.takes), "recording", "recordings"),
        (len(song.versions), "earlier version", "earlier versions"),
        (len(song.bands), "take of the band", "takes of the band"),
    )
    told = [f"{count} {one if count == 1 else more}" for count, one, more in parts if count]
    words = f"{song.composition.title} is open" + (f", with {', '.join(told)}." if told else ".")
    if taken.replaced:
        words += " The library had it in another state, which is among its versions."
    return words


def named(composition: Composition, path: Path) -> Composition:
    """A sample melody under its own name; any other file's music as it is."""
    return replace(composition, title=sample_names().get(path.resolve(), composition.title))


def sample_names() -> dict[Path, str]:
    """The sample melodies' names by their files; of these nothing has to be explained."""
    return {sample.path: sample.name for sample in sample_melodies()}


def told_melody(imported: ImportedMidi) -> str:
    """Which track was taken as the melody, and how to take another."""
    return imported.melody_choice + (ANOTHER if len(imported.composition.tracks) > 1 else "")
