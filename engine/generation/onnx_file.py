"""What an ONNX file says of itself, read from its bytes without running anything.

ONNX is a protocol buffer. Four wire types and the few field numbers below (from onnx.proto) are all
that is needed, so that a folder of models is listed without a session each, and a file is judged
before the runtime sees it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ModelError

MAX_FILE_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 32
FLOAT = 1
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
STANDARD_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})

MODEL_GRAPH, MODEL_METADATA, MODEL_FUNCTIONS = 7, 14, 25
GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_SPARSE = 1, 5, 11, 12, 15
NODE_OP_TYPE, NODE_ATTRIBUTE, NODE_DOMAIN = 4, 5, 7
FUNCTION_NAME, FUNCTION_NODE, FUNCTION_DOMAIN = 1, 7, 10
ATTRIBUTE_TENSORS, ATTRIBUTE_GRAPHS = (5, 10), (6, 11)
TENSOR_NAME, TENSOR_EXTERNAL, TENSOR_LOCATION = 8, 13, 14

Field = tuple[int, int | memoryview]


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of a graph: ``shape`` holds numbers, and None for dynamic axes."""

    name: str
    is_float: bool
    shape: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """The outside of a model file: metadata, ports, and what it would need besides itself."""

    metadata: dict[str, str]
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    foreign_operators: tuple[str, ...]
    has_external_data: bool


def with_metadata(content: bytes, key: str, text: str) -> bytes:
    """The same model with one entry of its metadata replaced or added; nothing else changes.

    Raises `ModelError` for what is no model.
    """
    try:
        kept = b"".join(
            bytes(whole)
            for number, value, whole in _whole_fields(memoryview(content))
            if number != MODEL_METADATA or _text(dict(_fields(_bytes(value))).get(1)) != key
        )
    except (ValueError, IndexError) as error:
        raise ModelError("This is not an ONNX model, or it is damaged.") from error
    return kept + _field(MODEL_METADATA, _field(1, key.encode()) + _field(2, text.encode()))


def read_onnx_file(path: Path) -> OnnxFile:
    """The outside of a model file. Raises `ModelError` with a sentence."""
    return parse_onnx(read_bounded(path), path.name)


def read_bounded(path: Path) -> bytes:
    """The bytes of a model file, within `MAX_FILE_BYTES`. Raises `ModelError`."""
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise ModelError(f"{path.name} is larger than the {limit} MB that a model may have.")
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ModelError(f"The model {path.name} could not be read: {reason}.") from error


def parse_onnx(content: bytes, file_name: str) -> OnnxFile:
    """The outside of a model from its bytes. Raises `ModelError`."""
    try:
        return _model(memoryview(content))
    except (ValueError, IndexError, RecursionError) as error:
        raise ModelError(f"{file_name} is not an ONNX model, or it is damaged.") from error


def _model(content: memoryview) -> OnnxFile:
    metadata: dict[str, str] = {}
    graph: memoryview | None = None
    functions: list[memoryview] = []
    for number, value in _fields(content):
        if number == MODEL_GRAPH:
            if graph is not None:
                # A reader would merge the two: what is judged here must be all that runs.
                raise ValueError("two graphs")
            graph = _bytes(value)
        elif number == MODEL_METADATA:
            entry = dict(_fields(_bytes(value)))
            metadata[_text(entry.get(1))] = _text(entry.get(2))
        elif number == MODEL_FUNCTIONS:
            functions.append(_bytes(value))
    if graph is None:
        raise ValueError("no graph")
    survey = _Survey({_operator(each) for each in functions})
    survey.graph(graph, 0)
    for function in functions:
        survey.function(function)
    inputs, outputs = _ports(graph)
    return OnnxFile(
        metadata, inputs, outputs, tuple(sorted(survey.foreign)), survey.has_external_data
    )


def _operator(function: memoryview) -> str:
    """The operator that a function inside the file defines, as domain.name."""
    values = dict(_fields(function))
    return f"{_text(values.get(FUNCTION_DOMAIN))}.{_text(values.get(FUNCTION_NAME))}"


class _Survey:
    """Walks all nodes and tensors of a model, into subgraphs and functions too.

    ``foreign`` collects the operators that neither ONNX nor the file itself defines.
    """

    def __init__(self, own: set[str]) -> None:
        self._own = own
        self.foreign: set[str] = set()
        self.has_external_data = False

    def graph(self, content: memoryview, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ValueError("graphs nested too deeply")
        for number, value in _fields(content):
            if number == GRAPH_NODE:
                self._node(_bytes(value), depth)
            elif number == GRAPH_INITIALIZER:
                self._tensor(_bytes(value))
            elif number == GRAPH_SPARSE:
                self._sparse(_bytes(value))

    def function(self, content: memoryview) -> None:
        for number, value in _fields(content):
            if number == FUNCTION_NODE:
                self._node(_bytes(value), 0)

    def _node(self, content: memoryview, depth: int) -> None:
        domain = op_type = ""
        for number, value in _fields(content):
            if number == NODE_OP_TYPE:
                op_type = _text(value)
            elif number == NODE_DOMAIN:
                domain = _text(value)
            elif number == NODE_ATTRIBUTE:
                self._attribute(_bytes(value), depth)
        operator = f"{domain}.{op_type}"
        if domain not in STANDARD_DOMAINS and operator not in self._own:
            self.foreign.add(operator)

    def _attribute(self, content: memoryview, depth: int) -> None:
        for number, value in _fields(content):
            if number in ATTRIBUTE_TENSORS:
                self._tensor(_bytes(value))
            elif number in ATTRIBUTE_GRAPHS:
                self.graph(_bytes(value), depth + 1)

    def _sparse(self, content: memoryview) -> None:
        for number, value in _fields(content):
            if number in (1, 2):
                self._tensor(_bytes(value))

    def _tensor(self, content: memoryview) -> None:
        for number, value in _fields(content):
            if number == TENSOR_EXTERNAL or (number == TENSOR_LOCATION and value == 1):
                self.has_external_data = True


def _ports(graph: memoryview) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Inputs and outputs; an initializer that old files list as an input too is none."""
    inputs: list[Port] = []
    outputs: list[Port] = []
    constants: set[str] = set()
    for number, value in _fields(graph):
        if number == GRAPH_INPUT:
            inputs.append(_port(_bytes(value)))
        elif number == GRAPH_OUTPUT:
            outputs.append(_port(_bytes(value)))
        elif number == GRAPH_INITIALIZER:
            constants.add(_text(dict(_fields(_bytes(value))).get(TENSOR_NAME)))
    return tuple(port for port in inputs if port.name not in constants), tuple(outputs)


def _port(content: memoryview) -> Port:
    """A ValueInfoProto: name 1, type 2 → tensor type 1 → element type 1, shape 2 → dim 1."""
    info = dict(_fields(content))
    kind = dict(_fields(_bytes(info.get(2, memoryview(b"")))))
    tensor = dict(_fields(_bytes(kind.get(1, memoryview(b"")))))
    shape = _bytes(tensor.get(2, memoryview(b"")))
    sizes = tuple(_size(_bytes(value)) for number, value in _fields(shape) if number == 1)
    return Port(_text(info.get(1)), tensor.get(1) == FLOAT, sizes)


def _size(dimension: memoryview) -> int | None:
    """A dimension's number; None where it has a name, or neither."""
    value = dict(_fields(dimension)).get(1)
    return value if isinstance(value, int) else None


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes, as it stands in a message."""
    return _as_varint(number << 3 | BYTES) + _as_varint(len(content)) + content


def _as_varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _fields(content: memoryview) -> Iterator[Field]:
    """The (field number, value) pairs of one message."""
    for number, value, _ in _whole_fields(content):
        yield number, value


def _whole_fields(content: memoryview) -> Iterator[tuple[int, int | memoryview, memoryview]]:
    """Number and value of each field of one message, and the bytes in which both stand."""
    at = 0
    while at < len(content):
        begin = at
        key, at = _varint(content, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(content, at)
            yield number, value, content[begin:at]
            continue
        if wire == BYTES:
            size, at = _varint(content, at)
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
        else:
            raise ValueError("unknown wire type")
        if at + size > len(content):
            raise ValueError("truncated")
        yield number, content[at : at + size], content[begin : at + size]
        at += size


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("number too long")


def _bytes(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise ValueError("a message was expected")
    return value


def _text(value: int | memoryview | None) -> str:
    return "" if value is None else bytes(_bytes(value)).decode("utf-8")
