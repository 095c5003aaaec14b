"""Playing as the page sees it: what sounds, where the playhead stands, loop and click."""

from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.studio.sounding import SoundingNotes
from engine.live.channels import playback_channel
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.phrase import PhraseNote
from engine.music.ticks import meter_map

if TYPE_CHECKING:
    from desktop.app import App

FRAME_MS = 16
AUDITION_MS = 250


class Playback(QObject):
    """Tells the player what to play and the page where it is; the player is replaced underneath."""

    moved = Signal(float)
    """The playhead's tick, with every frame while playing."""
    playing_changed = Signal(bool)
    loop_changed = Signal(int, int)
    """First tick and end of the loop; an end of 0: no loop."""

    def __init__(self, app: "App", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._composition = Composition()
        self._end = 0
        self._chosen_loop: tuple[int, int] | None = None
        self._looping = False
        self._straight = False
        self._going_round = False
        self._click = False
        self.heard: Callable[[Composition], Composition] = lambda composition: composition
        """What is played of what is shown, such as a take as loud as the others."""
        self._sounding = SoundingNotes()
        self._counting_until = 0.0
        self._was_playing = False
        self._frames = QTimer(self)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.setInterval(FRAME_MS)
        self._frames.timeout.connect(self._frame)
        app.synth_changed.connect(self._connect_synth)

    @property
    def playing(self) -> bool:
        """Whether the player runs."""
        return bool(self._app.player.playing)

    @property
    def position(self) -> float:
        """The tick that is heard now."""
        return max(0.0, self._app.player.position_ticks())

    @property
    def loop(self) -> tuple[int, int]:
        """First tick and end of what Loop repeats: chosen by hand, else the whole music."""
        if self._chosen_loop is not None:
            return self._chosen_loop
        meters = meter_map(self._composition)
        return 0, max(meters.bar_start(2), meters.bar_end(self._end))

    @property
    def chosen_loop(self) -> tuple[int, int] | None:
        """First tick and end of the loop that was marked by hand."""
        return self._chosen_loop

    @property
    def looping(self) -> bool:
        """Whether Loop is on."""
        return self._looping

    @property
    def straight(self) -> bool:
        """Whether it plays straight on because something is being recorded."""
        return self._straight

    def show(self, composition: Composition) -> None:
        """Play this from now on, at once when playing."""
        self._composition, self._end = composition, composition.end
        self._sounding.set_composition(composition)
        self._app.player.set_composition(self.heard(composition))
        self._send_loop()
        self._send_click()

    def play(self) -> None:
        """From the playhead on; from the start when it stands at the end."""
        at_end = self.position >= max(1, self._end) and not self._looping
        self._app.player.play(0 if at_end else None)
        self._watch()

    def play_from(self, tick: int) -> None:
        """From a tick on."""
        self._app.player.play(tick)
        self._watch()

    def stop(self) -> None:
        """Stop where it stands."""
        self._app.player.stop()
        self._frame()

    def end_with_music(self) -> None:
        """Go on only as far as there is music, as recording does not."""
        self._app.player.end_with_music()

    def seek(self, tick: int) -> None:
        """Go on from another tick, playing or not."""
        self._app.player.seek(max(0, tick))
        self.moved.emit(float(max(0, tick)))

    def count_in(self, bars: int, from_tick: int) -> float:
        """Play after a count-in; `time.perf_counter` seconds at which ``from_tick`` sounds."""
        self._counting_until = self._app.player.play_with_count_in(bars, from_tick)
        self._watch()
        return self._counting_until

    def sounding(self) -> list[tuple[int, str, Note]]:
        """Track, colour role and note of all that is heard now."""
        if not self.playing or perf_counter() < self._counting_until:
            return []
        return self._sounding.at(self.position)

    def set_looping(self, on: bool) -> None:
        """Turn Loop on or off."""
        self._looping = on
        self._send_loop()

    def choose_loop(self, start: int, end: int) -> None:
        """Loop what was marked by hand."""
        self._chosen_loop = (start, end) if end > start else None
        self._send_loop()

    def forget_loop(self) -> None:
        """Loop the whole music again, as for a new composition."""
        self._chosen_loop = None
        self._send_loop()

    def set_straight(self, straight: bool, *, going_round: bool = False) -> None:
        """Play straight on past the loop, as recording needs it, or loop again.

        ``going_round`` records a loop: it goes round whether Loop is on or not.
        """
        self._straight, self._going_round = straight, going_round
        self._send_loop()
        self._send_click()

    def audition(self, track: int, pitch: int, velocity: int) -> None:
        """Let a note of a track be heard for a moment."""
        channel, synth = playback_channel(track), self._app.synth
        played = self._composition.tracks[track]
        if played.output is not None:  # an instrument at a MIDI port
            note = PhraseNote(0.0, AUDITION_MS / 1000, pitch, velocity)
            self._app.player.audition.play(track, played, (note,))
            return
        synth.program(channel, played.program, played.is_drum)
        synth.note_on(channel, pitch, velocity)
        QTimer.singleShot(AUDITION_MS, self, lambda: synth.note_off(channel, pitch))

    def set_click(self, on: bool) -> None:
        """Click with the beats while recording, and while playing without a band.

        A band keeps the time itself, and is to be heard: the click is louder than it.
        """
        self._click = on
        self._send_click()

    def _send_click(self) -> None:
        band = any(track.notes for track in self._composition.accompaniment)
        self._app.player.set_metronome(self._click and (self._straight or not band))

    def _send_loop(self) -> None:
        start, end = self.loop
        on = self._going_round or (self._looping and not self._straight)
        self._app.player.set_loop(start, end if on else None)
        self.loop_changed.emit(start, end if on else 0)

    @Slot(object)
    def _connect_synth(self, _synth: object) -> None:
        self._app.player.set_composition(self.heard(self._composition))
        self._send_click()
        self._send_loop()
        self._frame()

    def _watch(self) -> None:
        self._frames.start()
        self._frame()

    @Slot()
    def _frame(self) -> None:
        playing = self.playing
        if not playing:
            self._frames.stop()
        if playing is not self._was_playing:
            self._was_playing = playing
            self.playing_changed.emit(playing)
        self.moved.emit(self.position)
