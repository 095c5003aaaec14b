"""Instruments are tried by ear in the list of a track's head, and taken as one edit."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.studio.edits import with_mix
from desktop.studio.mixing import Mixing
from desktop.studio.playback import Playback
from desktop.widgets.instrument_picker import InstrumentPicker
from engine.music.composition import Composition
from engine.music.phrase import phrase_of

if TYPE_CHECKING:
    from desktop.app import App


class Instruments(QObject):
    """Opens the list; what is looked at is heard, in the music that plays or in a short phrase."""

    heard = Signal()
    """An instrument is being tried."""

    def __init__(
        self,
        app: "App",
        playback: Playback,
        mixing: Mixing,
        shown: Callable[[], Composition],
        over: QWidget,
    ) -> None:
        """``over`` is the page that the list opens over."""
        super().__init__(over)
        self._over = over
        self._app = app
        self._playback = playback
        self._mixing = mixing
        self._shown = shown

    @Slot(int, QPoint)
    def open(self, index: int, corner: QPoint) -> None:
        """Open the list for a track."""
        if index < len(self._shown().tracks):
            self._make(index).open_at(corner)

    def _make(self, index: int) -> InstrumentPicker:
        track = self._shown().tracks[index]
        picker = InstrumentPicker(self._over)
        outputs = [each.name for each in self._app.outputs.states()]
        picker.offer(track.program, track.is_drum, outputs, track.output)
        picker.tried.connect(lambda program: self._try(index, program))
        picker.taken.connect(lambda program: self._take(index, program))
        picker.left.connect(self._leave)
        picker.output_chosen.connect(lambda name: self._mixing.choose_output(index, name))
        return picker

    def _try(self, index: int, program: int) -> None:
        if index >= len(self._shown().tracks):
            return  # the track went while its list was open
        composition = with_mix(self._shown(), index, program=program)
        self._playback.show(composition)
        if not self._playback.playing:
            track = replace(composition.tracks[index], muted=False)
            phrase = phrase_of(composition, index, self._playback.position)
            self._app.player.audition.play(index, track, phrase)
        self.heard.emit()

    def _take(self, index: int, program: int) -> None:
        tracks = self._shown().tracks
        if index >= len(tracks) or program == tracks[index].program:
            self._leave()
        else:
            self._mixing.choose_instrument(index, program)

    def _leave(self) -> None:
        self._app.player.audition.stop()
        self._playback.show(self._shown())
