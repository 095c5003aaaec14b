"""Plays twelve example songs by the shipped models, and shows them: sound, picture, figures.

    python packaging/listen.py OUT --data PACKED_SET …

writes for each a WAV, a MIDI file and a PNG (roll and spectrogram) to the folder OUT and prints a
line of figures; of held-out songs also what people play to them. Without ``--data`` the sample
melodies alone. docs/listening.md tells what is heard; its pictures are made so.
"""

import argparse
import math
import sys
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from listen_figures import figures_of  # noqa: E402
from listen_picture import draw  # noqa: E402

from engine.data.collection import Collection  # noqa: E402
from engine.data.corpus import Corpus, SongEntry, Stretch  # noqa: E402
from engine.data.evaluation import collected, held_out_share  # noqa: E402
from engine.data.segments import SUNG_SHARE, held_out  # noqa: E402
from engine.data.song import DRUMS, STEPS_PER_BEAT, meter_of  # noqa: E402
from engine.errors import DataError, TuttiError  # noqa: E402
from engine.files.audio import render_wav  # noqa: E402
from engine.files.melodies import sample_melodies  # noqa: E402
from engine.files.midi import read_midi, write_midi  # noqa: E402
from engine.generation.balance import balanced  # noqa: E402
from engine.generation.generator import Generator, Request  # noqa: E402
from engine.live.sound_fonts import find_sound_font  # noqa: E402
from engine.music.composition import (  # noqa: E402
    DEFAULT_TICKS_PER_QUARTER,
    Composition,
    MeterChange,
    tempo_from_bpm,
)
from engine.music.note import Note  # noqa: E402
from engine.music.piano_roll import PianoRoll, decode  # noqa: E402
from engine.music.track import Track, make_track  # noqa: E402
from engine.store.paths import shipped_models_folder  # noqa: E402

BARS = 16
SAMPLE_RATE = 24_000
TICKS_PER_STEP = DEFAULT_TICKS_PER_QUARTER // STEPS_PER_BEAT


@dataclass(frozen=True, slots=True)
class Example:
    """A song to listen to: ``name`` of its files, the model that plays, and the melody's source.

    ``source`` is the file of a sample melody, or a data set's name; then ``meter`` is the song's,
    ``number`` counts the held-out songs that are full enough, and ``tempo`` is in quarters a
    minute, since packed songs have none.
    """

    name: str
    model: str
    source: str
    meter: str = ""
    number: int = 0
    tempo: float = 120


SAMPLES = (
    Example("twinkle-pop", "pop", "twinkle-twinkle"),
    Example("ode-bach", "bach", "ode-to-joy"),
    Example("greensleeves-folk", "folk", "greensleeves"),
    Example("grace-folk", "folk", "amazing-grace"),
    Example("frere-pop", "pop", "frere-jacques"),
    Example("saints-band", "band", "when-the-saints"),
)
HELD_OUT = (
    Example("held-pop-1", "pop", "pop909", "4/4", 0, 84),
    Example("held-pop-2", "pop", "pop909", "4/4", 7, 84),
    Example("held-chorale", "bach", "jsb", "4/4", 3, 72),
    Example("held-jig", "folk", "nottingham", "6/8", 2, 150),
    Example("held-waltz", "folk", "nottingham", "3/4", 0, 150),
    Example("held-band", "band", "simutrans", "4/4", 0, 120),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play all examples; 1 with a sentence where that cannot be."""
    parser = argparse.ArgumentParser(description="Play and picture the example songs.")
    parser.add_argument("out", type=Path, help="the folder that the files are written to")
    parser.add_argument("--models", type=Path, default=shipped_models_folder())
    parser.add_argument("--data", type=Path, nargs="+", default=[], help="packed data sets")
    parser.add_argument("--only", nargs="+", default=[], help="names of examples")
    asked = parser.parse_args(arguments)
    asked.out.mkdir(parents=True, exist_ok=True)
    sets = {Corpus(folder).card.name: folder for folder in asked.data}
    examples = (*SAMPLES, *(each for each in HELD_OUT if each.source in sets))
    try:
        for example in examples:
            if not asked.only or example.name in asked.only:
                _listen(example, asked.models, sets.get(example.source), asked.out)
    except TuttiError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _listen(example: Example, models: Path, folder: Path | None, out: Path) -> None:
    """One example: compose, render, draw, tell."""
    generator = Generator.load(models / f"{example.model}.onnx", "cpu", threads=1)
    people = None
    if folder is None:
        melody = _sample(example.source)
    else:
        title, people = held_out_song(example, folder, generator)
        melody = replace(people.with_accompaniment(()), title=title)
    (take,) = generator.compose(melody, Request())
    made = melody.with_accompaniment(take.tracks, take.origin)
    print(f"{example.name}: {melody.title}. {' '.join(take.remarks)}")
    title = f"{melody.title}, played by {generator.card.name}"
    _publish(made, people, title, out / example.name)
    if people is not None:
        _publish(people, people, f"{melody.title}, people", out / f"{example.name}-people")


def _sample(stem: str) -> Composition:
    """A melody that comes with the product, under the name that people know."""
    sample = next(each for each in sample_melodies() if each.path.stem == stem)
    composition = read_midi(sample.path).composition
    return replace(composition.with_accompaniment(()), title=sample.name)


def _publish(music: Composition, people: Composition | None, title: str, stem: Path) -> None:
    """Writes sound, MIDI and picture, and prints the figures."""
    write_midi(music, stem.with_suffix(".mid"))
    sound = stem.with_suffix(".wav")
    rendered = render_wav(music, sound, find_sound_font(), sample_rate=SAMPLE_RATE)
    if rendered is None:
        raise DataError(f"{sound.name} was not rendered.")
    size = draw(music, sound, title, stem.with_suffix(".png"))
    print(f"  {figures_of(music, people).line}")
    print(f"  {loudness(sound, rendered.peak)}; picture of {size:,} bytes")


def loudness(sound: Path, peak: float) -> str:
    """Peak as rendered and the root mean square of the file, in decibels of full scale."""
    with wave.open(str(sound)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    power = math.sqrt(float(np.square(samples).mean()))
    return f"peak {_decibels(peak):.1f} dB, RMS {_decibels(power):.1f} dB"


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(max(amplitude, 1e-6))


def held_out_song(example: Example, folder: Path, generator: Generator) -> tuple[str, Composition]:
    """The name of a song that the model has not learned from, and its last bars as people play it.

    Raises `DataError` where there is none.
    """
    corpus = collected([folder], generator, example.meter)
    _, songs = held_out(corpus.songs, held_out_share(generator, corpus))
    needs_drums = any(track.is_drum for track in generator.card.tracks)
    found = (
        (song.name, _composition(stretch, song, corpus, example.tempo))
        for song, stretch in _endings(corpus, songs)
        if not needs_drums or not song.parts or DRUMS in song.parts
    )
    for number, each in enumerate(found):
        if number == example.number:
            return each
    raise DataError(f"There is no held-out song in {example.meter} in {folder.name}.")


def _endings(corpus: Collection, songs: Sequence[SongEntry]) -> Iterator[tuple[SongEntry, Stretch]]:
    """The last `BARS` bars of each song until its melody ends, where they are full enough."""
    for song in songs:
        whole = corpus.stretch(song, 0, song.beats)
        sung = np.flatnonzero(whole.planes[0].any((0, 2)))
        if not len(sung):
            continue
        bar, first = song.beats_per_bar, song.first_bar_beat
        last = -(-(int(sung[-1]) // STEPS_PER_BEAT + 1 - first) // bar)
        bars = min(BARS, last)
        stretch = corpus.stretch(song, first + (last - bars) * bar, bars * bar)
        if bars >= BARS // 2 and _has_both(stretch, bars):
            yield song, stretch


def _has_both(stretch: Stretch, bars: int) -> bool:
    """Whether half of the beats are sung, and a waltz's bass is there at least."""
    sung = stretch.planes[0].any((0, 2)).reshape(-1, STEPS_PER_BEAT).any(1).mean()
    return bool(sung >= SUNG_SHARE and stretch.planes[1:, 0].sum() >= bars)


def _composition(
    stretch: Stretch, song: SongEntry, corpus: Collection, tempo: float
) -> Composition:
    """A stretch as it would be opened in the studio."""
    above, below = meter_of(song).split("/")
    melody, *parts = _tracks(stretch, corpus)
    return Composition(
        title=song.name,
        tempos=(tempo_from_bpm(tempo),),
        meters=(MeterChange(0, int(above), int(below)),),
        tracks=(melody, *balanced(parts)),
    )


def _tracks(stretch: Stretch, corpus: Collection) -> Iterator[Track]:
    lines = decode(PianoRoll(stretch.planes))
    card = corpus.card
    for number, (role, program) in enumerate(zip(card.roles, card.programs, strict=True)):
        force = stretch.velocity[number]
        notes = [
            Note(
                each.step * TICKS_PER_STEP,
                each.pitch,
                each.length * TICKS_PER_STEP,
                int(force[each.step]) or 80,
            )
            for each in lines[number]
        ]
        yield make_track(role, notes, program=program, is_drum=role == DRUMS)


if __name__ == "__main__":
    raise SystemExit(main())
