"""From logits to music, with an untrained network: what holds whatever the network thinks."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from engine.music.harmony import chord_index, chord_vector
from engine.music.piano_roll import PianoRoll, decode
from models.decode import Accompanist
from models.habits import DecodeSettings, VoiceRules
from models.noise_field import CHORD_PASSES, NOISE_SIZE, NoiseField
from models.note_filler import Given, Notes
from models.parity import example_request
from models.phrases import before_ends, entries, phrase_ends, swell
from models.voice_leading import SILENT, parallel_steps, parallels, rule_gain
from tests.models.conftest import tiny_accompanist

Request = dict[str, Tensor]


def request(accompanist: Accompanist, batch: int = 1, bars: int = 4, seed: int = 0) -> Request:
    return example_request(accompanist, batch, bars, seed)


def play(accompanist: Accompanist, given: Request) -> tuple[Tensor, Tensor]:
    """Planes (batch, track, plane, step, pitch) and velocities."""
    with torch.no_grad():
        planes, velocity = accompanist(**given)
    return planes.unflatten(1, (accompanist.layout.tracks, 2)), velocity


def test_planes_and_velocities_keep_the_contracts_shapes(accompanist: Accompanist) -> None:
    planes, velocity = play(accompanist, request(accompanist, 2, 3))
    assert planes.shape == (2, 3, 2, 48, 88)
    assert velocity.shape == (2, 3, 48, 88)
    assert set(planes.unique().tolist()) == {0.0, 1.0}
    assert float(velocity.min()) >= 0
    assert float(velocity.max()) <= 1
    assert float(planes[:, :, 0].sum()) > 50


def test_every_onset_sounds_and_has_a_velocity(accompanist: Accompanist) -> None:
    planes, velocity = play(accompanist, request(accompanist, 2))
    onset = planes[:, :, 0] > 0
    assert bool((planes[:, :, 1][onset] == 1).all())
    assert bool((velocity[onset] > 0).all())
    assert float(velocity[~onset].abs().max()) == 0


def test_the_same_noise_gives_the_same_notes(accompanist: Accompanist) -> None:
    given = request(accompanist)
    assert torch.equal(play(accompanist, given)[0], play(accompanist, given)[0])


def test_two_noises_give_two_takes(accompanist: Accompanist) -> None:
    given = request(accompanist, 2)
    given = {name: value[:1].expand_as(value).clone() for name, value in given.items()} | {
        "noise": given["noise"]
    }
    planes, _ = play(accompanist, given)
    assert not torch.equal(planes[0], planes[1])


def test_the_batch_does_not_change_a_take(accompanist: Accompanist) -> None:
    given = request(accompanist, 3)
    together, _ = play(accompanist, given)
    for row in range(3):
        alone, _ = play(accompanist, {name: value[row : row + 1] for name, value in given.items()})
        assert torch.equal(alone[0], together[row])


def test_notes_stay_inside_each_tracks_range(accompanist: Accompanist) -> None:
    given = request(accompanist, 2)
    planes, _ = play(accompanist, given)
    shift = accompanist.frame.shift_to_c(given["melody"])
    for row, by in enumerate(shift.tolist()):
        for track, (low, high) in enumerate(((33, 60), (45, 80), (55, 90))):
            pitches = planes[row, track].nonzero()[:, 2] + 21
            assert low - by <= int(pitches.min())
            assert int(pitches.max()) <= high - by


@pytest.mark.parametrize("one_voice", [(True, False, True), (False, True, False)])
def test_a_one_voice_track_has_one_note_at_a_time(one_voice: tuple[bool, ...]) -> None:
    accompanist = tiny_accompanist(3, one_voice)
    planes, _ = play(accompanist, request(accompanist, 2, 6))
    most = planes[:, :, 1].sum(-1).amax((0, 2)).tolist()
    for voices, single in zip(most, one_voice, strict=True):
        assert voices <= 1 if single else voices > 1


def with_known(accompanist: Accompanist, keep: Tensor) -> tuple[Request, Tensor]:
    """A request with random notes of a beat each where ``keep`` (track, step) holds."""
    given = request(accompanist, 1, 4)
    rng = torch.Generator().manual_seed(5)
    known = torch.zeros(1, 3, 2, 64, 88)
    for track in range(3):
        for step in range(0, 64, 4):
            pitch = int(torch.randint(20, 60, (1,), generator=rng))
            known[0, track, 0, step, pitch] = 1
            known[0, track, 1, step : step + 4, pitch] = 1
    known = known * keep[None, :, None, :, None]
    return given | {"known": known.flatten(1, 2), "keep": keep[None]}, known


def test_a_locked_track_stays_as_it_was(accompanist: Accompanist) -> None:
    keep = torch.zeros(3, 64)
    keep[1] = 1
    given, known = with_known(accompanist, keep)
    planes, _ = play(accompanist, given)
    assert torch.equal(planes[:, 1], known[:, 1])
    assert float(planes[:, 0, 0].sum()) > 0


def test_bars_that_are_kept_stay_as_they_were(accompanist: Accompanist) -> None:
    keep = torch.zeros(3, 64)
    keep[:, :16], keep[:, 48:] = 1, 1
    given, known = with_known(accompanist, keep)
    planes, _ = play(accompanist, given)
    for bar in (slice(0, 16), slice(48, 64)):
        assert torch.equal(planes[:, :, :, bar], known[:, :, :, bar])
    assert float(planes[:, :, 0, 16:48].sum()) > 0


def test_what_is_known_without_being_kept_is_not_heard(accompanist: Accompanist) -> None:
    given, _ = with_known(accompanist, torch.ones(3, 64))
    free = given | {"keep": torch.zeros(1, 3, 64)}
    empty = free | {"known": torch.zeros_like(given["known"])}
    assert torch.equal(play(accompanist, free)[0], play(accompanist, empty)[0])


def test_kept_music_is_heard_by_the_others(accompanist: Accompanist) -> None:
    keep = torch.zeros(3, 64)
    keep[1] = 1
    given, _ = with_known(accompanist, keep)
    silent = given | {"known": torch.zeros_like(given["known"])}
    one, two = (play(accompanist, asked)[0] for asked in (given, silent))
    assert not torch.equal(one[:, [0, 2]], two[:, [0, 2]])


def test_chord_hints_are_heard(accompanist: Accompanist) -> None:
    given = request(accompanist)
    chords = torch.tensor(chord_vector(chord_index(2, "min"))).float()[None, :, None]
    hinted = given | {"chords": chords.expand(1, 24, 64).clone()}
    assert not torch.equal(play(accompanist, given)[0], play(accompanist, hinted)[0])


def test_a_melody_in_another_key_is_answered_alike_in_that_key(accompanist: Accompanist) -> None:
    given = request(accompanist)
    melody = torch.zeros_like(given["melody"])
    for beat, pitch in enumerate((60, 64, 67, 65, 64, 62, 60, 59) * 2):
        melody[0, 0, 4 * beat, pitch - 21] = 1
        melody[0, 1, 4 * beat : 4 * beat + 4, pitch - 21] = 1
    in_c, _ = play(accompanist, given | {"melody": melody})
    in_g, _ = play(accompanist, given | {"melody": torch.roll(melody, -5, -1)})
    assert torch.equal(torch.roll(in_c, -5, -1), in_g)


def standing(accompanist: Accompanist, asked: Request) -> tuple[Notes, Given]:
    """What stands before the first pass over the parts."""
    names = ("melody", "known", "keep", "chords", "density", "position")
    heard, _ = accompanist.hear(*(asked[name] for name in names))
    return accompanist.notes.begin(heard.melody, heard.known, heard.keep, heard.changes)


def test_lengths_end_where_the_next_note_begins(accompanist: Accompanist) -> None:
    notes, given = standing(accompanist, request(accompanist, 1, 1))
    onset, length = torch.zeros_like(notes.onset), torch.zeros_like(notes.length)
    for step, pitch, steps in ((0, 20, 16), (4, 20, 2), (8, 30, 6), (10, 50, 3), (14, 50, 16)):
        onset[:, :, step, pitch], length[:, :, step, pitch // 22] = 1, steps
    notes = replace(notes, onset=onset, length=length)
    sounding = accompanist.notes.sounding(notes, given)
    planes = torch.stack([onset, sounding], 2)[0, :, :, :16].numpy() > 0
    found = [[(n.step, n.pitch, n.length) for n in track] for track in decode(PianoRoll(planes))]
    assert found[0] == [(0, 20, 4), (4, 20, 2), (8, 30, 2), (10, 50, 3), (14, 50, 2)]
    assert found[1] == [(0, 20, 4), (4, 20, 2), (8, 30, 6), (10, 50, 3), (14, 50, 2)]


@pytest.mark.parametrize("daring", [0.1, 0.3, 0.7, 1.0, 1.5, 3.0])
def test_a_cooler_temperature_keeps_the_number_of_notes_expected(
    accompanist: Accompanist, daring: float
) -> None:
    rng = torch.Generator().manual_seed(2)
    logits = 2 * torch.randn(2, 3, 64, 88, generator=rng) - 5
    temperature = torch.full((2, 1, 1, 1), accompanist.settings.onset_temperature * daring)
    wanted = torch.sigmoid(logits).sum((2, 3), keepdim=True)
    offset = accompanist.notes._density_kept(logits, temperature, wanted)
    likely = torch.sigmoid((logits + offset) / temperature).sum((2, 3), keepdim=True)
    assert torch.allclose(likely, wanted, rtol=0.02)
    if daring < 1:
        plain = torch.sigmoid(logits / temperature).sum((2, 3), keepdim=True)
        assert not torch.allclose(plain, wanted, rtol=0.3)


def test_a_kept_note_ends_where_it_ended(accompanist: Accompanist) -> None:
    asked = request(accompanist, 1, 2)
    known, keep = asked["known"].clone(), asked["keep"].clone()
    keep[:, :, :16] = 1
    known[:, 0::2, 12, 30] = 1
    known[:, 1::2, 12:15, 30] = 1
    notes, given = standing(accompanist, {**asked, "known": known, "keep": keep})
    sounding = accompanist.notes.sounding(notes, given)
    assert sounding[:, :, :16].sum() == given.sounding[:, :, :16].sum() == 3 * 3
    assert sounding[:, :, 16:].sum() == 0


def test_draws_are_linear_in_the_noise_and_its_size_is_the_daring(accompanist: Accompanist) -> None:
    field: NoiseField = accompanist.field
    asked = request(accompanist, 1, 2)
    melody, position = asked["melody"], asked["position"]
    noise = torch.randn(1, NOISE_SIZE, generator=torch.Generator().manual_seed(4))
    one, twice, against = (field(noise * factor, melody, position) for factor in (1.0, 2.0, -1.0))
    assert torch.allclose(one.onset, twice.onset, atol=1e-5)
    assert torch.allclose(one.onset, -against.onset, atol=1e-5)
    size = float(noise.square().mean().sqrt())
    assert one.daring.tolist() == pytest.approx([size])
    assert twice.daring.tolist() == pytest.approx([2 * size])
    assert field(noise * 0, melody, position).daring.tolist() == pytest.approx([0.1])


def test_draws_look_logistic(accompanist: Accompanist) -> None:
    noise = torch.randn(4, NOISE_SIZE, generator=torch.Generator().manual_seed(4))
    asked = request(accompanist, 4, 8)
    draws = accompanist.field(noise, asked["melody"], asked["position"])
    assert abs(float(draws.onset.mean())) < 0.1
    for share, place in ((0.5, 0.0), (0.75, 1.0986), (0.9, 2.1972)):
        assert float((draws.onset < place).float().mean()) == pytest.approx(share, abs=0.02)


def test_chords_of_bar_starts_come_before_others_and_notes_in_all_passes(
    accompanist: Accompanist,
) -> None:
    noise = torch.randn(2, NOISE_SIZE, generator=torch.Generator().manual_seed(4))
    asked = request(accompanist, 2, 4)
    rank = accompanist.field(noise, asked["melody"], asked["position"]).rank
    starts = torch.arange(16) % 4 == 0
    assert float(rank[:, 0, starts].max()) < 2 <= float(rank[:, 0, ~starts].min())
    assert float(rank[:, 0].max()) < CHORD_PASSES
    assert 0 <= float(rank[:, 1:].min()) < 1
    assert accompanist.settings.passes - 1 <= float(rank.max()) < accompanist.settings.passes


def test_after_all_passes_everything_is_put_down(accompanist: Accompanist) -> None:
    given = request(accompanist, 2, 3)
    seen: list[Notes] = []
    hook = accompanist.notes.register_forward_hook(lambda _module, _in, notes: seen.append(notes))
    lines = []
    other = accompanist.chords.register_forward_hook(lambda _module, _in, line: lines.append(line))
    play(accompanist, given)
    hook.remove()
    other.remove()
    assert len(lines) == CHORD_PASSES and len(seen) == accompanist.settings.passes
    assert float(lines[-1].known.min()) == 1
    assert bool((lines[-1].chords[..., :12].sum(-1) == 1).all())
    for before, after in pairwise(seen):
        assert bool((after.keep >= before.keep).all())
    assert float(seen[-1].keep.min()) == float(seen[-1].keep.max()) == 1


def test_voices_that_are_drawn_anew_leave_what_was_given() -> None:
    settings = DecodeSettings(rules=VoiceRules(), repairs=3)
    accompanist = tiny_accompanist(3, (True, True, True), settings)
    keep = torch.zeros(3, 64)
    keep[1, 16:32] = 1
    given, known = with_known(accompanist, keep)
    planes, _ = play(accompanist, given)
    assert torch.equal(planes[0, 1, :, 16:32], known[0, 1, :, 16:32])
    plain, _ = play(tiny_accompanist(3, (True, True, True)), given)
    assert not torch.equal(planes, plain)
    assert float(planes[:, :, 1].sum(-1).max()) == 1


def test_pitches_that_would_make_parallels_are_found() -> None:
    """A bass on C2 under a G4 of the melody, which moves to A4: a D2 would be a parallel fifth."""
    melody = torch.full((1, 8), 46.0)
    melody[:, 4:] = 48
    sounding = torch.zeros(1, 1, 8, 88)
    sounding[0, 0, :4, 15] = 1
    found = parallels(melody, sounding)[0, 0]
    assert found.nonzero().tolist() == [[4, 17]]
    sounding[0, 0, :4, 15], sounding[0, 0, 4:, 17] = 0, 1  # now from the other side
    assert parallels(melody, sounding)[0, 0].nonzero().tolist() == [[step, 15] for step in range(4)]
    still = torch.full((1, 8), 46.0)
    assert float(parallels(still, sounding).sum()) == 0


def test_steps_at_which_voices_move_in_parallel_are_found() -> None:
    """C3 under G3 of the melody, then D3 under A3; the voice above is the melody alone."""
    melody = torch.tensor([[34.0, 34.0, 36.0, 36.0]])
    sounding = torch.zeros(1, 2, 4, 88)
    sounding[0, 0, :2, 27], sounding[0, 0, 2:, 29] = 1, 1
    sounding[0, 1, :, 20] = 1
    assert parallel_steps(melody, sounding).nonzero().tolist() == [[0, 0, 2]]
    lower = sounding.flip(1)
    assert parallel_steps(melody, lower, above=True).nonzero().tolist() == [[0, 1, 2]]
    sounding[0, 0, 2:, 29], sounding[0, 0, 2:, 25] = 0, 1  # to B2: a seventh below
    assert float(parallel_steps(melody, sounding).sum()) == 0


def test_phrases_end_with_long_notes_and_before_rests() -> None:
    line = [40.0] * 4 + [42.0] * 9 + [43.0] * 3 + [SILENT] * 4 + [44.0] * 4
    melody = torch.tensor([line])
    assert phrase_ends(melody)[0].nonzero().flatten().tolist() == [4, 13, 20]
    assert entries(melody)[0].nonzero().flatten().tolist() == [0, 16 + 4]
    assert before_ends(melody)[0].tolist() == [1, 0, 0, 0, 1, 0]


def test_a_leading_note_that_is_missing_gains_and_one_that_is_there_loses() -> None:
    """G major under a melody on D, then a long C: B is missing, and once it stands it rises."""
    melody = torch.tensor([[41.0] * 4 + [39.0] * 12])
    chords = torch.zeros(1, 4, 24)
    for beat, tones in enumerate(((7, 11, 2), (0, 4, 7), (0, 4, 7), (0, 4, 7))):
        chords[0, beat, tones[0]] = 1
        chords[0, beat, [12 + tone for tone in tones]] = 1
    sounding = torch.zeros(1, 2, 16, 88)
    rules = VoiceRules(leading=5, resolves=3, leaps=2)

    def gains(step: int, pitch: int) -> float:
        gain = rule_gain(melody, sounding, chords, before_ends(melody), rules, 21)
        return float(gain[0, 0, step, pitch])

    assert gains(0, 26) == gains(3, 38) == 5 and gains(4, 27) == 0
    sounding[0, 1, :4, 38] = 1
    assert gains(0, 26) == -5
    sounding[0, 0, :4, 26] = 1
    assert gains(4, 27) == 3 and gains(4, 39) == -2


def test_loudness_by_rule_accents_bars_and_yields_at_ends() -> None:
    melody = torch.tensor([[40.0, 41.0] * 16 + [43.0] * 16])
    position = torch.zeros(1, 2, 48)
    position[:, 0, ::16], position[:, 1, ::4] = 1, 1
    loud = swell(melody, position)[0]
    assert float(loud[0]) > float(loud[4]) > float(loud[5])
    assert float(loud[32]) < float(loud[16])
    assert 0.02 < float(loud.std()) < 0.1
