"""What is told of a chosen thing: groups of short facts, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts under a title: each row is a label and its values, ``head`` names their columns.

    A row of one text alone is a sentence over the whole width; so is ``note`` under the rows.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...] = ()
    note: str = ""


def told(title: str, *rows: tuple[str, ...], note: str = "") -> FactGroup:
    """A group of those rows that have something to tell."""
    return FactGroup(title, tuple(row for row in rows if row[-1].strip()), note=note)


def duration_words(seconds: float) -> str:
    """How long something took: "42 s", "1 min 46 s", "1 h 7 min"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def size_words(size: int) -> str:
    """How much a file takes: "980 B", "15.5 MB"."""
    value, units = float(size), ("B", "kB", "MB", "GB", "TB")
    for unit in units[:-1]:
        if value < 1000:
            return f"{value:.0f} {unit}" if value >= 100 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} {units[-1]}"


def number_words(value: object) -> str:
    """A setting's value: "0.0012", "32", "on"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
