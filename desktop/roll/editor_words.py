"""What is selected, in a few words."""

from collections.abc import Collection

from desktop.roll.names import length_name
from engine.music.note import Note
from engine.music.ticks import MeterMap


def selection_text(notes: Collection[Note], meters: MeterMap, ticks_per_quarter: int) -> str:
    """How many notes, from where, how long and how loud; empty without notes."""
    if not notes:
        return ""
    place = meters.position_at(min(note.start for note in notes))
    loud = sorted({note.velocity for note in notes})
    lengths = {note.duration for note in notes}
    velocity = str(loud[0]) if len(loud) == 1 else f"{loud[0]}–{loud[-1]}"
    parts = [
        "1 note" if len(notes) == 1 else f"{len(notes)} notes",
        f"bar {place.bar}.{place.beat}",
    ]
    if len(lengths) == 1:
        parts.append(length_name(lengths.pop(), ticks_per_quarter))
    return " · ".join([*parts, f"velocity {velocity}"])
