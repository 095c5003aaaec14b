"""Writing what is heard, or the whole song, into a file, off the GUI thread."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Job, JobCancelled, JobControl
from desktop.messages import MessageAction
from desktop.settings.folders import open_folder
from desktop.theme import DARK, LIGHT, track_role
from engine.errors import TuttiError
from engine.files.audio import AudioPlan, RenderedAudio, export_audio
from engine.files.midi import write_midi
from engine.files.share_page import SharedSong, write_share_page
from engine.files.sound_file import audio_format
from engine.generation.card_words import card_lines
from engine.live.sound_fonts import find_sound_font
from engine.music.composition import Composition
from engine.music.mix import is_heard
from engine.music.track import DEFAULT_VOLUME
from engine.store.song_file import SUFFIX, write_song
from engine.store.songs import song_of

if TYPE_CHECKING:
    from desktop.app import App

FLUSH_SECONDS = 10.0
PAGE_PLAN = AudioPlan("mp3", level="full")
TOO_LOUD = (
    f"A MIDI file cannot ask for a master volume above {DEFAULT_VOLUME}, which it has there; "
    "export audio to keep yours."
)
BUSY = "One file is still being written. Wait for it, or cancel it."


class Exporting(QObject):
    """Writes one file at a time; tells how far it is and how it ended."""

    started = Signal(str)
    progressed = Signal(float)
    ended = Signal()
    song_saved = Signal(str, object)
    """A composition's id, and the song file that it was saved as."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._job: Job[str] | None = None

    @property
    def busy(self) -> bool:
        """Whether a file is being written."""
        return self._job is not None

    def says_busy(self) -> bool:
        """Whether a file is being written; says so, before anybody is asked where the next goes."""
        if self.busy:
            self._app.messages.tell(BUSY)
        return self.busy

    def export_midi(self, composition: Composition, path: Path) -> None:
        """Write a MIDI file."""
        path = with_suffix(path, ".mid")

        def work(_control: JobControl) -> str:
            write_midi(composition, path)
            return TOO_LOUD if composition.volume > DEFAULT_VOLUME else ""

        if not self.busy:
            self._run(work, path)
            return
        # Done in a moment: it need not wait for sound that is being rendered.
        self._app.jobs.run(
            work, lambda remark: self._done(path, remark), self._failed, f"Writing {path.name}"
        )

    def export_wav(self, composition: Composition, path: Path) -> None:
        """Render to a WAV file, as loud as it is played."""
        self.export_audio(composition, path, AudioPlan(gain=self._app.settings.gain))

    def export_audio(self, composition: Composition, path: Path, plan: AudioPlan) -> None:
        """Render to an audio file, or to a folder of stems."""
        path = with_suffix(path, audio_format(plan.kind).suffix)

        def work(control: JobControl) -> str:
            made = self._rendered(control, composition, path, plan)
            if made is None:
                return ""
            many = f"{len(made.files)} files in {made.files[0].parent.name}. " if plan.stems else ""
            return f"{many}{made.remark}".strip()

        self._run(work, path)

    def _rendered(
        self, control: JobControl, composition: Composition, path: Path, plan: AudioPlan
    ) -> RenderedAudio | None:
        settings = self._app.settings
        font = Path(settings.sound_font) if settings.sound_font else find_sound_font()
        return export_audio(
            composition, path, font, plan, progress=control.progress, cancelled=control.cancelled
        )

    def export_page(self, composition: Composition, path: Path) -> None:
        """Make a page with sound, notes and the model's card."""
        path = with_suffix(path, ".html")
        card, roles = self._card(composition), heard_roles(composition)

        def work(control: JobControl) -> str:
            with tempfile.TemporaryDirectory(prefix="tutti-page-") as folder:
                sound = Path(folder) / "sound.mp3"
                made = self._rendered(control, composition, sound, PAGE_PLAN)
                if made is None:
                    raise JobCancelled
                shared = SharedSong(
                    composition, sound.read_bytes(), made.seconds, card, roles,
                    DARK.colours, LIGHT.colours,
                )  # fmt: skip
            write_share_page(shared, path)
            return "It is one file; any browser plays it, without a network."

        self._run(work, path)

    def _card(self, composition: Composition) -> tuple[tuple[str, str], ...]:
        """The lines of the model that made the accompaniment, as far as it is known here."""
        if composition.origin is None:
            return ()
        name = composition.origin.model
        cards = [model.card for model in self._app.models if model.card is not None]
        card = next((card for card in cards if card.name == name), None)
        return card_lines(card) if card is not None else (("Model", name),)

    def save_song(self, composition_id: str, path: Path) -> None:
        """Write a composition of the library with all that belongs to it as a song file."""
        path, library = with_suffix(path, SUFFIX), self._app.library

        def work(_control: JobControl) -> str:
            library.flush(FLUSH_SECONDS)
            left_out = write_song(song_of(library, composition_id), path)
            return f"{left_out} older versions and takes had no room in it." if left_out else ""

        self._run(work, path, lambda: self.song_saved.emit(composition_id, path))

    def _run(
        self,
        work: Callable[[JobControl], str],
        path: Path,
        after: Callable[[], object] = lambda: None,
    ) -> None:
        if self.says_busy():
            return
        self.started.emit(f"Writing {path.name}")

        def done(remark: str) -> None:
            self._done(path, remark)
            after()

        self._job = self._app.jobs.run(work, done, self._failed, f"Writing {path.name}")
        self._job.progressed.connect(self._on_progress)
        self._job.ended.connect(self._on_end)

    def cancel(self) -> None:
        """Give it up; nothing is left on disk."""
        if self._job is not None:
            self._job.cancel()

    def _done(self, path: Path, remark: str) -> None:
        messages = self._app.messages
        show = MessageAction("Show it", lambda: open_folder(path.parent, messages))
        messages.tell(f"Saved {path}. {remark}".strip(), "good", show)

    def _failed(self, error: TuttiError) -> None:
        self._app.messages.tell(str(error), "error")

    @Slot(float, str)
    def _on_progress(self, fraction: float, _text: str) -> None:
        self.progressed.emit(fraction)

    @Slot()
    def _on_end(self) -> None:
        self._job = None
        self.ended.emit()


def heard_roles(composition: Composition) -> tuple[str, ...]:
    """The colour of each track that is heard and has notes."""
    heard = is_heard(composition)
    return tuple(
        track_role(index, track.name, track.program, track.is_drum)
        for index, track in enumerate(composition.tracks)
        if heard[index] and track.notes
    )


def with_suffix(path: Path, suffix: str) -> Path:
    """The path with the ending of its format, added where it has another."""
    known = {".mid", ".midi"} if suffix == ".mid" else {suffix}
    return path if path.suffix.lower() in known else path.with_name(path.name + suffix)
