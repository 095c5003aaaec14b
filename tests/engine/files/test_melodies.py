"""The sample melodies are what their notation says."""

import importlib.util
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from engine.files.melodies import MELODIES_FOLDER, SampleMelody, sample_melodies
from engine.files.midi import read_midi
from engine.music.ticks import meter_map

MAKER = MELODIES_FOLDER.parents[1] / "packaging" / "make_melodies.py"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_melodies", MAKER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_melodies"] = module  # a dataclass looks its own module up
    spec.loader.exec_module(module)
    return module


def _sample(stem: str) -> SampleMelody:
    return next(each for each in sample_melodies() if each.path.stem == stem)


def test_the_files_are_those_that_the_notation_makes(maker: ModuleType, tmp_path: Path) -> None:
    made = {path.name: path.read_bytes() for path in maker.make(tmp_path)}
    shipped = {path.name: path.read_bytes() for path in MELODIES_FOLDER.glob("*.mid")}
    assert made == shipped


def test_every_sample_is_named_as_its_notation_is(maker: ModuleType) -> None:
    titles = {tune.fields["T"]: f"{tune.fields['F']}.mid" for tune in maker.tunes()}
    assert {sample.name: sample.path.name for sample in sample_melodies()} == titles


@pytest.mark.parametrize("sample", sample_melodies(), ids=lambda sample: sample.path.stem)
def test_every_sample_is_a_melody_of_eight_to_sixteen_bars(sample: SampleMelody) -> None:
    imported = read_midi(sample.path)
    composition = imported.composition
    notes = composition.melody.notes
    assert imported.remarks == ()
    assert composition.melody.name == "Melody"
    meters = meter_map(composition)
    bars = meters.position_at(notes[-1].start).bar - (len(composition.meters) - 1)
    assert 8 <= bars <= 16
    assert all(before.end <= after.start for before, after in pairwise(notes))
    assert all(57 <= note.pitch <= 84 for note in notes)
    assert len({note.velocity for note in notes}) > 4


@pytest.mark.parametrize("stem", ["twinkle-twinkle", "ode-to-joy", "frere-jacques"])
def test_bars_are_full(maker: ModuleType, stem: str) -> None:
    tune = next(tune for tune in maker.tunes() if tune.fields["F"] == stem)
    assert {sum(ticks for _, ticks, _ in bar) for bar in maker.bars(tune)} == {tune.bar_ticks}


@pytest.mark.parametrize("stem", ["greensleeves", "amazing-grace", "when-the-saints"])
def test_a_pick_up_and_the_last_bar_make_one_bar(maker: ModuleType, stem: str) -> None:
    tune = next(tune for tune in maker.tunes() if tune.fields["F"] == stem)
    first, *middle, last = [sum(ticks for _, ticks, _ in bar) for bar in maker.bars(tune)]
    assert set(middle) == {tune.bar_ticks}
    assert first + last == tune.bar_ticks
    composition = read_midi(_sample(stem).path).composition
    assert [meter.tick for meter in composition.meters] == [0, first]


def test_twinkle_begins_as_everyone_knows_it() -> None:
    notes = read_midi(_sample("twinkle-twinkle").path).composition.melody.notes
    assert [note.pitch - notes[0].pitch for note in notes[:7]] == [0, 0, 7, 7, 9, 9, 7]
