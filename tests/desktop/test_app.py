"""The studio as a whole: opened, changed while it runs, closed in order."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QThreadPool
from pytestqt.qtbot import QtBot

from desktop.app import App
from desktop.messages import Message
from engine.files.melodies import sample_melodies
from engine.live.events import LiveEvent
from engine.music.composition import Composition
from engine.music.note import Note
from engine.store.paths import models_folder, settings_path
from engine.store.settings import load_settings
from tests.desktop.conftest import SoundCard
from tests.tiny_models import write_tiny_model


def melody(pitch: int = 60, title: str = "Song") -> Composition:
    composition = Composition(title)
    return composition.with_track(0, composition.melody.with_notes([Note(0, pitch, 480)]))


def struck(pitch: int, seconds: float, direct: bool = False) -> LiveEvent:
    return LiveEvent(seconds, "note_on", pitch, 80, "Keys", direct)


def test_everything_opens_off_the_gui_thread(
    qtbot: QtBot, open_app: Callable[[], App], sound_card: SoundCard
) -> None:
    sound_card.may_open.clear()
    app = open_app()
    assert app.synth.problem == "The sound is being opened."
    assert app.generator is None and app.generator_problem == ""
    sound_card.may_open.set()
    with qtbot.waitSignals([app.synth_changed, app.generator_changed, app.models_changed]):
        pass
    qtbot.waitUntil(lambda: app.generator is not None)
    assert app.synth.problem is None and app.generator.provider == "CPU"


def test_a_model_chosen_before_the_models_are_listed_is_the_one_that_is_loaded(
    qtbot: QtBot, open_app: Callable[[], App]
) -> None:
    write_tiny_model(models_folder() / "other.onnx", name="Other")
    app = open_app()
    problems: list[str] = []
    app.generator_changed.connect(lambda _generator: problems.append(app.generator_problem))
    app.choose_model("other")
    qtbot.waitUntil(lambda: app.generator is not None)
    assert app.generator is not None and app.generator.card.name == "Other"
    assert not any(problems)


def test_without_a_sound_card_the_rest_works(
    qtbot: QtBot, open_app: Callable[[], App], sound_card: SoundCard
) -> None:
    sound_card.refusal = "No audio device could be opened."
    app = open_app()
    told: list[Message] = []
    app.messages.told.connect(told.append)
    qtbot.waitUntil(lambda: app.generator is not None and not app.sound.opening)
    assert app.synth.problem == "No audio device could be opened."
    assert [message.sentence for message in told] == [app.synth.problem]
    app.live_path.hear(struck(60, perf_counter()))
    app.player.set_composition(melody())
    app.document.edit(melody(), "Play")
    assert app.document.composition == melody()


def test_a_model_that_breaks_its_contract_is_told_and_the_rest_works(
    qtbot: QtBot, open_app: Callable[[], App], own_model: Path
) -> None:
    own_model.write_bytes(b"not a model")
    app = open_app()
    told: list[Message] = []
    app.messages.told.connect(lambda message: told.append(message))
    qtbot.waitUntil(lambda: bool(app.generator_problem))
    assert app.generator is None
    assert told[-1].sentence == app.generator_problem


def test_a_played_key_sounds_is_recorded_and_shown(
    qtbot: QtBot, app: App, sound_card: SoundCard
) -> None:
    now = perf_counter()
    with qtbot.waitSignal(app.bridge.event) as shown:
        thread = threading.Thread(target=app.live_path.hear, args=(struck(60, now),))
        thread.start()
        thread.join()
    app.live_path.hear(struck(64, now + 0.1, direct=True))
    assert shown.args == [struck(60, now)]
    assert sound_card.opened[-1].struck == [60]  # the other one sounds without us
    take = app.recorder.capture_last(now + 1, 120)
    assert take is not None and [event.number for event in take.events] == [60, 64]


def test_audio_settings_open_the_sound_again_and_are_kept(
    qtbot: QtBot, app: App, sound_card: SoundCard
) -> None:
    with qtbot.waitSignal(app.synth_changed):
        app.change_settings(period_size=256)
    qtbot.waitUntil(lambda: app.synth.problem is None)
    assert [synth.settings.period_size for synth in sound_card.opened] == [128, 256]
    assert sound_card.opened[0].closed and not sound_card.opened[1].closed
    assert app.live_path.synth is sound_card.opened[1]
    qtbot.waitUntil(lambda: load_settings(settings_path()).settings.period_size == 256)


def test_loudness_changes_while_the_sound_goes_on(
    app: App, sound_card: SoundCard, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: app.synth.problem is None)
    app.change_settings(gain=0.3)
    assert [synth.gain for synth in sound_card.opened] == [0.3]


def test_of_many_settings_the_last_are_kept_even_when_it_closes_at_once(
    qtbot: QtBot, app: App
) -> None:
    for gain in (0.1, 0.2, 0.3, 0.4):
        app.change_settings(gain=gain)
    app.close()
    assert load_settings(settings_path()).settings.gain == 0.4


def test_settings_that_cannot_be_kept_are_told_and_used(
    qtbot: QtBot, app: App, told: list[Message]
) -> None:
    settings_path().unlink(missing_ok=True)
    settings_path().mkdir()
    app.change_settings(reduced_motion=True)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].level == "error" and app.settings.reduced_motion


def test_a_home_that_cannot_be_written_is_not_taken_for_a_second_window(
    qtbot: QtBot,
    sound_card: SoundCard,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("here")
    monkeypatch.setenv("TUTTI_HOME", str(in_the_way / "home"))
    app = App()
    told: list[Message] = []
    app.messages.told.connect(told.append)
    app.start()
    qtbot.waitUntil(lambda: any("cannot be written" in message.sentence for message in told))
    qtbot.waitUntil(lambda: not app.jobs.running)
    app.close()
    app.deleteLater()
    assert not any("open in another window" in message.sentence for message in told)


def test_of_many_changes_the_last_one_stands(qtbot: QtBot, app: App, sound_card: SoundCard) -> None:
    for size in (32, 64, 256, 512):
        app.change_settings(period_size=size)
    qtbot.waitUntil(lambda: not app.sound.opening)
    assert sound_card.opened[-1].settings.period_size == 512
    assert [synth.closed for synth in sound_card.opened[:-1]] == [True] * (
        len(sound_card.opened) - 1
    )
    assert app.synth is sound_card.opened[-1]


def test_a_file_becomes_the_composition(qtbot: QtBot, app: App, told: list[Message]) -> None:
    with qtbot.waitSignal(app.document.loaded):
        app.open_file(sample_melodies()[1].path)
    assert app.document.composition.title == "Ode to Joy"
    assert app.document.composition.melody.notes
    assert told == []


def test_a_file_that_is_no_music_changes_nothing_and_is_told(
    qtbot: QtBot, app: App, told: list[Message], tmp_path: Path
) -> None:
    app.document.edit(melody(), "Play")
    path = tmp_path / "letter.mid"
    path.write_text("Dear Anna,")
    app.open_file(path)
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].level == "error" and "letter.mid" in told[-1].sentence
    assert app.document.composition == melody()


def test_the_next_start_takes_up_the_composition(
    qtbot: QtBot, app: App, open_app: Callable[[], App]
) -> None:
    app.document.load(melody(60, "Before"))
    app.document.edit(melody(67, "After"), "Transpose")
    app.close()
    again = open_app()
    qtbot.waitUntil(lambda: again.document.composition.title == "After")
    assert again.document.composition == melody(67, "After")
    assert not again.document.undo_stack.canUndo()


def test_a_composition_that_was_only_looked_at_is_not_written_again(
    qtbot: QtBot, app: App, open_app: Callable[[], App]
) -> None:
    app.document.load(melody())
    assert app.library.flush()
    changed = app.library.compositions()[0].changed
    app.close()
    again = open_app()
    qtbot.waitUntil(lambda: again.document.composition == melody())
    assert again.library.flush()
    assert again.library.compositions()[0].changed == changed


def test_a_recording_that_runs_when_the_window_closes_is_kept(
    qtbot: QtBot, app: App, open_app: Callable[[], App]
) -> None:
    now = perf_counter()
    app.recorder.start(now, 120)
    app.live_path.hear(struck(60, now))
    app.close()
    again = open_app()
    takes = again.library.takes()
    assert len(takes) == 1
    assert [event.number for event in again.library.load_take(takes[0].id).events] == [60]


def test_a_second_studio_says_so_and_leaves_the_first_ones_recording_alone(
    qtbot: QtBot, app: App, open_app: Callable[[], App]
) -> None:
    app.document.load(melody())
    now = perf_counter()
    app.recorder.start(now, 120)
    app.live_path.hear(struck(60, now))
    app.library.journal("running", app.recorder.snapshot(), 120.0)
    assert app.library.flush()
    told: list[Message] = []
    second = App()
    second.messages.told.connect(lambda message: told.append(message))
    second.start()
    qtbot.waitUntil(lambda: second.generator is not None and not second.jobs.running)
    second.document.edit(melody(72, "Other"), "Play")
    second.close()
    second.deleteLater()
    assert [message.sentence for message in told if "open in another window" in message.sentence]
    assert app.library.takes() == ()
    assert len(app.library.recoverable()) == 1
    assert {entry.title for entry in app.library.compositions()} == {"Song", "Other"}


def test_settings_that_were_damaged_are_told(
    qtbot: QtBot, open_app: Callable[[], App], tutti_home: Path
) -> None:
    settings_path().write_text("{ nonsense")
    app = App()
    told: list[Message] = []
    app.messages.told.connect(lambda message: told.append(message))
    app.start()
    app.close()
    app.deleteLater()
    assert "damaged" in told[0].sentence


def test_closing_leaves_no_thread(qtbot: QtBot, app: App) -> None:
    app.document.edit(replace(melody(), title="Last words"), "Rename")
    app.close()
    app.close()  # a second call finds nothing to do
    names = [
        thread.name for thread in threading.enumerate() if thread is not threading.main_thread()
    ]
    assert [name for name in names if "Dummy" not in name] == []
    assert QThreadPool.globalInstance().activeThreadCount() == 0


def test_sound_that_stops_is_told_with_a_way_back(
    qtbot: QtBot, app: App, sound_card: SoundCard, told: list[Message]
) -> None:
    sound_card.opened[-1].problem = "The sound has stopped."
    app.sound.look()
    assert told[-1].sentence == "The sound has stopped." and told[-1].action is not None
    told[-1].action.act()
    qtbot.waitUntil(lambda: len(sound_card.opened) == 2 and not app.sound.opening)
    assert app.synth.problem is None


@pytest.mark.parametrize("by_itself", [True, False])
def test_that_the_sound_has_stopped_is_said_until_it_is_back(
    qtbot: QtBot, app: App, sound_card: SoundCard, by_itself: bool
) -> None:
    over: list[str] = []
    app.messages.withdrawn.connect(over.append)
    sound_card.opened[-1].problem = "The sound has stopped."
    app.sound.look()
    assert over == []
    if by_itself:
        sound_card.opened[-1].problem = None
        app.sound.look()
    else:
        app.restart_sound()
        qtbot.waitUntil(lambda: len(sound_card.opened) == 2 and not app.sound.opening)
    assert over == ["The sound has stopped."]


def test_only_a_file_of_ones_own_has_its_melody_explained(
    qtbot: QtBot, app: App, told: list[Message], tmp_path: Path
) -> None:
    sample = sample_melodies()[0].path
    own = tmp_path / "own.mid"
    own.write_bytes(sample.read_bytes())
    for path in (sample, own):
        with qtbot.waitSignal(app.document.loaded):
            app.open_file(path)
    (message,) = told
    assert message.level == "info" and "only track" in message.sentence
