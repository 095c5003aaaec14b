import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.music.harmony import chord_index, chord_vector, estimate_key
from engine.music.note import Note
from models.key_frame import FARTHEST_DOWN, FARTHEST_UP, KeyFrame

FRAME = KeyFrame(21, 88)
# Durations that no two pitch classes share, so that no two keys fit equally well.
TUNES = st.lists(st.integers(21, 108), min_size=1, max_size=12, unique_by=lambda p: p % 12)


def roll(notes: list[Note]) -> torch.Tensor:
    planes = torch.zeros(1, 2, max(note.end for note in notes), 88)
    for note in notes:
        planes[0, 0, note.start, note.pitch - 21] = 1
        planes[0, 1, note.start : note.end, note.pitch - 21] = 1
    return planes


def tune(pitches: list[int]) -> list[Note]:
    starts = [number * (number + 1) // 2 for number in range(len(pitches))]
    return [Note(start, p, i + 1) for i, (start, p) in enumerate(zip(starts, pitches, strict=True))]


@given(TUNES)
def test_the_key_is_the_one_that_the_engine_reads(pitches: list[int]) -> None:
    notes = tune(pitches)
    key = estimate_key(notes)
    assert key is not None
    shift = int(FRAME.shift_to_c(roll(notes))[0])
    assert (key.scale_tonic + shift) % 12 == 0
    assert FARTHEST_DOWN <= shift <= FARTHEST_UP


def test_every_key_moves_to_c_by_the_nearest_way() -> None:
    shifts = []
    for tonic in range(12):
        scale = [60 + tonic + p for p in (0, 2, 4, 5, 7, 9, 11, 12, 0, 4, 7, 0)]
        notes = [Note(4 * number, pitch, 4) for number, pitch in enumerate(scale)]
        shifts.append(int(FRAME.shift_to_c(roll(notes))[0]))
    assert shifts == [0, -1, -2, -3, -4, -5, -6, 5, 4, 3, 2, 1]


def test_music_moved_there_and_back_is_what_it_was() -> None:
    rolls = torch.zeros(12, 3, 2, 8, 88)
    rolls[..., 6:82] = (torch.rand(12, 3, 2, 8, 76) < 0.2).float()
    shift = torch.arange(-6, 6)
    moved = FRAME.moved(rolls, shift)
    assert torch.equal(FRAME.moved(moved, -shift), rolls)
    for row, by in enumerate(shift.tolist()):
        assert torch.equal(moved[row], torch.roll(rolls[row], by, -1))


def test_what_leaves_the_range_is_lost_and_does_not_come_round() -> None:
    rolls = torch.zeros(1, 1, 88)
    rolls[0, 0, [0, 87]] = 1
    assert FRAME.moved(rolls, torch.tensor([3])).nonzero()[:, 2].tolist() == [3]
    assert FRAME.moved(rolls, torch.tensor([-3])).nonzero()[:, 2].tolist() == [84]


def test_chords_move_with_the_music() -> None:
    chords = torch.tensor([[chord_vector(chord_index(9, "min7"))], [chord_vector(0)]]).float()
    moved = FRAME.moved_chords(chords, torch.tensor([4, -1]))
    wanted = [chord_vector(chord_index(1, "min7")), chord_vector(chord_index(11, "maj"))]
    assert moved[:, 0].int().tolist() == [list(each) for each in wanted]


def test_melodies_of_one_batch_are_moved_each_by_its_own_key() -> None:
    tunes = [[60, 64, 67], [62, 66, 69], [57, 60, 64]]
    alone = [int(FRAME.shift_to_c(roll(tune(each)))[0]) for each in tunes]
    together = FRAME.shift_to_c(torch.cat([roll(tune(each)) for each in tunes]))
    assert together.tolist() == alone


def test_drums_are_never_moved() -> None:
    frame = KeyFrame(21, 88, drums=(1,))
    rolls = torch.zeros(2, 3, 2, 4, 88)
    rolls[..., 40] = 1
    moved = frame.moved_tracks(rolls, torch.tensor([5, -3]))
    assert moved[0, :, 0, 0].nonzero()[:, 1].tolist() == [45, 40, 45]
    assert moved[1, :, 0, 0].nonzero()[:, 1].tolist() == [37, 40, 37]
