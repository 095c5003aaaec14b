import pytest

from models.measuring import ALIKE, Candidate, Candidates, score

ROWS = {
    "human": {"out_of_key": 2.0, "dissonant_steps": 7.0, "similarity": 0.9},
    "other_song": {"out_of_key": 42.0, "dissonant_steps": 47.0, "similarity": 0.9},
}
HUMAN = ROWS["human"]


def test_people_score_1_and_another_song_half() -> None:
    assert score(HUMAN, ROWS, 0.9) == 1
    assert score(ROWS["other_song"], ROWS, 0.9) == 0.5


def test_silence_scores_nothing() -> None:
    assert score({"similarity": 0.0}, ROWS, 0.9) == 0


def test_being_closer_than_people_is_no_merit() -> None:
    copied = {"out_of_key": 1.0, "dissonant_steps": 0.0, "similarity": 0.9}
    assert score(copied, ROWS, 0.9) < 1


def test_what_lies_above_the_ceiling_is_luck() -> None:
    assert score({**HUMAN, "similarity": 0.99}, ROWS, 0.9) == 1


@pytest.mark.parametrize(
    ("ceiling", "rows"), [(None, ROWS), (0.9, {"human": {}, "other_song": {}})]
)
def test_what_is_not_known_is_left_out(
    ceiling: float | None, rows: dict[str, dict[str, float]]
) -> None:
    assert score(HUMAN, rows, ceiling) == 1


def test_nothing_known_is_no_score() -> None:
    assert score({}, {"human": {}, "other_song": {}}, None) == 0


def candidate(epoch: int, score: float) -> Candidate:
    return Candidate(epoch, epoch * 10, 1.0, score, {})


def test_the_best_epoch_is_the_latest_of_those_that_score_alike() -> None:
    assert Candidates().best is None
    candidates = Candidates()
    assert candidates.add(candidate(0, 0.9)) is False
    assert candidates.add(candidate(5, 0.6)) is True
    assert candidates.add(candidate(10, 0.7)) is True
    assert candidates.add(candidate(15, 0.7 - ALIKE / 2)) is True
    assert candidates.add(candidate(20, 0.7 - 2 * ALIKE)) is False
    assert candidates.best.epoch == 15
    assert candidates.last.epoch == 20
    assert candidates.of_epoch(10).score == 0.7
    assert candidates.listed == "0, 5, 10, 15, 20"


def test_small_losses_do_not_add_up_to_a_bad_best() -> None:
    candidates = Candidates()
    for number in range(10):
        candidates.add(candidate(5 * number + 5, 0.8 - 0.008 * number))
    assert candidates.best.epoch == 10


def test_a_candidate_comes_back_from_its_event() -> None:
    before = Candidate(5, 50, 12.5, 0.7, {"similarity": 0.5})
    assert Candidate.from_event({"event": "measures", **before.as_event()}) == before
