"""Drums lean on what the other bars of their phrase strike."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.export import example_request
from models.habits import DecodeSettings
from models.infill import same_bar
from models.patterns import PATTERN_BARS, pattern_votes, same_in_phrase
from tests.models.conftest import tiny_accompanist

BARS, BAR = PATTERN_BARS + 2, 16


def bars_of(count: int) -> Tensor:
    return same_bar(example_request(tiny_accompanist(), 1, count)["position"])


def test_beats_are_together_in_one_phrase_alone() -> None:
    together = same_in_phrase(bars_of(BARS))[0]
    assert together[0].nonzero().flatten().tolist() == list(range(0, 4 * PATTERN_BARS, 4))
    assert together[4 * PATTERN_BARS + 1].nonzero().flatten().tolist() == [33, 37]


def test_what_stands_in_other_bars_votes_for_its_like_and_against_all_else() -> None:
    onset, keep = torch.zeros(1, 1, BARS * BAR, 88), torch.zeros(1, 1, BARS * BAR)
    for bar in (0, 2, 3):
        keep[0, 0, bar * BAR : bar * BAR + 4] = 1  # their first beats stand
        onset[0, 0, bar * BAR + 2, 15] = 1
    onset[0, 0, 3 * BAR, 17] = 1
    votes = pattern_votes(onset, keep, bars_of(BARS))[0, 0]
    assert votes[BAR : BAR + 3, [15, 17, 40]].tolist() == [
        pytest.approx([-0.75, -0.25, -0.75]),  # one of three bars strikes the second key here
        pytest.approx([-0.75, -0.75, -0.75]),
        pytest.approx([0.75, -0.75, -0.75]),
    ]
    assert float(votes[BAR + 4 : 2 * BAR].abs().max()) == 0  # beats of which nothing stands
    assert float(votes[PATTERN_BARS * BAR :].abs().max()) == 0  # another phrase


def alike(pull: float) -> list[float]:
    """How alike each part's neighbouring bars are, as the share of common onsets."""
    settings = replace(DecodeSettings(), pattern_pull=pull)
    accompanist = tiny_accompanist(settings=settings, drums=(1,))
    planes, _ = accompanist(**example_request(accompanist, 3, PATTERN_BARS))
    bars = planes.unflatten(1, (-1, 2))[:, :, 0].unflatten(2, (PATTERN_BARS, BAR)).flatten(3)
    one, two = bars[:, :, :-1], bars[:, :, 1:]
    common, either = torch.minimum(one, two).sum((0, 2, 3)), torch.maximum(one, two).sum((0, 2, 3))
    shares: list[float] = (common / either.clamp(min=1)).tolist()
    return shares


def test_drums_come_back_to_their_pattern() -> None:
    free, drawn = alike(0.0), alike(3.0)
    assert drawn[1] > 1.5 * free[1]
