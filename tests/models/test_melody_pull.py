"""How the melody draws chords and notes towards itself, and where it must not."""

import pytest
import torch
from torch import Tensor

from engine.music.harmony import chord_index, chord_vector
from models.drum_keys import CORE, HATS, onset_temperatures
from models.habits import DecodeSettings
from models.layout import Layout
from models.melody_pull import MelodyPull, levelled
from models.parity import example_request
from tests.models.conftest import tiny_accompanist

PULLED = DecodeSettings(chord_pull=3.0, note_pull=1.6)
LAYOUT = Layout()
PULL = MelodyPull(LAYOUT, PULLED)
C_MAJOR, E_MINOR, F_SHARP = (
    chord_index(0, "maj"),
    chord_index(4, "min"),
    chord_index(6, "maj"),
)
E5 = 76 - LAYOUT.pitch_low


def bar_on(pitch: int) -> tuple[Tensor, Tensor]:
    """A bar of four beats on one pitch, and its position."""
    melody = torch.zeros(1, 2, 16, LAYOUT.pitches)
    melody[0, 0, 0, pitch] = 1
    melody[0, 1, :, pitch] = 1
    position = torch.zeros(1, 2, 16)
    position[0, 0, 0] = 1
    position[0, 1, ::4] = 1
    return melody, position


def sung(melody: Tensor, chords: Tensor | None = None, keep: Tensor | None = None) -> Tensor:
    chords = torch.zeros(1, 4, 24) if chords is None else chords
    return PULL.sung(melody, chords, torch.zeros(1, 3, 16) if keep is None else keep)


def test_chords_gain_by_the_melody_s_time_that_they_hold() -> None:
    melody, position = bar_on(E5)
    melody[0, 1, 12:, E5], melody[0, 1, 12:, E5 - 4] = 0, 1  # the last beat on C
    gain = PULL.of_chords(sung(melody), position)[0]
    assert gain[:, C_MAJOR].tolist() == pytest.approx([3.0] * 4)
    # Both beats of the second half bar hear one E and one C.
    assert gain[:, E_MINOR].tolist() == pytest.approx([3.0, 3.0, 1.5, 1.5])
    assert gain[:, F_SHARP].tolist() == [0.0] * 4


def test_notes_of_the_chord_gain_where_the_melody_has_them_but_not_in_unison() -> None:
    melody, _ = bar_on(E5)
    melody[0, 1, 8:, E5], melody[0, 1, 8:, E5 - 4] = 0, 1
    chords = torch.tensor(chord_vector(C_MAJOR)).float().expand(1, 4, 24)
    gain = PULL.of_notes(sung(melody), chords)[0, 0]
    assert gain[[E5 - 12, E5, E5 - 4]].tolist() == pytest.approx([1.6, 0.0, 0.0])
    other = torch.tensor(chord_vector(F_SHARP)).float().expand(1, 4, 24)
    assert float(PULL.of_notes(sung(melody), other).abs().max()) == 0


def test_a_melody_of_one_note_draws_no_notes() -> None:
    melody, _ = bar_on(E5)
    chords = torch.tensor(chord_vector(C_MAJOR)).float().expand(1, 4, 24)
    assert float(PULL.of_notes(sung(melody), chords).max()) == 0


def test_single_voices_and_drums_are_no_echo_of_the_melody() -> None:
    accompanist = tiny_accompanist(settings=PULLED, drums=(1,))
    logits = torch.randn(1, 3, 8, 88, generator=torch.Generator().manual_seed(1))
    gain = torch.ones(1, 8, 88).cumsum(2) / 88
    found = accompanist.notes._pulled(logits, gain, torch.ones(1, 3, 1, 88))
    assert torch.equal(found[:, :2], logits[:, :2]) and not torch.equal(found[:, 2], logits[:, 2])


def test_nothing_is_drawn_where_harmony_was_given() -> None:
    melody, _ = bar_on(E5)
    hints = torch.zeros(1, 4, 24)
    hints[0, 2] = torch.tensor(chord_vector(E_MINOR)).float()
    assert float(sung(melody, hints).sum()) == 0
    keep = torch.zeros(1, 3, 16)
    keep[0, 2, 4:8] = 1
    assert sung(melody, keep=keep).sum((0, 2)).tolist() == [4, 0, 4, 4]


@pytest.mark.parametrize("given", ["chords", "keep"])
def test_the_music_with_hints_or_a_locked_part_is_what_it_was(given: str) -> None:
    plain, pulled = tiny_accompanist(), tiny_accompanist(settings=PULLED)
    asked = example_request(plain, 1, 3)
    free = torch.equal(plain(**asked)[0], pulled(**asked)[0])
    asked[given] = torch.ones_like(asked[given])
    assert torch.equal(plain(**asked)[0], pulled(**asked)[0]) and not free


def test_a_step_is_struck_as_often_as_before() -> None:
    rng = torch.Generator().manual_seed(3)
    logits = torch.randn(1, 1, 8, 88, generator=rng) - 6
    gain = 1.6 * (torch.rand(1, 1, 8, 88, generator=rng) < 0.1) * (torch.arange(8) % 2)[:, None]
    pulled = levelled(logits, gain, torch.ones(1))
    before, after = (torch.sigmoid(each).sum(-1) for each in (logits, pulled))
    assert torch.allclose(before, after, rtol=0.02)
    assert float(torch.sigmoid(logits + gain).sum(-1).sub(before).max()) > 0.05
    assert float((pulled - logits)[gain > 0].min()) > 0.5


def test_kick_and_snare_are_drawn_more_surely_than_hats_and_those_than_the_others() -> None:
    found = onset_temperatures(Layout(drums=(1,)), DecodeSettings())
    core, hats, other = (found[1, key - 21] for key in (CORE[0], HATS[0], 49))
    assert float(found[0].max()) == float(found[0].min())
    assert core < hats < other


def test_each_drum_key_is_struck_as_often_as_expected_at_any_temperature() -> None:
    accompanist = tiny_accompanist(drums=(1,))
    rng = torch.Generator().manual_seed(2)
    logits = 2 * torch.randn(1, 3, 64, 88, generator=rng) - 5
    temperature = torch.full((1, 3, 1, 88), 0.4)
    notes = accompanist.notes
    wanted = notes._expected(torch.sigmoid(logits))
    offset = notes._density_kept(logits, temperature, wanted)
    likely = torch.sigmoid((logits + offset) / temperature)
    assert torch.allclose(notes._expected(likely), wanted, rtol=0.1)
    keys = torch.sigmoid(logits)[:, 1].sum(1)
    assert torch.allclose(likely[:, 1].sum(1), keys, rtol=0.1)
    assert not torch.allclose(likely[:, 0].sum(1), torch.sigmoid(logits)[:, 0].sum(1), rtol=0.3)
