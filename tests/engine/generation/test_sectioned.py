"""Sections: a repeat plays what the first of its letter plays, or varies it."""

from dataclasses import replace
from pathlib import Path

from engine.generation.generator import Generator
from engine.generation.request import Request
from engine.generation.sectioned import compose_sections, with_first_s_band
from engine.music.composition import Composition, MeterChange
from engine.music.note import Note
from engine.music.sections import SectionMark, parse_sections, sections_of
from engine.music.ticks import meter_map
from engine.music.track import Track
from tests.engine.generation.tunes import model, tune
from tests.tiny_models import write_tiny_model

BAR = 1920


def song(sections: str, bars: int = 12) -> Composition:
    """Its melody goes on from bar to bar, so that no two of them are alike by themselves."""
    plain = tune(bars)
    notes = [replace(n, pitch=60 + (n.start // 480 * 5) % 13) for n in plain.melody.notes]
    composition = plain.with_track(0, plain.melody.with_notes(notes))
    return replace(composition, sections=parse_sections(sections, meter_map(composition)))


def bars(track: Track, first: int, last: int) -> list[Note]:
    start, end = (first - 1) * BAR, last * BAR
    inside = [note for note in track.notes if start <= note.start < end]
    return [replace(note, start=note.start - start) for note in inside]


def test_a_repeat_takes_over_what_the_first_plays_and_the_rest_is_as_it_was(
    tmp_path: Path,
) -> None:
    generator, marked = model(tmp_path), song("A1-4 B5-8 A9-12")
    plain = generator.compose(replace(marked, sections=()), Request(takes=2))
    takes = compose_sections(generator, marked, Request(takes=2))
    for take, before in zip(takes, plain, strict=True):
        assert take.origin == before.origin
        for new, old in zip(take.tracks, before.tracks, strict=True):
            assert bars(new, 1, 8) == bars(old, 1, 8)
            assert bars(new, 9, 12) == bars(new, 1, 4) != bars(old, 9, 12)


def test_a_varied_repeat_goes_with_its_own_melody_and_nothing_else_changes(tmp_path: Path) -> None:
    generator = Generator.load(write_tiny_model(tmp_path / "tiny.onnx", known=True), "cpu")
    shared = compose_sections(generator, song("A1-4 B5-8 A9-12"), Request(takes=2))
    told: list[float] = []
    varied = compose_sections(
        generator, song("A1-4 B5-8 A'9-12"), Request(takes=2), progress=told.append
    )
    assert told == sorted(told) and told[-1] == 1.0
    for new, old in zip(varied, shared, strict=True):
        for track, before in zip(new.tracks, old.tracks, strict=True):
            assert bars(track, 1, 8) == bars(before, 1, 8)
            assert bars(track, 9, 12) != bars(before, 9, 12)
    again = compose_sections(generator, song("A1-4 B5-8 A'9-12"), Request(takes=2))
    assert [take.tracks for take in again] == [take.tracks for take in varied]


def test_locked_parts_and_bars_that_were_not_asked_for_stay(tmp_path: Path) -> None:
    generator = Generator.load(write_tiny_model(tmp_path / "tiny.onnx", known=True), "cpu")
    marked = song("A1-4 B5-8 A9-12")
    bass = Track("Bass", 33, (Note(0, 40, 480), Note(9 * BAR, 45, 480)), locked=True)
    kept = marked.with_accompaniment((bass,))
    take = compose_sections(generator, kept, Request(locked=frozenset({"Bass"})))[0]
    assert take.tracks[0] == bass
    asked = Request(bars=(2, 2), locked=frozenset({"Bass"}))
    marked_bars = compose_sections(generator, kept, asked)[0]
    assert marked_bars.tracks == generator.compose(kept, asked)[0].tracks
    shared = with_first_s_band(
        kept.with_track(1, replace(bass, locked=False)), sections_of(marked.sections, 12 * BAR)[2]
    )
    assert bars(shared.tracks[1], 9, 12) == bars(shared.tracks[1], 1, 4)


def test_only_bars_of_the_same_meter_are_taken_over(tmp_path: Path) -> None:
    generator, marked = model(tmp_path), song("A1-4 B5-8")
    meters = (MeterChange(0, 4, 4), MeterChange(8 * BAR, 3, 4))
    sections = (*marked.sections[:2], SectionMark(8 * BAR, "A"))
    other = replace(marked, meters=meters, sections=sections)
    plain = generator.compose(replace(other, sections=()), Request())[0]
    assert compose_sections(generator, other, Request())[0].tracks == plain.tracks


def test_a_repeat_that_is_given_up_gives_no_takes(tmp_path: Path) -> None:
    generator = Generator.load(write_tiny_model(tmp_path / "tiny.onnx", known=True), "cpu")
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 1

    marked = song("A1-4 A'5-8")
    assert compose_sections(generator, marked, Request(), cancelled=cancelled) == ()
