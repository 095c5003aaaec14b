import pytest

from engine.live.events import LiveEvent, TransportCommand, parse
from engine.live.releases import HeldKeys

PORT = "Stage Piano"


def parsed(text: str, port: str = PORT) -> LiveEvent | TransportCommand | None:
    return parse(bytes.fromhex(text), 1.5, port)


@pytest.mark.parametrize(
    ("text", "kind", "number", "value"),
    [
        ("90 3C 40", "note_on", 60, 64),
        ("9F 3C 01", "note_on", 60, 1),  # any channel
        ("90 3C 00", "note_off", 60, 0),  # velocity 0
        ("80 3C 40", "note_off", 60, 64),
        ("B0 40 7F", "control", 64, 127),
        ("C0 05", "program", 0, 5),
        ("D0 22", "channel_pressure", 0, 34),
        ("A0 3C 22", "key_pressure", 60, 34),
        ("E0 00 40", "bend", 0, 0),
        ("E0 00 00", "bend", 0, -8192),
        ("E0 7F 7F", "bend", 0, 8191),
    ],
)
def test_a_channel_message_becomes_an_event(text: str, kind: str, number: int, value: int) -> None:
    assert parsed(text) == LiveEvent(1.5, kind, number, value, PORT)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "90", "90 3C", "F8", "FE", "3C 40", "90 3C 80", "F0 F7"])
def test_what_is_broken_or_means_nothing_is_left_out(text: str) -> None:
    assert parsed(text) is None


def test_the_buttons_of_the_deepcomposer_keyboard_are_transport_commands() -> None:
    port = "AKM322 MIDI 1"
    assert parsed("B0 69 7F", port) is TransportCommand.PLAY
    assert parsed("B0 6A 7F", port) is TransportCommand.STOP
    assert parsed("B0 6B 7F", port) is TransportCommand.RECORD
    assert parsed("B0 6B 00", port) is None  # let go


def test_another_keyboard_may_use_those_controllers_for_itself() -> None:
    assert parsed("B0 69 7F") == LiveEvent(1.5, "control", 105, 127, PORT)


@pytest.mark.parametrize(
    ("command", "meant"),
    [
        ("01", TransportCommand.STOP),
        ("02", TransportCommand.PLAY),
        ("03", TransportCommand.PLAY),
        ("06", TransportCommand.RECORD),
        ("07", TransportCommand.STOP),
        ("0D", None),
    ],
)
def test_machine_control_is_understood_from_any_device(
    command: str, meant: TransportCommand | None
) -> None:
    assert parsed(f"F0 7F 10 06 {command} F7") is meant


def test_another_system_exclusive_message_means_nothing() -> None:
    assert parsed("F0 43 10 06 02 F7") is None


def test_held_keys_pedal_and_bend_are_let_go_once() -> None:
    held = HeldKeys()
    for text in ("90 3C 40", "90 40 40", "80 40 00", "B0 40 7F", "E0 00 50"):
        event = parsed(text)
        assert isinstance(event, LiveEvent)
        held.note(event)
    released = [(event.kind, event.number, event.value) for event in held.releases(2.0, PORT)]
    assert released == [("note_off", 60, 0), ("control", 64, 0), ("bend", 0, 0)]
    assert not list(held.releases(3.0, PORT))
