"""Audio files: a composition rendered without a sound card."""

import math
import tempfile
import wave
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, Literal

import numpy as np

from engine.errors import FileError
from engine.files.atomic import write_atomically
from engine.files.offline_synth import MAX_CHANNELS, STEREO, OfflineSynth, Samples
from engine.music.composition import Composition
from engine.music.mix import is_heard, master_gain, sounding_controls
from engine.music.take import TakeEventKind
from engine.music.ticks import TempoMap, tempo_map
from engine.music.track import SUSTAIN, Track

LOWEST_RATE, HIGHEST_RATE = 8_000, 96_000  # what FluidSynth can do
GAIN = 0.7  # as when it is played
BLOCK_SECONDS = 0.1  # between two looks at whether the user cancelled
TAIL_SECONDS = 10.0  # the longest that the last notes may ring
PROGRESS_STEP = 0.01
RENDERED = 0.95  # the share of the work that the synthesizer has; the rest is the file
SILENCE = 1e-4  # −80 dB: nothing of the tail is heard any more
WAV_BYTES = 0xFFFF_FFFF - 4096  # what the format's own 32-bit lengths can say

# Frame, place among the events of one frame, channel, and the message.
_Event = tuple[int, int, int, TakeEventKind, int, int]
_ENDS, _CONTROLS, _BEGINS = range(3)


@dataclass(frozen=True, slots=True)
class RenderedAudio:
    """What became of a rendering: ``peak`` as rendered (1 is full scale), before any lowering."""

    seconds: float
    peak: float

    @property
    def lowered_db(self) -> float:
        """By how much the whole was turned down so that nothing clips; 0 where nothing did."""
        return max(0.0, 20 * math.log10(self.peak)) if self.peak > 0 else 0.0

    @property
    def remark(self) -> str:
        """A sentence about the lowering, empty without one."""
        if not self.lowered_db:
            return ""
        return f"It would have clipped, so the whole is {self.lowered_db:.1f} dB softer."


class _Cancelled(Exception):
    """The user no longer wants the file."""


@dataclass(slots=True)
class _Watch:
    """The user's side of a rendering; ``told`` is the fraction that was last heard of."""

    progress: Callable[[float], None] | None
    cancelled: Callable[[], bool] | None
    told: float = -1.0

    def look(self, fraction: float) -> None:
        """Says how far it is; raises `_Cancelled` if nobody wants it any more."""
        if self.cancelled is not None and self.cancelled():
            raise _Cancelled
        if self.progress is not None and fraction - self.told >= PROGRESS_STEP:
            self.told = fraction
            self.progress(fraction)

    def done(self) -> None:
        """Says that all is written."""
        if self.progress is not None:
            self.progress(1.0)


def render_wav(
    composition: Composition,
    path: Path,
    sound_font: Path,
    *,
    sample_rate: int = 48_000,
    bits: Literal[16, 24] = 16,
    gain: float = GAIN,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RenderedAudio | None:
    """Writes what is heard of a composition as a stereo WAV file, whole or not at all.

    Mute, solo, volume and pan are obeyed, the last notes ring out, and the whole is turned down
    only if it would clip (`RenderedAudio.remark` says so). ``progress`` hears fractions of 1; None
    when ``cancelled``, and ``path`` is then as it was. Raises `FileError` and `AudioError`.
    """
    if not LOWEST_RATE <= sample_rate <= HIGHEST_RATE:
        raise FileError(
            f"Sound is rendered at {LOWEST_RATE:,} to {HIGHEST_RATE:,} frames a second."
        )
    tracks = _heard_tracks(composition)
    events = _events(tracks, tempo_map(composition), sample_rate)
    frames_at_most = events[-1][0] + int(TAIL_SECONDS * sample_rate)
    if frames_at_most * STEREO * bits // 8 > WAV_BYTES:
        raise FileError("The music is longer than a WAV file can hold. Export it in parts.")
    drums = tuple(track.is_drum for track in tracks)
    watch = _Watch(progress, cancelled)
    try:
        with (
            write_atomically(path) as beside,
            OfflineSynth(sound_font, sample_rate, gain * master_gain(composition), drums) as synth,
            tempfile.TemporaryFile(dir=path.parent) as raw,
        ):
            blocks = _blocks(synth, tracks, events, sample_rate)
            frames, peak = _keep(blocks, raw, events[-1][0], watch)
            with beside.open("wb") as file:
                _write_wav(file, raw, _Format(sample_rate, bits, 1 / max(1.0, peak)), watch)
            watch.done()
            return RenderedAudio(frames / sample_rate, peak)
    except _Cancelled:
        return None


def _heard_tracks(composition: Composition) -> tuple[Track, ...]:
    heard = is_heard(composition)
    tracks = tuple(
        track
        for track, sounds in zip(composition.tracks, heard, strict=True)
        if sounds and track.notes
    )
    if not tracks:
        raise FileError("There is nothing to hear: every track is empty or muted.")
    if len(tracks) > MAX_CHANNELS:
        raise FileError(f"At most {MAX_CHANNELS} tracks can be rendered. Mute some of them.")
    return tracks


def _events(tracks: Iterable[Track], tempos: TempoMap, sample_rate: int) -> list[_Event]:
    """All messages in playing order; each track has a channel of its own.

    The last is a pedal's release in every channel, so that nothing rings for ever.
    """

    def frame(tick: int) -> int:
        return round(tempos.seconds_at(tick) * sample_rate)

    tracks = tuple(tracks)
    end = frame(max(track.end for track in tracks))
    last = end + int(TAIL_SECONDS * sample_rate)
    events: list[_Event] = []
    for channel, track in enumerate(tracks):
        for note in track.notes:
            start, stop = frame(note.start), frame(note.end)
            events.append((start, _BEGINS, channel, "note_on", note.pitch, note.velocity))
            events.append((max(stop, start + 1), _ENDS, channel, "note_off", note.pitch, 0))
        for event in sounding_controls(track):
            at = frame(event.tick)
            if at <= last:  # controllers far behind the music are not worth hours of silence
                events.append((at, _CONTROLS, channel, event.kind, event.number, event.value))
    events.sort(key=itemgetter(0, 1))
    final = events[-1][0]
    events.extend(
        (final, _BEGINS, channel, "control", SUSTAIN, 0) for channel in range(len(tracks))
    )
    return events


def _blocks(
    synth: OfflineSynth, tracks: Iterable[Track], events: Iterable[_Event], sample_rate: int
) -> Iterator[Samples]:
    """The sound, in pieces no longer than `BLOCK_SECONDS`, and then its tail."""
    longest = int(BLOCK_SECONDS * sample_rate)
    for channel, track in enumerate(tracks):
        synth.send(channel, "program", 0, track.program)
    now = 0
    for frame, together in groupby(events, key=itemgetter(0)):
        while now < frame:
            frames = min(longest, frame - now)
            now += frames
            yield synth.render(frames)
        for _, _, channel, kind, number, value in together:
            synth.send(channel, kind, number, value)
    for _ in range(int(TAIL_SECONDS / BLOCK_SECONDS)):
        block = synth.render(longest)
        yield block
        if not synth.voices and float(np.abs(block).max()) < SILENCE:
            return


def _keep(blocks: Iterable[Samples], raw: IO[bytes], end: int, watch: _Watch) -> tuple[int, float]:
    """Writes the samples as they are; how many frames, and the loudest of them.

    Only when the last is known is it known by how much the first must be turned down; kept on
    disk, since an hour would fill 1.4 GB of memory.
    """
    frames, peak = 0, 0.0
    for block in blocks:
        watch.look(RENDERED * min(1.0, frames / max(1, end)))
        raw.write(block.tobytes())
        frames += len(block)
        peak = max(peak, float(np.abs(block).max()))
    return frames, peak


@dataclass(frozen=True, slots=True)
class _Format:
    sample_rate: int
    bits: Literal[16, 24]
    scale: float


def _write_wav(file: IO[bytes], raw: IO[bytes], form: _Format, watch: _Watch) -> None:
    # The standard library's writer: libsndfile tells a full disk only by a failed assertion.
    with wave.open(file, "wb") as wav:
        wav.setnchannels(STEREO)
        wav.setsampwidth(form.bits // 8)
        wav.setframerate(form.sample_rate)
        size = raw.tell()
        raw.seek(0)
        while piece := raw.read(4 * STEREO * form.sample_rate):
            watch.look(RENDERED + (1 - RENDERED) * raw.tell() / size)
            samples = np.frombuffer(piece, dtype=np.float32) * form.scale
            wav.writeframesraw(_encoded(samples, form.bits))


def _encoded(samples: Samples, bits: Literal[16, 24]) -> bytes:
    """Whole numbers, the lowest byte first."""
    whole = np.rint(samples * (2 ** (bits - 1) - 1)).astype("<i4")
    if bits == 16:
        return bytes(whole.astype("<i2"))
    return bytes(whole.view(np.uint8).reshape(-1, 4)[:, :3].copy())
