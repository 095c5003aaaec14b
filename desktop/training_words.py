"""What is said of training runs: how they end, how far they are, how long it takes."""

import time

from desktop.messages import Level
from desktop.training_process import Outcome
from engine.store.runs import RunSummary

RECENT_SECONDS = 2 * 86_400


def ending_words(outcome: Outcome) -> tuple[str, Level]:
    """A sentence about a trainer that ended, and how grave it is."""
    name = outcome.folder.name
    if outcome.ending == "paused":
        return f"{name} is paused, and what it used is free. Resume goes on exactly.", "info"
    if outcome.ending in ("finished", "stopped"):
        epoch = outcome.event.get("epoch")
        kept = f": epoch {epoch} was kept" if isinstance(epoch, int) else ""
        done = "has finished" if outcome.ending == "finished" else "was stopped"
        return f"{name} {done}{kept}, and it stands in the Studio's list of models.", "good"
    return outcome.sentence, "error"


def found_words(run: RunSummary) -> str:
    """What a start of the window tells of a run; empty where there is nothing new in it."""
    if run.state == "running":
        return f"{run.name} is training without this window. You can watch, pause or stop it."
    if run.state == "interrupted" and time.time() - run.changed < RECENT_SECONDS:
        where = f" at epoch {run.epoch}" if run.epoch else ""
        return f"{run.name} was interrupted{where}. It can go on from its last checkpoint."
    return ""


def span(seconds: float) -> str:
    """A length of time as it is told: ``40 s``, ``1 min 46 s``, ``2 h 5 min``, ``3 days 4 h``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole < 600 else f"{round(whole / 60)} min"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    days, hours = whole // 86_400, whole % 86_400 // 3600
    return f"{days} {'day' if days == 1 else 'days'} {hours} h"


def about(seconds: float) -> str:
    """A forecast, no more exact than it can be: ``about 3 minutes``."""
    if seconds < 50:
        return "less than a minute"
    if seconds < 90:
        return "about a minute"
    if seconds < 5400:
        return f"about {round(seconds / 60)} minutes"
    if seconds < 36 * 3600:
        hours = seconds / 3600
        return f"about {hours:.0f} hours" if hours >= 9.5 else f"about {hours:.1f} hours"
    return f"about {round(seconds / 86_400)} days"


def sentence_case(words: str) -> str:
    """The same words at a sentence's beginning."""
    return words[:1].upper() + words[1:]


def size(count: float) -> str:
    """Bytes as people count them."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def run_line(run: RunSummary) -> str:
    """A run's state in words."""
    of = f"epoch {run.epoch} of {run.epochs}" if run.epochs else f"epoch {run.epoch}"
    if run.state == "running":
        return f"training, {of}"
    if run.state in ("finished", "stopped"):
        best = f", epoch {run.best_epoch} kept" if run.best_epoch is not None else ""
        return f"{run.state}{best}"
    return f"{run.state}, {of}"


def free_name(wanted: str, taken: set[str]) -> str:
    """A name that no run has yet: ``Evening Pop``, ``Evening Pop 2`` …"""
    stem, _, number = wanted.rpartition(" ")
    base = stem if stem and number.isdigit() else wanted
    if wanted not in taken:
        return wanted
    count = 2
    while f"{base} {count}" in taken:
        count += 1
    return f"{base} {count}"
