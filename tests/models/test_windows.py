"""From a packed data set to batches, and what is hidden in them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.data.corpus import Corpus, RoleNote, Song, write_corpus
from engine.errors import DataError
from engine.music.harmony import NO_CHORD, chord_index, chord_vector
from models import infill, windows
from models.infill import Cells, draw_cells, heard, in_c, losses
from models.key_frame import KeyFrame
from models.layout import DURATIONS, Layout
from models.windows import Batch, Windows, chord_table, held_out
from tests.models.conftest import tiny_accompanist
from tests.small_songs import POP_CARD

LAYOUT = Layout()
FRAME = KeyFrame(21, 88)


@pytest.fixture
def drawn(songs: Path) -> Windows:
    corpus = Corpus(songs)
    return Windows(corpus, held_out(corpus.songs, 0.1)[0], LAYOUT, 16)


@pytest.fixture
def batch(drawn: Windows) -> Batch:
    return drawn.batch(6, np.random.default_rng(0))


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_a_batch_is_drawn_by_its_rng_alone(drawn: Windows) -> None:
    one, two = (drawn.batch(3, np.random.default_rng(5)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))
    other = drawn.batch(3, np.random.default_rng(6))
    assert not torch.equal(one.rolls, other.rolls)


def test_a_batch_has_the_shapes_it_says(batch: Batch) -> None:
    assert batch.melody.shape == (6, 2, 64, 88)
    assert batch.rolls.shape == (6, 3, 2, 64, 88)
    assert batch.lengths.shape == (6, 3, 64, 88)
    assert batch.velocity.shape == (6, 3, 64)
    assert batch.chords.shape == (6, 16)
    assert batch.position.shape == (6, 2, 64)
    assert batch.density.shape == (6, 3)
    assert 0 <= float(batch.density.min()) <= float(batch.density.max()) <= 1


def starts(batch: Batch, row: int = 0) -> tuple[list[int], list[int]]:
    """Steps where bars begin, and where beats do."""
    bars, beats = (batch.position[row, each].nonzero().flatten().tolist() for each in (0, 1))
    return bars, beats


def test_bars_begin_where_windows_do(drawn: Windows) -> None:
    song = drawn.songs[0]
    inside = drawn.collate([drawn.corpus.stretch(song, 0, 16)])
    assert starts(inside) == ([0, 16, 32, 48], list(range(0, 64, 4)))


def test_a_song_ends_with_a_bar_line_and_no_beat_after_it(drawn: Windows) -> None:
    song = drawn.songs[0]
    ending = drawn.collate([drawn.corpus.stretch(song, song.beats - 8, 16)])
    assert starts(ending) == ([0, 16, 32], list(range(0, 32, 4)))


def test_some_windows_hold_the_end_of_their_song(drawn: Windows) -> None:
    many = drawn.batch(200, np.random.default_rng(1))
    ends = (many.position[:, 1, -4:].sum(1) == 0).float().mean()
    assert 0.05 < float(ends) < 0.6


def test_parts_that_a_song_lacks_are_not_present(drawn: Windows) -> None:
    whole = drawn.corpus.stretch(drawn.songs[0], 0, 16)
    without = replace(whole, parts=("Melody", "Bass"))
    assert drawn.collate([whole, without]).present.tolist() == [[1, 1, 1], [1, 0, 0]]


def test_what_a_song_lacks_is_not_learned(batch: Batch) -> None:
    layout = Layout()
    logits = tiny_accompanist().network.eval()
    cells = Cells(torch.zeros(6, 3, 16, dtype=torch.bool), torch.zeros(6, 16, dtype=torch.bool))
    asked = heard(batch, cells, chord_table(), rng())
    said = logits(asked)
    some = batch._replace(present=torch.tensor([[1.0, 1.0, 0.0]]).expand(6, 3))
    other = some._replace(rolls=batch.rolls.clone())
    other.rolls[:, 2] = 1 - other.rolls[:, 2]
    one, two = (losses(said, each, cells, layout) for each in (some, other))
    assert torch.equal(one["onset"], two["onset"]) and torch.equal(one["rest"], two["rest"])
    assert not torch.equal(losses(said, batch, cells, layout)["onset"], one["onset"])


def test_lengths_are_the_nearest_class_at_each_onset(tmp_path: Path) -> None:
    melody = [RoleNote(0, step, 60, 4, 80) for step in range(0, 64, 4)]
    band = [RoleNote(1, 0, 40, 3, 80), RoleNote(2, 4, 50, 5, 90), RoleNote(2, 4, 55, 40, 80)]
    band += [RoleNote(3, 0, 70, 2, 60), RoleNote(3, 2, 70, 10, 60)]
    song = Song("one", tuple(sorted([*melody, *band])), 16, 4, 0, (NO_CHORD,) * 16)
    write_corpus(tmp_path, POP_CARD, [song])
    corpus = Corpus(tmp_path)
    made = Windows(corpus, corpus.songs, LAYOUT, 16).collate(
        [corpus.stretch(corpus.songs[0], 0, 16)]
    )
    classes = {
        (track, step, pitch + 21): DURATIONS[int(made.lengths[0, track, step, pitch])]
        for track, step, pitch in made.rolls[0, :, 0].nonzero().tolist()
    }
    assert classes == {(0, 0, 40): 3, (1, 4, 50): 4, (1, 4, 55): 16, (2, 0, 70): 2, (2, 2, 70): 8}
    assert made.velocity[0, 1, 4].item() == pytest.approx(85 / 127)


def test_songs_without_a_melody_cannot_be_trained_on(tmp_path: Path) -> None:
    write_corpus(tmp_path, POP_CARD, [Song("still", (), 32, 4, 0, (NO_CHORD,) * 32)])
    corpus = Corpus(tmp_path)
    with pytest.raises(DataError, match="too sparse"):
        Windows(corpus, corpus.songs, LAYOUT, 16)
    with pytest.raises(DataError, match="too few songs"):
        Windows(corpus, [], LAYOUT, 16)


def test_the_chord_table_is_the_engines() -> None:
    table = chord_table()
    assert table.shape == (121, 24)
    assert table[chord_index(4, "dim")].int().tolist() == list(chord_vector(chord_index(4, "dim")))


def test_windows_are_heard_in_c_but_for_some_that_stray(
    batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(infill, "STRAY_KEY", 0.0)
    moved = in_c(batch, FRAME, rng(1))
    assert FRAME.shift_to_c(moved.melody).tolist() == [0] * 6
    assert moved.rolls.sum() == batch.rolls.sum()
    monkeypatch.setattr(infill, "STRAY_KEY", 1.0)
    assert len(set(FRAME.shift_to_c(in_c(batch, FRAME, rng(1)).melody).tolist())) > 1


def test_chords_and_lengths_move_with_their_notes(batch: Batch) -> None:
    moved = in_c(batch, FRAME, rng(1))
    table = chord_table()
    for row in range(6):
        chords = table[moved.chords[row]][:, 12:].bool()
        for beat, chord in enumerate(chords):
            struck = moved.rolls[row, 1, 0, 4 * beat].nonzero().flatten()
            assert all(chord[(int(pitch) + 21) % 12] for pitch in struck)
    assert torch.equal(moved.lengths[moved.rolls[:, :, 0] > 0].sort()[0],
                       batch.lengths[batch.rolls[:, :, 0] > 0].sort()[0])  # fmt: skip


def test_unknown_chords_stay_unknown(batch: Batch) -> None:
    batch = batch._replace(chords=torch.full_like(batch.chords, -1))
    assert in_c(batch, FRAME, rng()).chords.unique().tolist() == [-1]


def test_few_and_many_cells_are_hidden() -> None:
    cells = draw_cells(400, 3, 16, rng())
    assert cells.tracks.shape == (400, 3, 16)
    assert cells.chords.shape == (400, 16)
    shares = cells.tracks.float().mean((1, 2))
    assert float((shares == 0).float().mean()) > 0.1
    assert float((shares > 0.6).float().mean()) > 0.02
    assert float(cells.tracks.all(2).float().mean()) > 0.1  # whole tracks
    assert 0.4 < float(cells.chords.all(1).float().mean()) < 0.7


def test_hidden_cells_are_not_heard(batch: Batch) -> None:
    cells = draw_cells(6, 3, 16, rng(3))
    asked = heard(batch, cells, chord_table(), rng(4))
    keep = cells.tracks.repeat_interleave(4, 2)
    assert torch.equal(asked.keep > 0, keep)
    hidden = ~keep[:, :, None, :, None].expand_as(asked.known)
    assert float(asked.known[hidden].sum()) == 0
    assert torch.equal(asked.known[~hidden], batch.rolls[~hidden])
    assert set(asked.density[asked.density < 0].tolist()) <= {-1.0}


def test_only_hidden_cells_count_in_the_loss(batch: Batch) -> None:
    network = tiny_accompanist().network
    everything = Cells(torch.ones(6, 3, 16).bool(), torch.ones(6, 16).bool())
    one = Cells(everything.tracks.clone(), everything.chords)
    one.tracks[0, 1, 0] = False
    with torch.no_grad():
        logits = network(heard(batch, everything, chord_table(), rng()))
        nothing = losses(logits, batch, everything, LAYOUT)
        found = losses(logits, batch, one, LAYOUT)
        elsewhere = batch._replace(rolls=batch.rolls.clone())
        elsewhere.rolls[1:] = 0
        same = losses(logits, elsewhere, one, LAYOUT)
    assert {name: float(value) for name, value in nothing.items()} == dict.fromkeys(nothing, 0.0)
    assert float(found["onset"]) > 0
    assert float(found["onset"]) == float(same["onset"])
    assert float(found["chord"]) == 0


def test_held_out_songs_are_named_as_the_engine_does() -> None:
    from engine.data import segments

    assert windows.held_out is segments.held_out


def test_music_without_chord_names_is_given_those_that_it_implies(tmp_path: Path) -> None:
    triads = {0: (48, 52, 55), 1: (45, 48, 52), 2: (41, 45, 48)}
    notes = [RoleNote(0, 4 * beat, 72, 4, 80) for beat in range(12)]
    notes += [
        RoleNote(2, 16 * bar, pitch, 16, 80) for bar, triad in triads.items() for pitch in triad
    ]
    song = Song("one", tuple(sorted(notes)), 16, 4, 0, (NO_CHORD,) * 16)
    write_corpus(tmp_path, POP_CARD, [song])
    corpus = Corpus(tmp_path)
    drawn = Windows(corpus, corpus.songs, LAYOUT, 16).collate(
        [corpus.stretch(corpus.songs[0], 0, 16)]
    )
    wanted = [chord_index(0, "maj"), chord_index(9, "min"), chord_index(5, "maj"), -1]
    assert drawn.chords[0].tolist() == [chord for chord in wanted for _ in range(4)]
