"""Generating: a request to the band, its takes, which one is heard and which is kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.jobs import Job, JobControl
from desktop.studio.edits import with_band
from desktop.studio.rounds import Asked, BandTake, Round, read_round, round_of, stored_rounds
from engine.errors import TuttiError
from engine.generation.request import Accompaniment, Request
from engine.music.composition import Composition

if TYPE_CHECKING:
    from desktop.app import App
    from engine.generation.generator import Generator

TITLE = "Generating"
"""The title of its jobs, by which the window tells how long requests take."""


class Generation(QObject):
    """Asks the generator off the GUI thread; holds the takes and the one that is auditioned.

    The takes of each request are a round; all rounds of a song can be leafed through.
    """

    busy_changed = Signal(bool)
    progressed = Signal(float)
    takes_changed = Signal()
    shown_changed = Signal()
    """Another take stands in the lanes, or none: see `shown`."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._job: Job[tuple[Accompaniment, ...]] | None = None
        self._waiting: Asked | None = None
        self.rounds: tuple[Round, ...] = ()
        self.at = 0
        """Which of the rounds is listed."""
        self._shown: int | None = None
        self._mix: dict[str, dict[str, Any]] = {}
        self._asked = Asked(Composition(), Request())
        app.generator_changed.connect(self._on_generator)
        app.document.loaded.connect(self._give_up)
        app.document.loaded.connect(self._read_takes)

    @property
    def busy(self) -> bool:
        """Whether a request runs or waits for the model."""
        return self._job is not None or self._waiting is not None

    @property
    def shown(self) -> int | None:
        """The take that stands in the lanes without being in the composition."""
        return self._shown

    @property
    def round(self) -> Round:
        """The round that is listed."""
        return self.rounds[self.at] if self.rounds else Round()

    @property
    def takes(self) -> tuple[BandTake, ...]:
        """The takes that are listed."""
        return self.round.takes

    @property
    def end(self) -> int:
        """Where the takes' music ends, in ticks."""
        return self.round.end

    def generate(
        self,
        composition: Composition,
        request: Request,
        words: str = "",
        parts: frozenset[str] | None = None,
    ) -> None:
        """Ask for takes; waits for a model that is still loading. A running request goes on.

        ``words`` name the round (empty: its model and seed do), ``parts`` are the tracks wanted.
        """
        if self.busy:
            return
        asked = Asked(composition, request, words, parts)
        generator = self._app.generator
        if generator is not None:
            self._start(generator, asked)
        elif self._app.generator_problem:
            self._app.messages.tell(self._app.generator_problem, "error")
        else:
            self._waiting = asked
            self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Give the request up; the lanes stand as before."""
        self._waiting = None
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.busy_changed.emit(False)

    @Slot()
    def _give_up(self) -> None:
        """Another song was opened: what was asked for the one before is not for this one."""
        if self.busy:
            self.cancel()

    def _start(self, generator: "Generator", asked: Asked) -> None:
        request = asked.fitted(generator.offers, generator.card.track_names)

        def work(control: JobControl) -> tuple[Accompaniment, ...]:
            # Here, so that the window need not wait for onnxruntime to be imported.
            from engine.generation.sectioned import compose_sections

            answers = compose_sections(
                generator,
                asked.composition,
                request,
                progress=control.progress,
                cancelled=control.cancelled,
            )
            return tuple(asked.wanted(answer) for answer in answers)

        self._asked = asked
        self._job = self._app.jobs.run(work, self._done, self._failed, TITLE)
        self._job.progressed.connect(self._on_progress)
        self.busy_changed.emit(True)

    @Slot(object)
    def _on_generator(self, _generator: object) -> None:
        if self._waiting is None:
            return
        if self._app.generator is not None:
            asked, self._waiting = self._waiting, None
            self._start(self._app.generator, asked)
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
        made = round_of(answers, self._asked.composition, self._asked)
        self._list((*self.rounds, made), len(self.rounds))
        self.show_take(0)
        self._store()
        remarks = dict.fromkeys(remark for answer in answers for remark in answer.remarks)
        if remarks:
            self._app.messages.tell(" ".join(remarks))

    def _list(self, rounds: tuple[Round, ...], at: int) -> None:
        self.rounds, self.at, self._shown = rounds, at, None
        self.takes_changed.emit()

    def _store(self) -> None:
        """No take is lost, kept or not."""
        composition_id = self._app.document.composition_id
        for take in self.takes:
            answer = take.accompaniment
            title = f"{self._asked.composition.title}, {take.name}"
            self._app.library.store_accompaniment(
                composition_id, answer.tracks, answer.origin, title
            )

    @Slot(object)
    def _read_takes(self, composition: Composition) -> None:
        """The takes that were made last for a composition of the library are listed again."""
        library, composition_id = self._app.library, self._app.document.composition_id

        def read(_control: JobControl) -> tuple[Round, ...]:
            rounds = stored_rounds(library, composition_id)
            return (*rounds[:-1], *(read_round(library, each, composition) for each in rounds[-1:]))

        def done(rounds: tuple[Round, ...]) -> None:
            still_here = composition_id == self._app.document.composition_id
            if rounds and still_here and not self.rounds and not self.busy:
                self._list(rounds, len(rounds) - 1)

        self._app.jobs.run(read, done, title="Reading the takes")

    def browse(self, at: int) -> None:
        """List another round; one that still lies in the library is read first."""
        if not 0 <= at < len(self.rounds) or at == self.at or self.busy:
            return
        if not self.rounds[at].stored:
            self._turn_to(at, self.rounds[at])
            return
        library, wanted = self._app.library, self.rounds[at]
        composition = self._app.document.composition

        def done(read: Round) -> None:
            if self.rounds[at : at + 1] == (wanted,) and not self.busy:
                self._turn_to(at, read)

        self._app.jobs.run(
            lambda control: read_round(library, wanted, composition),
            done,
            title="Reading the takes",
        )

    def _turn_to(self, at: int, shown: Round) -> None:
        was_heard = self._shown is not None
        self._list((*self.rounds[:at], shown, *self.rounds[at + 1 :]), at)
        if was_heard:
            self.shown_changed.emit()

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
        self.rounds, self.at = (), 0
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
