"""The band at work: its panel, its requests, its takes, heard and kept."""

from collections.abc import Sequence
from dataclasses import replace
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.studio.desk import Desk
from desktop.studio.extension import band_end, bars_added
from desktop.studio.generation import Generation
from desktop.studio.levels import TakeLevels
from desktop.studio.model_suggestion import ModelSuggestion
from desktop.studio.models_offered import model_choices, styles_of
from desktop.studio.playback import Playback
from desktop.studio.rounds import Asked
from desktop.studio.steps import Steps
from desktop.studio.variations import Variations
from desktop.theme import track_role
from desktop.widgets.band_panel import LARGEST_SEED, BandPanel, bars_named
from desktop.widgets.take_card import TakeCard
from engine.generation.chords import hints_of
from engine.generation.model_card import CardTrack
from engine.generation.request import MAX_EXTENSION, Request
from engine.music.composition import Composition
from engine.music.ticks import meter_map

if TYPE_CHECKING:
    from desktop.app import App

LOADING = "The model is being loaded. Generate may be pressed already."
CHOOSE_ANOTHER = " Choose another model above."
NO_MELODY = "Play, draw or open a melody, then let the band come in."
MARK_BARS = "Mark the bars first: drag in the strip above the bar numbers."
LONG_ENOUGH = f"The band plays {MAX_EXTENSION} bars beyond the melody; more are not possible."
UNHEARD_CHORDS = "This model takes no chords. Yours are kept for one that does."
ADDED_BARS = 4
FIRST_REQUEST = "Press Generate: the band plays with your melody."


class Band(QObject):
    """Connects the band's panel with the generator, the lanes and the player."""

    loop_wanted = Signal()
    """A take is to be heard again and again."""
    place_wanted = Signal(int)
    """A tick that should be seen: what was added begins there."""

    def __init__(
        self,
        app: "App",
        panel: BandPanel,
        generation: Generation,
        desk: Desk,
        playback: Playback,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._panel = panel
        self._generation = generation
        self._desk = desk
        self._playback = playback
        self._kept: int | None = None
        self._added_by: Asked | None = None
        self.variations = Variations(app, generation, desk, self._request, self)
        self.steps = Steps(app, panel, generation, desk, self._request, self)
        self.suggestions = ModelSuggestion(app, panel, desk, self)
        self.levels = TakeLevels(app, generation, self)
        playback.heard = self.levels.heard
        self._connect()
        self._show_models()
        self._show_state()

    def _connect(self) -> None:
        panel, generation = self._panel, self._generation
        panel.generate_asked.connect(self.generate)
        panel.cancel_asked.connect(generation.cancel)
        panel.model_chosen.connect(self._app.choose_model)
        panel.model_refused.connect(self._tell_refused)
        panel.takes_chosen.connect(lambda count: self._app.change_settings(takes=count))
        panel.set_takes(self._app.settings.takes)
        panel.listen_asked.connect(self.listen)
        panel.keep_asked.connect(self.keep)
        panel.more_asked.connect(self.variations.more_like)
        panel.between_asked.connect(self.variations.go_between)
        panel.round_asked.connect(lambda way: generation.browse(generation.at + way))
        self._app.actions["generate_bars"].triggered.connect(self.generate_bars)
        self._app.actions["extend"].triggered.connect(self.extend)
        generation.busy_changed.connect(self._on_busy)
        generation.progressed.connect(panel.set_progress)
        generation.takes_changed.connect(self._show_takes)
        generation.shown_changed.connect(self._show_added)
        self.levels.measured.connect(self._play_matched)
        self._desk.changed.connect(self._show_state)
        self._playback.loop_changed.connect(self._show_further)
        self._playback.playing_changed.connect(self._show_state)
        self._playback.moved.connect(self._show_position)
        self._app.settings_changed.connect(self._show_state)
        self._app.models_changed.connect(self._show_models)
        self._app.generator_changed.connect(self._show_models)

    @Slot()
    def generate(self) -> None:
        """Ask for takes of what is shown; locked tracks stay."""
        shown = self._desk.shown
        if not shown.melody.notes:
            self._app.messages.tell(NO_MELODY)
            return
        self._generation.generate(shown, self._request(shown))

    @Slot()
    def generate_bars(self) -> None:
        """Ask for the marked bars alone; all others and the locked tracks stay."""
        shown, marked = self._desk.shown, self._marked_bars()
        if marked is None:
            self._app.messages.tell(MARK_BARS)
            return
        self._use_another_seed(shown)
        words = f"{bars_named(*marked)} anew"
        self._generation.generate(shown, replace(self._request(shown), bars=marked), words)

    @Slot()
    def extend(self) -> None:
        """Ask for some bars more at the end; what the band plays now stays."""
        shown = self._desk.shown
        request = self._request(shown)
        end = meter_map(shown).position_at(band_end(shown)).bar
        more = min(ADDED_BARS, MAX_EXTENSION - request.extend_bars)
        if more < 1:
            self._app.messages.tell(LONG_ENOUGH)
            return
        extend = request.extend_bars + more
        bars = (end, end + more - 1)
        asked = replace(request, bars=bars, extend_bars=extend)
        self._generation.generate(shown, asked, f"{bars_named(*bars)} added")

    def _use_another_seed(self, shown: Composition) -> None:
        """The seed that made these bars would make them again."""
        if shown.origin is not None and shown.origin.seed == self._panel.seed:
            self.roll_dice()

    def _marked_bars(self) -> tuple[int, int] | None:
        """The first and the last bar that the loop marks, where a band plays."""
        loop, shown = self._playback.chosen_loop, self._desk.shown
        if loop is None or not shown.accompaniment:
            return None
        meters = meter_map(shown)
        if loop[0] >= band_end(shown):
            return None
        last = min(loop[1], band_end(shown)) - 1
        return meters.position_at(loop[0]).bar, meters.position_at(last).bar

    def _request(self, shown: Composition) -> Request:
        panel, offers = self._panel, self._offers()
        locked = frozenset(track.name for track in shown.accompaniment if track.locked)
        return Request(
            seed=panel.seed,
            takes=panel.takes,
            adventure=panel.adventure,
            density=panel.densities,
            chords=hints_of(shown.chords) if "chords" in offers else (),
            locked=locked if "known" in offers else frozenset(),
            extend_bars=bars_added(shown),
        )

    def _offers(self) -> frozenset[str]:
        return self._app.generator.offers if self._app.generator is not None else frozenset()

    @property
    def can_lock(self) -> bool:
        """Whether the model can keep a track and play the others anew."""
        return "known" in self._offers()

    @Slot()
    def roll_dice(self) -> None:
        """Another seed for the next request."""
        self._panel.set_seed(SystemRandom().randint(0, LARGEST_SEED))

    @Slot(str)
    def _tell_refused(self, problem: str) -> None:
        """A broken model was pressed: the one in use stays."""
        self._app.messages.tell(problem, "warning")

    @Slot(int)
    def listen(self, index: int) -> None:
        """Let a take be heard at once; the one that sounds is stopped."""
        if self._playback.straight:
            return
        if self._is_shown(index) and self._playback.playing:
            self._playback.stop()
            return
        self._generation.show_take(None if index == self._kept else index)
        if not self._playback.playing:
            self.loop_wanted.emit()
            self._playback.play_from(self._playback.loop[0])

    @Slot(int)
    def keep(self, index: int) -> None:
        """Put a take into the composition: one edit. The others stay listed."""
        self._generation.show_take(index)
        self._desk.keep(f"Keep {self._generation.takes[index].name}")

    @Slot()
    def _show_further(self) -> None:
        has_band = bool(self._desk.shown.accompaniment) and not self._app.generator_problem
        self._panel.set_further(
            has_band=has_band and not self._generation.busy, marked=self._marked_bars()
        )

    def _is_shown(self, index: int) -> bool:
        shown = self._generation.shown
        return index == (self._kept if shown is None else shown)

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        self._panel.set_busy(busy)
        self._show_state()

    @Slot()
    def _show_added(self) -> None:
        """Bars that were added to the end are scrolled to, once."""
        asked = self._generation.round.asked
        if asked is None or asked is self._added_by or self._generation.shown is None:
            return
        self._added_by = asked
        if asked.request.bars is not None and asked.request.extend_bars:
            self.place_wanted.emit(meter_map(asked.composition).bar_start(asked.request.bars[0]))

    @Slot()
    def _play_matched(self) -> None:
        """The takes are known to be louder or softer than one another."""
        if not self._playback.straight:
            self._playback.show(self._desk.shown)

    @Slot()
    def _show_takes(self) -> None:
        generation = self._generation
        self._panel.show_takes(
            [
                TakeCard(take.name, take.words, take.accompaniment.tracks, generation.end)
                for take in generation.takes
            ]
        )
        rounds = len(generation.rounds)
        self._panel.list.show_round(generation.round.words, generation.at + 1, rounds)
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        self._kept = self._generation.kept_take(self._app.document.composition)
        for index, card in enumerate(self._panel.cards):
            shown = self._is_shown(index)
            card.show_state(
                shown=shown, sounding=shown and self._playback.playing, kept=index == self._kept
            )
        self._show_hint()

    @Slot(float)
    def _show_position(self, tick: float) -> None:
        playing = self._playback.playing
        for index, card in enumerate(self._panel.cards):
            card.set_position(tick if playing and self._is_shown(index) else None)

    def _show_hint(self) -> None:
        self._show_further()
        has_melody = bool(self._desk.shown.melody.notes)
        ready = has_melody and not self._app.generator_problem
        self._panel.set_ready(ready, self._hint(has_melody))

    def _hint(self, has_melody: bool) -> str:
        """What to do next, where that is not plain to see."""
        if self._app.generator_problem:
            others = any(not model.problem for model in self._app.models)
            return f"{self._app.generator_problem}{CHOOSE_ANOTHER if others else ''}"
        if not has_melody:
            return NO_MELODY
        if self._desk.shown.chords and self._offers() and "chords" not in self._offers():
            return UNHEARD_CHORDS
        if self._generation.takes or self._generation.busy:
            return ""
        return FIRST_REQUEST if self._app.generator is not None else LOADING

    @Slot()
    def _show_models(self) -> None:
        generator = self._app.generator
        card = generator.card if generator is not None else None
        names = [model.name for model in self._app.models if card and model.card == card]
        current = names[0] if names else self._app.settings.model
        self._panel.set_models(model_choices(self._app.models), current, styles_of(card))
        self._panel.set_offers(self._offers())
        self._panel.density.set_parts(_parts(card.tracks) if card else ())
        self._show_hint()


def _parts(tracks: Sequence[CardTrack]) -> list[tuple[str, str]]:
    """Name and colour role of a model's parts."""
    return [
        (track.name, track_role(index, track.name, track.program, track.is_drum))
        for index, track in enumerate(tracks, start=1)
    ]
