"""Audio files in their formats: the only module that knows soundfile (libsndfile).

It is imported when the first file is written: loading libsndfile has no place in the start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.errors import FileError
from engine.files.audio_kinds import AudioKind

Samples = npt.NDArray[np.float32]


STEREO = 2
LOSSY_CEILING = 10 ** (-1 / 20)
"""−1 dB: what a lossy coder makes of a full scale may go beyond it."""


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """One way of writing audio; ``bits`` a sample as far as its size counts.

    ``container`` and ``subtype`` are libsndfile's, ``rates`` the frames a second that it can hold,
    empty for any. ``ceiling`` is the loudest sample that is written, 1 is full scale.
    """

    kind: AudioKind
    name: str
    words: str
    suffix: str
    container: str
    subtype: str
    bits: int = 16
    rates: tuple[int, ...] = ()
    ceiling: float = 1.0
    quality: tuple[tuple[str, Any], ...] = ()

    @property
    def lossy(self) -> bool:
        """Whether less comes out of it than went in."""
        return bool(self.quality)


MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
FORMATS: tuple[AudioFormat, ...] = (
    AudioFormat("wav16", "WAV, 16 bit", "opens everywhere", ".wav", "WAV", "PCM_16"),
    AudioFormat("wav24", "WAV, 24 bit", "for a studio program", ".wav", "WAV", "PCM_24", 24),
    AudioFormat("wav32f", "WAV, 32 bit float", "for further work", ".wav", "WAV", "FLOAT", 32),
    AudioFormat("flac", "FLAC", "half as large, nothing is lost", ".flac", "FLAC", "PCM_24", 24),
    AudioFormat(
        "ogg", "Ogg Vorbis", "small, free", ".ogg", "OGG", "VORBIS",
        ceiling=LOSSY_CEILING, quality=(("compression_level", 0.4),),
    ),
    AudioFormat(
        "mp3", "MP3", "small, plays everywhere", ".mp3", "MP3", "MPEG_LAYER_III",
        rates=MP3_RATES, ceiling=LOSSY_CEILING,
        quality=(("bitrate_mode", "VARIABLE"), ("compression_level", 0.2)),
    ),
)  # fmt: skip


def audio_format(kind: AudioKind) -> AudioFormat:
    """The format of a kind."""
    return next(each for each in FORMATS if each.kind == kind)


def write_sound(
    path: Path, blocks: Iterable[Samples], form: AudioFormat, sample_rate: int, told: Path
) -> int:
    """Writes stereo samples, each block a second at most; how many frames were written.

    ``told`` is the file's name for the user. Raises `FileError`, also where the file is found to
    be shorter than what was written: a full disk.
    """
    import soundfile

    frames = 0
    quality: dict[str, Any] = dict(form.quality)
    try:
        with soundfile.SoundFile(
            path, "w", sample_rate, STEREO, form.subtype, format=form.container, **quality
        ) as file:
            for block in blocks:
                file.write(_encoded(block, form))
                frames += len(block)
        written = int(soundfile.info(path).frames)
    # The library tells a full disk by a failed assertion.
    except (soundfile.LibsndfileError, AssertionError) as problem:
        raise _unwritten(told) from problem
    if written < frames:
        raise _unwritten(told)
    return frames


def _encoded(samples: Samples, form: AudioFormat) -> npt.NDArray[Any]:
    """Whole numbers where the file holds such: libsndfile itself would round them all down."""
    whole: npt.NDArray[Any] = samples
    if form.subtype == "PCM_16":
        whole = np.rint(samples * np.float32(0x7FFF)).astype(np.int16)
    elif form.subtype == "PCM_24":  # the upper three bytes of four
        whole = np.rint(samples.astype(np.float64) * 0x7FFFFF).astype(np.int32) << 8
    return whole


def _unwritten(path: Path) -> FileError:
    return FileError(
        f"{path} could not be written: the disk is full or refuses. "
        "Choose another place, or make room there."
    )


def peak_of(path: Path) -> float:
    """The loudest sample of a file as it is played, 1 is full scale."""
    return max((float(np.abs(block).max()) for block in sound_blocks(path)), default=0.0)


def sound_blocks(path: Path) -> Iterator[Samples]:
    """What is heard of a file, (frame, channel), a second at a time."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        yield from file.blocks(file.samplerate, dtype="float32", always_2d=True)
