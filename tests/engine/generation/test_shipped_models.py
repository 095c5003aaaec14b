"""The models that come with Tutti keep the contract, and play."""

import pytest

from engine.generation.generator import Generator, Request
from engine.generation.models import DEFAULT_MODEL, available_models, model_named
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.track import make_track

MAX_BYTES = 16 * 1024 * 1024


def tune(bars: int, beats: int = 4) -> Composition:
    scale = (60, 64, 67, 65, 62, 59, 60, 72)
    notes = [Note(index * 480, scale[index % 8], 480) for index in range(bars * beats)]
    melody = make_track("Melody", notes)
    return Composition(meters=(MeterChange(0, beats, 4),), tracks=(melody,))


@pytest.fixture(scope="module")
def pop() -> Generator:
    return Generator.load(model_named(DEFAULT_MODEL), "cpu")


def test_every_shipped_model_keeps_the_contract_and_tells_its_rights() -> None:
    shipped = [each for each in available_models() if each.shipped]
    assert DEFAULT_MODEL in {each.name for each in shipped}
    for each in shipped:
        assert each.problem == ""
        assert each.card is not None
        assert each.card.licence
        assert each.path.stat().st_size <= MAX_BYTES
        for source in each.card.trained_on:
            assert source["licence"], source
            assert "unknown" not in source["licence"], source
            assert "the user's own" not in source["licence"], source


def test_the_default_model_plays_the_same_in_any_batch_on_any_threads(pop: Generator) -> None:
    one_thread = Generator.load(model_named(DEFAULT_MODEL), "cpu", threads=1)
    batch = pop.compose(tune(4), Request(seed=3, takes=3))
    for take, made in enumerate(batch):
        (alone,) = one_thread.compose(tune(4), Request(seed=3, first_take=take))
        assert alone.tracks == made.tracks


def test_the_default_model_s_takes_differ_and_hold_music(pop: Generator) -> None:
    first, second = pop.compose(tune(8), Request(takes=2))
    for take in (first, second):
        assert sum(bool(track.notes) for track in take.tracks) >= 2  # one may rest for so long
        assert max(track.end for track in take.tracks) <= 8 * 1920
    assert first.tracks != second.tracks


@pytest.mark.parametrize(("bars", "beats"), [(1, 4), (3, 3), (5, 5)])
def test_the_default_model_plays_any_length_and_meter(
    pop: Generator, bars: int, beats: int
) -> None:
    (take,) = pop.compose(tune(bars, beats), Request())
    assert any(track.notes for track in take.tracks)
    assert max(track.end for track in take.tracks) <= bars * beats * 480


def odd_melodies() -> dict[str, list[Note]]:
    """Four bars in C or chromatic, as no song in the training data goes."""
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    return {
        "a scale": [Note(i * 480, 60 + scale[i % 8], 480) for i in range(16)],
        "one repeated note": [Note(i * 240, 67, 200) for i in range(32)],
        "a very fast run": [Note(i * 30, 60 + scale[i % 8], 30) for i in range(256)],
        "a chromatic line": [Note(i * 240, 60 + i % 24, 240) for i in range(32)],
        "an octave tremolo": [Note(i * 120, 60 + 12 * (i % 2), 120) for i in range(64)],
        "a melody in the bass": [Note(i * 480, 36 + scale[(i * 3) % 8], 480) for i in range(16)],
        "chords as the melody": [
            Note(bar * 1920, pitch, 1900) for bar in range(4) for pitch in (48, 52, 55, 60)
        ],
        "the end of the range": [Note(i * 480, 127 - scale[i % 3], 480) for i in range(16)],
    }


@pytest.mark.parametrize("name", odd_melodies())
def test_the_default_model_stays_sane_under_a_melody_outside_its_style(
    pop: Generator, name: str
) -> None:
    notes = odd_melodies()[name]
    (take,) = pop.compose(Composition(tracks=(make_track("Melody", notes),)), Request())
    ranges = {part.name: (part.pitch_low, part.pitch_high) for part in pop.card.tracks}
    for track in take.tracks:
        low, high = ranges[track.name]
        assert all(low <= note.pitch <= high for note in track.notes)
    band = [note for track in take.tracks for note in track.notes]
    assert {note.start // 1920 for note in band} == {0, 1, 2, 3}
    assert 4 * 4 <= len(band) <= 4 * 40
    if name not in ("a chromatic line", "the end of the range", "an octave tremolo"):
        outside = sum(note.pitch % 12 in (1, 3, 6, 8, 10) for note in band)
        assert outside <= 0.15 * len(band)
