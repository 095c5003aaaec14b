"""Any model that keeps the contract accompanies any melody, the same each time."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelError, MusicError
from engine.generation.generator import Accompaniment, ChordHint, Generator, Request
from engine.generation.seeds import take_noise
from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.tiny_models import DRUMS, INTERVALS, TRACKS, write_tiny_model

STEP = 120


def tune(bars: int = 4, *, low: int = 60, **changes: object) -> Composition:
    """Quarter notes up and down a scale."""
    scale = (0, 2, 4, 5, 7, 9, 11, 12)
    notes = [Note(i * 480, low + scale[(i * 3) % 8], 480) for i in range(4 * bars)]
    return replace(Composition(tracks=(make_track("Melody", notes),)), **changes)  # type: ignore[arg-type]


def model(folder: Path, **options: object) -> Generator:
    path = write_tiny_model(folder / "tiny.onnx", **options)  # type: ignore[arg-type]
    return Generator.load(path, "cpu")


def named(take: Accompaniment, name: str) -> Track:
    return next(track for track in take.tracks if track.name == name)


def interval(seed: int, take: int, track: int) -> int:
    low, high = INTERVALS[track]
    return high if take_noise(seed, take, 8)[track] > 0 else low


def test_the_tracks_are_the_card_s_and_follow_the_melody(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=(*TRACKS, DRUMS))
    (take,) = generator.compose(tune(), Request(seed=5))
    assert [(t.name, t.program, t.is_drum) for t in take.tracks] == [
        ("Bass", 33, False), ("Chords", 4, False), ("Strings", 48, False), ("Drums", 0, True),
    ]  # fmt: skip
    down = interval(5, 0, 0)
    expected = [(n.start, n.pitch + down, n.duration) for n in tune().melody.notes]
    assert [(n.start, n.pitch, n.duration) for n in named(take, "Bass").notes] == [
        each for each in expected if 24 <= each[1] <= 67
    ]


def test_a_take_says_where_it_comes_from(tmp_path: Path) -> None:
    generator = model(tmp_path)
    takes = generator.compose(tune(), Request(seed=9, takes=2, first_take=3))
    assert [take.origin.take for take in takes] == [3, 4]
    assert {(t.origin.model, t.origin.seed) for t in takes} == {("Tiny", 9)}
    assert takes[0].origin.model_sha256 == generator.sha256
    assert len(generator.sha256) == 64


def test_a_take_is_the_same_in_any_batch_on_any_threads(tmp_path: Path) -> None:
    generator = model(tmp_path, velocity=True)
    one_thread = Generator.load(tmp_path / "tiny.onnx", "cpu", threads=1)
    many = generator.compose(tune(), Request(seed=1, takes=7))
    for number, take in enumerate(many):
        alone = one_thread.compose(tune(), Request(seed=1, first_take=number))
        assert alone[0].tracks == take.tracks
    assert len({take.tracks for take in many}) > 1


def test_adventure_scales_the_noise_and_one_leaves_it(tmp_path: Path) -> None:
    generator = model(tmp_path)
    plain, again, still = (
        generator.compose(tune(), Request(seed=2, adventure=a))[0] for a in (1.0, 0.5, 0.0)
    )
    assert plain.tracks == again.tracks
    assert named(still, "Bass").notes[0].pitch == 60 + INTERVALS[0][0]


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
    ("meter", "bar", "beat"), [((3, 4), 1440, 480), ((6, 8), 1440, 240), ((4, 4), 1920, 480)]
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


def test_a_melody_outside_the_model_s_range_is_heard_folded_by_octaves(tmp_path: Path) -> None:
    generator = model(tmp_path, pitch_low=48, pitches=37)
    normal = generator.compose(tune(low=60), Request())[0]
    assert generator.compose(tune(low=12), Request())[0].tracks != ()
    notes = [replace(note, pitch=note.pitch + 36) for note in tune(low=60).melody.notes]
    high = generator.compose(Composition(tracks=(make_track("M", notes),)), Request())[0]
    assert named(high, "Bass").notes
    assert all(48 <= n.pitch <= 84 for track in (*high.tracks, *normal.tracks) for n in track.notes)


def test_notes_keep_to_their_track_s_range_and_never_overlap(tmp_path: Path) -> None:
    narrow = ({**TRACKS[0], "pitch_low": 40, "pitch_high": 47}, *TRACKS[1:])
    generator = model(tmp_path, tracks=narrow)
    chords = [Note(i * 90, 60 + j, 300) for i in range(60) for j in (0, 4, 7)]
    for take in generator.compose(Composition(tracks=(make_track("M", chords),)), Request(takes=4)):
        assert all(40 <= note.pitch <= 47 for note in take.tracks[0].notes)
        for track in take.tracks:
            ends: dict[int, int] = {}
            for note in track.notes:
                assert note.start >= ends.get(note.pitch, 0)
                ends[note.pitch] = note.end


def test_velocities_come_from_the_model_or_from_the_meter(tmp_path: Path) -> None:
    (plain,) = model(tmp_path).compose(tune(), Request())
    velocities = {note.start % 1920 // 480: note.velocity for note in plain.tracks[0].notes}
    assert velocities[0] > velocities[1]
    (told,) = model(tmp_path, velocity=True).compose(tune(), Request())
    assert {note.velocity for track in told.tracks for note in track.notes} == {95}


def test_density_and_chords_reach_a_model_that_offers_them(tmp_path: Path) -> None:
    generator = model(tmp_path, density=True, chords=True)
    assert {"density", "chords", "adventure"} <= generator.offers
    hints = (ChordHint(1920, 9, frozenset({9, 0, 4})), ChordHint(3840, None))
    request = Request(density={"Bass": 0.0, "Strings": 0.8}, chords=hints)
    (take,) = generator.compose(tune(), request)
    assert named(take, "Bass").notes == ()
    assert named(take, "Strings").notes
    (unhinted,) = generator.compose(tune(), Request())
    added = set(named(take, "Chords").notes) - set(named(unhinted, "Chords").notes)
    assert {note.pitch % 12 for note in added} >= {9, 0, 4}
    assert all(1920 <= note.start < 3840 for note in added)


def test_what_a_model_does_not_offer_is_refused_in_a_sentence(tmp_path: Path) -> None:
    generator = model(tmp_path)
    assert generator.offers == {"adventure"}
    with pytest.raises(ModelError, match="takes no density"):
        generator.compose(tune(), Request(density={"Bass": 0.5}))
    with pytest.raises(ModelError, match="takes no chords"):
        generator.compose(tune(), Request(chords=(ChordHint(0, 0, frozenset({0})),)))
    dense = model(tmp_path, density=True)
    with pytest.raises(ModelError, match=r"no track “Tuba”; it plays Bass, Chords"):
        dense.compose(tune(), Request(density={"Tuba": 0.5}))


@pytest.mark.parametrize("known", [True, False])
def test_locked_tracks_and_bars_that_were_not_asked_for_stay(tmp_path: Path, known: bool) -> None:
    generator = model(tmp_path, known=known)
    first, second = generator.compose(tune(8), Request(seed=0, takes=2))
    band = tuple(replace(track, volume=77, program=5) for track in first.tracks)
    piece = tune(8).with_accompaniment(band, first.origin)
    request = Request(seed=0, first_take=1, locked=frozenset({"Chords"}), bars=(3, 4))
    (take,) = generator.compose(piece, request)
    assert named(take, "Chords") == band[1]
    for old, new, other in zip(band, take.tracks, second.tracks, strict=True):
        if new.name == "Chords":
            continue
        assert (new.volume, new.program) == (77, 5)
        inside = [note for note in new.notes if 3840 <= note.start < 7680]
        outside = [note for note in new.notes if not 3840 <= note.start < 7680]
        assert outside == [note for note in old.notes if not 3840 <= note.start < 7680]
        assert [(n.start, n.pitch) for n in inside] == [
            (n.start, n.pitch) for n in other.notes if 3840 <= n.start < 7680
        ]
    assert bool(take.remarks) != known
    with pytest.raises(MusicError, match="after the end"):
        generator.compose(piece, Request(bars=(9, 9)))


def test_several_passes_end_with_every_cell_decided(tmp_path: Path) -> None:
    plain = model(tmp_path, known=True).compose(tune(6), Request(takes=2))
    passes = model(tmp_path, known=True, passes=4)
    assert [t.tracks for t in passes.compose(tune(6), Request(takes=2))] == [
        t.tracks for t in plain
    ]


@pytest.mark.parametrize(("decoding", "heard"), [("threshold", False), (0.4, True), (0.41, False)])
def test_a_value_is_a_note_from_the_card_s_threshold_on(
    tmp_path: Path, decoding: str | float, heard: bool
) -> None:
    generator = model(tmp_path, gain=0.4, decoding=decoding)
    (take,) = generator.compose(tune(), Request())
    assert bool(take.tracks[0].notes) == heard


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


def test_a_model_that_stays_silent_gives_empty_tracks(tmp_path: Path) -> None:
    (take,) = model(tmp_path, silent=True).compose(tune(), Request())
    assert [track.notes for track in take.tracks] == [(), (), ()]


def test_values_that_are_no_numbers_are_the_model_s_fault(tmp_path: Path) -> None:
    generator = model(tmp_path, gain=float("nan"))
    with pytest.raises(ModelError, match="no numbers"):
        generator.compose(tune(), Request())


def test_progress_grows_to_one_and_a_cancelled_request_gives_nothing(tmp_path: Path) -> None:
    generator = model(tmp_path, known=True, max_steps=32)
    shares: list[float] = []
    assert generator.compose(tune(20), Request(), progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 5
    seen: list[float] = []
    assert (
        generator.compose(
            tune(20), Request(), progress=seen.append, cancelled=lambda: len(seen) >= 2
        )
        == ()
    )
    assert len(seen) <= 3


def test_a_run_is_stopped_in_its_middle(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=TRACKS * 1)
    generator.warm()
    long = tune(500)
    asked = threading.Event()

    def cancelled() -> bool:
        asked.set()
        return True

    assert generator.compose(long, Request(takes=8), cancelled=cancelled) == ()
    assert asked.is_set()
    assert generator.compose(tune(), Request())


def test_several_threads_may_compose_at_once(tmp_path: Path) -> None:
    generator = model(tmp_path)
    expected = generator.compose(tune(), Request(takes=2))
    results: list[tuple[Accompaniment, ...]] = []
    threads = [
        threading.Thread(target=lambda: results.append(generator.compose(tune(), Request(takes=2))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": -1}, {"takes": 0}, {"takes": 65}, {"adventure": -0.1}, {"adventure": float("nan")},
        {"density": {"Bass": 1.5}}, {"bars": (0, 1)}, {"bars": (3, 2)}, {"first_take": -1},
    ],
)  # fmt: skip
def test_requests_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MusicError):
        Request(**wrong)  # type: ignore[arg-type]


def test_a_graph_whose_true_output_disagrees_is_refused_at_the_first_run(tmp_path: Path) -> None:
    import onnx

    path = write_tiny_model(tmp_path / "sly.onnx", graph_tracks=2)
    proto = onnx.load(str(path))
    for axis in proto.graph.output[0].type.tensor_type.shape.dim:
        axis.dim_param = "free"
    onnx.save(proto, str(path))
    generator = Generator.load(path, "cpu")
    with pytest.raises(ModelError, match=r"disagree: “accompaniment” came out with the shape"):
        generator.warm()


def test_takes_differ_and_the_noise_is_the_contract_s(tmp_path: Path) -> None:
    generator = model(tmp_path)
    for take, made in enumerate(generator.compose(tune(), Request(seed=3, takes=6))):
        pitch = 60 + interval(3, take, 0)
        assert made.tracks[0].notes[0].pitch == pitch
    assert np.unique([interval(3, take, 0) for take in range(6)]).size == 2
