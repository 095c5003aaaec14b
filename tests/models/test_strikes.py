"""Chords are struck together or not at all, and as often as each pitch is expected."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.habits import DecodeSettings
from models.parity import example_request
from models.strikes import density_kept, strikes, struck_with
from tests.models.conftest import tiny_accompanist

STEPS = 4000


def drawn(likely: tuple[float, ...], temperature: float = 1.0, lean: float = 0.0) -> Tensor:
    """What is struck (step, pitch) where each pitch is so likely on every step."""
    rng = torch.Generator().manual_seed(5)
    logits = torch.logit(torch.tensor(likely)).expand(1, 1, STEPS, -1)
    uniform = torch.rand(1, 1, STEPS, len(likely) + 1, generator=rng)
    draws = torch.logit(uniform)
    heat = torch.full((1, 1, 1, 1), temperature)
    wanted = torch.full((1, 1, 1, 1), max(likely) * STEPS)
    begins = strikes(logits.amax(-1, keepdim=True), wanted, heat, draws[..., -1])
    return (begins * struck_with(logits, lean, heat, draws[..., :-1]))[0, 0]


def test_each_pitch_is_struck_as_often_as_it_is_expected() -> None:
    likely = (0.5, 0.4, 0.1, 0.02)
    assert drawn(likely).mean(0).tolist() == pytest.approx(likely, abs=0.03)


def test_what_is_equally_likely_is_struck_together() -> None:
    together = drawn((0.3, 0.3, 0.3)).sum(1)
    assert set(together.tolist()) == {0.0, 3.0}
    assert float((together > 0).float().mean()) == pytest.approx(0.3, abs=0.03)


def test_a_cool_strike_keeps_the_number_of_strikes_and_spares_what_is_less_likely() -> None:
    warm, cool = drawn((0.4, 0.25, 0.1)), drawn((0.4, 0.25, 0.1), temperature=0.3)
    assert float(cool[:, 0].mean()) == pytest.approx(float(warm[:, 0].mean()), abs=0.03)
    assert float(cool[:, 2].mean()) < 0.3 * float(warm[:, 2].mean())


def test_a_lean_thins_chords_and_never_their_likeliest_pitch() -> None:
    full, lean = drawn((0.4, 0.25)), drawn((0.4, 0.25), lean=1.0)
    assert float(lean[:, 1].mean()) < 0.8 * float(full[:, 1].mean())
    assert torch.equal(full[:, 0], lean[:, 0])


def test_where_no_pitch_can_be_struck_none_is() -> None:
    barred, heat = torch.full((1, 1, 4, 5), -1e9), torch.ones(1, 1, 1, 1)
    assert torch.equal(struck_with(barred, 0.0, heat, torch.zeros_like(barred)), 0 * barred)


def test_the_offset_makes_up_for_the_temperature() -> None:
    logits = torch.linspace(-6, 1, 200)[None]
    wanted = torch.sigmoid(logits).sum(1)

    def expected(offset: Tensor) -> Tensor:
        return torch.sigmoid((logits + offset[:, None]) / 0.3).sum(1)

    assert float(expected(torch.zeros(1))) < 0.8 * float(wanted)
    assert torch.allclose(expected(density_kept(wanted, expected)), wanted, rtol=0.02)


def played(blocks: tuple[float | None, ...]) -> Tensor:
    """What three parts play, of which the second plays chords (batch, plane, step, pitch)."""
    accompanist = tiny_accompanist(3, settings=replace(DecodeSettings(), blocks=blocks))
    with torch.no_grad():
        return accompanist(**example_request(accompanist, 4, 8))[0]


def test_a_part_without_a_lean_draws_each_pitch_for_itself() -> None:
    assert torch.equal(played((None, None, None)), played(()))
    assert not torch.equal(played((None, 0.0, None)), played(()))
