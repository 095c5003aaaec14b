"""What is told and shown of the example songs."""

from pathlib import Path

import numpy as np
import pytest
from listen import main
from listen_figures import figures_of, parallels
from listen_picture import chords_heard, spectrogram
from PIL import Image

from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.tiny_models import write_tiny_model

BEAT = 480


def line(name: str, pitches: list[int], velocity: int = 80) -> Track:
    """A note a beat."""
    notes = [Note(beat * BEAT, pitch, BEAT, velocity) for beat, pitch in enumerate(pitches)]
    return make_track(name, notes)


MELODY = line("Melody", [72, 74, 76, 77, 79, 77, 74, 72])


def music(*parts: Track) -> Composition:
    return Composition(tracks=(MELODY, *parts))


def test_parallel_fifths_and_octaves_are_counted_and_contrary_motion_is_not() -> None:
    assert parallels([[67, 69, 71], [60, 62, 64]]) == 2
    assert parallels([[67, 65, 67], [60, 62, 60]]) == 0
    assert parallels([[67, 67], [60, 60]]) == 0  # held, not moved
    assert parallels([[67, None, 69], [60, None, 62]]) == 0  # between them is a rest


def test_the_figures_of_known_music_are_known() -> None:
    bass = line("Bass", [48, 50, 52, 53, 43, 43, 43, 48])
    found = figures_of(music(bass))
    (part,) = found.parts
    assert (found.bars, part.notes_a_bar, part.silent_bars) == (2, 4.0, 0)
    assert (part.velocity, part.spread) == (80, 0)
    assert found.out_of_key == 0 and found.above_melody == 0
    assert found.parallels == 3  # two octaves below the first four notes; then contrary motion
    assert found.tonic_at_end and "ends on the tonic" in found.line


def test_a_part_that_rests_and_lies_above_the_melody_is_told() -> None:
    high = line("Strings", [84, 84, 84, 85])
    found = figures_of(music(high))
    assert found.parts[0].silent_bars == 1 and found.above_melody == 50
    assert found.out_of_key == 25 and not found.tonic_at_end
    assert "does not end on the tonic" in found.line


def test_a_part_of_chords_is_no_voice() -> None:
    chords = make_track("Chords", [Note(0, pitch, 2 * BEAT) for pitch in (49, 52, 55)])
    found = figures_of(music(chords))
    assert found.parallels is None and found.crossed is None
    assert found.dissonant == 100  # a C sharp under C and under D


def test_chords_are_named_over_half_bars() -> None:
    notes = [Note(0, pitch, 2 * BEAT) for pitch in (48, 52, 55)]
    notes += [Note(2 * BEAT, pitch, 2 * BEAT) for pitch in (43, 47, 50, 53)]
    found = list(chords_heard(Composition(tracks=(Track("Melody"), make_track("Chords", notes)))))
    assert found == []  # without a melody there is no end
    made = Composition(
        tracks=(make_track("Melody", [Note(0, 72, 4 * BEAT)]), make_track("C", notes))
    )
    assert next(name for _, name in chords_heard(made)) == "C"


def test_a_tone_is_a_bright_row_at_its_frequency() -> None:
    rate, hertz = 24_000, 1_000.0
    tone = np.sin(2 * np.pi * hertz * np.arange(rate) / rate)
    shown = spectrogram(tone, rate, width=50, height=100)
    assert shown.shape == (100, 50) and shown.min() >= 0 and shown.max() == 1
    row = int(np.argmax(shown[:, 25]))
    share = np.log(hertz / 40) / np.log(8_000 / 40)
    assert abs((100 - row) - 100 * share) < 2


def test_an_example_becomes_a_small_picture_a_sound_and_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models").mkdir()
    write_tiny_model(tmp_path / "models" / "pop.onnx")
    out = tmp_path / "out"
    assert main([str(out), "--models", str(tmp_path / "models"), "--only", "frere-pop"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("frere-pop: Frère Jacques.") and "RMS" in said
    picture = out / "frere-pop.png"
    assert picture.stat().st_size < 60_000
    with Image.open(picture) as image:
        assert image.size[0] == 1000
    assert {path.suffix for path in out.iterdir()} == {".png", ".wav", ".mid"}


def test_a_model_that_is_not_there_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--models", str(tmp_path), "--only", "frere-pop"]) == 1
    assert "pop.onnx" in capsys.readouterr().err
