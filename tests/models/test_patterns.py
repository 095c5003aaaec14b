"""Parts and chords lean on what stands in the other bars of their phrase."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.habits import DecodeSettings
from models.infill import same_bar
from models.parity import example_request
from models.patterns import (
    FOUR,
    PATTERN_BARS,
    TWO,
    bars_apart,
    chord_votes,
    leaning,
    pattern_votes,
    same_in_phrase,
)
from models.windows import chord_table
from tests.models.conftest import tiny_accompanist

BARS, BAR = PATTERN_BARS + 2, 16


def bars_of(count: int) -> Tensor:
    return same_bar(example_request(tiny_accompanist(), 1, count)["position"])


def test_beats_are_together_in_one_phrase_alone() -> None:
    together = same_in_phrase(bars_of(BARS))[0]
    assert together[0].nonzero().flatten().tolist() == list(range(0, 4 * PATTERN_BARS, 4))
    assert together[4 * PATTERN_BARS + 1].nonzero().flatten().tolist() == [33, 37]


def test_drums_lean_on_all_bars_of_a_phrase_and_others_on_those_of_their_chord_or_two_apart() -> (
    None
):
    bars = bars_of(BARS)
    chords = torch.eye(24)[torch.arange(4 * BARS) // 4 % 3][None]  # a chord a bar, three in turn
    drums = torch.tensor([0.0, 1.0])[None, :, None, None]
    pitched, struck = leaning(bars, chords, drums)[0]
    assert torch.equal(struck, same_in_phrase(bars)[0])
    assert bars_apart(bars, FOUR)[0, 4].nonzero().flatten().tolist() == [4, 20]
    assert bars_apart(bars, TWO)[0, 4].nonzero().flatten().tolist() == [4, 12, 20, 28]
    assert pitched[4].nonzero().flatten().tolist() == [4, 12, 16, 20, 28]  # 4 for its chord


def test_the_chord_that_stands_four_bars_away_is_liked_most_and_its_kin_more_than_strangers() -> (
    None
):
    table, again = chord_table()[:-1], bars_apart(bars_of(PATTERN_BARS), FOUR)
    known = torch.zeros(1, 4 * PATTERN_BARS)
    known[0, 0] = 1
    chords = known[..., None] * table[0]
    votes = chord_votes(chords, known, again, table)[0]
    assert float(votes[16, 0]) == float(votes[16].max()) == pytest.approx(1)
    assert votes[16].argmax() == 0 and float(votes[16].min()) == 0
    assert float(votes[4].abs().max()) == 0  # nothing stands at such a place


def test_what_stands_in_other_bars_votes_for_its_like_and_against_all_else() -> None:
    onset, keep = torch.zeros(1, 1, BARS * BAR, 88), torch.zeros(1, 1, BARS * BAR)
    for bar in (0, 2, 3):
        keep[0, 0, bar * BAR : bar * BAR + 4] = 1  # their first beats stand
        onset[0, 0, bar * BAR + 2, 15] = 1
    onset[0, 0, 3 * BAR, 17] = 1
    together = same_in_phrase(bars_of(BARS))[:, None]
    votes = pattern_votes(onset, keep, together)[0, 0]
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
