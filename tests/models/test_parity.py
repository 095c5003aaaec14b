from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from engine.errors import TrainingError
from models import parity
from models.decode import Accompanist
from models.parity import REQUESTS, SHAPES, check_parity

Rolls = npt.NDArray[np.float32]
FILE = Path("model.onnx")


class File:
    """A file that plays what the network plays, but for what ``change`` does to its nth answer."""

    def __init__(
        self, accompanist: Accompanist, change: Callable[[int, Rolls, Rolls], object]
    ) -> None:
        self.asked = 0
        self._accompanist, self._change = accompanist, change

    def run(self, names: list[str], feeds: dict[str, Any]) -> tuple[Rolls, Rolls]:
        with torch.no_grad():
            answers = self._accompanist(
                **{name: torch.tensor(each) for name, each in feeds.items()}
            )
        notes, velocity = (each.numpy().copy() for each in answers)
        self._change(self.asked, notes, velocity)
        self.asked += 1
        return notes, velocity


@pytest.fixture
def checked(
    accompanist: Accompanist, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[int, Rolls, Rolls], object]], File]:
    """Checks a file with these changes, and answers how it was asked."""

    def check(change: Callable[[int, Rolls, Rolls], object]) -> File:
        file = File(accompanist, change)
        monkeypatch.setattr(parity, "quiet_session", lambda path: file)
        check_parity(accompanist, FILE)
        return file

    return check


def turn_a_note(number: int, notes: Rolls, velocity: Rolls) -> None:
    notes[0, 0, 0, 40] = 1 - notes[0, 0, 0, 40]


def turn_the_first_note(number: int, notes: Rolls, velocity: Rolls) -> None:
    if number == 0:
        turn_a_note(number, notes, velocity)


def test_a_file_of_the_same_notes_is_asked_once_for_each_shape(
    checked: Callable[..., File],
) -> None:
    assert checked(lambda number, notes, velocity: None).asked == len(SHAPES)


def test_another_note_is_refused_where_the_network_is_sure_of_its_own(
    checked: Callable[..., File], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parity, "NUDGE", 0.0)
    with pytest.raises(TrainingError, match="other notes"):
        checked(turn_the_first_note)


def test_where_the_network_wavers_itself_another_request_is_asked(
    checked: Callable[..., File], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parity, "NUDGE", 1.0)
    file = checked(turn_the_first_note)
    assert file.asked == len(SHAPES) + 1


def test_a_file_that_never_plays_the_same_notes_is_refused(
    checked: Callable[..., File], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parity, "NUDGE", 1.0)
    asked = []

    def change(number: int, notes: Rolls, velocity: Rolls) -> None:
        asked.append(number)
        turn_a_note(number, notes, velocity)

    with pytest.raises(TrainingError, match="other notes"):
        checked(change)
    assert len(asked) == REQUESTS


def test_other_velocities_are_refused(checked: Callable[..., File]) -> None:
    with pytest.raises(TrainingError, match="velocities"):
        checked(lambda number, notes, velocity: np.add(velocity, 2e-4, out=velocity))
