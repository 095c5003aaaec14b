"""How alike the network's music and the data are, epoch by epoch."""

import numpy as np
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.train.plots.curve_card import CurveCard
from desktop.train.plots.legend import LegendEntry
from desktop.train.plots.look import Look, y_ticks
from desktop.train.plots.loss_card import plateau_stretch
from desktop.train.plots.picture import Level, Line, Picture, Range, Spot
from desktop.train.plots.run_lines import OVERLAY_ALPHA, RunLines
from engine.store.curves import Curves

EXPLAINED = (
    "How alike the network's music and the data are, from 0 to 1: the shared area of their "
    "histograms of pitches, intervals, lengths, places in the bar and notes sounding together, on "
    "songs held out from training. The dashed line is one half of the data against the other half: "
    "nothing can be expected to come above it."
)
ROLE, MARK = "chords", "disc"
POINTS_AS_MARKS = 80
KEY, NAME = "similarity", "similarity index"


class SimilarityCard(CurveCard):
    """The similarity index with the data's own value as a line to reach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Similarity index", EXPLAINED, parent=parent)

    def seen(self, look: Look) -> tuple[object, ...]:
        """Steps alone change nothing here."""
        runs = tuple(_told(run) for run in look.runs)
        scale = look.scale(look.main) if look.unit == "minutes" else None
        minutes = None if scale is None else float(scale.places[-1])
        hidden = self.legend.hidden
        return (
            *(look.unit, look.x_range, minutes, runs, self.height_chosen),
            *(hidden, self.legend.known, self.area.size(), theme.current_theme().name),
        )

    def picture(self, look: Look, height: Range | None) -> Picture:
        """The index of both runs, the data's own, the best epoch, the plateau."""
        y_range = height or (0.0, 1.0)
        shown = [run for run in look.runs if _key(run) not in self.legend.hidden]
        lines = [line for run in shown if (line := self._line(look, run)) is not None]
        ceiling = look.main.curves.ceiling
        return Picture(
            look.x_range,
            y_range,
            look.x_ticks(self.pixels),
            y_ticks(y_range),
            tuple(lines),
            () if ceiling is None else (Level(ceiling, "the data itself"),),
            plateau_stretch(look, words=True),
            _best_spot(look),
            look.marks(look.main.curves.checkpoints),
            look.marks(look.main.curves.resumes),
        )

    def _line(self, look: Look, run: RunLines) -> Line | None:
        scale, steps = look.scale(run), run.curves.measure_steps(KEY)
        if scale is None or not len(steps):
            return None
        _, values = run.curves.measure(KEY)
        line = Line(
            scale.at(steps),
            values,
            ROLE,
            OVERLAY_ALPHA if run.overlay else 1.0,
            dashed=run.overlay,
            mark=MARK,
            every_point=len(steps) <= POINTS_AS_MARKS,
        )
        return self.note(f"{NAME}, {run.name}" if run.name else NAME, line)

    def legend_entries(self, look: Look) -> tuple[list[LegendEntry], frozenset[str]]:
        """Which line is which run: needed once there are two."""
        if look.overlay is None:
            return [], frozenset()
        entries = [
            LegendEntry(
                _key(run),
                run.name or run.curves.name or "this run",
                ROLE,
                MARK,
                dashed=run.overlay,
                value=_last(run.curves),
            )
            for run in look.runs
        ]
        return entries, frozenset()


def similarity_caption(curves: Curves) -> str:
    """Such as "held-out songs · 0.87, data itself 0.94"."""
    _, values = curves.measure(KEY)
    said = [f"{values[-1]:.2f}"] if len(values) else []
    if curves.ceiling is not None:
        said.append(f"data itself {curves.ceiling:.2f}")
    return " · ".join(["held-out songs", ", ".join(said)] if said else ["held-out songs"])


def _best_spot(look: Look) -> tuple[Spot, ...]:
    best, scale = look.main.curves.best, look.scale(look.main)
    if best is None or scale is None or KEY not in best.model:
        return ()
    place = float(scale.at(np.float64(best.step)))
    return (Spot(place, best.model[KEY], f"best: epoch {best.epoch}", "accent"),)


def _told(run: RunLines) -> tuple[object, ...]:
    curves = run.curves
    marks = len(curves.checkpoints), len(curves.resumes), len(curves.plateaus)
    return run, run.name, len(curves.measures), curves.cuts, curves.ceiling, curves.ended, marks


def _key(run: RunLines) -> str:
    return "overlay" if run.overlay else "main"


def _last(curves: Curves) -> str:
    _, values = curves.measure(KEY)
    return f"{values[-1]:.2f}" if len(values) else "–"
