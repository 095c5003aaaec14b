"""Any model that keeps the contract accompanies any melody, the same each time."""

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import ModelError, MusicError
from engine.generation.generator import Accompaniment, ChordHint, Generator, Request
from engine.generation.session import Session
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track
from tests.engine.generation.tunes import interval, model, named, tune
from tests.tiny_models import DRUMS, INTERVALS, TRACKS, write_tiny_model


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


def test_kept_notes_that_ring_into_new_bars_come_out_as_they_went_in(tmp_path: Path) -> None:
    generator = model(tmp_path, known=True)
    (first,) = generator.compose(tune(8), Request())
    new = {note.pitch for note in named(first, "Bass").notes}
    ringing = [Note(3360, pitch, 1000 + 97 * pitch) for pitch in sorted(new)]
    bass = named(first, "Bass").with_notes([*named(first, "Bass").notes[:4], *ringing])
    piece = tune(8).with_accompaniment((bass, *first.tracks[1:]), first.origin)
    (take,) = generator.compose(piece, Request(seed=5, bars=(3, 4)))
    made = named(take, "Bass").notes
    assert [note for note in made if not 3840 <= note.start < 7680] == list(bass.notes)
    # What is new gives way to them, and comes back once they are over.
    ends = {note.pitch: note.end for note in ringing}
    inside = [note for note in made if 3840 <= note.start < 7680]
    assert inside and all(note.start >= ends.get(note.pitch, 0) for note in inside)


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


def test_warming_breaks_off_when_nobody_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = model(tmp_path)
    monkeypatch.setattr(Session, "run", lambda *_: pytest.fail("It ran."))
    generator.warm(cancelled=lambda: True)


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


def test_an_extension_plays_on_under_no_melody_to_the_end_of_its_bars(tmp_path: Path) -> None:
    generator = model(tmp_path, tracks=(DRUMS,), position=True)
    (take,) = generator.compose(tune(), Request(extend_bars=2))
    kicks = [note.start for note in take.tracks[0].notes if note.pitch == 36]
    assert kicks == [bar * 1920 for bar in range(6)]
    assert take.tracks[0].notes[-1].start == 6 * 1920 - 480


@pytest.mark.parametrize("known", [True, False])
def test_an_extension_leaves_what_stood_before_as_it_was(tmp_path: Path, known: bool) -> None:
    generator = model(tmp_path, tracks=(*TRACKS, DRUMS), position=True, known=known)
    (first,) = generator.compose(tune(), Request(seed=1))
    kept = tune().with_accompaniment(first.tracks, first.origin)
    (longer,) = generator.compose(kept, Request(seed=8, extend_bars=4, bars=(5, 8)))
    for before, after in zip(first.tracks, longer.tracks, strict=True):
        assert tuple(note for note in after.notes if note.start < 4 * 1920) == before.notes
    assert named(longer, "Drums").notes[-1].start == 8 * 1920 - 480


def test_bars_after_the_end_of_the_music_are_refused_unless_it_is_extended(tmp_path: Path) -> None:
    generator = model(tmp_path)
    with pytest.raises(MusicError, match="Bar 5 lies after the end"):
        generator.compose(tune(), Request(bars=(5, 8)))
    with pytest.raises(MusicError, match="0 to 64 bars"):
        Request(extend_bars=65)
