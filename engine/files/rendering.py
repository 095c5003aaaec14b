"""Music as samples: what is heard of a composition, played by a synthesizer without a driver."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np

from engine.errors import FileError
from engine.files.offline_synth import MAX_CHANNELS, OfflineSynth, Samples
from engine.live.metronome import click_note, clicks, count_in
from engine.music.composition import Composition
from engine.music.mix import is_heard, sounding_controls
from engine.music.take import TakeEventKind
from engine.music.ticks import meter_map, tempo_map
from engine.music.track import SUSTAIN, Track

LOWEST_RATE, HIGHEST_RATE = 8_000, 96_000  # what FluidSynth can do
BLOCK_SECONDS = 0.1  # between two looks at whether the user cancelled
TAIL_SECONDS = 10.0  # the longest that the last notes may ring
FADE_SECONDS = 0.005  # where the sound is cut: no crack
CLICK_SECONDS = 0.1
SILENCE = 1e-4  # −80 dB: nothing of the tail is heard any more
CLICK = "Click"

# Frame, place among the events of one frame, channel, and the message.
_Event = tuple[int, int, int, TakeEventKind, int, int]
_ENDS, _CONTROLS, _BEGINS = range(3)


@dataclass(frozen=True, slots=True)
class Part:
    """What is rendered together: tracks, and clicks as (seconds into the sound, accent)."""

    name: str
    tracks: tuple[Track, ...]
    clicks: tuple[tuple[float, bool], ...] = ()

    @property
    def drums(self) -> tuple[bool, ...]:
        """For each channel that it needs, whether it plays drums."""
        return (*(track.is_drum for track in self.tracks), *((True,) if self.clicks else ()))


@dataclass(frozen=True, slots=True)
class Score:
    """A composition to be rendered: ``lead`` seconds of count-in stand before its first tick.

    ``rings_out``: to the end of the last note's sound; else to the end of its bar, as for a loop.
    """

    composition: Composition
    sample_rate: int
    lead: float = 0.0
    rings_out: bool = True

    def frame(self, tick: int) -> int:
        """Where a tick sounds."""
        seconds = tempo_map(self.composition).seconds_at(tick)
        return round((self.lead + seconds) * self.sample_rate)

    @property
    def cut(self) -> int | None:
        """The frame where the sound is cut off; None where it rings out."""
        if self.rings_out:
            return None
        end = max(track.end for track in heard_tracks(self.composition))
        meters = meter_map(self.composition)
        bar = meters.position_at(max(0, end - 1)).bar
        return self.frame(meters.bar_start(bar + 1))


def parts_of(
    composition: Composition, *, count_in_bars: int = 0, click: bool = False
) -> tuple[tuple[Part, ...], float]:
    """One part a track that is heard, then the clicks if any; and the count-in's seconds.

    Raises `FileError` where nothing is heard.
    """
    parts = [Part(track.name, (track,)) for track in heard_tracks(composition)]
    counted = count_in(composition, count_in_bars, 0) if count_in_bars else ()
    lead = max((each.seconds_before for each in counted), default=0.0)
    times = [(lead - each.seconds_before, each.accent) for each in counted]
    if click:
        tempos = tempo_map(composition)
        end = max(track.end for track in composition.tracks)
        beats = clicks(meter_map(composition), 0, end)
        times += [(lead + tempos.seconds_at(each.tick), each.accent) for each in beats]
    if times:
        parts.append(Part(CLICK, (), tuple(times)))
    return tuple(parts), lead


def together(parts: Iterable[Part]) -> Part:
    """All parts as one."""
    parts = tuple(parts)
    tracks = tuple(track for part in parts for track in part.tracks)
    return Part("", tracks, tuple(each for part in parts for each in part.clicks))


def heard_tracks(composition: Composition) -> tuple[Track, ...]:
    """The tracks that sound. Raises `FileError` where none does, or more than can be rendered."""
    heard = is_heard(composition)
    tracks = tuple(
        track
        for track, sounds in zip(composition.tracks, heard, strict=True)
        if sounds and track.notes
    )
    if not tracks:
        raise FileError("There is nothing to hear: every track is empty or muted.")
    if len(tracks) >= MAX_CHANNELS:
        raise FileError(f"At most {MAX_CHANNELS - 1} tracks can be rendered. Mute some of them.")
    return tracks


def last_frame(score: Score, part: Part) -> int:
    """Where a part's last event stands; its sound may ring on after it."""
    return _events(score, part)[-1][0]


def sound(synth: OfflineSynth, score: Score, part: Part) -> Iterator[Samples]:
    """A part's sound, in pieces no longer than `BLOCK_SECONDS`."""
    blocks = _blocks(synth, part.tracks, _events(score, part), score.sample_rate)
    cut = score.cut
    return blocks if cut is None else _cut(blocks, cut, score.sample_rate)


def _events(score: Score, part: Part) -> list[_Event]:
    """All messages in playing order; each track has a channel of its own.

    The last is a pedal's release in every channel, so that nothing rings for ever.
    """
    tempos, rate, lead = tempo_map(score.composition), score.sample_rate, score.lead

    def frame(tick: int) -> int:
        return round((lead + tempos.seconds_at(tick)) * rate)

    end = frame(max((track.end for track in part.tracks), default=0))
    last = end + int(TAIL_SECONDS * rate)
    events: list[_Event] = []
    for channel, track in enumerate(part.tracks):
        for note in track.notes:
            start, stop = frame(note.start), frame(note.end)
            events.append((start, _BEGINS, channel, "note_on", note.pitch, note.velocity))
            events.append((max(stop, start + 1), _ENDS, channel, "note_off", note.pitch, 0))
        for event in sounding_controls(track):
            # What sets a track up holds in the count-in already.
            at = frame(event.tick) if event.tick else 0
            if at <= last:  # controllers far behind the music are not worth hours of silence
                events.append((at, _CONTROLS, channel, event.kind, event.number, event.value))
    events.extend(_click_events(part, rate))
    events.sort(key=itemgetter(0, 1))
    final = events[-1][0]
    events.extend(
        (final, _BEGINS, channel, "control", SUSTAIN, 0) for channel in range(len(part.tracks))
    )
    return events


def _click_events(part: Part, rate: int) -> Iterator[_Event]:
    channel = len(part.tracks)
    for seconds, accent in part.clicks:
        pitch, velocity = click_note(accent)
        yield round(seconds * rate), _BEGINS, channel, "note_on", pitch, velocity
        yield round((seconds + CLICK_SECONDS) * rate), _ENDS, channel, "note_off", pitch, 0


def _blocks(
    synth: OfflineSynth, tracks: Iterable[Track], events: Iterable[_Event], sample_rate: int
) -> Iterator[Samples]:
    """The sound, in pieces no longer than `BLOCK_SECONDS`, and then its tail."""
    longest = int(BLOCK_SECONDS * sample_rate)
    for channel, track in enumerate(tracks):
        synth.send(channel, "program", 0, track.program)
    now = 0
    for frame, simultaneous in groupby(events, key=itemgetter(0)):
        while now < frame:
            frames = min(longest, frame - now)
            now += frames
            yield synth.render(frames)
        for _, _, channel, kind, number, value in simultaneous:
            synth.send(channel, kind, number, value)
    for _ in range(int(TAIL_SECONDS / BLOCK_SECONDS)):
        block = synth.render(longest)
        yield block
        if not synth.voices and float(np.abs(block).max()) < SILENCE:
            return


def _cut(blocks: Iterator[Samples], frames: int, sample_rate: int) -> Iterator[Samples]:
    """So many frames and no more, faded at the very end; silence where there are fewer."""
    fade = max(1, int(FADE_SECONDS * sample_rate))
    now = 0
    for block in blocks:
        kept = block[: frames - now]
        places = np.arange(now, now + len(kept))
        level = np.clip((frames - places) / fade, 0.0, 1.0).astype(np.float32)
        now += len(kept)
        yield kept * level[:, None]
        if now >= frames:
            return
    while now < frames:
        missing = min(frames - now, sample_rate)
        now += missing
        yield np.zeros((missing, 2), np.float32)


@dataclass(slots=True)
class Watch:
    """The user's side of a rendering; ``told`` is the fraction that was last heard of."""

    progress: Callable[[float], None] | None
    cancelled: Callable[[], bool] | None
    told: float = -1.0
    step: float = 0.01

    def look(self, fraction: float) -> None:
        """Says how far it is; raises `Cancelled` if nobody wants it any more."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled
        if self.progress is not None and fraction - self.told >= self.step:
            self.told = fraction
            self.progress(fraction)

    def done(self) -> None:
        """Says that all is written."""
        if self.progress is not None:
            self.progress(1.0)


class Cancelled(Exception):
    """The user no longer wants the file."""


def decibels(factor: float) -> float:
    """A factor of the amplitude as decibels; minus infinity for none."""
    return 20 * math.log10(factor) if factor > 0 else -math.inf
