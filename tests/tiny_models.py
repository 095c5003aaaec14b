"""Small deterministic ONNX models that keep, or break, the model contract.

The tracks follow the melody in parallel: a bass an octave below, chords a third and a fifth below,
and so on; the sign of one noise value per track chooses between two such intervals, so that takes
differ. What is optional in the contract has an audible effect: density 0 silences a track, chord
hints are played by the track named Chords, `position` drives the drums.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, helper

TRACKS: tuple[dict[str, Any], ...] = (
    {"name": "Bass", "program": 33, "is_drum": False, "pitch_low": 24, "pitch_high": 67},
    {"name": "Chords", "program": 4, "is_drum": False, "pitch_low": 36, "pitch_high": 84},
    {"name": "Strings", "program": 48, "is_drum": False, "pitch_low": 36, "pitch_high": 96},
)
DRUMS: dict[str, Any] = {
    "name": "Drums", "program": 0, "is_drum": True, "pitch_low": 35, "pitch_high": 59
}  # fmt: skip
# Semitones by which a track follows the melody: with noise below 0, and from 0 on.
INTERVALS = ((-12, -24), (-5, -8), (4, -9), (7, 3))
KICK, HAT = 36, 42


def write_tiny_model(
    path: Path,
    *,
    name: str = "Tiny",
    tracks: Sequence[Mapping[str, Any]] = TRACKS,
    known: bool = False,
    chords: bool = False,
    density: bool = False,
    position: bool = False,
    velocity: bool = False,
    noise_size: int = 8,
    step_multiple: int = 16,
    steps_per_beat: int = 4,
    max_steps: int | None = None,
    passes: int = 1,
    decoding: str | float = "threshold",
    meters: Sequence[str] = ("4/4", "3/4", "6/8"),
    pitch_low: int = 0,
    pitches: int = 128,
    silent: bool = False,
    gain: float = 1.0,
    card_changes: Mapping[str, Any] | None = None,
    with_card: bool = True,
    card_text: str | None = None,
    graph_tracks: int | None = None,
    graph_noise: int | None = None,
    fixed_steps: int | None = None,
    extra_input: str | None = None,
    operator_domain: str = "",
) -> Path:
    """Write a model and return its path.

    ``card_changes`` overwrite card entries (None removes one), ``graph_tracks``, ``graph_noise``
    and ``fixed_steps`` make the graph disagree with the card, ``gain`` scales the outputs.
    """
    card = _card(
        name=name, tracks=[dict(track) for track in tracks], steps_per_beat=steps_per_beat,
        meters=list(meters), step_multiple=step_multiple, max_steps=max_steps, passes=passes,
        decoding=decoding, pitch_low=pitch_low, pitches=pitches, noise_size=noise_size,
    )  # fmt: skip
    for key, value in (card_changes or {}).items():
        card.pop(key, None)
        if value is not None:
            card[key] = value
    offers = {"known": known, "chords": chords, "density": density, "position": position}
    graph = _TinyGraph(
        len(tracks) if graph_tracks is None else graph_tracks,
        noise_size if graph_noise is None else graph_noise,
        pitches,
        "steps" if fixed_steps is None else fixed_steps,
        operator_domain,
    )
    model = graph.build(tracks, pitch_low, offers, velocity, silent, gain, extra_input)
    if with_card:
        text = json.dumps(card) if card_text is None else card_text
        helper.set_model_props(model, {"tutti.card": text})
    onnx.save(model, str(path))
    return path


def _card(**values: Any) -> dict[str, Any]:
    return {
        "version": "1",
        "description": "Follows the melody in parallel.",
        "licence": "CC0-1.0",
        "rights": "The music is yours.",
        "tags": ["test"],
        "trained_on": [{"name": "nothing", "version": "1", "files": 0}],
        "training": {"epochs": 0},
        "measures": {},
        "parent": None,
        **values,
    }


class _TinyGraph:
    """Builds the graph node by node; each method returns the name of its result."""

    def __init__(
        self, tracks: int, noise_size: int, pitches: int, steps: str | int, domain: str
    ) -> None:
        self._tracks = tracks
        self._noise_size = noise_size
        self._pitches = pitches
        self._steps = steps
        self._domain = domain
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []

    def build(
        self,
        tracks: Sequence[Mapping[str, Any]],
        pitch_low: int,
        offers: Mapping[str, bool],
        velocity: bool,
        silent: bool,
        gain: float,
        extra_input: str | None,
    ) -> onnx.ModelProto:
        steps, pitches = self._steps, self._pitches
        self._input("melody", ["batch", 2, steps, pitches])
        self._input("noise", ["batch", self._noise_size])
        if offers["known"]:
            self._input("known", ["batch", 2 * self._tracks, steps, pitches])
            self._input("keep", ["batch", self._tracks, steps])
        if offers["chords"]:
            self._input("chords", ["batch", 24, steps])
        if offers["density"]:
            self._input("density", ["batch", self._tracks])
        if offers["position"]:
            self._input("position", ["batch", 2, steps])
        if extra_input is not None:
            self._input(extra_input, ["batch", 1])
        parts = [
            self._part(index, tracks[index % len(tracks)], pitch_low, offers, silent)
            for index in range(self._tracks)
        ]
        planes = self._op("Concat", parts, axis=1)
        planes = self._op("Mul", [planes, self._floats([gain], [1])])
        if offers["density"]:
            planes = self._thinned(planes)
        if offers["known"]:
            planes = self._joined_with_known(planes)
        self._op("Identity", [planes], "accompaniment")
        outputs = [_value("accompaniment", ["batch", 2 * self._tracks, steps, pitches])]
        if velocity:
            self._velocity(planes)
            outputs.append(_value("velocity", ["batch", self._tracks, steps, pitches]))
        graph = helper.make_graph(self._nodes, "tiny", self._inputs, outputs, self._constants)
        opsets = [helper.make_opsetid("", 17)]
        if self._domain:
            opsets.append(helper.make_opsetid(self._domain, 1))
        return helper.make_model(graph, opset_imports=opsets, ir_version=9)

    def _part(
        self,
        index: int,
        track: Mapping[str, Any],
        pitch_low: int,
        offers: Mapping[str, bool],
        silent: bool,
    ) -> str:
        """Onset and sounding plane of one track: (batch, 2, step, pitch)."""
        if silent:
            return self._op("Mul", ["melody", self._floats([0.0], [1])])
        if track.get("is_drum"):
            return self._drums(pitch_low, offers["position"])
        low, high = INTERVALS[index % len(INTERVALS)]
        positive = self._noise_sign(index)
        negative = self._op("Sub", [self._floats([1.0], [1]), positive])
        part = self._op(
            "Add",
            [
                self._op("Mul", [self._shifted("melody", low), negative]),
                self._op("Mul", [self._shifted("melody", high), positive]),
            ],
        )
        if offers["chords"] and track["name"] == "Chords":
            part = self._op("Max", [part, self._hinted(pitch_low)])
        return part

    def _noise_sign(self, index: int) -> str:
        """1 where the track's noise value is positive: (batch, 1, 1, 1)."""
        at = self._ints([index % self._noise_size])
        value = self._op("Gather", ["noise", at], axis=1)
        sign = self._op("Greater", [value, self._floats([0.0], [1])])
        number = self._op("Cast", [sign], to=TensorProto.FLOAT)
        return self._op("Reshape", [number, self._ints([-1, 1, 1, 1])])

    def _shifted(self, planes: str, semitones: int) -> str:
        pads = self._ints([0, 0, 0, semitones, 0, 0, 0, -semitones])
        return self._op("Pad", [planes, pads])

    def _drums(self, pitch_low: int, position: bool) -> str:
        """A kick at each bar and a hat at each beat, or a kick under each melody onset."""
        if not position:
            onset = self._op("Slice", ["melody", self._ints([0]), self._ints([1]), self._ints([1])])
            struck = self._op("ReduceMax", [onset], axes=[3], keepdims=1)  # (batch, 1, step, 1)
            return self._on_row(self._op("Concat", [struck, struck], axis=1), KICK - pitch_low)
        struck = self._op("Unsqueeze", ["position", self._ints([3])])  # (batch, 2, step, 1)
        kick = self._op("Gather", [struck, self._ints([0])], axis=1)
        hat = self._op("Gather", [struck, self._ints([1])], axis=1)
        rows = [
            self._on_row(self._op("Concat", [each, each], axis=1), pitch - pitch_low)
            for each, pitch in ((kick, KICK), (hat, HAT))
        ]
        return self._op("Max", rows)

    def _on_row(self, column: str, row: int) -> str:
        pads = self._ints([0, 0, 0, row, 0, 0, 0, self._pitches - row - 1])
        return self._op("Pad", [column, pads])

    def _hinted(self, pitch_low: int) -> str:
        """The hinted pitch classes from middle C up, sounding and struck on every step."""
        classes = self._op(
            "Slice", ["chords", self._ints([12]), self._ints([24]), self._ints([1])]
        )  # (batch, 12, step)
        rows = self._op("Unsqueeze", [self._op("Transpose", [classes], perm=[0, 2, 1]),
                                      self._ints([1])])  # fmt: skip
        low = 60 - pitch_low
        pads = self._ints([0, 0, 0, low, 0, 0, 0, self._pitches - low - 12])
        plane = self._op("Pad", [rows, pads])
        return self._op("Concat", [plane, plane], axis=1)

    def _thinned(self, planes: str) -> str:
        """Density 0 silences a track."""
        silent = self._op("Equal", ["density", self._floats([0.0], [1])])
        factor = self._op("Sub", [self._floats([1.0], [1]),
                                  self._op("Cast", [silent], to=TensorProto.FLOAT)])  # fmt: skip
        twice = self._op("Unsqueeze", [factor, self._ints([2])])
        twice = self._op("Concat", [twice, twice], axis=2)  # (batch, track, 2)
        return self._op(
            "Mul", [planes, self._op("Reshape", [twice, self._ints([0, 2 * self._tracks, 1, 1])])]
        )

    def _joined_with_known(self, planes: str) -> str:
        """What is known where it is kept, the rest as made."""
        indices = [track for track in range(self._tracks) for _plane in range(2)]
        keep = self._op("Gather", ["keep", self._ints(indices)], axis=1)
        keep = self._op("Unsqueeze", [keep, self._ints([3])])
        free = self._op("Sub", [self._floats([1.0], [1]), keep])
        return self._op("Add", [self._op("Mul", ["known", keep]), self._op("Mul", [planes, free])])

    def _velocity(self, planes: str) -> None:
        """Three quarters of full force wherever a note begins."""
        onsets = self._op("Gather", [planes, self._ints(range(0, 2 * self._tracks, 2))], axis=1)
        self._op("Mul", [onsets, self._floats([0.75], [1])], "velocity")

    def _input(self, name: str, shape: Sequence[str | int]) -> None:
        self._inputs.append(_value(name, shape))

    def _op(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        output = output or f"value{len(self._nodes)}"
        domain = self._domain if kind == "Identity" else ""
        self._nodes.append(
            helper.make_node(kind, list(inputs), [output], domain=domain, **attributes)
        )
        return output

    def _floats(self, values: Sequence[float], shape: Sequence[int]) -> str:
        return self._constant(TensorProto.FLOAT, values, shape)

    def _ints(self, values: Sequence[int] | range) -> str:
        return self._constant(TensorProto.INT64, list(values), [len(values)])

    def _constant(self, kind: int, values: Sequence[float], shape: Sequence[int]) -> str:
        name = f"constant{len(self._constants)}"
        self._constants.append(helper.make_tensor(name, kind, list(shape), list(values)))
        return name


def _value(name: str, shape: Sequence[str | int]) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
