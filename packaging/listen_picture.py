"""A picture of music and of its sound: a piano roll above a spectrogram, on one axis of time."""

import io
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from desktop.theme import DARK, track_role
from engine.music.composition import Composition
from engine.music.harmony import chord_name, estimate_key, implied_chords
from engine.music.note import Note
from engine.music.ticks import MeterMap, TempoMap, meter_map, tempo_map

FloatArray = npt.NDArray[np.float64]

WIDTH, TITLE, CHORDS, ROLL, DRUMS, SOUND, GAP = 1000, 24, 18, 270, 52, 140, 6
LEFT = 34  # of the first tick; left of it stand names of pitches and frequencies
MOST_BYTES = 48_000
COLOURS = (64, 48, 32, 24, 16, 12)  # fewer until the file is small enough
WINDOW, HOP = 4096, 512  # samples
LOWEST, HIGHEST = 40.0, 8_000.0  # Hz
FLOOR_DB, STEP_DB = -54.0, 6.0  # steps of loudness, so that the file stays small
FIRST_DRUM, LAST_DRUM = 35, 60
QUIETEST = 0.45  # how much of its colour a note of velocity 1 has
GLOW = ("window", "bass", "chords", "counter", "melody", "selected")  # soft to loud


@dataclass(frozen=True, slots=True)
class _Place:
    """Where things lie: seconds and pitches to pixels."""

    tempos: TempoMap
    seconds: float
    low: int
    high: int

    def x(self, tick: float) -> float:
        """The pixel column of a tick."""
        return LEFT + (WIDTH - LEFT) * self.tempos.seconds_at(tick) / self.seconds

    def y(self, pitch: int) -> float:
        """The upper edge of a pitch's row."""
        return TITLE + CHORDS + (self.high - pitch) * self.row

    @property
    def row(self) -> float:
        """Pixels a semitone."""
        return ROLL / (self.high - self.low + 1)


def draw(music: Composition, sound: Path, title: str, target: Path) -> int:
    """Writes the picture of a composition and of its sound (WAV) as PNG; its size in bytes."""
    has_drums = any(track.is_drum and track.notes for track in music.tracks)
    top = TITLE + CHORDS + ROLL + GAP + (DRUMS + GAP) * has_drums
    image = Image.new("RGB", (WIDTH, top + SOUND), DARK.colours["window"])
    samples, rate = _samples(sound)
    place = _place(music, len(samples) / rate)
    pen = ImageDraw.Draw(image)
    _lines(pen, music, place, top - GAP)
    _roll(pen, music, place)
    _heading(pen, music, place, title)
    picture = _glowing(spectrogram(samples, rate, WIDTH - LEFT, SOUND))
    image.paste(Image.fromarray(picture), (LEFT, top))
    _frequencies(pen, top)
    content = _small(image)
    target.write_bytes(content)
    return len(content)


def _place(music: Composition, seconds: float) -> _Place:
    pitches = [n.pitch for track in music.tracks if not track.is_drum for n in track.notes]
    return _Place(tempo_map(music), seconds, min(pitches) - 1, max(pitches) + 1)


def _lines(pen: ImageDraw.ImageDraw, music: Composition, place: _Place, bottom: int) -> None:
    """Bar lines with numbers, and a line at every C."""
    for number, tick in enumerate(meter_map(music).bar_starts(music.end), 1):
        x = place.x(tick)
        pen.line((x, TITLE, x, bottom), DARK.colours["bar_line"])
        _write(pen, (x + 2, TITLE + CHORDS + ROLL - 12), str(number), "disabled", 9)
    for pitch in range(place.low, place.high + 1):
        if pitch % 12 == 0:
            y = place.y(pitch) + place.row / 2
            pen.line((LEFT, y, WIDTH, y), DARK.colours["line"])
            _write(pen, (6, y - 7), f"C{pitch // 12 - 1}", "quiet", 11)


def _roll(pen: ImageDraw.ImageDraw, music: Composition, place: _Place) -> None:
    """All notes, the melody above the others; the harder one is struck, the fuller its colour."""
    for index in reversed(range(len(music.tracks))):
        track = music.tracks[index]
        role = track_role(index, track.name, track.program, track.is_drum)
        for note in track.notes:
            colour = _towards(DARK.colours[role], note.velocity / 127)
            pen.rectangle(_box(note, track.is_drum, place), colour)


def _box(note: Note, is_drum: bool, place: _Place) -> tuple[float, float, float, float]:
    left = place.x(note.start)
    if is_drum:
        row = DRUMS / (LAST_DRUM - FIRST_DRUM + 1)
        key = min(max(note.pitch, FIRST_DRUM), LAST_DRUM)
        top = TITLE + CHORDS + ROLL + GAP + (LAST_DRUM - key) * row
        return left, top, left + 3, top + max(1.0, row)
    top = place.y(note.pitch)
    return left, top, max(left + 1, place.x(note.end) - 1.5), top + max(2.0, place.row - 1)


def _towards(colour: str, force: float) -> tuple[int, int, int]:
    """A colour that stands out of the background as far as a note is loud (0 to 1)."""
    share = QUIETEST + (1 - QUIETEST) * force
    full, back = _channels(colour), _channels(DARK.colours["window"])
    red, green, blue = (round(b + (f - b) * share) for f, b in zip(full, back, strict=True))
    return red, green, blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _heading(pen: ImageDraw.ImageDraw, music: Composition, place: _Place, title: str) -> None:
    """The title, the parts in their colours, and the chord that each half bar implies."""
    _write(pen, (LEFT, 5), title, "text", 13)
    x = WIDTH - 8.0
    for index in reversed(range(len(music.tracks))):
        track = music.tracks[index]
        role = track_role(index, track.name, track.program, track.is_drum)
        x -= pen.textlength(track.name, _font(12)) + 12
        _write(pen, (x, 6), track.name, role, 12)
    free, before = 0.0, ""
    for tick, name in chords_heard(music):
        x = place.x(tick) + 2
        if name and name != before and x >= free:
            _write(pen, (x, TITLE + 3), name, "quiet", 10)
            before, free = name, x + pen.textlength(name, _font(10)) + 3


def chords_heard(music: Composition) -> Iterator[tuple[int, str]]:
    """The chord of melody and parts over each half bar (the bar, where it has no half)."""
    key = estimate_key(music.melody.notes)
    edges = _half_bars(meter_map(music), music.melody.end)
    parts = [track.notes for track in music.tracks if not track.is_drum]
    tonic = 0 if key is None else key.scale_tonic
    for tick, chord in zip(edges, implied_chords(parts, edges), strict=False):
        yield tick, chord_name(chord, tonic).replace("♯", "#").replace("♭", "b")


def _half_bars(meters: MeterMap, end: int) -> list[int]:
    edges = []
    for start, stop in pairwise((*meters.bar_starts(end), end)):
        halved = meters.meter_at(start).numerator % 2 == 0
        edges += [start, (start + stop) // 2] if halved else [start]
    return [*edges, end]


def _samples(sound: Path) -> tuple[FloatArray, int]:
    """A WAV of 16 bits as one channel, full scale 1, and its rate."""
    with wave.open(str(sound)) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return raw.reshape(-1, channels).mean(1) / 32768, rate


def spectrogram(samples: FloatArray, rate: int, width: int, height: int) -> FloatArray:
    """Loudness (row, column), 0 at `FLOOR_DB` to 1 at the loudest; rows by log frequency."""
    padded = np.pad(samples, WINDOW // 2)
    starts = range(0, max(1, len(padded) - WINDOW), HOP)
    window = np.hanning(WINDOW)
    spectra = np.array([np.abs(np.fft.rfft(padded[s : s + WINDOW] * window)) for s in starts])
    edges = np.geomspace(LOWEST, min(HIGHEST, rate / 2), height + 1) * WINDOW / rate
    rows = np.stack([_loudest(spectra, low, high) for low, high in pairwise(edges)][::-1])
    columns = np.linspace(0, len(samples) / HOP, width, endpoint=False).astype(int)
    level = 20 * np.log10(np.maximum(rows / max(rows.max(), 1e-9), 1e-6))
    stepped = np.ceil((level - FLOOR_DB) / STEP_DB) * STEP_DB / -FLOOR_DB
    shown: FloatArray = np.clip(stepped, 0, 1)[:, np.minimum(columns, rows.shape[1] - 1)]
    return shown


def _loudest(spectra: FloatArray, low: float, high: float) -> FloatArray:
    """The loudest of the bins from ``low`` to ``high``; between two bins where there is none."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    if first <= last:
        loudest: FloatArray = spectra[:, first : last + 1].max(1)
        return loudest
    share = (low + high) / 2 - last
    between: FloatArray = spectra[:, last] * (1 - share) + spectra[:, last + 1] * share
    return between


def _glowing(levels: FloatArray) -> npt.NDArray[np.uint8]:
    """Levels 0 to 1 as colours (row, column, 3)."""
    stops = np.linspace(0, 1, len(GLOW))
    colours = np.array([_channels(DARK.colours[role]) for role in GLOW])
    channels = [np.interp(levels, stops, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, -1).astype(np.uint8)


def _frequencies(pen: ImageDraw.ImageDraw, top: int) -> None:
    for hertz in (100, 1_000):
        share = np.log(hertz / LOWEST) / np.log(HIGHEST / LOWEST)
        name = f"{hertz} Hz" if hertz < 1_000 else f"{hertz // 1_000} kHz"
        _write(pen, (1, top + SOUND * (1 - share) - 6), name, "quiet", 10)


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, role: str, size: int
) -> None:
    pen.text(at, words, DARK.colours[role], _font(size))


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # Pillow's own font lacks the letters of other languages' titles.
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def _small(image: Image.Image, most: int = MOST_BYTES, steps: Sequence[int] = COLOURS) -> bytes:
    """A PNG of at most so many bytes, in as many colours as that allows."""
    content = b""
    for colours in steps:
        file = io.BytesIO()
        few = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
        content = file.getvalue()
        if len(content) <= most:
            break
    return content
