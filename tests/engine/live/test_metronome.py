import pytest

from engine.live.metronome import Click, clicks, count_in
from engine.music.composition import Composition, MeterChange, TempoChange, tempo_from_bpm
from engine.music.ticks import meter_map


def test_every_beat_clicks_and_the_first_of_a_bar_is_accented() -> None:
    meters = meter_map(Composition(meters=(MeterChange(0, 3, 4),)))
    found = clicks(meters, 0, 4 * 480)
    assert found == (Click(0, True), Click(480, False), Click(960, False), Click(1440, True))


def test_no_click_is_lost_or_doubled_between_windows() -> None:
    meters = meter_map(Composition(meters=(MeterChange(0, 6, 8), MeterChange(1440, 2, 4))))
    whole = clicks(meters, 0, 5_000)
    cut = (*clicks(meters, 0, 241), *clicks(meters, 241, 1_440), *clicks(meters, 1_440, 5_000))
    assert whole == cut
    assert [click.tick for click in whole[:8]] == [0, 240, 480, 720, 960, 1200, 1440, 1920]


def test_a_meter_change_within_a_beat_starts_a_bar_there() -> None:
    meters = meter_map(Composition(meters=(MeterChange(0, 4, 4), MeterChange(700, 4, 4))))
    assert clicks(meters, 0, 1_200) == (
        Click(0, True),
        Click(480, False),
        Click(700, True),
        Click(1180, False),
    )


def test_beats_that_are_no_whole_number_of_ticks_click_in_time() -> None:
    meters = meter_map(Composition(ticks_per_quarter=15, meters=(MeterChange(0, 6, 8),)))
    assert [click.tick for click in clicks(meters, 0, 46)] == [0, 7, 15, 22, 30, 37, 45]
    assert [click.tick for click in clicks(meters, 8, 46) if click.accent] == [45]


def test_a_count_in_of_a_coarse_resolution_keeps_the_tempo() -> None:
    coarse = Composition(ticks_per_quarter=15, meters=(MeterChange(0, 6, 8),))
    assert count_in(coarse, 1, 0) == count_in(Composition(meters=coarse.meters), 1, 0)


def test_the_count_in_takes_tempo_and_meter_from_where_the_music_starts() -> None:
    composition = Composition(
        tempos=(TempoChange(0, 500_000), TempoChange(1920, 1_000_000)),
        meters=(MeterChange(0, 4, 4), MeterChange(1920, 3, 4)),
    )
    found = count_in(composition, 1, 1920)
    assert [(click.seconds_before, click.accent) for click in found] == [
        (3.0, True),
        (2.0, False),
        (1.0, False),
    ]
    assert len(count_in(composition, 2, 0)) == 8
    assert count_in(composition, 0, 0) == ()


def test_the_slowest_and_the_fastest_tempo_are_counted_in_time() -> None:
    for bpm, beat in ((20.0, 3.0), (300.0, 0.2)):
        composition = Composition(tempos=(tempo_from_bpm(bpm),))
        found = [click.seconds_before for click in count_in(composition, 1, 0)]
        assert found == pytest.approx([4 * beat, 3 * beat, 2 * beat, beat])


def test_a_pickup_is_counted_in_by_the_meter_that_follows_it() -> None:
    composition = Composition(meters=(MeterChange(0, 1, 8), MeterChange(240, 6, 8)))
    assert len(count_in(composition, 1, 0)) == 6
