"""Any melody is accompanied: long, short, in any meter, at the ends of the range."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import MusicError
from engine.generation.conditions import at_melody_height
from engine.generation.generator import Request
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import make_track
from tests.engine.generation.tunes import model, named, tune
from tests.tiny_models import DRUMS, TRACKS


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 17, 300])
def test_melodies_of_any_length_are_accompanied_to_the_end_of_their_last_bar(
    tmp_path: Path, bars: int
) -> None:
    generator = model(tmp_path, step_multiple=32)
    melody = tune(bars)
    cut = melody.with_track(0, melody.melody.with_notes(melody.melody.notes[:-2]))
    (take,) = generator.compose(cut, Request())
    assert max(track.end for track in take.tracks) <= bars * 1920
    assert named(take, "Bass").end == cut.melody.end


@pytest.mark.parametrize(("known", "max_steps"), [(False, 64), (True, 64), (False, 32), (True, 16)])
def test_windows_leave_no_seam_where_the_music_does_not_depend_on_them(
    tmp_path: Path, known: bool, max_steps: int
) -> None:
    whole = model(tmp_path, known=known, velocity=True, tracks=(*TRACKS, DRUMS))
    expected = whole.compose(tune(23), Request(takes=3))
    windowed = model(
        tmp_path, known=known, velocity=True, tracks=(*TRACKS, DRUMS), max_steps=max_steps
    )
    result = windowed.compose(tune(23), Request(takes=3))
    assert [take.tracks for take in result] == [take.tracks for take in expected]


def test_a_pick_up_is_accompanied_in_time(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=(DRUMS,), position=True)
    meters = (MeterChange(0, 1, 4), MeterChange(480, 4, 4))
    notes = [Note(index * 480, 64, 480) for index in range(9)]
    piece = Composition(meters=meters, tracks=(make_track("Melody", notes),))
    (take,) = generator.compose(piece, Request())
    kicks = [note.start for note in take.tracks[0].notes if note.pitch == 36]
    assert kicks == [480, 2400]
    assert take.remarks == ()
    hats = [note.start for note in take.tracks[0].notes if note.pitch == 42]
    assert hats == [index * 480 for index in range(9)]


@pytest.mark.parametrize(
    ("meter", "bar", "beat"), [((3, 4), 1440, 480), ((6, 8), 1440, 720), ((4, 4), 1920, 480)]
)
def test_a_model_that_asks_is_told_the_meter(
    tmp_path: Path, meter: tuple[int, int], bar: int, beat: int
) -> None:
    generator = model(tmp_path, tracks=(DRUMS,), position=True)
    piece = tune(6, meters=(MeterChange(0, *meter),))
    (take,) = generator.compose(piece, Request())
    kicks = [note.start for note in take.tracks[0].notes if note.pitch == 36]
    hats = [note.start for note in take.tracks[0].notes if note.pitch == 42]
    end = -(-6 * 1920 // bar) * bar
    assert kicks == list(range(0, end, bar))
    assert hats == list(range(0, end, beat))
    assert take.remarks == ()


@pytest.mark.parametrize(
    ("meter", "kicks_of_a_bar", "hats_of_a_bar"),
    [
        ((3, 4), [0], [0, 480, 960]),
        ((6, 8), [0], [0, 480, 720, 1200]),
        ((7, 8), [0], [0, 480, 960, 1440]),
        ((5, 4), [0, 1920], [0, 480, 960, 1440, 1920]),
    ],
)
def test_bars_of_another_meter_are_fitted_to_the_model_s_own_and_remarked(
    tmp_path: Path, meter: tuple[int, int], kicks_of_a_bar: list[int], hats_of_a_bar: list[int]
) -> None:
    generator = model(tmp_path, tracks=(DRUMS,), position=True, meters=("4/4",))
    bar = meter[0] * 1920 // meter[1]
    piece = tune(6, meters=(MeterChange(0, *meter),))
    bars = range(0, -(-6 * 1920 // bar) * bar, bar)
    (take,) = generator.compose(piece, Request())
    assert f"made for 4/4; the bars in {meter[0]}/{meter[1]}" in take.remarks[0]
    starts = {
        pitch: [note.start for note in take.tracks[0].notes if note.pitch == pitch]
        for pitch in (36, 42)
    }
    assert starts[36] == [start + each for start in bars for each in kicks_of_a_bar]
    assert starts[42] == [start + each for start in bars for each in hats_of_a_bar]


def test_known_and_unknown_meters_of_one_piece_are_told_bar_by_bar(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=(DRUMS,), position=True, meters=("4/4", "3/4", "6/8"))
    shapes = ((6, 8), (3, 4), (7, 8), (6, 8), (4, 4), (5, 4), (3, 4))
    starts, tick = [], 0
    for numerator, denominator in shapes:
        starts.append(tick)
        tick += numerator * 1920 // denominator
    changes = tuple(MeterChange(at, *shape) for at, shape in zip(starts, shapes, strict=True))
    piece = Composition(meters=changes, tracks=(make_track("Melody", [Note(0, 64, tick)]),))
    (take,) = generator.compose(piece, Request())
    kicks = [note.start for note in take.tracks[0].notes if note.pitch == 36]
    fifth = starts[5] + 1920  # 5/4 is laid onto two bars of the model's own
    assert kicks == sorted([*starts, fifth])
    hats = {note.start for note in take.tracks[0].notes if note.pitch == 42}
    for bar, beats in ((0, [0, 720]), (1, [0, 480, 960]), (2, [0, 480, 960, 1440])):
        wanted = {starts[bar] + beat for beat in beats}
        assert {hat for hat in hats if starts[bar] <= hat < starts[bar + 1]} == wanted
    assert "the bars in 5/4, 7/8 were fitted" in take.remarks[0]


@pytest.mark.parametrize("meter", [(3, 4), (6, 8), (2, 4), (7, 8), (9, 8), (5, 4)])
def test_fitting_bars_breaks_no_note(tmp_path: Path, meter: tuple[int, int]) -> None:
    piece = tune(7, meters=(MeterChange(0, *meter), MeterChange(7200, 4, 4)))
    over_bars = [Note(i * 900, 60 + i % 5, 850) for i in range(12)]
    piece = piece.with_track(0, make_track("Melody", over_bars))
    wide = model(tmp_path, meters=("4/4", f"{meter[0]}/{meter[1]}"), velocity=True)
    expected = wide.compose(piece, Request(takes=3))
    fitted = model(tmp_path, meters=("4/4",), velocity=True, max_steps=64)
    result = fitted.compose(piece, Request(takes=3))
    assert [take.tracks for take in result] == [take.tracks for take in expected]


def test_tempo_and_resolution_change_nothing_in_the_ticks_of_beats(tmp_path: Path) -> None:
    generator = model(tmp_path)
    plain = generator.compose(tune(), Request())[0]
    tempos = (TempoChange(0, 300_000), TempoChange(1920, 900_000))
    assert generator.compose(tune(tempos=tempos), Request())[0].tracks == plain.tracks
    for resolution in (1, 7, 24, 96, 220, 960):
        notes = [
            Note(i * resolution, note.pitch, resolution)
            for i, note in enumerate(tune().melody.notes)
        ]
        piece = Composition(ticks_per_quarter=resolution, tracks=(make_track("M", notes),))
        (take,) = generator.compose(piece, Request())
        starts = [note.start * 480 // resolution for note in take.tracks[0].notes]
        assert starts == [note.start for note in plain.tracks[0].notes]


@pytest.mark.parametrize("low", [0, 24, 36, 60, 80, 100, 120])
def test_a_melody_far_below_or_above_is_heard_in_whole_octaves_where_melodies_lie(
    low: int,
) -> None:
    notes = [Note(i * 480, low + step, 480) for i, step in enumerate((0, 4, 7, 4, 2, 0))]
    moved = at_melody_height(notes)
    assert {
        (after.pitch - before.pitch) % 12 for before, after in zip(notes, moved, strict=True)
    } == {0}
    middle = sorted(note.pitch for note in moved)[3]
    assert 50 <= middle <= 88
    assert [note.start for note in moved] == [note.start for note in notes]
    assert (moved == notes) is (50 <= low + 4 <= 88)


def test_a_melody_outside_the_model_s_range_is_heard_folded_by_octaves(tmp_path: Path) -> None:
    generator = model(tmp_path, pitch_low=48, pitches=37)
    normal = generator.compose(tune(low=60), Request())[0]
    assert generator.compose(tune(low=12), Request())[0].tracks != ()
    notes = [replace(note, pitch=note.pitch + 36) for note in tune(low=60).melody.notes]
    high = generator.compose(Composition(tracks=(make_track("M", notes),)), Request())[0]
    assert named(high, "Bass").notes
    assert all(48 <= n.pitch <= 84 for track in (*high.tracks, *normal.tracks) for n in track.notes)


@pytest.mark.parametrize(
    "notes",
    [
        [Note(0, 60, 1)],
        [Note(1919, 60, 1)],
        [Note(0, 0, 480), Note(480, 127, 480)],
        [Note(0, pitch, 1920) for pitch in range(128)],
        [Note(1900, 60, 20), Note(1910, 64, 10)],
    ],
)
def test_melodies_at_the_edges_are_accompanied(tmp_path: Path, notes: list[Note]) -> None:
    generator = model(tmp_path)
    (take,) = generator.compose(Composition(tracks=(make_track("M", notes),)), Request())
    assert [track.name for track in take.tracks] == ["Bass", "Chords", "Strings"]
    assert all(track.end <= 1920 for track in take.tracks)


def test_an_empty_melody_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MusicError, match="There is no melody yet"):
        model(tmp_path).compose(Composition(), Request())


def test_a_hundred_thousand_notes_are_accompanied(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=TRACKS[:1])
    notes = [Note(i // 4 * 120, 48 + (i * 7) % 24, 100) for i in range(100_000)]
    (take,) = generator.compose(Composition(tracks=(make_track("M", notes),)), Request())
    assert take.tracks[0].notes[-1].start > 24_000 * 120
