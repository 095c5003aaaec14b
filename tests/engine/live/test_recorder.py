import pytest

from engine.live import recorder as module
from engine.live.events import LiveEvent
from engine.live.recorder import Recorder
from engine.music.take import TakeEvent, TakeEventKind, played_notes

BPM = 100.0


def live(
    seconds: float, kind: TakeEventKind, number: int, value: int, port: str = "A"
) -> LiveEvent:
    return LiveEvent(seconds, kind, number, value, port)


def test_a_take_has_what_was_played_counted_from_its_first_beat() -> None:
    recorder = Recorder()
    recorder.start(10.0, BPM)
    recorder.add(live(10.5, "note_on", 60, 90))
    recorder.add(live(11.0, "note_off", 60, 0))
    take = recorder.stop(12.0)
    assert take.events == (TakeEvent(0.5, "note_on", 60, 90), TakeEvent(1.0, "note_off", 60, 0))
    assert (take.duration, take.beats_per_minute) == (2.0, BPM)
    assert not recorder.recording


def test_what_is_played_in_the_count_in_is_negative() -> None:
    recorder = Recorder()
    recorder.start(10.0, BPM, now=8.0)
    recorder.add(live(9.9, "note_on", 60, 90))
    assert recorder.stop(12.0).events[0].seconds < 0


def test_keys_and_pedal_that_are_down_when_recording_starts_begin_there() -> None:
    recorder = Recorder()
    recorder.add(live(1.0, "note_on", 60, 90))
    recorder.add(live(1.0, "control", 64, 127))
    recorder.add(live(1.5, "note_on", 62, 90))
    recorder.add(live(2.0, "note_off", 62, 0))
    recorder.start(10.0, BPM)
    recorder.add(live(11.0, "note_off", 60, 0))
    take = recorder.stop(12.0)
    notes = played_notes(take)
    assert [(note.start, note.end, note.pitch) for note in notes] == [(0.0, 1.0, 60)]
    assert TakeEvent(0.0, "control", 64, 127) in take.events


def test_a_key_struck_while_recording_starts_is_in_the_take_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder()
    recorder.add(live(1.0, "control", 64, 127))

    def struck_meanwhile(pedal: LiveEvent) -> bool:
        recorder.add(live(9.999, "note_on", 60, 90))
        recorder.add(live(10.001, "note_on", 64, 90))
        return pedal.value >= 64

    monkeypatch.setattr(module, "_is_down", struck_meanwhile)
    recorder.start(10.0, BPM)
    notes = played_notes(recorder.stop(12.0))
    assert [(note.pitch, note.end) for note in notes] == [(60, 2.0), (64, 2.0)]


def test_a_key_still_down_at_the_end_ends_with_the_take() -> None:
    recorder = Recorder()
    recorder.start(10.0, BPM)
    recorder.add(live(11.0, "note_on", 60, 90))
    recorder.add(live(12.5, "note_off", 60, 0))  # after the stop button was pressed
    notes = played_notes(recorder.stop(12.0))
    assert [(note.start, note.end) for note in notes] == [(1.0, 2.0)]


def test_the_running_take_can_be_looked_at() -> None:
    recorder = Recorder()
    assert recorder.snapshot() == ()
    recorder.start(10.0, BPM)
    recorder.add(live(10.5, "note_on", 60, 90))
    assert recorder.snapshot() == (TakeEvent(0.5, "note_on", 60, 90),)
    assert recorder.held_since == {60: 0.5}


def test_keyboards_hold_keys_apart_from_each_other() -> None:
    recorder = Recorder()
    recorder.add(live(1.0, "note_on", 60, 90, port="A"))
    recorder.add(live(2.0, "note_on", 60, 90, port="B"))
    recorder.add(live(3.0, "note_off", 60, 0, port="A"))
    assert list(recorder.held_since) == [60]


def test_the_last_minutes_can_be_captured_without_having_recorded() -> None:
    recorder = Recorder()
    recorder.add(live(10.0, "note_on", 50, 90))  # long ago
    recorder.add(live(11.0, "note_off", 50, 0))
    recorder.add(live(990.0, "control", 1, 127))
    recorder.add(live(1000.0, "note_on", 60, 90))
    recorder.add(live(1001.0, "note_off", 60, 0))
    take = recorder.capture_last(1002.0, BPM)
    assert take is not None
    assert take.events == (TakeEvent(0.0, "note_on", 60, 90), TakeEvent(1.0, "note_off", 60, 0))
    assert take.duration == 2.0


def test_a_pedal_held_before_the_first_captured_note_is_kept() -> None:
    recorder = Recorder()
    recorder.add(live(1.0, "control", 64, 127))
    recorder.add(live(5.0, "note_on", 60, 90))
    take = recorder.capture_last(6.0, BPM)
    assert take is not None
    assert take.events[0] == TakeEvent(0.0, "control", 64, 127)


def test_nothing_played_is_nothing_to_capture() -> None:
    recorder = Recorder()
    recorder.add(live(1.0, "control", 64, 127))
    assert recorder.capture_last(2.0, BPM) is None


def test_a_recorded_take_can_also_be_captured_afterwards() -> None:
    recorder = Recorder()
    recorder.start(10.0, BPM)
    recorder.add(live(11.0, "note_on", 60, 90))
    recorder.stop(12.0)
    assert recorder.capture_last(12.0, BPM) is not None


def test_memory_of_the_last_minutes_is_bounded() -> None:
    recorder = Recorder()
    for index in range(module.RETROSPECTIVE_EVENTS + 100):
        recorder.add(live(index / 1e6, "control", 1, index % 128))
    recorder.add(live(1.0, "note_on", 60, 90))
    take = recorder.capture_last(1.0, BPM)
    assert take is not None
    assert len(recorder._recent) == module.RETROSPECTIVE_EVENTS
