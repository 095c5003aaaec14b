"""What is remembered of a run between two pictures, and when it is looked up again."""

import math

from desktop.train.plots.run_lines import RunLines
from engine.store.curves import CurveKind
from tests.desktop.train.plots.made_runs import events, run_of


def test_an_average_follows_the_run() -> None:
    curves = run_of(3)
    lines = RunLines(curves)
    before = lines.latest("generator", 1)
    assert lines.latest("generator", 1) == before
    curves.feed_many([{"event": "step", "step": 31, "generator": 7.0, "critic": 0.0}])
    assert lines.latest("generator", 1) == 7.0 and before != 7.0
    assert math.isnan(lines.latest("unheard", 1))


def test_steps_that_were_told_again_take_the_place_of_the_old_ones() -> None:
    curves = run_of(3)
    lines = RunLines(curves)
    lines.latest("generator", 1)
    curves.feed({"event": "started", "from_step": 10, "steps": 400, "steps_per_epoch": 10})
    curves.feed({"event": "step", "step": 11, "generator": 4.0})
    assert lines.latest("generator", 1) == 4.0


def test_the_scale_is_of_the_run_as_it_is_now() -> None:
    curves = run_of(0)
    lines = RunLines(curves)
    assert lines.scale("minutes") is None
    curves.feed_many(events(2)[1:])
    scale = lines.scale("minutes")
    assert scale is not None and scale.at(20) == 0.2


def test_a_curve_that_comes_later_is_drawn_too() -> None:
    curves = run_of(1)
    lines = RunLines(curves)
    scale, penalty = lines.scale("steps"), CurveKind("penalty", "penalty")
    assert scale is not None
    assert lines.drawn(penalty, ("bass", "disc"), scale, (0, 20), 64, 1) is None
    curves.feed({"event": "step", "step": 11, "penalty": 0.5})
    late = lines.drawn(penalty, ("bass", "disc"), scale, (0, 20), 64, 1)
    assert late is not None and (late.line.role, late.line.mark) == ("bass", "disc")
