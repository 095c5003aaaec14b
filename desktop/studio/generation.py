"""Generating: a request to the band, its takes, which one is heard and which is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Job, JobControl
from desktop.studio.descriptions import describe_takes
from desktop.studio.edits import with_band
from engine.errors import TuttiError
from engine.generation.request import Accompaniment, Request
from engine.music.composition import Composition
from engine.music.ticks import meter_map
from engine.store.library import Library

if TYPE_CHECKING:
    from desktop.app import App
    from engine.generation.generator import Generator

TITLE = "Generating"
"""The title of its jobs, by which the window tells how long requests take."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class BandTake:
    """A take as it is listed: "Take A", what sets it apart, the music."""

    name: str
    words: str
    accompaniment: Accompaniment


class Generation(QObject):
    """Asks the generator off the GUI thread; holds the takes and the one that is auditioned."""

    busy_changed = Signal(bool)
    progressed = Signal(float)
    takes_changed = Signal()
    shown_changed = Signal()
    """Another take stands in the lanes, or none: see `shown`."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._job: Job[tuple[Accompaniment, ...]] | None = None
        self._waiting: tuple[Composition, Request] | None = None
        self.takes: tuple[BandTake, ...] = ()
        self.end = 0
        """Where the takes' music ends, in ticks."""
        self._shown: int | None = None
        self._mix: dict[str, dict[str, Any]] = {}
        self._asked_for = Composition()
        app.generator_changed.connect(self._on_generator)
        app.document.loaded.connect(self._read_takes)

    @property
    def busy(self) -> bool:
        """Whether a request runs or waits for the model."""
        return self._job is not None or self._waiting is not None

    @property
    def shown(self) -> int | None:
        """The take that stands in the lanes without being in the composition."""
        return self._shown

    def generate(self, composition: Composition, request: Request) -> None:
        """Ask for takes; waits for a model that is still loading. A running request goes on."""
        if self.busy:
            return
        generator = self._app.generator
        if generator is not None:
            self._start(generator, composition, request)
        elif self._app.generator_problem:
            self._app.messages.tell(self._app.generator_problem, "error")
        else:
            self._waiting = (composition, request)
            self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Give the request up; the lanes stand as before."""
        self._waiting = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.busy_changed.emit(False)

    def _start(self, generator: "Generator", composition: Composition, request: Request) -> None:
        def work(control: JobControl) -> tuple[Accompaniment, ...]:
            return generator.compose(
                composition, request, progress=control.progress, cancelled=control.cancelled
            )

        self._asked_for = composition
        self._job = self._app.jobs.run(work, self._done, self._failed, TITLE)
        self._job.progressed.connect(self._on_progress)
        self.busy_changed.emit(True)

    @Slot(object)
    def _on_generator(self, _generator: object) -> None:
        if self._waiting is None:
            return
        if self._app.generator is not None:
            (composition, request), self._waiting = self._waiting, None
            self._start(self._app.generator, composition, request)
        elif self._app.generator_problem:
            self._waiting = None
            self.busy_changed.emit(False)

    @Slot(float, str)
    def _on_progress(self, fraction: float, _text: str) -> None:
        self.progressed.emit(fraction)

    def _done(self, answers: tuple[Accompaniment, ...]) -> None:
        self._job = None
        self.busy_changed.emit(False)
        if not answers:
            return
        self._list(answers, self._asked_for)
        self.show_take(0)
        self._store()
        remarks = dict.fromkeys(remark for answer in answers for remark in answer.remarks)
        if remarks:
            self._app.messages.tell(" ".join(remarks))

    def _list(self, answers: tuple[Accompaniment, ...], composition: Composition) -> None:
        meters = meter_map(composition)
        end = max(composition.melody.end, 1)
        bars = meters.position_at(end - 1).bar
        words = describe_takes([answer.tracks for answer in answers], bars)
        ends = [track.end for answer in answers for track in answer.tracks]
        self.end = meters.bar_end(max(end, *ends))
        self.takes = tuple(
            BandTake(f"Take {LETTERS[index % len(LETTERS)]}", word, answer)
            for index, (word, answer) in enumerate(zip(words, answers, strict=True))
        )
        self._shown = None
        self.takes_changed.emit()

    def _store(self) -> None:
        """No take is lost, kept or not."""
        composition_id = self._app.document.composition_id
        for take in self.takes:
            answer = take.accompaniment
            title = f"{self._asked_for.title}, {take.name}"
            self._app.library.store_accompaniment(
                composition_id, answer.tracks, answer.origin, title
            )

    @Slot(object)
    def _read_takes(self, composition: Composition) -> None:
        """The takes that were made last for a composition of the library are listed again."""
        library, composition_id = self._app.library, self._app.document.composition_id

        def done(answers: tuple[Accompaniment, ...]) -> None:
            still_here = composition_id == self._app.document.composition_id
            if answers and still_here and not self.takes and not self.busy:
                self._list(answers, composition)

        self._app.jobs.run(
            lambda control: last_takes(library, composition_id), done, title="Reading the takes"
        )

    def _failed(self, error: TuttiError) -> None:
        self._job = None
        self.busy_changed.emit(False)
        self._app.messages.tell(str(error), "error")

    def show_take(self, index: int | None) -> None:
        """Let a take stand in the lanes; None for the composition's own accompaniment."""
        if index != self._shown:
            self._shown = index
            self.shown_changed.emit()

    def forget(self) -> None:
        """No takes, as for another composition."""
        self.takes = ()
        self._mix = {}
        self._shown = None
        self.takes_changed.emit()

    def heard(self, composition: Composition) -> Composition:
        """The composition with the take that is auditioned in place of its accompaniment."""
        if self._shown is None:
            return composition
        answer = self.takes[self._shown].accompaniment
        tracks = tuple(replace(track, **self._mix.get(track.name, {})) for track in answer.tracks)
        return with_band(composition, tracks, answer.origin)

    def mix_take(self, part: str, values: Mapping[str, Any]) -> None:
        """A part's place in the mix, in all takes, for as long as none is kept."""
        self._mix[part] = {**self._mix.get(part, {}), **values}

    def forget_mix(self) -> None:
        """The composition has a band of its own, and its mix holds."""
        self._mix = {}

    def kept_take(self, composition: Composition) -> int | None:
        """Which of the takes the composition's accompaniment is, unless its notes were edited.

        Its origin alone does not tell: the same seed gives other notes to another melody.
        """
        if composition.origin is None:
            return None
        notes = [track.notes for track in composition.accompaniment]
        for index, take in enumerate(self.takes):
            answer = take.accompaniment
            if answer.origin == composition.origin and notes == [t.notes for t in answer.tracks]:
                return index
        return None


def last_takes(library: Library, composition_id: str) -> tuple[Accompaniment, ...]:
    """What the last request for a composition gave, take 0 first. Called on a worker thread.

    Raises `StoreError`.
    """
    takes: list[Accompaniment] = []
    for entry in library.accompaniments(composition_id):
        tracks, origin = library.load_accompaniment(entry.id)
        takes.insert(0, Accompaniment(tracks, origin))
        if origin.take == 0:
            break
    return tuple(takes)
