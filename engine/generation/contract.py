"""The model contract's graph: every input and output with its axes, in this one table.

Nothing else knows the names or the order of axes; arrays are made by them and files checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import ModelError
from engine.generation.model_card import ModelCard
from engine.generation.onnx_file import OnnxFile, Port
from engine.music.piano_roll import PLANES

MELODY, NOISE, KNOWN, KEEP = "melody", "noise", "known", "keep"
CHORDS, DENSITY, POSITION = "chords", "density", "position"
ACCOMPANIMENT, VELOCITY = "accompaniment", "velocity"
BATCH, STEP = "batch", "steps"
CHORD_ROWS = 24
POSITION_ROWS = 2


@dataclass(frozen=True, slots=True)
class Signal:
    """An input or output: its axes in order, and whether a graph must have it."""

    name: str
    axes: tuple[str, ...]
    required: bool = False


INPUTS = (
    Signal(MELODY, (BATCH, "planes", STEP, "pitches"), required=True),
    Signal(NOISE, (BATCH, "noise_size"), required=True),
    Signal(KNOWN, (BATCH, "track planes", STEP, "pitches")),
    Signal(KEEP, (BATCH, "tracks", STEP)),
    Signal(CHORDS, (BATCH, "chord rows", STEP)),
    Signal(DENSITY, (BATCH, "tracks")),
    Signal(POSITION, (BATCH, "position rows", STEP)),
)
OUTPUTS = (
    Signal(ACCOMPANIMENT, (BATCH, "track planes", STEP, "pitches"), required=True),
    Signal(VELOCITY, (BATCH, "tracks", STEP, "pitches")),
)
SIGNALS = {signal.name: signal for signal in (*INPUTS, *OUTPUTS)}
DECODINGS = frozenset({"threshold"})


def axis_sizes(card: ModelCard) -> Mapping[str, int]:
    """The size that a card gives to each axis; batch and steps are free."""
    return {
        "planes": PLANES,
        "track planes": PLANES * len(card.tracks),
        "tracks": len(card.tracks),
        "pitches": card.pitches,
        "noise_size": card.noise_size,
        "chord rows": CHORD_ROWS,
        "position rows": POSITION_ROWS,
    }


def shape_of(name: str, card: ModelCard, batch: int, steps: int) -> tuple[int, ...]:
    """The shape of an input or output for so many takes and steps."""
    sizes = {**axis_sizes(card), BATCH: batch, STEP: steps}
    return tuple(sizes[axis] for axis in SIGNALS[name].axes)


def check_contract(card: ModelCard, file: OnnxFile, file_name: str) -> None:
    """Raise `ModelError` with a sentence that names the first thing that breaks the contract."""
    if file.has_external_data:
        raise ModelError(f"{file_name} keeps part of itself in other files; a model must be one.")
    if file.foreign_operators:
        operators = ", ".join(file.foreign_operators[:3])
        raise ModelError(f"{file_name} needs operators that ONNX does not define: {operators}.")
    if card.decoding not in DECODINGS:
        raise ModelError(
            f"{file_name} wants the decoding “{card.decoding}”, which this Tutti does not know."
        )
    _check_ports(INPUTS, file.inputs, card, f"the input of {file_name}")
    _check_ports(OUTPUTS, file.outputs, card, f"the output of {file_name}")
    names = {port.name for port in file.inputs}
    if (KNOWN in names) != (KEEP in names):
        raise ModelError(
            f"{file_name} has only one of the inputs known and keep; they go together."
        )
    if card.passes > 1 and KNOWN not in names:
        raise ModelError(
            f"The card of {file_name} asks for {card.passes} passes, which needs an input known."
        )


def _check_ports(
    signals: tuple[Signal, ...], ports: tuple[Port, ...], card: ModelCard, where: str
) -> None:
    by_name = {port.name: port for port in ports}
    for signal in signals:
        if signal.name in by_name:
            _check_port(signal, by_name.pop(signal.name), card, where)
        elif signal.required:
            raise ModelError(f"A model needs “{signal.name}”, which is missing in {where}.")
    if by_name:
        extra = next(iter(by_name))
        raise ModelError(f"Tutti knows nothing about “{extra}” in {where}.")


def _check_port(signal: Signal, port: Port, card: ModelCard, where: str) -> None:
    if not port.is_float:
        raise ModelError(f"“{signal.name}” in {where} must hold 32-bit floats.")
    if len(port.shape) != len(signal.axes):
        raise ModelError(
            f"“{signal.name}” in {where} has {len(port.shape)} axes instead of {len(signal.axes)}."
        )
    sizes = axis_sizes(card)
    for axis, found in zip(signal.axes, port.shape, strict=True):
        if found is None:
            continue
        if axis in (BATCH, STEP):
            raise ModelError(f"“{signal.name}” in {where} fixes its {axis} at {found}.")
        if found != sizes[axis]:
            raise ModelError(
                f"Card and graph disagree: “{signal.name}” in {where} has {found} {axis} "
                f"where the card says {sizes[axis]}."
            )
