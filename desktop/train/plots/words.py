"""What the curves of a run say, in a sentence each.

Every sentence follows from the numbers by the rules in this module and says no more than they show.
They are written for somebody who trains a network for the first time.
"""

import numpy as np
import numpy.typing as npt

from desktop.train.plots.trends import FEWEST, Trend, runs_away, trend
from engine.store.curves import Curves, Plateau

EARLY_SHARE = 0.12  # of a run: there the critic has to get ahead first
HIGH_PENALTY = 0.5
AT_CEILING = 0.02
CLEARLY_LESS = 0.04
CLEARLY_MORE = 0.02
JUMPS = 0.04
FEW_MEASURED = 4
MAIN_CURVES = ("total", "loss")

NOTHING_YET = "No steps yet: the first losses come with the first step."
NOT_MEASURED = "Not measured yet. The held-out songs are played at the end of an epoch."
BALANCED = (
    "Generator and critic hold each other in balance. Whether the music still gets better, "
    "the similarity index tells."
)
CATCHING_UP = (
    "The critic finds it harder to tell the network's music from people's: "
    "the generator is catching up."
)
GETTING_AHEAD = (
    "The critic is learning to tell the network's music from people's. "
    "It has to get ahead first: the generator learns from it."
)
WINNING = (
    "The critic is winning: it tells the network's music from people's ever more easily. "
    "If that lasts, try fewer critic updates or a lower learning rate."
)
STRAYING = (
    "The gradient penalty is high: the critic's slope strays from 1, and its judgement "
    "means little until it comes down."
)
STILL_FALLING = "Falling: the network still learns to fill in what was hidden from it."
LEVELLED = (
    "Levelled off: the losses say no more. Whether the music still gets better, "
    "the similarity index tells."
)
RISING = "Rising: the network is losing what it had learned. A lower learning rate may help."
SMOOTH = "Getting smooth: the style is being learned."


def loss_sentence(curves: Curves) -> str:
    """What the losses say."""
    kinds = curves.kinds
    longest = max((len(curves.values(kind.name)) for kind in kinds), default=0)
    if not longest:
        return curves.problem or NOTHING_YET
    if curves.state == "failed":
        what, more, _advice = curves.problem.partition(". ")  # the banner has it whole
        if f"at step {curves.last_step}" in what:
            return f"{what}{more}".strip()
        return f"Training ended at step {curves.last_step:,}. {what}{more}".strip()
    if longest < FEWEST:
        return f"Too early to tell: {_counted(longest, 'step')} so far."
    for kind in kinds:
        if runs_away(curves.values(kind.name)):
            return (
                f"The curve “{kind.label}” is running away: training may break off. "
                "A lower learning rate usually helps."
            )
    if _is_contest(curves):
        return _contest_sentence(curves)
    return _filling_sentence(curves)


def similarity_sentence(curves: Curves) -> str:
    """What the similarity index says."""
    epochs, values = curves.measure("similarity")
    if not len(values):
        return NOT_MEASURED
    stood = standing_plateau(curves)
    if stood is not None:
        return plateau_words(stood)
    latest, reach = float(values[-1]), _reach(curves)
    if len(values) < FEW_MEASURED:
        return f"{latest:.2f} so far{reach}. Too early to tell where it goes."
    if curves.ceiling is not None and latest >= curves.ceiling - AT_CEILING:
        return (
            "As close to the data as one half of the data is to the other: "
            "by this number there is no more to gain."
        )
    return _course(epochs, values, reach)


def standing_plateau(curves: Curves) -> Plateau | None:
    """The plateau that the run is on: the last one, unless a better epoch came after it."""
    if not curves.plateaus:
        return None
    last = curves.plateaus[-1]
    best = curves.best
    return None if best is not None and best.epoch > last.epoch else last


def plateau_words(plateau: Plateau) -> str:
    """Such as "No longer learning since epoch 40: …"."""
    words = f"No longer learning since epoch {plateau.since_epoch}"
    reason = plateau.reason.strip().rstrip(".")
    if not reason or reason.lower().startswith("no longer learning"):
        return f"{words}: more epochs would hardly change the music."
    return f"{words}. {reason}."


def wanted_words(curves: Curves, hidden: frozenset[str] = frozenset()) -> str:
    """What is wished of the curves that are shown: "wanted: critic towards 0, generator steady"."""
    wishes: dict[str, list[str]] = {}
    for kind in curves.kinds:
        if kind.wanted and kind.name not in hidden:
            wishes.setdefault(kind.wanted, []).append(kind.label)
    said = [
        f"{'losses' if len(labels) > 2 else ' and '.join(labels)} {wanted}"
        for wanted, labels in wishes.items()
    ]
    return f"wanted: {', '.join(said)}" if said else ""


def _is_contest(curves: Curves) -> bool:
    """Whether a generator and a critic are all that is trained, without a filling-in loss."""
    names = {kind.name for kind in curves.kinds if len(curves.values(kind.name))}
    return {"generator", "critic"} <= names and not names & set(MAIN_CURVES)


def _contest_sentence(curves: Curves) -> str:
    penalty = trend(curves.values("penalty"))
    if penalty is not None and penalty.level > HIGH_PENALTY and penalty.way != "falling":
        return STRAYING
    gap = _gap(curves)
    if gap is None:
        return f"Too early to tell: {_counted(len(curves.values('critic')), 'step')} so far."
    if gap.way == "falling":
        return CATCHING_UP
    if gap.way == "rising":
        return GETTING_AHEAD if _is_early(curves) else WINNING
    return BALANCED


def _gap(curves: Curves) -> Trend | None:
    """How well the critic tells the two apart: its distance, or its loss upside down."""
    distance = curves.values("distance")
    return trend(distance if len(distance) else -curves.values("critic"))


def _is_early(curves: Curves) -> bool:
    return bool(curves.total_steps) and curves.last_step < EARLY_SHARE * curves.total_steps


def _filling_sentence(curves: Curves) -> str:
    names = [kind.name for kind in curves.kinds if len(curves.values(kind.name))]
    main = next((name for name in MAIN_CURVES if name in names), names[0])
    found = trend(curves.values(main))
    if found is None:
        return f"Too early to tell: {_counted(len(curves.values(main)), 'step')} so far."
    said = {"falling": STILL_FALLING, "steady": LEVELLED, "rising": RISING}[found.way]
    return f"{said} {_joined(curves, main)}".strip()


def _joined(curves: Curves, main: str) -> str:
    """That a critic came later, if it did."""
    critic, whole = curves.steps("critic"), curves.steps(main)
    if not len(critic) or critic[0] <= whole[0]:
        return ""
    epochs = curves.epochs_at(critic[:1])
    where = f"step {critic[0]:,}" if epochs is None else f"epoch {epochs[0]:.0f}"
    return f"The critic joined at {where}."


def _reach(curves: Curves) -> str:
    return "" if curves.ceiling is None else f", {curves.ceiling:.2f} is the data against itself"


def _course(epochs: npt.NDArray[np.float64], values: npt.NDArray[np.float64], reach: str) -> str:
    """Rising, falling, jumping or still, by the last third of what was measured."""
    count = max(FEW_MEASURED, len(values) // 3)
    recent, before = values[-count:], values[:-count]
    best = int(np.argmax(values))
    latest = float(recent[-3:].mean())
    if latest < values[best] - CLEARLY_LESS and best < len(values) - 3:
        return (
            f"Getting worse since epoch {epochs[best]:.0f}, where it was {values[best]:.2f}. "
            "The best epoch can still be kept."
        )
    rise = float(np.polyfit(np.arange(count), recent, 1)[0]) * (count - 1)
    jumps = _jumps(recent)
    if jumps > JUMPS and jumps > abs(rise) / 2:
        return f"Still jumping by about {jumps:.2f} between measurements: the style is not settled."
    smoother = len(before) >= FEW_MEASURED and jumps < _jumps(before) / 2
    if rise > CLEARLY_MORE and not smoother:
        return f"Rising: the music gets closer to the data. {values[-1]:.2f} so far{reach}."
    if rise > CLEARLY_MORE / 4 and smoother:
        return SMOOTH
    return f"Hardly changing over the last {count} measurements: {values[-1]:.2f} so far{reach}."


def _jumps(values: npt.NDArray[np.float64]) -> float:
    """The typical size of what lies between one value and the mean of its neighbours, doubled."""
    if len(values) < 3:
        return 0.0
    return float(np.abs(np.diff(values, 2)).mean())


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
