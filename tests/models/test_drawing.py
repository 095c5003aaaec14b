"""What draws hang on: the form of the melody, phrases, how busy a part shall be."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.data.corpus import Corpus
from models.decode import Accompanist
from models.habits import DENSITY_POINTS, DecodeSettings
from models.layout import Layout
from models.noise_field import PATTERN_SHARE, Draws, first_alike, first_of_phrase
from models.parity import example_request
from models.patterns import PATTERN_BARS
from models.windows import Windows
from tests.models.conftest import tiny_accompanist

BARS, BAR = 6, 16


def request(accompanist: Accompanist, **changes: Tensor) -> dict[str, Tensor]:
    return example_request(accompanist, 2, BARS) | changes


def with_bars_alike(asked: dict[str, Tensor], *pairs: tuple[int, int]) -> dict[str, Tensor]:
    """The request with the melody of one bar in another, for each pair."""
    melody = asked["melody"].clone()
    for source, target in pairs:
        bar = melody[:, :, BAR * source : BAR * (source + 1)]
        melody[:, :, BAR * target : BAR * (target + 1)] = bar
    return asked | {"melody": melody}


def played(accompanist: Accompanist, asked: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    with torch.no_grad():
        planes, velocity = accompanist(**asked)
    return planes, velocity


def drawn(accompanist: Accompanist, asked: dict[str, Tensor]) -> Draws:
    return accompanist.field(asked["noise"], asked["melody"], asked["position"])


def test_a_bar_that_comes_again_points_to_its_first_time() -> None:
    asked = with_bars_alike(request(tiny_accompanist()), (0, 2), (1, 5))
    source = first_alike(asked["melody"], asked["position"])
    bars = source[0].reshape(BARS, 4)
    assert bars[:, 0].tolist() == [0, 4, 0, 12, 16, 4]
    assert (bars - bars[:, :1]).tolist() == [[0, 1, 2, 3]] * BARS


def test_silent_bars_are_like_no_other() -> None:
    asked = request(tiny_accompanist())
    asked["melody"][:, :, BAR : 3 * BAR] = 0
    source = first_alike(asked["melody"], asked["position"])
    assert source[0].tolist() == list(range(4 * BARS))


def test_bars_of_another_length_are_not_alike() -> None:
    asked = with_bars_alike(request(tiny_accompanist()), (0, 1))
    asked["position"][:, 0, BAR + 8] = 1  # the second bar is cut in two
    source = first_alike(asked["melody"], asked["position"])
    assert source[0, 4:8].tolist() == [4, 5, 6, 7]


def test_bars_that_come_again_get_the_same_draws() -> None:
    accompanist = tiny_accompanist()
    asked = with_bars_alike(request(accompanist), (0, 3))
    draws = drawn(accompanist, asked)
    assert torch.equal(draws.onset[:, :, :BAR], draws.onset[:, :, 3 * BAR : 4 * BAR])
    assert not torch.equal(draws.onset[:, :, :BAR], draws.onset[:, :, BAR : 2 * BAR])


def test_drums_draw_most_of_a_phrase_s_bars_from_its_first() -> None:
    accompanist = tiny_accompanist(drums=(1,))
    bars = drawn(accompanist, example_request(accompanist, 2, 2 * PATTERN_BARS)).onset
    bars = bars.unflatten(2, (2 * PATTERN_BARS, BAR)).flatten(3)

    def alike(part: int, bar: int, other: int) -> float:
        return float(torch.corrcoef(bars[:, part, [bar, other]].transpose(0, 1).flatten(1))[0, 1])

    assert alike(1, 1, PATTERN_BARS - 1) == pytest.approx(PATTERN_SHARE, abs=0.15)
    assert abs(alike(1, 1, PATTERN_BARS + 1)) < 0.15 and abs(alike(0, 1, 2)) < 0.15
    assert float(bars[:, 1].std()) == pytest.approx(float(bars[:, 0].std()), rel=0.1)


def test_a_beat_that_a_phrase_s_first_bar_lacks_is_found_in_the_next() -> None:
    position = torch.zeros(1, 2, 4 * (2 + 4 + 4))
    for beat in (0, 2, 6):
        position[0, 0, 4 * beat] = 1
    assert first_of_phrase(position)[0].tolist() == [0, 1, 0, 1, 4, 5, 0, 1, 4, 5]


def test_rests_are_decided_for_whole_bars() -> None:
    accompanist = tiny_accompanist()
    draws = drawn(accompanist, request(accompanist))
    bars = draws.rest[:, :, : 4 * BARS].unflatten(2, (BARS, 4))
    assert torch.allclose(bars, bars[..., :1].expand_as(bars), atol=1e-5)
    assert bars[..., 0].std() > 0.2


def sure_of(rests: float, spread: float = -2.0) -> Accompanist:
    """An accompanist whose network is sure that every part rests, or that none does."""
    accompanist = tiny_accompanist()
    expect(accompanist, rests, spread)
    return accompanist


def expect(accompanist: Accompanist, rests: float, spread: float = -2.0) -> None:
    network = accompanist.network
    *_, parts, spreads = network.layout.outputs
    with torch.no_grad():
        network.heads.bias[-(parts + spreads) : -spreads] = rests
        network.heads.bias[-spreads:] = spread


@pytest.mark.parametrize(("rests", "plays"), [(30.0, False), (-30.0, True)])
def test_parts_that_rest_are_silent(rests: float, plays: bool) -> None:
    accompanist = sure_of(rests)
    planes, _ = played(accompanist, request(accompanist))
    assert bool(planes.any()) is plays


def test_a_part_of_which_something_is_known_in_a_bar_goes_on_there() -> None:
    accompanist = sure_of(30.0)
    asked = request(accompanist)
    asked["keep"][:, 1, :4] = 1
    asked["known"][:, 2:4, 0, 40] = 1
    planes, _ = played(accompanist, asked)
    onsets = planes.unflatten(1, (-1, 2))[:, :, 0].sum((3,))
    assert onsets[:, 1, 4:BAR].sum() > 0
    assert onsets[:, 1, BAR:].sum() == 0 and onsets[:, 0].sum() == 0


def test_velocities_differ_as_much_as_the_network_expects() -> None:
    def deviation(spread: float) -> float:
        accompanist = sure_of(-30.0, spread)
        planes, velocity = played(accompanist, request(accompanist))
        struck = velocity[planes.unflatten(1, (-1, 2))[:, :, 0] > 0]
        assert 0.1 <= float(struck.min()) <= float(struck.max()) <= 1
        return float(struck.std())

    assert deviation(-30.0) < deviation(-1.0) < deviation(2.0)


def notes_of(accompanist: Accompanist, asked: dict[str, Tensor]) -> list[float]:
    planes, _ = played(accompanist, asked)
    counts: list[float] = planes.unflatten(1, (-1, 2))[:, :, 0].sum((0, 2, 3)).tolist()
    return counts


@pytest.fixture
def busy_by_density() -> Callable[[float, float], list[float]]:
    """Notes of each part when the second is asked for so densely, by how busy it usually is."""

    def notes(usual: float, density: float) -> list[float]:
        accompanist = sure_of(-30.0)
        times = tuple(0.2 + 0.25 * point for point in range(DENSITY_POINTS))
        accompanist.notes.busyness.usual.copy_(torch.tensor((1.0, usual, 1.0)))
        accompanist.notes.busyness.times.copy_(torch.tensor((times, times, times)))
        asked = request(accompanist)
        asked["density"][:, 1] = density
        return notes_of(accompanist, asked)

    return notes


def test_a_part_asked_for_densely_plays_more(
    busy_by_density: Callable[[float, float], list[float]],
) -> None:
    few, some, many = (busy_by_density(1.0, density)[1] for density in (0.0, 0.3, 1.0))
    assert 2 * few < some < 0.7 * many


def test_a_part_that_is_usually_busier_than_expected_is_played_so(
    busy_by_density: Callable[[float, float], list[float]],
) -> None:
    assert busy_by_density(2.0, -1.0)[1] > 1.5 * busy_by_density(1.0, -1.0)[1]


@pytest.mark.parametrize(
    ("size", "times"),
    [(0.2, 0.5), (0.5, 0.5), (0.75, 0.75), (1.0, 1.0), (1.25, 1.5), (1.5, 2.0), (3.0, 2.0)],
)
def test_how_much_is_played_follows_the_habit_of_being_daring(size: float, times: float) -> None:
    busyness = sure_of(-30.0).notes.busyness
    busyness.daring.copy_(torch.tensor([[-0.5, 0.0, 0.0], [1.0, 0.0, 0.0]]))
    position = torch.zeros(1, 2, 16)
    position[0, 0, 0] = 1
    found = busyness(-torch.ones(1, 3), torch.tensor([size]), position)
    assert found[0].tolist() == pytest.approx([times, 1.0, 1.0])


def test_a_voice_that_is_held_sounds_from_note_to_note() -> None:
    def gaps(held: tuple[bool, ...]) -> int:
        accompanist = tiny_accompanist(3, (True, True, False), DecodeSettings(held=held))
        expect(accompanist, rests=-30.0)
        planes, _ = played(accompanist, request(accompanist))
        voice = planes[:, 1].amax(-1)  # the first part's sounding plane
        begun = planes[:, 0].amax(-1).cumsum(1) > 0
        return int((begun & (voice < 0.5)).sum())

    assert gaps((True, True, True)) == 0 < gaps((False, False, False))


def test_the_voices_of_a_choir_are_found_to_be_held(songs: Path) -> None:
    corpus = Corpus(songs)
    windows = Windows(corpus, corpus.songs, Layout(), 16)
    assert windows.held_parts() == (False, True, False)
