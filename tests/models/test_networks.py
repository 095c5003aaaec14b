"""The networks' sizes and shapes, and what attention hears."""

import pytest
import torch

from models.beat_unet import Attention, BeatUNet, BeatUNetSettings, Heard
from models.conv_unet import NOISE_SIZE, ConvUNet, cut_noise
from models.critic import Critic
from models.layout import DURATIONS, Layout
from models.presets import PRESETS
from models.schedule import learning_rate


def parameters(module: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


def test_deepcomposers_networks_are_reproduced_to_the_parameter() -> None:
    assert parameters(ConvUNet()) == 8_270_852
    assert parameters(Critic(5, 32, 128)) == 2_766_785


def test_the_picture_network_draws_four_tracks_of_two_bars() -> None:
    network = ConvUNet().eval()
    with torch.no_grad():
        drawn = network(torch.zeros(2, 1, 32, 128), torch.zeros(2, NOISE_SIZE))
    assert drawn.shape == (2, 4, 32, 128)
    assert float(drawn.abs().max()) <= 1


def test_noise_is_cut_at_two_standard_deviations() -> None:
    noise = cut_noise(4, torch.Generator().manual_seed(0))
    assert noise.shape == (4, NOISE_SIZE)
    assert float(noise.abs().max()) <= 2
    assert float(noise.std()) == pytest.approx(0.88, abs=0.02)


def test_a_critic_says_one_number_a_sample_and_judges_each_alone() -> None:
    torch.manual_seed(0)
    critic = Critic(5, 64, 96, widths=(4, 4, 8, 8))
    rolls, melody = torch.rand(3, 3, 64, 96), torch.rand(3, 2, 64, 96)
    with torch.no_grad():
        judged, alone = critic(rolls, melody), critic(rolls[1:2], melody[1:2])
    assert judged.shape == (3,)
    assert float(alone) == pytest.approx(float(judged[1]), abs=1e-5)


def heard(layout: Layout, batch: int, beats: int) -> Heard:
    steps, rng = 4 * beats, torch.Generator().manual_seed(beats)

    def bits(*shape: int) -> torch.Tensor:
        return (torch.rand(shape, generator=rng) < 0.1).float()

    return Heard(
        melody=bits(batch, 2, steps, layout.pitches),
        known=bits(batch, layout.tracks, 2, steps, layout.pitches),
        keep=bits(batch, layout.tracks, steps),
        chords=bits(batch, beats, 24),
        chords_known=bits(batch, beats),
        position=bits(batch, 2, steps),
        density=torch.full((batch, layout.tracks), -1.0),
    )


@pytest.mark.parametrize(("tracks", "beats"), [(3, 4), (3, 20), (1, 8), (5, 8)])
def test_the_beat_network_answers_every_cell_of_any_length(tracks: int, beats: int) -> None:
    layout = Layout(tracks=tracks, pitches=44, one_voice=(False,) * tracks)
    network = BeatUNet(layout, BeatUNetSettings(width=16, deep_width=24)).eval()
    with torch.no_grad():
        found = network(heard(layout, 2, beats))
    assert found.onset.shape == found.sounding.shape == (2, tracks, 4 * beats, 44)
    assert found.duration.shape == (2, tracks, 4 * beats, 4, len(DURATIONS))
    assert found.velocity.shape == (2, tracks, 4 * beats, 4)
    assert found.chord.shape == (2, beats, 121)


def test_a_layouts_sizes_add_up() -> None:
    layout = Layout()
    assert layout.cell == 352
    assert layout.inputs == 8 * 352 + 12 + 1 + 8 + 6 + 24
    assert layout.outputs == (6 * 352, 3 * 4 * 4 * 8, 3 * 4 * 4, 121, 3, 3 * 4 * 4)


def test_the_shipped_network_keeps_its_size() -> None:
    preset = PRESETS["pop"]
    sizes = BeatUNetSettings(width=preset.width, deep_width=preset.deep_width)
    assert parameters(BeatUNet(Layout(), sizes)) == 7_525_644


def test_what_a_track_holds_back_is_not_heard() -> None:
    """A density that is left to the network is the same whatever number stands for it."""
    layout = Layout(tracks=1, pitches=44, one_voice=(True,))
    network = BeatUNet(layout, BeatUNetSettings(width=16, deep_width=16)).eval()
    given = heard(layout, 1, 8)
    with torch.no_grad():
        free, other = (network(given._replace(density=torch.tensor([[d]]))) for d in (-1.0, -0.5))
        told = network(given._replace(density=torch.tensor([[0.7]])))
    assert torch.equal(free.onset, other.onset)
    assert not torch.equal(free.onset, told.onset)


def test_attention_does_not_hear_beyond_its_reach() -> None:
    torch.manual_seed(0)
    attention = Attention(8, 2, reach=3)
    one = torch.randn(1, 12, 8)
    two = one.clone()
    two[:, 8:] += 1
    with torch.no_grad():
        bias = attention.bias(12)
        gap = (attention(one, bias) - attention(two, bias)).abs().amax(-1)[0]
    assert float(gap[:5].max()) == 0
    assert float(gap[5:].min()) > 0


def test_the_learning_rate_rises_and_falls() -> None:
    rates = [learning_rate(1.0, step, 2000) for step in range(2001)]
    assert rates[0] == pytest.approx(1 / 150, rel=0.01)
    assert 0.95 < max(rates) <= 1
    assert 120 <= rates.index(max(rates)) <= 160
    assert rates[-1] == pytest.approx(0.03)
    assert learning_rate(1.0, 0, 1) > 0
