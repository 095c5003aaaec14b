"""Generating, listening, keeping."""

from dataclasses import replace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.widgets.band_panel import BandPanel
from engine.generation.request import Accompaniment
from engine.music.composition import Composition, Origin
from engine.music.note import Note
from engine.music.track import Track
from tests.desktop.studio.fake_generator import FakeGenerator, generate, pitches


@pytest.fixture
def band(app: Any, page: Any, melody: Composition) -> FakeGenerator:
    """A page with a melody and a generator."""
    generator = FakeGenerator()
    app.generator = generator
    app.generator_changed.emit(generator)
    app.document.load(melody)
    return generator


def test_takes_are_listed_and_the_first_stands_in_the_lanes(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    assert [card.objectName() for card in page.panel.cards] == ["Take A", "Take B", "Take C"]
    assert pitches(page.desk.shown) == {40}
    assert pitches(app.player.composition) == {40}
    assert app.document.composition.accompaniment == ()


def test_listening_starts_the_loop_and_switches_in_place(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.panel.cards[1].listen.click()
    assert page.playback.playing and app.player.loop == (0, 7680)
    assert pitches(app.player.composition) == {41}
    qtbot.wait(60)
    before = page.playback.position
    page.panel.cards[2].listen.click()
    assert page.playback.playing and page.playback.position >= before
    assert pitches(app.player.composition) == {42}
    page.panel.cards[2].listen.click()
    assert not page.playback.playing


def test_keeping_is_one_edit_with_its_origin_and_the_others_stay(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.panel.cards[1].keep.click()
    kept = app.document.composition
    assert pitches(kept) == {41}
    assert kept.origin == Origin("pop", "f", 0, 1)
    assert app.document.undo_stack.count() == 1
    assert len(page.panel.cards) == 3
    assert page.panel.cards[1].keep.text() == "Kept"
    app.document.undo()
    assert app.document.composition.accompaniment == ()
    assert page.panel.cards[1].keep.text() == "Keep"


def test_another_take_can_be_heard_after_one_was_kept(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.panel.cards[1].keep.click()
    page.panel.cards[0].listen.click()
    assert pitches(page.desk.shown) == {40} and pitches(app.document.composition) == {41}
    page.panel.cards[1].listen.click()
    assert pitches(page.desk.shown) == {41}


def test_working_on_a_take_keeps_it(page: Any, app: Any, band: Any, qtbot: QtBot) -> None:
    generate(page, app, qtbot)
    shown = page.desk.shown
    page.desk.edit(shown.with_track(1, shown.tracks[1].with_notes(())), "Delete notes")
    assert app.document.composition.tracks[1].notes == ()
    assert app.document.undo_stack.count() == 1
    assert "Take A is kept, since you changed it. Undo takes both back." in app.sentences


def test_a_take_can_be_mixed_while_it_is_compared_with_others(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.mixing.switch(1, "muted", True)
    page.mixing.settle(1, "volume", 30)
    assert app.document.composition.accompaniment == () and app.sentences == []
    page.panel.cards[2].listen.click()
    assert page.desk.shown.tracks[1].muted and page.desk.shown.tracks[1].volume == 30
    page.panel.cards[2].keep.click()
    assert app.document.composition.tracks[1].volume == 30
    page.panel.cards[0].listen.click()
    page.mixing.settle(1, "volume", 90)
    page.mixing.settle(0, "volume", 50)
    assert pitches(page.desk.shown) == {40} and page.desk.shown.tracks[1].volume == 90
    assert pitches(app.document.composition) == {42}
    assert app.document.composition.tracks[1].volume == 90
    app.document.undo()
    app.document.undo()
    assert page.desk.shown.tracks[1].volume == 30 and pitches(page.desk.shown) == {40}


def test_a_part_of_a_take_that_is_renamed_is_kept_with_it(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.mixing.rename(1, "Low end")
    assert app.document.composition.tracks[1].name == "Low end"


def test_keeping_a_take_needs_no_words(page: Any, app: Any, band: Any, qtbot: QtBot) -> None:
    generate(page, app, qtbot)
    page.panel.cards[0].keep.click()
    page.mixing.switch(1, "muted", True)
    assert not any("since you changed it" in sentence for sentence in app.sentences)


def test_undo_shows_the_composition_again(page: Any, app: Any, band: Any, qtbot: QtBot) -> None:
    generate(page, app, qtbot)
    page.panel.cards[0].keep.click()
    page.panel.cards[1].listen.click()
    app.document.undo()
    assert page.desk.shown == app.document.composition


def test_the_same_seed_is_asked_for_again_until_the_dice_is_rolled(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    page.panel.set_seed(42)
    generate(page, app, qtbot)
    generate(page, app, qtbot)
    app.actions["dice"].trigger()
    generate(page, app, qtbot)
    seeds = [request.seed for request in band.requests]
    assert seeds[0] == seeds[1] == 42 and seeds[2] == page.panel.seed


def test_lanes_shimmer_and_cancel_stands_in_place_while_it_runs(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    band.may_go.clear()
    app.actions["generate"].trigger()
    assert page.generation.busy
    assert page.area.lanes.motion.busy == {1, 2}
    assert len(page.area.column.headers) == 3
    assert page.panel.cancel.isVisible() and not page.panel.generate.isVisible()
    page.panel.cancel.click()
    assert not page.generation.busy
    assert page.panel.generate.isVisible()
    assert page.area.lanes.motion.busy == frozenset()
    qtbot.waitUntil(lambda: not app.jobs.running)
    assert page.panel.cards == () and len(page.area.column.headers) == 1


def test_a_request_of_one_song_is_given_up_when_another_is_opened(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    band.may_go.clear()
    app.actions["generate"].trigger()
    app.document.load(Composition())
    assert not page.generation.busy
    band.may_go.set()
    qtbot.waitUntil(lambda: not app.jobs.running)
    assert page.generation.rounds == () and not app.document.composition.accompaniment


def test_a_failure_is_a_sentence(page: Any, app: Any, band: Any, qtbot: QtBot) -> None:
    band.fails = True
    app.actions["generate"].trigger()
    qtbot.waitUntil(lambda: not page.generation.busy, timeout=3000)
    assert app.sentences == ["The model cannot play this."]
    assert page.panel.generate.isVisible()


def test_without_a_melody_the_band_says_what_to_do(page: Any, app: Any) -> None:
    page.band.generate()
    assert app.sentences == ["Play, draw or open a melody, then let the band come in."]


def test_a_request_waits_for_a_model_that_is_still_loading(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    app.document.load(melody)
    app.actions["generate"].trigger()
    assert page.generation.busy
    generator = FakeGenerator()
    with qtbot.waitSignal(page.generation.takes_changed, timeout=3000):
        app.generator = generator
        app.generator_changed.emit(generator)
    assert len(generator.requests) == 1


def test_a_model_that_cannot_be_loaded_ends_the_wait(
    page: Any, app: Any, melody: Composition
) -> None:
    app.document.load(melody)
    app.actions["generate"].trigger()
    app.generator_problem = "The model file is broken. Choose another one."
    app.generator_changed.emit(None)
    assert not page.generation.busy
    assert not page.panel.generate.isEnabled()


def test_controls_that_a_model_does_not_offer_are_absent(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    assert page.panel._adventure.isVisible()
    assert not page.panel.density.isVisible()
    assert not page.band.can_lock


def test_locked_tracks_are_named_where_the_model_can_keep_them(
    page: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    generator = FakeGenerator(frozenset({"known"}))
    app.generator = generator
    app.generator_changed.emit(generator)
    bass = Track("Bass", 33, (Note(0, 40, 480),), locked=True)
    app.document.load(melody.with_accompaniment((bass,)))
    generate(page, app, qtbot)
    assert generator.requests[0].locked == {"Bass"}


def test_takes_are_forgotten_with_another_composition(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    app.document.load(Composition())
    assert page.panel.cards == ()
    assert page.desk.shown == Composition()


def test_every_take_is_stored_even_if_none_is_kept(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    app.library.flush()
    assert len(app.library.accompaniments(app.document.composition_id)) == 3


def test_a_mix_stays_when_another_take_comes(page: Any, app: Any, band: Any, qtbot: QtBot) -> None:
    generate(page, app, qtbot)
    page.panel.cards[0].keep.click()
    page.mixing.settle(1, "volume", 30)
    page.panel.cards[2].keep.click()
    assert app.document.composition.tracks[1] == replace(
        page.generation.takes[2].accompaniment.tracks[0], volume=30
    )


def test_the_panel_shows_no_takes_at_first(page: Any) -> None:
    assert isinstance(page.panel, BandPanel) and page.panel.cards == ()


def test_the_same_seed_for_another_melody_is_another_take(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.panel.cards[0].keep.click()
    other = (Track("Bass", 33, (Note(0, 50, 480),)),)
    band.answer = lambda request, take: Accompaniment(other, Origin("pop", "f", 0, take))
    generate(page, app, qtbot)
    assert page.panel.cards[0].keep.text() == "Keep"
    assert pitches(page.desk.shown) == {50}


def test_a_composition_that_is_opened_again_has_its_last_takes(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    page.band.roll_dice()
    generate(page, app, qtbot)
    page.band.keep(1)
    kept, composition_id = app.document.composition, app.document.composition_id
    listed = [take.accompaniment.tracks for take in page.generation.takes]
    app.document.load(Composition())
    assert page.panel.cards == ()
    app.library.flush()
    app.document.load(kept, composition_id)
    qtbot.waitUntil(lambda: len(page.panel.cards) == 3)
    assert [take.accompaniment.tracks for take in page.generation.takes] == listed
    assert page.panel.cards[1].keep.text() == "Kept"
    assert page.desk.shown == kept


def test_takes_that_come_late_do_not_stand_beside_another_composition(
    page: Any, app: Any, band: Any, qtbot: QtBot
) -> None:
    generate(page, app, qtbot)
    made, composition_id = app.document.composition, app.document.composition_id
    app.library.flush()
    app.document.load(made, composition_id)
    app.document.load(Composition())
    qtbot.waitUntil(lambda: not app.jobs.running)
    assert page.panel.cards == ()
