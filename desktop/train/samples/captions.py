"""What is said of the samples beside their pictures, and in their place."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from desktop.train.samples.sample_files import Sample
from engine.store.curves import Curves

NO_RUN = "Choose a training run: what it plays is shown here, epoch by epoch."
WAITING = "The first sample comes as soon as the run has begun, and then one every few epochs."
NONE_KEPT = "This run kept no samples. A run that is trained now keeps one every few epochs."
READING = "Reading …"


def caption(samples: Sequence[Sample], title: str, *, ended: bool) -> str:
    """Which melody is played, and how often; ``title`` is the chosen sample's."""
    if not samples:
        return ""
    if len(samples) == 1 and ended:
        only = f"{samples[0].name} alone was kept, on a melody it did not learn from"
        return f"{only} · {title}" if title else only
    epochs = [sample.epoch for sample in samples if sample.epoch is not None]
    gaps = Counter(after - before for before, after in pairwise(epochs))
    if not gaps:
        return "the same held-out melody after each sampled epoch"
    # The last epoch is sampled too, wherever it falls.
    every, _ = gaps.most_common(1)[0]
    often = "every epoch" if every == 1 else f"every {every} epochs"
    return f"the same held-out melody, {often}"


def why_empty(has_run: bool, was_listed: bool, curves: Curves | None) -> str:
    """What stands in place of the pictures."""
    if not has_run:
        return NO_RUN
    if not was_listed:
        return READING
    return NONE_KEPT if curves is None or curves.ended else WAITING
