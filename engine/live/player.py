"""Plays a composition through the synthesizer's own clock."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Event, RLock, Thread

from engine.errors import MusicError
from engine.live.audio import Synth
from engine.live.audio_clock import AudioClock
from engine.live.audition import Audition
from engine.live.channels import CLICK_CHANNEL, LIVE_CHANNEL, playback_channel
from engine.live.events import LiveEvent
from engine.live.lookahead import LookAhead, Loop
from engine.live.metronome import count_in
from engine.live.midi_outputs import MidiOutputs
from engine.live.port_sequencer import (
    ALL_NOTES_OFF,
    PortSequencer,
    Route,
    RoutedSequencer,
    message_of,
    routes_of,
)
from engine.live.scheduler import Schedule
from engine.live.sequencer import Sequencer
from engine.live.timeline import tick_heard
from engine.music.composition import Composition
from engine.music.mix import master_gain, shown_send
from engine.music.ticks import meter_map, tempo_map
from engine.music.track import CHORUS, PAN, REVERB, SUSTAIN, VOLUME, Track

# What the sequencer has in hand: a Python that is held up for as long (as it is while a model is
# loaded) is not heard.
LOOK_AHEAD_SECONDS = 1.5
# What the caller of `play` hands over itself; the player's thread goes on from there.
FIRST_SECONDS = 0.2
INTERVAL_SECONDS = 0.05
# What is to sound at once is set this much later, so that it is not late.
MARGIN_SECONDS = 0.02
# The shortest loop, as a part of a quarter note; and in time, since each round is work.
_SHORTEST_LOOP = 8
_SHORTEST_LOOP_SECONDS = 0.05


class Player:
    """Play, stop, seek, loop, click and count in. Every method is safe on any thread.

    The player's thread only keeps the sequencer supplied.
    """

    def __init__(self, synth: Synth, outputs: MidiOutputs | None = None) -> None:
        """``outputs`` plays the tracks that have a MIDI port; without it the synthesizer does."""
        self.on_finished: Callable[[], None] | None = None
        """Called on the player's thread when the music has been heard to its end."""
        self._synth = synth
        self._clock = AudioClock(synth.sequencer, synth.latency_ms)
        self._outputs = outputs
        self._ports = PortSequencer(self._clock, outputs) if outputs is not None else None
        self._sequencer: Sequencer = synth.sequencer
        if self._ports is not None:
            self._sequencer = RoutedSequencer(synth.sequencer, self._ports)
        self.audition = Audition(self._sequencer)
        """Lets some notes of a track be heard while nothing plays."""
        self._ahead = LookAhead(self._sequencer, Schedule(Composition()))
        self._wanted = self._ahead.schedule.composition
        self._drums: dict[int, bool] = {}
        self._live: Track | None = None
        self._gain: float | None = None
        self._sound_live_keys_as(self._wanted.melody)
        self._playing = False
        self._endless = False
        self._standing = 0.0
        self._counted_in = 0.0
        self._lock = RLock()
        self._wake = Event()
        self._closed = Event()
        self._thread = Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    @property
    def playing(self) -> bool:
        """Whether time runs, the count-in included."""
        return self._playing

    def position_ticks(self) -> float:
        """What is heard now. While playing it only goes back where a loop or `seek` does."""
        stretches = self._ahead.stretches
        if not self._playing or not stretches:
            return self._standing
        return tick_heard(stretches, self._clock.heard())

    def set_composition(self, composition: Composition) -> None:
        """Play this from now on; while playing the change is heard at once."""
        self._wanted = composition
        self._wake.set()

    def play(self, from_tick: int | None = None, *, endless: bool = False) -> None:
        """Play from a tick, or from where it stands.

        It ends with the last bar that has music, unless ``endless``, looping, or there is no music.
        """
        with self._lock:
            if self._playing and from_tick is None:
                return
            self._start(from_tick, self._clock.rendered() + self._margin(), endless)
            self._fill()

    def play_with_count_in(
        self, bars: int, from_tick: int | None = None, *, endless: bool = True
    ) -> float:
        """Count in so many bars, then play; `time.perf_counter` when ``from_tick`` sounds.

        Endless unless told otherwise, since recording goes on beyond the music.
        """
        with self._lock:
            tick = self._tick_or_standing(from_tick)
            clicks = count_in(self._wanted, bars, tick)
            before = clicks[0].seconds_before if clicks else 0.0
            begin = self._clock.rendered() + self._margin() + before
            self._start(tick, begin, endless)
            self._ahead.count_in(bars)
            self._fill()
            self._counted_in = begin
            return self._clock.perf_counter_at(begin)

    def end_with_music(self) -> None:
        """Play on to the end of the last bar that has music, and no further; past it, stop."""
        with self._lock:
            if self._endless:
                self._endless = False
                self._redo()

    def since_count_in(self, moments: Sequence[float]) -> list[float]:
        """Seconds of sound from the end of the last count-in to past `time.perf_counter` values.

        By the audio's own clock, which is what a musician plays to.
        """
        return [heard - self._counted_in for heard in self._clock.heard_at(moments)]

    def stop(self) -> None:
        """Stop where it stands; keys played live go on sounding."""
        with self._lock:
            if self._playing:
                self._standing = self.position_ticks()
            self._silence()

    def seek(self, tick: int) -> None:
        """Go on from another tick, playing or not."""
        with self._lock:
            if self._playing:
                self._start(tick, self._clock.rendered() + self._margin(), self._endless)
                self._fill()
            else:
                self._standing = float(tick)

    def set_loop(self, start_tick: int, end_tick: int | None) -> None:
        """Repeat from start to end; None: do not loop. Raises `MusicError` for an empty loop.

        One too short to be heard as music is made a little longer. Music that has passed the end
        already plays on.
        """
        loop = None
        if end_tick is not None:
            if end_tick <= start_tick:
                raise MusicError("A loop must end after it starts.")
            loop = Loop(start_tick, max(end_tick, self._least_end(start_tick)))
        with self._lock:
            if loop != self._ahead.loop:
                self._ahead.loop = loop
                self._redo()

    def _least_end(self, start_tick: int) -> int:
        """Where the shortest loop from a tick ends."""
        tempos = tempo_map(self._wanted)
        soon = tempos.tick_at(tempos.seconds_at(start_tick) + _SHORTEST_LOOP_SECONDS)
        shortest = max(1, self._wanted.ticks_per_quarter // _SHORTEST_LOOP)
        return max(start_tick + shortest, math.ceil(soon))

    def set_metronome(self, on: bool) -> None:
        """Click with the beats while playing."""
        with self._lock:
            if on != self._ahead.metronome:
                self._ahead.metronome = on
                self._redo()

    def set_gain(self, gain: float) -> None:
        """How loud the synthesizer is where the master's volume is the usual one."""
        with self._lock:
            self._gain = gain
            self._send_gain(self._wanted)

    def _send_gain(self, composition: Composition) -> None:
        if self._gain is not None:
            self._synth.set_gain(self._gain * master_gain(composition))

    def close(self) -> None:
        """Stop and end the thread; before the synthesizer is closed."""
        self._closed.set()
        self._wake.set()
        self._thread.join()
        self.stop()
        if self._ports is not None:
            self._ports.close()

    def play_live(self, event: LiveEvent) -> bool:
        """Play a live key on the melody's MIDI port; False where it has none."""
        route = self._routes.get(playback_channel(0))
        if route is None or self._outputs is None:
            return False
        self._outputs.send(
            route.port, message_of(event.kind, route.channel, event.number, event.value)
        )
        return True

    def state_again(self, port: str) -> None:
        """A port has come: choose the instruments and the places in the mix of its tracks."""
        with self._lock:
            self._send_states({port})

    @property
    def _routes(self) -> Mapping[int, Route]:
        sequencer = self._sequencer
        return sequencer.routes if isinstance(sequencer, RoutedSequencer) else {}

    def _send_states(self, ports: Collection[str]) -> None:
        """How the controllers of the tracks on these ports stand where it plays."""
        tick = round(self.position_ticks())
        for number, track in enumerate(self._ahead.schedule.tracks):
            route = self._routes.get(playback_channel(number))
            if route is None or route.port not in ports or self._outputs is None:
                continue
            for (kind, control), value in track.state_at(tick).items():
                self._outputs.send(route.port, message_of(kind, route.channel, control, value))

    def _margin(self) -> float:
        return max(MARGIN_SECONDS, self._clock.latency_seconds)

    def _tick_or_standing(self, tick: int | None) -> int:
        return round(self.position_ticks()) if tick is None else tick

    def _start(self, tick: int | None, at_seconds: float, endless: bool) -> None:
        tick = self._tick_or_standing(tick)
        self._silence()
        if self._wanted is not self._ahead.schedule.composition:
            self._adopt(Schedule(self._wanted, self._ahead.schedule))
        self._endless = endless
        self._ahead.begin(at_seconds, tick)
        self._standing = float(tick)
        self._playing = True

    def _silence(self) -> None:
        """Take everything back and let go of every key that playback holds."""
        self._playing = False
        self._sequencer.take_back_all()
        if self._ports is not None:
            self._ports.silence()
        for number in range(len(self._ahead.schedule.tracks)):
            self._synth.control(playback_channel(number), SUSTAIN, 0)
            self._synth.control(playback_channel(number), ALL_NOTES_OFF, 0)
        self._synth.control(CLICK_CHANNEL, ALL_NOTES_OFF, 0)

    def _redo(self) -> None:
        """Hand over anew what has not sounded."""
        if self._playing:
            self._ahead.cut(self._clock.rendered() + self._margin())
            self._fill()

    def _fill(self) -> None:
        self._ahead.fill(self._clock.rendered() + FIRST_SECONDS, self._end_tick())
        self._wake.set()

    def _end_tick(self) -> int | None:
        """Where playing ends by itself; past the end it stops at once."""
        end = self._ahead.schedule.end
        loop = self._ahead.loop
        if self._endless or end == 0:
            return None
        if loop is not None and self._ahead.cursor.tick < loop.end:
            return None
        return meter_map(self._ahead.schedule.composition).bar_end(end)

    def _adopt(self, schedule: Schedule) -> None:
        """Another composition: its kits and the live keys' instrument now, its music from here."""
        if schedule.composition.volume != self._ahead.schedule.composition.volume:
            self._send_gain(schedule.composition)
        for number, track in enumerate(schedule.tracks):
            if self._drums.get(number) != track.track.is_drum:
                self._drums[number] = track.track.is_drum
                self._synth.program(
                    playback_channel(number), track.track.program, track.track.is_drum
                )
        self._sound_live_keys_as(schedule.composition.melody)
        if self._playing:
            self._ahead.replace(schedule, self._clock.rendered() + self._margin())
        else:
            self._ahead.use(schedule)
            self._route(routes_of(schedule.composition))

    def _route(self, routes: dict[int, Route]) -> None:
        """Which tracks are played on ports, from now on; nothing plays at this moment."""
        if not isinstance(self._sequencer, RoutedSequencer) or self._outputs is None:
            return
        self._sequencer.routes = routes
        ports = frozenset(route.port for route in routes.values())
        self._outputs.want(ports)
        self._send_states(ports)

    def _sound_live_keys_as(self, melody: Track) -> None:
        before, self._live = self._live, melody
        if before is None or (before.program, before.is_drum) != (melody.program, melody.is_drum):
            self._synth.program(LIVE_CHANNEL, melody.program, melody.is_drum)
        stood = _mix_of(before) if before is not None else {}
        for control, value in _mix_of(melody).items():
            if stood.get(control) != value:
                self._synth.control(LIVE_CHANNEL, control, value)

    def _run(self) -> None:
        """Keep the sequencer supplied until closed. Runs on the player's thread."""
        while not self._closed.is_set():
            self._wake.wait(INTERVAL_SECONDS)
            self._wake.clear()
            self._supply()

    def _supply(self) -> None:
        wanted = self._wanted
        schedule = None
        if wanted is not self._ahead.schedule.composition:
            schedule = Schedule(wanted, self._ahead.schedule)
        with self._lock:
            self._clock.rendered()
            if schedule is not None and wanted is self._wanted:
                if self._playing and routes_of(wanted) != self._routes:
                    self._start(None, self._clock.rendered() + self._margin(), self._endless)
                else:
                    self._adopt(schedule)
            finished = self._playing and self._supply_music()
        if finished and self.on_finished is not None:
            self.on_finished()

    def _supply_music(self) -> bool:
        """Hand over the next; whether the end has been heard."""
        end = self._end_tick()
        self._ahead.fill(self._clock.rendered() + LOOK_AHEAD_SECONDS, end)
        if not self._ahead.at_end(end) or self._clock.heard() < self._ahead.cursor.seconds:
            return False
        self._silence()
        self._standing = float(self._ahead.cursor.tick)
        return True


def _mix_of(track: Track) -> dict[int, int]:
    """A track's place in the mix as controllers."""
    return {
        VOLUME: track.volume,
        PAN: track.pan,
        REVERB: shown_send(track, REVERB),
        CHORUS: shown_send(track, CHORUS),
    }
