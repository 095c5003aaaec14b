"""What a request is traced as: five parts with named values between them.

`Begin`, then `ChordPass` in a loop, `Settle`, `NotePass` in a loop, `End`.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, TypeVar

from torch import Tensor, nn

from models.chord_filler import ChordLine, ChordTask, RestTask
from models.decode import Accompanist
from models.note_filler import Given, Notes, NoteTask, Settled

Record = TypeVar("Record")
Tensors = tuple[Tensor, ...]
Axes = dict[int, str]

BY_BATCH: Axes = {0: "batch"}
BY_STEP: Axes = {0: "batch", 2: "steps"}
BEATS_FIRST: Axes = {0: "batch", 1: "beats"}
BEATS_LAST: Axes = {0: "batch", 2: "beats"}


def names_of(kind: type[Any], prefix: str) -> tuple[str, ...]:
    """The values of a record, as the graph calls them."""
    return tuple(f"{prefix}_{field.name}" for field in fields(kind))


LINE, CHORD_TASK = names_of(ChordLine, "line"), names_of(ChordTask, "chord_task")
REST_TASK = names_of(RestTask, "rest_task")
NOTES, NOTE_TASK = names_of(Notes, "notes"), names_of(NoteTask, "note_task")
GIVEN = names_of(Given, "given")
LASTING, SHIFT = ("lasting", "sung"), ("shift",)
KEPT = NOTES[-1:]  # with the rests, which stand once the chords do
# What `Begin` makes, before the biases of the attentions.
BEGUN = (*LINE, *CHORD_TASK, *REST_TASK, *NOTES[:-1], *NOTE_TASK, *GIVEN, *LASTING, *SHIFT)
SETTLED = names_of(Settled, "settled")

AXES: dict[str, Axes] = {
    "line_chords": BEATS_FIRST,
    "line_known": BEATS_FIRST,
    "line_rest": BEATS_LAST,
    "chord_task_heard": BEATS_FIRST,
    "chord_task_draw": BEATS_FIRST,
    "chord_task_rank": BEATS_FIRST,
    "chord_task_again": {0: "batch", 1: "beats", 2: "beats"},
    "rest_task_bars": {0: "batch", 1: "beats", 2: "beats"},
    "rest_task_lean": BY_BATCH,
    "rest_task_draw": BEATS_LAST,
    "rest_task_temperature": BY_BATCH,
    "rest_task_untold": BEATS_LAST,
    "note_task_rank": BEATS_LAST,
    "note_task_temperature": BY_BATCH,
    "note_task_busyness": BY_BATCH,
    "note_task_steady": BY_BATCH,
    "lasting": BEATS_FIRST,
    "sung": BEATS_FIRST,
    "settled_heard": BEATS_FIRST,
    "settled_gain": {0: "batch", 1: "steps"},
    "settled_chords": BEATS_FIRST,
    "settled_bars": {0: "batch", 1: "beats", 2: "beats"},
    "settled_together": {0: "batch", 2: "beats", 3: "beats"},
    "given_melody": {0: "batch", 1: "steps"},
    "given_changes": {0: "batch", 1: "steps"},
    "shift": BEATS_FIRST,
}


def axes_of(name: str) -> Axes:
    """The axes of a value that may have another size; most have steps."""
    if name.startswith("bias_"):
        return {1: f"{name}_length", 2: f"{name}_length"}
    return AXES.get(name, BY_STEP)


def values(record: Any) -> Tensors:
    """A record's tensors, in order."""
    return tuple(getattr(record, field.name) for field in fields(record))


def _taken(kind: type[Record], flat: Sequence[Tensor]) -> tuple[Record, tuple[Tensor, ...]]:
    """The record that the first tensors make, and those that are left."""
    count = len(fields(kind))  # type: ignore[arg-type]
    return kind(*flat[:count]), tuple(flat[count:])


class Part(nn.Module):
    """A part of an accompanist."""

    def __init__(self, accompanist: Accompanist) -> None:
        super().__init__()
        self.accompanist = accompanist


class Begin(Part):
    """Contract inputs to `BEGUN` and the biases."""

    def forward(
        self,
        melody: Tensor,
        noise: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> Tensors:
        own = self.accompanist
        heard, shift = own.hear(melody, known, keep, chords, density, position)
        draws = own.field(noise, heard.melody, heard.position)
        close = own.close(heard)
        line, chord_task, *lasting = own.begin_chords(heard, draws, close)
        rests = own.chords.rest_task(draws, heard.keep, heard.density, heard.position)
        notes, task, given = own.begin_notes(heard, draws, close)
        before = (*values(line), *values(chord_task), *values(rests))
        begun = (*values(notes)[: -len(KEPT)], *values(task), *values(given), *lasting, shift)
        return (*before, *begun, *own.network.biases(heard.chords.shape[1]))


class ChordPass(Part):
    """Turn, `LINE`, `CHORD_TASK` and biases to the next `LINE`."""

    def forward(self, turn: Tensor, *flat: Tensor) -> Tensors:
        line, rest = _taken(ChordLine, flat)
        task, biases = _taken(ChordTask, rest)
        return values(self.accompanist.chords(turn, line, task, biases))


class Settle(Part):
    """`LINE`, `REST_TASK`, `GIVEN` and `LASTING` to `SETTLED`."""

    def forward(self, *flat: Tensor) -> Tensors:
        line, rest = _taken(ChordLine, flat)
        rests, rest = _taken(RestTask, rest)
        given, (lasting, sung) = _taken(Given, rest)
        return values(self.accompanist.settle(line, rests, given, lasting, sung))


class NotePass(Part):
    """Turn, `NOTES`, `NOTE_TASK`, `GIVEN`, `SETTLED` and biases to the next `NOTES`."""

    def forward(self, turn: Tensor, *flat: Tensor) -> Tensors:
        notes, rest = _taken(Notes, flat)
        task, rest = _taken(NoteTask, rest)
        given, rest = _taken(Given, rest)
        settled, biases = _taken(Settled, rest)
        return values(self.accompanist.notes(turn, notes, task, given, settled, biases))


class End(Part):
    """`NOTES`, `GIVEN` and `SHIFT` to contract outputs."""

    def forward(self, *flat: Tensor) -> Tensors:
        notes, rest = _taken(Notes, flat)
        given, (shift,) = _taken(Given, rest)
        return self.accompanist.end(notes, given, shift)
