"""The measures of a model beside those of people and of the floor, as facts."""

from collections.abc import Mapping
from typing import Any

from desktop.library.facts import FactGroup

# Key, name, decimals, unit; those that a musician understands first.
MEASURES: tuple[tuple[str, str, int, str], ...] = (
    ("similarity", "Similarity index", 2, ""),
    ("chord_tones", "Chord tones", 0, " %"),
    ("out_of_key", "Out of key", 1, " %"),
    ("dissonant_steps", "Dissonant steps", 1, " %"),
    ("harmonic_clarity", "Harmonic clarity", 1, " %"),
    ("tonal_distance", "Tonal distance", 2, ""),
    ("notes_per_bar", "Notes a bar", 1, ""),
    ("polyphony", "Notes at once", 1, ""),
    ("long_notes", "Long notes", 0, " %"),
    ("empty_bars", "Empty bars", 1, " %"),
    ("takes_jaccard", "Takes alike", 2, ""),
)
OLDER_NAMES = {"similarity": "similarity_index"}
NONE = "–"
NOTE = (
    "On songs that the training never saw. Another song’s accompaniment is the floor: what is no "
    "better has not listened. Of several good harmonies a song has one, so chord tones below "
    "people’s are not wrong notes."
)

Row = Mapping[str, Any]


def measure_group(model: Row, references: Mapping[str, Row], segments: object = None) -> FactGroup:
    """A table: the model, people, another song's accompaniment."""
    human = references.get("human", {})
    other = references.get("other_song", {})
    rows = tuple(
        (
            name,
            *(_value(row, key, decimals, unit) for row in (model, human)),
            # The index compares with the whole data set, where another song is as good as any.
            NONE if key == "similarity" else _value(other, key, decimals, unit),
        )
        for key, name, decimals, unit in MEASURES
        if _found(model, key) is not None
    )
    if not rows:
        return FactGroup("How well it plays", ())
    counted = f"{segments} segments. " if isinstance(segments, int) else ""
    return FactGroup("How well it plays", rows, ("", "model", "people", "floor"), counted + NOTE)


def _value(row: Row, key: str, decimals: int, unit: str) -> str:
    value = _found(row, key)
    return NONE if value is None else f"{value:.{decimals}f}{unit}"


def _found(row: Row, key: str) -> float | None:
    value = row.get(key, row.get(OLDER_NAMES.get(key, "")))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
