"""What is measured beside what, on songs and a model made for the tests."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from engine.data.bootstrap import draws_of
from engine.data.collection import Collection
from engine.data.corpus import Corpus, CorpusCard, RoleNote, Song, write_corpus
from engine.data.evaluation import (
    Evaluation,
    Scope,
    collected,
    evaluate,
    excerpts_of,
    frame_for,
    window_borders,
)
from engine.data.measures import Segment, measure
from engine.data.model_playing import Wish
from engine.data.segments import draw_stretches, held_out, segment_of
from engine.errors import DataError
from engine.generation.generator import Generator
from engine.music.piano_roll import StepNote
from tests.small_songs import POP_CARD, small_song, write_small_corpus
from tests.tiny_models import DRUMS, TRACKS, write_tiny_model

BAND = (*TRACKS[:2], {**TRACKS[2], "name": "Counter"})
LEARNED = {"trained_on": [{"name": "scales"}], "training": {"held_out": 0.1}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_small_corpus(tmp_path_factory.mktemp("evaluation") / "scales", 40)


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    path = tmp_path_factory.mktemp("model") / "tiny.onnx"
    return Generator.load(write_tiny_model(path, tracks=BAND, card_changes=LEARNED), "cpu")


@pytest.fixture(scope="module")
def found(folder: Path, generator: Generator) -> Evaluation:
    return evaluate(generator, Corpus(folder), scope=Scope(segments=6))


def test_the_rows_that_keep_the_figures_honest_stand_beside_the_model(found: Evaluation) -> None:
    assert list(found.rows) == ["human", "other song", "melody −8ve", "model"]
    human, other, lower, model = found.rows.values()
    assert human["chord_tones"].mean > 90 > other["chord_tones"].mean
    assert human["out_of_key"].mean == 0 < other["out_of_key"].mean
    assert lower["tonal_distance"].mean == pytest.approx(0, abs=1e-9)
    assert human["similarity_index"].mean == pytest.approx(1)
    assert model["similarity_index"].mean < 1


def test_only_held_out_songs_are_played(found: Evaluation, folder: Path) -> None:
    corpus = Corpus(folder)
    _, songs = held_out(corpus.songs, 0.1)
    assert (found.data, found.segments, found.songs) == ("scales", 6, min(6, len(songs)))
    human = [segment_of(each) for each in draw_stretches(corpus, songs, 6)]
    wanted = measure(human, human)
    for name in ("chord_tones", "notes_per_bar", "polyphony"):
        assert found.rows["human"][name].mean == pytest.approx(wanted[name])


def test_a_card_says_what_its_training_kept_back(folder: Path, tmp_path: Path) -> None:
    changes = {"trained_on": [{"name": "scales"}], "training": {"held_out": 0.5}}
    path = write_tiny_model(tmp_path / "other.onnx", card_changes=changes)
    found = evaluate(Generator.load(path, "cpu"), Corpus(folder), scope=Scope(segments=20, bars=2))
    assert found.songs == min(20, len(held_out(Corpus(folder).songs, 0.5)[1])) > 8


def test_takes_and_inputs_are_compared(found: Evaluation) -> None:
    model = found.rows["model"]
    assert 0 <= model["inputs_jaccard"].mean < model["takes_jaccard"].mean <= 1
    assert "takes_jaccard" not in found.rows["human"]


def test_a_silent_model_is_measured_all_the_same(folder: Path, tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "silent.onnx", tracks=BAND, silent=True)
    found = evaluate(Generator.load(path, "cpu"), Corpus(folder), scope=Scope(segments=4))
    model = found.rows["model"]
    assert math.isnan(model["takes_jaccard"].mean)
    assert model["notes_per_bar"].mean == model["Bass.notes_per_bar"].mean == 0
    assert model["Bass.empty_bars"].mean == model["Bass.silent_steps"].mean == 100
    assert math.isnan(model["velocity"].mean)


def test_intervals_hold_their_means_and_tell_of_how_many_segments(found: Evaluation) -> None:
    for row in found.rows.values():
        for name, value in row.items():
            if not math.isnan(value.mean):
                assert 1 <= value.segments <= 6
                if "overlap" not in name and name != "similarity_index":
                    assert value.low - 1e-9 <= value.mean <= value.high + 1e-9


def test_each_part_is_measured_by_its_name(found: Evaluation) -> None:
    human, _, lower, model = found.rows.values()
    assert human["Bass.notes_per_bar"].mean == 2
    assert human["Chords.notes_per_bar"].mean == 6
    assert human["Counter.velocity"].mean == 70
    assert human["Chords.polyphony"].mean == 3
    assert human["Chords.velocity_spread"].mean == 0
    # Every half bar a triad and a bass of it; the counter-melody stands a third of the notes long.
    assert human["bass_on_root"].mean == 100
    assert human["Bass.outside_range"].mean == 0
    assert lower["Bass.silent_steps"].mean == lower["Counter.silent_steps"].mean == 0
    assert lower["Counter.notes_per_bar"].mean == lower["Bass.notes_per_bar"].mean == 4
    assert model["Bass.notes_per_bar"].mean == 4  # it follows the melody


def test_parts_that_the_model_has_alone_stand_for_themselves(folder: Path, tmp_path: Path) -> None:
    generator = Generator.load(write_tiny_model(tmp_path / "other.onnx"), "cpu")
    corpus = collected([folder], generator, "4/4")
    assert corpus.card.roles[1:] == ("Bass", "Chords", "Counter")
    found = evaluate(generator, corpus, scope=Scope(segments=2, bars=2))
    assert "Strings.empty_bars" in found.rows["model"]
    assert "Strings.empty_bars" not in found.rows["human"]
    assert "Counter.empty_bars" not in found.rows["model"]


def test_bars_are_looked_up_in_the_songs_of_the_training(
    folder: Path, tmp_path: Path, found: Evaluation
) -> None:
    assert found.training_songs == len(held_out(Corpus(folder).songs, 0.1)[0])
    assert found.rows["human"]["memorised"].mean >= 0
    generator = Generator.load(write_tiny_model(tmp_path / "new.onnx", tracks=BAND), "cpu")
    unknown = evaluate(generator, Corpus(folder), scope=Scope(segments=2, bars=2))
    assert unknown.training_songs is None
    assert "names no training on this data" in unknown.remarks[0]
    assert "memorised" not in unknown.rows["model"]


def test_a_model_that_plays_the_training_again_is_found_out(
    folder: Path, generator: Generator
) -> None:
    """People's bars of songs that were trained on: all of them are known."""
    corpus = Corpus(folder)
    scope = Scope(segments=20, bars=2, all_songs=True)
    excerpts = excerpts_of(generator, corpus, scope)
    assert len({song.name for song in excerpts.songs}) == 20
    learned = {song.name for song in held_out(corpus.songs, 0.1)[0]}
    found = evaluate(generator, corpus, scope=scope)
    share = sum(song.name in learned for song in excerpts.songs) / len(excerpts.songs)
    assert found.rows["human"]["memorised"].mean >= 100 * share > 50
    assert found.rows["human"]["memorised_in_c"].mean >= 100 * share
    assert found.rows["model"]["memorised"].mean < 50


def drum_song(number: int, meter: str = "") -> Song:
    """Bars of three beats with a kick on each, a snare on every second and a bass."""
    song = small_song(number)
    beats = 3 * 12
    notes = [note for note in song.notes if note.step < beats * 4]
    notes += [RoleNote(4, 12 * bar, 36, 1, 100) for bar in range(12)]
    notes += [RoleNote(4, 12 * bar + 4, 38, 1, 60) for bar in range(0, 12, 2)]
    chords = song.chords[:beats]
    return Song(f"waltz/{number:02d}", tuple(sorted(notes)), beats, 3, 0, chords, meter)


@pytest.fixture(scope="module")
def waltzes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("waltzes") / "waltzes"
    roles, programs = (*POP_CARD.roles, "Drums"), (*POP_CARD.programs, 0)
    songs = [drum_song(number) for number in range(6)]
    songs += [drum_song(number, "6/8") for number in range(6, 12)]
    write_corpus(folder, CorpusCard("waltzes", "1", "own", roles, programs), songs)
    return folder


@pytest.fixture(scope="module")
def drummer(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    path = tmp_path_factory.mktemp("model") / "drummer.onnx"
    return Generator.load(write_tiny_model(path, tracks=(*BAND, DRUMS), position=True), "cpu")


@pytest.mark.parametrize(("meter", "half"), [("3/4", 12), ("6/8", 6)])
def test_songs_in_another_meter_are_measured_by_their_bars(
    meter: str, half: int, waltzes: Path, drummer: Generator
) -> None:
    corpus = collected([waltzes], drummer, meter)
    scope = Scope(segments=6, bars=4, meter=meter, all_songs=True)
    excerpts = excerpts_of(drummer, corpus, scope)
    assert {(e.segment.steps_per_bar, e.segment.half_bar) for e in excerpts.human} == {(12, half)}
    found = evaluate(drummer, corpus, scope=scope)
    assert (found.songs, found.scope.meter) == (6, meter)
    assert found.rows["human"]["Drums.notes_per_bar"].mean == 1.5
    # A kick on each bar line and a hat on each beat: three quarters in 3/4, two groups in 6/8.
    beats = 3 if meter == "3/4" else 2
    assert found.rows["model"]["Drums.notes_per_bar"].mean == 1 + beats


def test_drums_are_measured_for_themselves(waltzes: Path, drummer: Generator) -> None:
    corpus = collected([waltzes], drummer, "3/4")
    scope = Scope(segments=6, bars=4, meter="3/4", all_songs=True)
    human, other, lower, model = evaluate(drummer, corpus, scope=scope).rows.values()
    assert human["Drums.positions_overlap"].mean == 1
    assert human["Drums.velocity"].mean == pytest.approx((4 * 100 + 2 * 60) / 6)
    assert human["notes_per_bar"].mean < 8  # without the drums
    assert model["Drums.kick_overlap"].mean == 1
    assert model["Drums.snare_overlap"].mean == model["Drums.hat_overlap"].mean == 0
    # People: two thirds kicks on 1; the model: one quarter.
    assert model["Drums.positions_overlap"].mean == pytest.approx(1 / 4)
    assert other["Drums.positions_overlap"].mean == 1
    assert "Drums.notes_per_bar" not in lower


def test_a_song_that_lacks_a_part_says_nothing_of_it(
    folder: Path, tmp_path: Path, generator: Generator
) -> None:
    songs = []
    for number in range(8):
        song = small_song(number)
        notes = [n for n in song.notes if number % 2 or n.role != 1]
        songs.append(replace(song, notes=tuple(notes)))
    write_corpus(tmp_path / "some", POP_CARD, songs)
    corpus = Collection([tmp_path / "some"])
    if not any(song.parts for song in corpus.songs):
        pytest.fail("The pack does not tell which parts sound.")
    scope = Scope(segments=8, bars=2, all_songs=True)
    rows = evaluate(generator, corpus, scope=scope).rows
    assert rows["human"]["Bass.empty_bars"].segments == 4
    assert rows["model"]["Bass.empty_bars"].segments == 4
    assert rows["human"]["Bass.empty_bars"].mean == 0
    assert rows["human"]["Chords.empty_bars"].segments == 8


def test_voices_are_told_by_the_data(tmp_path: Path, generator: Generator, folder: Path) -> None:
    songs = []
    for number in range(4):
        song = small_song(number)
        alone = {(n.role, n.step): n for n in reversed(song.notes)}
        songs.append(replace(song, notes=tuple(sorted(alone.values()))))
    write_corpus(tmp_path / "voices", POP_CARD, songs)
    scope = Scope(segments=4, bars=4, all_songs=True)
    corpus = Collection([tmp_path / "voices"])
    excerpts = excerpts_of(generator, corpus, scope)
    assert frame_for(excerpts, generator, draws_of(4)).are_voices
    rows = evaluate(generator, corpus, scope=scope).rows
    assert rows["melody −8ve"]["Bass.consonance"].mean == 100
    assert rows["human"]["crossings"].mean > 0  # the counter-melody lies above the others
    assert "crossings" not in rows["melody −8ve"]
    whole = excerpts_of(generator, Corpus(folder), scope)
    assert not frame_for(whole, generator, draws_of(4)).are_voices


def test_the_borders_of_windows_are_bar_lines(tmp_path: Path) -> None:
    melody = tuple(StepNote(16 * bar, 60, 16) for bar in range(8))
    segment = Segment(melody, ((),), 128)
    whole = Generator.load(write_tiny_model(tmp_path / "whole.onnx"), "cpu")
    assert window_borders(whole, segment) == []
    told = write_tiny_model(tmp_path / "told.onnx", known=True, max_steps=64)
    # Four bars, overlapping by half: windows end after bars 4, 6 and 8.
    assert window_borders(Generator.load(told, "cpu"), segment) == [4, 6]
    # Not told, they are joined at the bar line inside what both play.
    joined = write_tiny_model(tmp_path / "joined.onnx", max_steps=64)
    assert window_borders(Generator.load(joined, "cpu"), segment) == [3, 5]


def test_chords_as_hints_need_chords(tmp_path: Path) -> None:
    songs = [replace(small_song(number), chords=(-1,) * 48) for number in range(4)]
    write_corpus(tmp_path / "bare", POP_CARD, songs)
    path = write_tiny_model(tmp_path / "hinted.onnx", tracks=BAND, chords=True)
    generator, corpus = Generator.load(path, "cpu"), Corpus(tmp_path / "bare")
    scope = Scope(segments=2, bars=2, all_songs=True)
    with pytest.raises(DataError, match="names no chords"):
        evaluate(generator, corpus, scope=scope, wish=Wish(chords=True))
    assert "names no chords" in " ".join(evaluate(generator, corpus, scope=scope).remarks)
