"""Generation as a conversation: more like one, between two, the next step, and back again."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from desktop.studio import levels
from engine.generation.flavours import flavour_of, fresh, noise_of
from engine.generation.generator import Generator
from engine.generation.model_card import read_card
from engine.generation.models import AvailableModel
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track
from engine.store.codec import composition_from_json, composition_to_json
from tests.tiny_models import DRUMS, TRACKS, write_tiny_model


def use(app: Any, generator: Generator) -> None:
    app.generator = generator
    app.generator_changed.emit(generator)


@pytest.fixture
def played(page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot) -> Any:
    """A page whose band, a model that can be told what stays, has played three takes."""
    use(app, Generator.load(write_tiny_model(tmp_path / "tiny.onnx", known=True), "cpu"))
    app.document.load(melody)
    ask(page, qtbot, app.actions["generate"].trigger)
    return page


def ask(page: Any, qtbot: QtBot, act: Any) -> None:
    """Do what makes another round, and wait for it."""
    rounds = len(page.generation.rounds)
    act()
    qtbot.waitUntil(lambda: len(page.generation.rounds) > rounds, timeout=20_000)


def listed(page: Any, at: int) -> bool:
    return bool(page.generation.at == at)


def choose(page: Any, card: int, text: str) -> None:
    row = next(a for a in page.panel.cards[card].menu.actions() if a.text() == text)
    row.trigger()


def noises(page: Any) -> list[Any]:
    return [noise_of(flavour_of(t.accompaniment.origin), 8) for t in page.generation.takes]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_a_menu_offers_goes_with_the_takes_it_speaks_of(
    played: Any, app: Any, melody: Composition, qtbot: QtBot
) -> None:
    more = played.panel.cards[0].more
    seen: list[bool] = []

    def open_another_song() -> None:  # while the button waits for its menu, in a loop of its own
        seen.append(more.menu().isVisible())
        app.document.load(melody)
        seen.append(more.menu().isVisible())

    QTimer.singleShot(0, open_another_song)
    more.click()
    assert seen == [True, False] and not played.generation.takes and not played.panel.cards


def test_more_like_a_take_gives_takes_near_it_which_differ_each_time(
    played: Any, qtbot: QtBot
) -> None:
    wanted, another = noises(played)[1], noises(played)[0]
    ask(played, qtbot, lambda: choose(played, 1, "More like this"))
    first = noises(played)
    assert len(first) == 3
    for each in first:
        assert 0 < abs(each - wanted).sum() < abs(another - wanted).sum()
    assert played.panel.list.title.text() == "2 of 2 · more like Take B of 1"
    played.panel.list.earlier.click()
    ask(played, qtbot, lambda: choose(played, 1, "More like this"))
    assert all((a != b).any() for a, b in zip(first, noises(played), strict=True))


def test_the_way_between_two_takes_leads_from_one_to_the_other(played: Any, qtbot: QtBot) -> None:
    start, _, end = noises(played)
    ask(played, qtbot, lambda: choose(played, 0, "The way to Take C"))
    nearer = [abs(each - end).sum() - abs(each - start).sum() for each in noises(played)]
    assert len(nearer) == 3 and nearer == sorted(nearer, reverse=True)
    assert played.generation.round.words == "Take A to C of 1"


def test_only_marked_bars_are_varied_where_only_they_were_asked_for(
    played: Any, app: Any, qtbot: QtBot
) -> None:
    played.panel.cards[0].keep.click()
    before = app.document.composition
    played.playback.choose_loop(1920, 3840)
    ask(played, qtbot, app.actions["generate_bars"].trigger)
    ask(played, qtbot, lambda: choose(played, 0, "More like this"))
    for card in played.panel.cards:
        card.listen.click()
        for old, new in zip(before.tracks, played.desk.shown.tracks, strict=True):
            kept = [n for n in old.notes if not 1920 <= n.start < 3840]
            assert [n for n in new.notes if not 1920 <= n.start < 3840] == kept
    played.playback.stop()


def test_a_take_of_another_model_is_not_varied_but_told_of(
    played: Any, app: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    use(app, Generator.load(write_tiny_model(tmp_path / "other.onnx", name="Other"), "cpu"))
    choose(played, 0, "More like this")
    assert not played.generation.busy
    assert app.sentences == [
        "Take A was played by Tiny. Only the model that played a take can vary it: choose it above."
    ]


def test_the_takes_of_all_requests_can_be_leafed_through_and_after_reopening_too(
    played: Any, app: Any, qtbot: QtBot
) -> None:
    panel = played.panel.list
    assert panel.earlier.isHidden()
    first = [take.accompaniment for take in played.generation.takes]
    app.actions["dice"].trigger()
    ask(played, qtbot, app.actions["generate"].trigger)
    ask(played, qtbot, lambda: choose(played, 2, "More like this"))
    panel.earlier.click()
    panel.earlier.click()
    assert [take.accompaniment for take in played.generation.takes] == first
    assert not panel.earlier.isEnabled() and panel.title.text().startswith("1 of 3 · Tiny, seed 0")
    played.panel.cards[2].keep.click()
    kept, composition_id = app.document.composition, app.document.composition_id
    app.library.flush()
    app.document.load(Composition())
    assert played.panel.cards == ()
    app.document.load(kept, composition_id)
    qtbot.waitUntil(lambda: len(played.generation.rounds) == 3, timeout=20_000)
    assert played.generation.at == 2 and played.generation.takes[0].accompaniment.origin.blend
    assert panel.title.text().startswith("3 of 3 · more like Take C of 2")
    for at in (1, 0):
        panel.earlier.click()
        qtbot.waitUntil(partial(listed, played, at), timeout=20_000)
    assert [take.accompaniment.tracks for take in played.generation.takes] == [
        each.tracks for each in first
    ]
    assert played.panel.cards[2].keep.text() == "Kept"


def drummer(folder: Path) -> tuple[Generator, AvailableModel]:
    path = write_tiny_model(
        folder / "drummer.onnx", name="Drummer", tracks=(DRUMS, *TRACKS[:1]), known=True,
        position=True,
    )  # fmt: skip
    generator = Generator.load(path, "cpu")
    return generator, AvailableModel("drummer", path, generator.card, "")


def test_another_model_s_drums_come_under_the_chords_and_each_step_can_be_had_again(
    played: Any, app: Any, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    played.panel.cards[1].keep.click()
    played.mixing.settle(2, "volume", 33)
    before = app.document.composition
    assert [step.words for step in before.steps] == ["Tiny, seed 0, Take B"]
    assert played.panel.steps.isHidden()
    generator, model = drummer(tmp_path)
    app.models = (model,)
    monkeypatch.setattr(app, "choose_model", lambda name: use(app, generator))
    menu = played.panel.next_step.menu()
    played.band.steps.fill(menu)
    rows = menu.actions()[0].menu().actions()
    assert [row.text() for row in rows if row.text()] == ["Add drums", "Play the bass anew"]
    ask(played, qtbot, rows[0].trigger)
    played.panel.cards[0].keep.click()
    after = app.document.composition
    assert after.tracks[:4] == before.tracks and after.tracks[4].name == "Drums"
    assert after.tracks[4].notes and len(after.tracks) == 5
    assert [step.words for step in after.steps][1] == "Drummer: drums, Take A"
    assert played.panel.steps.list.text() == "Step 2 of 2 ▾"

    played.panel.steps.back.click()
    back = app.document.composition
    assert back.accompaniment == before.accompaniment and back.origin == before.origin
    assert back.steps == after.steps and played.panel.steps.list.text() == "Step 1 of 2 ▾"
    assert composition_from_json(composition_to_json(back)) == back
    app.document.undo()
    assert app.document.composition == after

    ask(played, qtbot, app.actions["extend"].trigger)
    longer = played.desk.shown
    assert [track.name for track in longer.tracks] == [track.name for track in after.tracks]
    assert longer.tracks[2] == after.tracks[2], "what the drummer does not play stays"


def test_an_edited_band_becomes_a_step_before_the_way_back(
    played: Any, app: Any, qtbot: QtBot
) -> None:
    played.panel.cards[0].keep.click()
    kept = app.document.composition
    edited = kept.with_track(1, kept.tracks[1].with_notes(kept.tracks[1].notes[1:]))
    played.desk.edit(edited, "Delete notes")
    assert played.panel.steps.list.text() == "Step – of 1 ▾"
    played.panel.steps.back.click()
    now = app.document.composition
    assert now.accompaniment == kept.accompaniment
    assert [step.words for step in now.steps][1] == "as you edited it"
    played.panel.steps.forward.click()
    assert app.document.composition.accompaniment == edited.accompaniment


def test_a_step_asks_nothing_of_a_model_that_it_does_not_offer(
    played: Any, app: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    assert "density" not in app.generator.offers
    shown = played.desk.shown
    request = played.band._request(shown)
    crowded = type(request)(density={"Bass": 0.5, "Tuba": 0.5}, takes=1)
    ask(played, qtbot, lambda: played.generation.generate(shown, crowded))
    assert flavour_of(played.generation.takes[0].accompaniment.origin) == fresh(0, 0)


def test_takes_are_auditioned_at_one_loudness_and_kept_in_their_own_mix(
    page: Any, app: Any, melody: Composition, tmp_path: Path, qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    loud = iter([None, -30.0, -24.0, -36.0])
    monkeypatch.setattr(levels, "band_loudness", lambda *_given: next(loud))
    monkeypatch.setattr(levels, "find_sound_font", lambda: tmp_path / "none.sf2")
    app.synth.problem = None
    use(app, Generator.load(write_tiny_model(tmp_path / "tiny.onnx"), "cpu"))
    app.document.load(melody)
    with qtbot.waitSignal(page.band.levels.measured, timeout=20_000):
        app.actions["generate"].trigger()
    plain = [track.volume for track in page.desk.shown.accompaniment]
    heard = []
    for card in page.panel.cards:
        card.listen.click()
        heard.append([track.volume for track in app.player.composition.accompaniment])
        assert [track.volume for track in page.desk.shown.accompaniment] == plain
    page.playback.stop()
    assert heard[0] == plain and heard[1] < plain < heard[2]
    page.panel.cards[1].keep.click()
    assert [track.volume for track in app.player.composition.accompaniment] == plain


def test_a_model_that_suits_the_melody_better_is_offered_and_chosen_by_a_press(
    page: Any, app: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    paths = {
        name: write_tiny_model(tmp_path / f"{name}.onnx", name=name) for name in ("Pop", "Bach")
    }
    generator = Generator.load(paths["Pop"], "cpu")
    app.models = tuple(
        AvailableModel(name.lower(), path, read_card(path)) for name, path in paths.items()
    )
    use(app, generator)
    notes = tuple(Note(480 * i, 67 + (0, 2, 4, 5, 4, 2, 0, -1)[i % 8], 480) for i in range(32))
    app.document.load(Composition(tracks=(Track("Melody", notes=notes),)))
    qtbot.waitUntil(page.panel.suggestion.isVisible, timeout=20_000)
    assert page.panel.suggestion.text() == "Try the model Bach"
    assert "it learned from melodies" in page.panel.suggestion.toolTip()
    page.panel.suggestion.click()
    assert app.settings.model == "bach"
    use(app, Generator.load(paths["Bach"], "cpu"))
    qtbot.waitUntil(page.panel.suggestion.isHidden, timeout=20_000)
