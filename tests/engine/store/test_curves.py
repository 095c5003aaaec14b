"""What a run's events become."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.curves import Curves, read_curves

STARTED: dict[str, Any] = {
    "event": "started",
    "name": "Evening",
    "from_step": 0,
    "steps": 100,
    "steps_per_epoch": 10,
    "similarity_ceiling": 0.94,
    "curves": [
        {"name": "critic", "label": "critic", "wanted": "towards 0"},
        {"name": "generator", "label": "generator", "wanted": "steady"},
    ],
    "references": {"human": {"out_of_key": 2.0, "similarity_index": 1.0}},
}


def step(number: int, **values: Any) -> dict[str, Any]:
    return {"event": "step", "step": number, **values}


def steps(first: int, last: int) -> list[dict[str, Any]]:
    return [step(n, generator=float(n), critic=-float(n)) for n in range(first, last + 1)]


def fed(*events: dict[str, Any]) -> Curves:
    curves = Curves()
    curves.feed_many(events)
    return curves


def test_a_run_that_told_nothing_is_waiting() -> None:
    curves = Curves()
    assert curves.state == "waiting"
    assert curves.kinds == () and curves.last_step == 0
    assert len(curves.steps("generator")) == len(curves.values("generator")) == 0
    assert curves.epochs_at([1]) is None and curves.clock() is None


def test_steps_become_arrays_in_the_order_that_the_run_named() -> None:
    curves = fed(STARTED, *steps(1, 5000))
    assert [kind.name for kind in curves.kinds] == ["critic", "generator"]
    assert curves.kinds[0].wanted == "towards 0"
    np.testing.assert_array_equal(curves.steps("generator"), np.arange(1, 5001))
    np.testing.assert_array_equal(curves.values("critic"), -np.arange(1, 5001, dtype=np.float32))
    assert curves.state == "running" and curves.total_steps == 100 and curves.epochs == 10


def test_a_curve_that_joins_late_begins_where_it_joined() -> None:
    curves = fed(*steps(1, 3), step(4, generator=4.0, penalty=0.1), *steps(5, 6))
    assert curves.steps("penalty").tolist() == [4, 5, 6]
    assert curves.values("penalty")[0] == pytest.approx(0.1)
    assert np.isnan(curves.values("penalty")[1:]).all()
    assert len(curves.steps("generator")) == 6


def test_curves_without_a_name_have_the_usual_ones_in_the_usual_order() -> None:
    curves = fed(step(1, chord=1.0, something_new=2.0, generator=3.0, total=4.0))
    found = [(kind.name, kind.label) for kind in curves.kinds]
    assert found == [
        ("total", "all together"),
        ("generator", "generator"),
        ("chord", "chords"),
        ("something_new", "something new"),
    ]


def test_a_resumed_run_takes_back_what_it_tells_again() -> None:
    curves = fed(
        STARTED,
        *steps(1, 40),
        {"event": "measures", "step": 20, "epoch": 2, "model": {"similarity": 0.5}},
        {"event": "measures", "step": 40, "epoch": 4, "model": {"similarity": 0.9}, "best": True},
        {"event": "sample", "step": 40, "epoch": 4, "file": "samples/epoch-0004.json"},
        {"event": "plateau", "step": 40, "epoch": 4, "since_epoch": 2, "reason": "Flat."},
        {"event": "checkpoint", "step": 25, "seconds": 25.0},
        {"event": "paused", "step": 40, "seconds": 40.0},
    )
    assert curves.state == "paused" and curves.best is not None
    before = curves.cuts
    curves.feed({**STARTED, "from_step": 25})
    assert curves.last_step == 25 and curves.resumes == [25] and curves.cuts == before + 1
    assert [each.epoch for each in curves.measures] == [2]
    assert curves.best is None
    assert curves.samples == [] and curves.plateaus == []
    assert curves.seconds == 25.0
    curves.feed_many([step(26, generator=7.0)])
    assert curves.state == "running"
    assert curves.values("generator")[-1] == 7.0


def test_steps_told_again_without_a_start_replace_the_old_ones() -> None:
    curves = fed(*steps(1, 10), step(6, generator=0.5), step(7, generator=0.25))
    assert curves.steps("generator").tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert curves.values("generator")[-2:].tolist() == [0.5, 0.25]


def test_reading_the_same_file_twice_changes_nothing() -> None:
    events = [STARTED, *steps(1, 30), {"event": "epoch", "step": 30, "epoch": 3, "of": 10}]
    curves = fed(*events)
    curves.feed_many(events)
    assert curves.steps("generator").tolist() == list(range(1, 31))
    assert curves.epoch == 3 and curves.epochs == 10


def test_measures_are_read_by_epoch_and_the_index_has_one_name() -> None:
    curves = fed(
        STARTED,
        {"event": "measures", "step": 10, "epoch": 1, "model": {"similarity_index": 0.4}},
        {"event": "measures", "step": 20, "model": {"similarity": 0.6, "out_of_key": 3}},
    )
    epochs, values = curves.measure("similarity")
    assert epochs.tolist() == [1, 2] and values.tolist() == [0.4, 0.6]
    assert curves.measure_steps("out_of_key").tolist() == [20]
    assert curves.ceiling == 0.94
    assert curves.references["human"] == {"out_of_key": 2.0, "similarity": 1.0}


def test_samples_come_beside_the_measures_from_the_untrained_network_on() -> None:
    curves = fed(
        STARTED,
        {"event": "sample", "step": 0, "epoch": 0, "file": "samples/epoch-0000.json"},
        *steps(1, 10),
        {
            "event": "sample",
            "step": 10,
            "epoch": 1,
            "file": "samples/epoch-0001.json",
            "snapshot": "snapshots/epoch-0001.safetensors",
        },
    )
    assert [each.epoch for each in curves.samples] == [0, 1]
    assert curves.samples[1].snapshot == "snapshots/epoch-0001.safetensors"


def test_the_clock_joins_epochs_and_checkpoints() -> None:
    curves = fed(
        STARTED,
        *steps(1, 30),
        {"event": "epoch", "step": 10, "epoch": 1, "of": 10, "seconds": 60.0},
        {"event": "checkpoint", "step": 30, "seconds": 240.0},
    )
    clock = curves.clock()
    assert clock is not None
    assert clock[0].tolist() == [0, 10, 30] and clock[1].tolist() == [0, 1, 4]


@pytest.mark.parametrize("kind", ["stopped", "finished"])
def test_an_end_says_why_and_where_the_model_is(kind: str) -> None:
    end = {"event": kind, "step": 5, "seconds": 9, "model": "/m.onnx", "reason": "plateau"}
    curves = fed(STARTED, *steps(1, 5), end)
    assert curves.state == kind and curves.ended
    assert curves.reason == "plateau" and curves.model == "/m.onnx" and curves.seconds == 9


def test_a_failure_keeps_its_sentence_and_its_offer() -> None:
    offer = {"setting": "batch_size", "value": 16}
    failed = {"event": "failed", "step": 5, "reason": "Out of memory.", "offer": offer}
    curves = fed(STARTED, *steps(1, 5), failed)
    assert curves.problem == "Out of memory." and curves.offer == offer
    curves.feed({**STARTED, "from_step": 5})
    assert curves.state == "running" and curves.problem == "" and curves.offer is None


def test_values_that_are_no_numbers_are_gaps() -> None:
    curves = fed(
        step(1, generator=1.0),
        step(2, generator=float("nan")),
        step(3, generator="many"),
        step(4, generator=None),
        step(5, generator=10**400),
        step(6, generator=True),
        step(7, generator=1e300),
        step(8, generator=8.0),
    )
    known = np.isfinite(curves.values("generator"))
    assert curves.steps("generator")[known].tolist() == [1, 8]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = ("started", "step", "epoch", "measures", "sample", "plateau", "checkpoint", "failed")
FIELDS = ("step", "from_step", "epoch", "model", "curves", "references", "seconds", "since_epoch")


@given(
    st.lists(
        st.builds(
            lambda kind, fields: {"event": kind, **fields},
            st.sampled_from(KINDS) | JSON,
            st.dictionaries(st.sampled_from(FIELDS), JSON | st.integers(0, 9)),
        ),
        max_size=12,
    )
)
def test_no_event_breaks_the_curves(events: list[dict[str, Any]]) -> None:
    curves = fed(*events)
    for kind in curves.kinds:
        assert (np.diff(curves.steps(kind.name)) > 0).all()
        assert len(curves.steps(kind.name)) == len(curves.values(kind.name))
    clock = curves.clock()
    assert clock is None or len(clock[0]) == len(clock[1]) > 1
    assert isinstance(curves.references, dict)
    assert curves.best is None or curves.best.best
    assert curves.ceiling is None or np.isfinite(curves.ceiling)


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 20))
def test_events_in_parcels_or_one_by_one_are_the_same(told: list[int], parcel: int) -> None:
    events = [step(number, generator=float(index)) for index, number in enumerate(told)]
    one, many = Curves(), Curves()
    for event in events:
        one.feed(event)
    for start in range(0, len(events), parcel):
        many.feed_many(events[start : start + parcel])
    assert one.steps("generator").tolist() == many.steps("generator").tolist()
    assert one.values("generator").tolist() == many.values("generator").tolist()


def test_names_from_strangers_are_bounded() -> None:
    curves = fed(*(step(n, **{f"curve {n}": 1.0}) for n in range(1, 200)))
    assert len(curves.kinds) <= 64
    curves = fed(step(1, **{"x" * 1000: 1.0}))
    assert curves.kinds == ()


def test_a_file_is_read_and_read_on(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    text = "".join(json.dumps(event) + "\n" for event in [STARTED, *steps(1, 50)])
    path.write_text(text[:-20], "utf-8")
    curves, offset = read_curves(path)
    assert curves.last_step == 49
    path.write_text(text + json.dumps({"event": "finished", "step": 50}) + "\n", "utf-8")
    again, end = read_curves(path, offset, curves)
    assert again is curves and curves.last_step == 50 and curves.state == "finished"
    assert end == path.stat().st_size
