"""A part that carries the others is heard: bad luck silences it for a bar at most."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.chord_filler import ChordFiller, ChordLine, RestTask
from models.decode import Accompanist
from models.habits import even_habits
from models.infill import same_bar
from models.noise_field import REST_REACH, _phrased
from models.parity import example_request
from models.presence import silent_bars, with_likeliest
from tests.models.conftest import tiny_accompanist

BARS, BAR = 8, 16


def carrying(*parts: bool) -> Accompanist:
    """An untrained network some parts of which carry the others, and hardly ever strike."""
    plain = tiny_accompanist()
    habits = replace(even_habits(3), carrying=parts, usual=(0.05, 0.05, 0.05))
    ranges = ((33, 60), (45, 80), (55, 90))
    return Accompanist(plain.network, plain.settings, ranges, habits).eval()


def resting(accompanist: Accompanist, logit: float, draw: Tensor) -> list[list[bool]]:
    """Which bars each part rests in, by what the network says of them and by the draw of all."""
    position = example_request(accompanist, 1, BARS)["position"]
    bars, untold = same_bar(position), torch.ones(1, 3, 4 * BARS)
    task = RestTask(bars, torch.zeros(1, 3), draw.expand(1, 3, -1), torch.ones(1), untold)
    line = ChordLine(torch.zeros(1, 4 * BARS, 24), torch.ones(1, 4 * BARS), logit * untold)
    filler: ChordFiller = accompanist.chords
    rests: list[list[bool]] = (filler.resting(line, task)[0, :, ::BAR] > 0).tolist()
    return rests


def test_one_throw_rests_a_part_that_carries_no_longer_than_is_expected() -> None:
    unlucky = torch.linspace(9.0, 5.0, 4 * BARS)  # all bars are to rest, the first ones most
    first, second, _ = resting(carrying(True, False, False), -3.0, unlucky)
    assert first == [True] + [False] * (BARS - 1)
    assert second == [True] * BARS
    assert sum(resting(carrying(True, True, True), -1.5, unlucky)[0]) == 2  # of 1.46


def test_a_part_that_carries_rests_in_a_quarter_of_the_bars_at_most() -> None:
    unlucky = torch.linspace(9.0, 5.0, 4 * BARS)
    for logit in (0.0, 3.0):
        first, second, _ = resting(carrying(True, False, False), logit, unlucky)
        assert first == [True] * (BARS // 4) + [False] * (BARS - BARS // 4)
        assert second == [True] * BARS


def test_lucky_parts_rest_in_no_bar() -> None:
    assert not any(map(any, resting(carrying(True, True, False), -3.0, torch.zeros(4 * BARS))))


def silent(accompanist: Accompanist, density: float = -1.0) -> list[int]:
    """Bars of each part in which nothing sounds."""
    network = accompanist.network
    *_, parts, spreads = network.layout.outputs
    asked = example_request(accompanist, 2, BARS)
    asked["density"][:] = density
    with torch.no_grad():
        network.heads.bias[-(parts + spreads) : -spreads] = -30.0  # no rests
        planes, _ = accompanist(**asked)
    sounds = planes.unflatten(1, (-1, 2))[:, :, 1].amax(-1).unflatten(2, (BARS, BAR)).amax(-1)
    empty: list[int] = (sounds == 0).sum((0, 2)).tolist()
    return empty


def test_a_part_that_carries_is_heard_in_every_bar_that_it_does_not_rest_in() -> None:
    first, second, third = silent(carrying(True, False, False))
    assert first == 0 < min(second, third)


@pytest.mark.parametrize(("density", "heard"), [(0.2, False), (0.5, True)])
def test_a_part_that_shall_play_little_may_leave_bars_out(density: float, heard: bool) -> None:
    assert (silent(carrying(True, False, False), density)[0] == 0) is heard


def test_bars_are_silent_as_a_whole_and_pick_ups_may_be() -> None:
    position = torch.zeros(1, 2, 36)
    position[0, 0, [0, 4, 20]] = 1  # a beat, then two bars
    sounds = torch.zeros(1, 1, 36)
    sounds[..., 30] = 1
    cells = silent_bars(sounds, same_bar(position))[0, 0]
    assert cells.tolist() == [0.0] * 4 + [1.0] * 16 + [0.0] * 16


def test_only_a_bar_without_an_onset_gets_its_likeliest() -> None:
    bars = same_bar(example_request(tiny_accompanist(), 1, 2)["position"])
    logits = -5 - torch.rand(1, 1, 32, 88, generator=torch.Generator().manual_seed(4))
    logits[0, 0, 4, 30] = logits[0, 0, 20, 40] = -1.0
    onsets = torch.zeros_like(logits)
    onsets[0, 0, 18, 50] = 1
    found = with_likeliest(onsets, logits, torch.ones(1, 1, 32), bars)[0, 0].nonzero()
    assert found.tolist() == [[4, 30], [18, 50]]
    assert torch.equal(with_likeliest(onsets, logits, torch.zeros(1, 1, 32), bars), onsets)


def test_phrases_stray_no_farther_where_bars_come_again() -> None:
    normal = torch.randn(200, 48, 1, generator=torch.Generator().manual_seed(5))
    source = torch.arange(48) % 4  # one bar, again and again
    again = (source[:, None] == source[None, :]).float()[None]
    phrases = _phrased(normal[:, source], REST_REACH, again)
    assert float(phrases.std()) == pytest.approx(1, abs=0.05)
    assert float(_phrased(normal, REST_REACH, torch.eye(48)[None]).std()) == pytest.approx(
        1, abs=0.05
    )
