"""Audio files: a composition rendered without a sound card, as one file or as one a track."""

import contextlib
import math
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import numpy as np

from engine.errors import FileError
from engine.files.atomic import write_atomically, writing_failed
from engine.files.audio_kinds import AudioKind, Level
from engine.files.file_names import free_name, safe_name
from engine.files.loudness import LoudnessMeter
from engine.files.offline_synth import STEREO, OfflineSynth, Samples
from engine.files.rendering import (
    HIGHEST_RATE,
    LOWEST_RATE,
    TAIL_SECONDS,
    Cancelled,
    Part,
    Score,
    Watch,
    decibels,
    last_frame,
    parts_of,
    sound,
    together,
)
from engine.files.sound_file import AudioFormat, audio_format, peak_of, write_sound
from engine.music.composition import Composition
from engine.music.mix import master_gain

GAIN = 0.7  # as when it is played
RENDERED = 0.9  # the share of the work that the synthesizer has; the rest is the files
LARGEST_BYTES = 0xFFFF_FFFF - 4096  # what WAV's own 32-bit lengths can say
FULL = 10 ** (-1 / 20)  # the peak of what is made as loud as it can be
STREAMING_LUFS = -14.0  # what the large streaming services play at
ATTEMPTS = 3  # at a lossy file that goes beyond full scale when it is played
FLOAT_FRAME = 4 * STEREO


@dataclass(frozen=True, slots=True)
class AudioPlan:
    """How music becomes audio files.

    ``level``: as loud as it is played, as loud as it can be (a peak of −1 dB), or −14 LUFS.
    ``stems``: a folder with one file a track, which together are the mix. ``rings_out``: to the
    end of the last sound, else to the end of the last bar. ``gain`` is the synthesizer's.
    """

    kind: AudioKind = "wav16"
    sample_rate: int = 48_000
    level: Level = "played"
    stems: bool = False
    rings_out: bool = True
    count_in_bars: int = 0
    click: bool = False
    gain: float = GAIN


@dataclass(frozen=True, slots=True)
class RenderedAudio:
    """What became of a rendering.

    ``peak`` is the loudest sample as rendered (1 is full scale), ``scale`` what all were then
    multiplied by, ``loudness`` the whole's as written, in LUFS; ``level`` what was asked for.
    """

    seconds: float
    peak: float
    scale: float = 1.0
    loudness: float = -math.inf
    level: Level = "played"
    files: tuple[Path, ...] = ()

    @property
    def lowered_db(self) -> float:
        """By how much the whole was turned down so that nothing clips; 0 where nothing did."""
        return max(0.0, -decibels(self.scale)) if self.level == "played" else 0.0

    @property
    def remark(self) -> str:
        """A sentence about what was done to the loudness, empty where nothing was."""
        if self.level == "played":
            if not self.lowered_db:
                return ""
            return f"It would have clipped, so the whole is {self.lowered_db:.1f} dB softer."
        change = decibels(self.scale)
        how = f"{abs(change):.1f} dB {'louder' if change > 0 else 'softer'} than it is played"
        told = f"It is {how}: {_signed(self.loudness)} LUFS."
        if self.level == "streaming" and self.loudness < STREAMING_LUFS - 0.1:
            told += f" More would have clipped, so it stays below {_signed(STREAMING_LUFS)}."
        return told


def _signed(number: float) -> str:
    return f"{number:.1f}".replace("-", "−")


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
    """Writes what is heard of a composition as a stereo WAV file, as loud as it is played.

    See `export_audio`.
    """
    plan = AudioPlan("wav16" if bits == 16 else "wav24", sample_rate, gain=gain)
    return export_audio(composition, path, sound_font, plan, progress, cancelled)


def export_audio(
    composition: Composition,
    path: Path,
    sound_font: Path,
    plan: AudioPlan,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RenderedAudio | None:
    """Writes what is heard of a composition, whole or not at all.

    Mute, solo, volume and pan are obeyed, and nothing clips: what would is turned down as a whole
    (`RenderedAudio.remark` says so). With ``plan.stems`` a folder is made beside ``path``, named
    after it. ``progress`` hears fractions of 1; None when ``cancelled``, and the disk is then as
    it was. Raises `FileError` and `AudioError`.
    """
    form = audio_format(plan.kind)
    _check_rate(plan, form)
    parts, lead = parts_of(composition, count_in_bars=plan.count_in_bars, click=plan.click)
    score = Score(composition, plan.sample_rate, lead, plan.rings_out)
    rendered: tuple[Part, ...] = parts if plan.stems else (together(parts),)
    _check_length(score, rendered, form)
    watch = _Work(Watch(progress, cancelled), len(rendered))
    try:
        with ExitStack() as stack:
            made = _made(stack, path, score, rendered, plan, form, sound_font, watch)
    except Cancelled:
        return None
    watch.watch.done()
    return made


def _made(
    stack: ExitStack,
    path: Path,
    score: Score,
    parts: Sequence[Part],
    plan: AudioPlan,
    form: AudioFormat,
    sound_font: Path,
    watch: "_Work",
) -> RenderedAudio:
    target = stack.enter_context(_folder(path) if plan.stems else _one_file(path))
    raws = [_rendered(stack, path, score, part, plan, sound_font, watch) for part in parts]
    frames = max(each.frames for each in raws)
    mix = _measured(raws, plan.sample_rate)
    scale = _scale(mix, plan.level, form)
    names = [target] if not plan.stems else _stem_files(target, path.stem, parts, form)
    for number, (raw, file) in enumerate(zip(raws, names, strict=True)):
        watch.writes(number, len(raws))
        scale = _written(file, raw, frames, scale, form, plan.sample_rate, path, watch)
    files = tuple(_final(path, name, plan.stems) for name in names)
    loudness = mix.loudness + decibels(scale) if scale > 0 else -math.inf
    return RenderedAudio(frames / plan.sample_rate, mix.peak, scale, loudness, plan.level, files)


def _check_rate(plan: AudioPlan, form: AudioFormat) -> None:
    if not LOWEST_RATE <= plan.sample_rate <= HIGHEST_RATE:
        raise FileError(
            f"Sound is rendered at {LOWEST_RATE:,} to {HIGHEST_RATE:,} frames a second."
        )
    if form.rates and plan.sample_rate not in form.rates:
        raise FileError(
            f"{form.name} has at most {max(form.rates):,} frames a second. Choose 44,100 or 48,000."
        )


def _check_length(score: Score, parts: Iterable[Part], form: AudioFormat) -> None:
    last = max(last_frame(score, part) for part in parts)
    frames = max(last, score.cut or 0) + int(TAIL_SECONDS * score.sample_rate)
    if frames * STEREO * form.bits // 8 > LARGEST_BYTES:
        raise FileError("The music is longer than a WAV file can hold. Export it in parts.")


# Where the files go


@contextlib.contextmanager
def _one_file(path: Path) -> Iterator[Path]:
    with write_atomically(path) as beside:
        yield beside


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """A folder that takes its final name when all is in it."""
    try:
        beside = Path(tempfile.mkdtemp(prefix=".tutti-stems-", dir=path.parent))
    except OSError as problem:
        raise FileError(writing_failed(path.parent, problem)) from problem
    try:
        yield beside
        beside.chmod(0o755)
        beside.rename(_stems_folder(path))
    except OSError as problem:
        raise FileError(writing_failed(path, problem)) from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _stems_folder(path: Path) -> Path:
    return free_name(path.with_name(f"{path.stem} stems"))


def _stem_files(folder: Path, stem: str, parts: Sequence[Part], form: AudioFormat) -> list[Path]:
    return [
        folder / f"{stem} - {number} {safe_name(part.name, 'Track')}{form.suffix}"
        for number, part in enumerate(parts, 1)
    ]


def _final(path: Path, written: Path, stems: bool) -> Path:
    return _stems_folder(path) / written.name if stems else path


# Rendering and measuring


@dataclass(slots=True)
class _Work:
    """How far all of the work is."""

    watch: Watch
    parts: int
    done: int = 0
    start: float = 0.0
    share: float = 0.0

    def renders(self) -> None:
        self.start, self.share = RENDERED * self.done / self.parts, RENDERED / self.parts
        self.done += 1

    def writes(self, number: int, of: int) -> None:
        self.start = RENDERED + (1 - RENDERED) * number / of
        self.share = (1 - RENDERED) / of

    def look(self, fraction: float) -> None:
        self.watch.look(self.start + self.share * min(1.0, fraction))


@dataclass(frozen=True, slots=True)
class _Raw:
    """A part's samples as rendered, kept on disk: an hour would fill 1.4 GB of memory."""

    file: IO[bytes]
    frames: int
    peak: float

    def blocks(self, frames: int) -> Iterator[Samples]:
        """All samples by so many frames."""
        self.file.seek(0)
        while piece := self.file.read(FLOAT_FRAME * frames):
            yield np.frombuffer(piece, dtype=np.float32).reshape(-1, STEREO)


@dataclass(frozen=True, slots=True)
class _Measured:
    peak: float
    loudness: float


def _scratch(folder: Path) -> IO[bytes]:
    return tempfile.TemporaryFile(dir=folder)


def _rendered(
    stack: ExitStack,
    path: Path,
    score: Score,
    part: Part,
    plan: AudioPlan,
    sound_font: Path,
    watch: _Work,
) -> _Raw:
    raw = stack.enter_context(_scratch(path.parent))
    gain = plan.gain * master_gain(score.composition)
    end = max(1, score.cut or last_frame(score, part))
    frames, peak = 0, 0.0
    watch.renders()
    with OfflineSynth(sound_font, plan.sample_rate, gain, part.drums) as synth:
        for block in sound(synth, score, part):
            watch.look(frames / end)
            raw.write(np.ascontiguousarray(block).tobytes())
            frames += len(block)
            peak = max(peak, float(np.abs(block).max(initial=0.0)))
    return _Raw(raw, frames, peak)


def _measured(raws: Sequence[_Raw], sample_rate: int) -> _Measured:
    """Of all parts together; the peak is also that of the loudest single one."""
    meter, peak = LoudnessMeter(sample_rate), max(raw.peak for raw in raws)
    longest = max(raws, key=lambda raw: raw.frames)
    others = [raw.blocks(sample_rate) for raw in raws if raw is not longest]
    for block in longest.blocks(sample_rate):
        mixed = block.copy()
        for other in others:
            part = next(other, None)
            if part is not None:
                mixed[: len(part)] += part
        meter.add(mixed)
        peak = max(peak, float(np.abs(mixed).max(initial=0.0)))
    return _Measured(peak, meter.integrated())


def _scale(mix: _Measured, level: Level, form: AudioFormat) -> float:
    """What every sample is multiplied by."""
    if mix.peak <= 0 or not math.isfinite(mix.loudness):
        return 1.0
    if level == "played":
        return min(1.0, form.ceiling / mix.peak)
    if level == "full":
        return FULL / mix.peak
    return min(FULL / mix.peak, 10 ** ((STREAMING_LUFS - mix.loudness) / 20))


def _written(
    file: Path,
    raw: _Raw,
    frames: int,
    scale: float,
    form: AudioFormat,
    sample_rate: int,
    told: Path,
    watch: _Work,
) -> float:
    """Writes a part at full length; the scale that was used in the end.

    A lossy file is listened to: what goes beyond full scale is written again, softer.
    """
    for _ in range(ATTEMPTS):
        blocks = _scaled(raw, frames, scale, sample_rate, watch)
        write_sound(file, blocks, form, sample_rate, told)
        peak = peak_of(file) if form.lossy else 0.0
        if peak <= 1.0:
            break
        scale *= 0.99 / peak
    return scale


def _scaled(
    raw: _Raw, frames: int, scale: float, sample_rate: int, watch: _Work
) -> Iterator[Samples]:
    written = 0
    for block in raw.blocks(sample_rate):
        watch.look(written / max(1, frames))
        yield block * np.float32(scale)
        written += len(block)
    while written < frames:
        missing = min(sample_rate, frames - written)
        yield np.zeros((missing, STEREO), np.float32)
        written += missing
