"""The losses of a run."""

from PySide6.QtWidgets import QWidget

from desktop.train.plots.curve_card import CurveCard, number
from desktop.train.plots.legend import LegendEntry
from desktop.train.plots.look import Look, rounded, steps_of_epoch, y_ticks
from desktop.train.plots.marks import mark_at, roles_of
from desktop.train.plots.picture import FloatArray, Line, Picture, Range, Stretch
from desktop.train.plots.run_lines import DrawnCurve, RunLines, Sign
from desktop.train.plots.ticks import robust_range, with_near_ends
from desktop.train.plots.words import standing_plateau
from engine.store.curves import CurveKind, Curves

EXPLAINED = (
    "A loss is what training makes small: how wrong the network still is. Losses tell whether "
    "training goes well; whether the music is good, the measures on held-out songs tell."
)
QUIET_AT_FIRST = frozenset({"gradient", "distance"})
"""Curves that say what another one says, or need a scale of their own."""
OVERLAY = " overlay"  # no curve's name begins with a space
EDGE = 0.01  # of the values at either end that may lie outside of the picture


class LossCard(CurveCard):
    """Every curve that the trainer tells at each step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Losses", EXPLAINED, many=True, parent=parent)

    def picture(self, look: Look, height: Range | None) -> Picture:
        """All curves that are not hidden, of both runs."""
        shown = [run for run in look.runs if not run.overlay or OVERLAY not in self.legend.hidden]
        drawn = [(lines, self._drawn(look, lines)) for lines in shown]
        for lines, curves in drawn:
            for each in curves:
                self.note(_full_name(each.kind.label, lines), each.line)
        every = [each for _, curves in drawn for each in curves]
        heights = _heights(every)
        usual = with_near_ends(robust_range(heights, EDGE), heights)
        y_range = height or rounded(usual)
        return Picture(
            look.x_range,
            y_range,
            look.x_ticks(self.pixels),
            y_ticks(y_range),
            tuple(_raw_first(every)),
            stretches=plateau_stretch(look, words=False),
            checkpoints=look.marks(look.main.curves.checkpoints),
            seams=look.marks(look.main.curves.resumes),
        )

    def _drawn(self, look: Look, lines: RunLines) -> list[DrawnCurve]:
        scale = look.scale(lines)
        if scale is None:
            return []
        steps = look.steps_shown(scale)
        known = self.legend.known
        hidden = self.legend.hidden | (quiet_kinds(lines.curves) - known)
        signs = _signs(look)
        found = (
            lines.drawn(kind, signs[kind.name], scale, steps, self.pixels, look.width)
            for kind in lines.curves.kinds
            if kind.name not in hidden
        )
        return [each for each in found if each is not None]

    def legend_entries(self, look: Look) -> tuple[list[LegendEntry], frozenset[str]]:
        """The curves of both runs with their averages now; an entry hides a curve in both."""
        signs = _signs(look)
        entries = [
            LegendEntry(
                kind.name,
                kind.label,
                *signs[kind.name],
                value=number(look.main.latest(kind.name, look.width)),
            )
            for kind in _kinds(look)
        ]
        if look.overlay is not None:
            entries.append(LegendEntry(OVERLAY, look.overlay.name, "quiet", "disc", dashed=True))
        return entries, quiet_kinds(look.main.curves)


def quiet_kinds(curves: Curves) -> frozenset[str]:
    """What is hidden until it is asked for, unless the run names it among what to draw."""
    return QUIET_AT_FIRST - {kind.name for kind in curves.told_kinds}


def _kinds(look: Look) -> list[CurveKind]:
    """The curves of both runs, each once."""
    found = {kind.name: kind for lines in look.runs for kind in lines.curves.kinds}
    return list(found.values())


def _signs(look: Look) -> dict[str, Sign]:
    """Colour role and mark of each curve: the same in both runs, and in the legend."""
    kinds = _kinds(look)
    roles = roles_of(kinds)
    return {kind.name: (roles[kind.name], mark_at(at)) for at, kind in enumerate(kinds)}


def plateau_stretch(look: Look, *, words: bool) -> tuple[Stretch, ...]:
    """Where the run no longer learned."""
    curves = look.main.curves
    plateau, scale = standing_plateau(curves), look.scale(look.main)
    if plateau is None or scale is None:
        return ()
    low = float(scale.at(steps_of_epoch(curves, plateau.since_epoch)))
    high = float(scale.at(max(curves.last_step, plateau.step)))
    said = f"no longer learning since epoch {plateau.since_epoch}" if words else ""
    return (Stretch(low, max(low, high), said),)


def _full_name(label: str, lines: RunLines) -> str:
    return f"{label}, {lines.name}" if lines.name else label


def _heights(drawn: list[DrawnCurve]) -> list[FloatArray]:
    return [side for each in drawn for side in (each.low, each.high)]


def _raw_first(drawn: list[DrawnCurve]) -> list[Line]:
    raw = [each.raw for each in drawn if each.raw is not None]
    return raw + [each.line for each in drawn]
