"""The curves of a run as pictures and as a table."""

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from desktop.messages import Message
from desktop.theme import colour
from tests.desktop.train.plots.made_runs import Show, run_of


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_curves_are_exported_whole(
    show: Show, qtbot: QtBot, tmp_path: Path, told: list[Message], kind: Any
) -> None:
    shown = show(run_of(40))
    path = tmp_path / f"curves.{kind}"
    shown.export(kind, path)
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].level == "good" and path.name in told[-1].sentence
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    if kind == "png":
        image = QImage(str(path))
        assert image.width() > 1500 and image.pixelColor(3, 3) == colour("surface")
    elif kind == "svg":
        text = path.read_text("utf-8")
        assert (
            "Evening" in text
            and "generator" in text
            and text.count("<poly") + text.count("<path") > 5
        )
        assert "<image" not in text
        scales = {float(found) for found in re.findall(r"matrix\(([\d.]+),", text)}
        assert scales == {1.0}, "the axes' numbers stand elsewhere than their lines"
        assert QSvgRenderer(str(path)).isValid()


def test_the_table_has_every_number_of_every_run(
    show: Show, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    shown = show(run_of(4))
    shown.add_overlay("Morning", run_of(2, name="Morning"))
    path = tmp_path / "curves.csv"
    shown.export("csv", path)
    qtbot.waitUntil(lambda: bool(told))
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:4] == ["run", "step", "epoch", "minutes"]
    assert [row["run"] for row in rows].count("Evening") == 41  # the untrained network's measures
    assert [row["run"] for row in rows].count("Morning") == 21
    last = next(row for row in rows if row["run"] == "Evening" and row["step"] == "40")
    told_values = run_of(4).values("generator")
    assert np.float32(last["generator"]) == told_values[-1]
    assert float(last["epoch"]) == 4 and float(last["minutes"]) == pytest.approx(0.4)
    assert float(last["out_of_key"]) == 5


def test_a_place_that_cannot_be_written_is_told(
    show: Show, qtbot: QtBot, tmp_path: Path, told: list[Message]
) -> None:
    shown = show(run_of(4))
    shown.export("csv", tmp_path / "nowhere" / "curves.csv")
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].level == "error" and "does not exist" in told[-1].sentence
