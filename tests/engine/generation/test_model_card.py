"""A model's file is read without running it, and what is wrong with it is said."""

import json
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import TensorProto, helper

from engine.errors import ModelError
from engine.generation import onnx_file
from engine.generation.contract import check_contract
from engine.generation.generator import Generator
from engine.generation.model_card import card_json, parse_card, read_card
from engine.generation.onnx_file import read_onnx_file
from tests.tiny_models import DRUMS, TRACKS, write_tiny_model

LEAST = {"name": "Least", "tracks": [{"name": "Bass"}], "step_multiple": 16, "noise_size": 4}


def test_a_card_comes_back_as_it_was_written(tmp_path: Path) -> None:
    card = read_card(write_tiny_model(tmp_path / "a.onnx", tracks=(*TRACKS, DRUMS), max_steps=64))
    assert card.track_names == ("Bass", "Chords", "Strings", "Drums")
    assert card.tracks[3].is_drum
    assert (card.max_steps, card.threshold, card.meters) == (64, 0.5, ("4/4", "3/4", "6/8"))
    assert parse_card(card_json(card)) == card


def test_a_card_may_leave_out_what_running_does_not_need() -> None:
    card = parse_card(json.dumps(LEAST))
    assert (card.steps_per_beat, card.pitch_low, card.pitches) == (4, 0, 128)
    assert (card.max_steps, card.passes, card.decoding) == (None, 1, "threshold")
    assert card.tracks[0].pitch_high == 127


@pytest.mark.parametrize("written", [0.4, {"threshold": 0.4}])
def test_a_number_as_decoding_is_the_threshold(written: Any) -> None:
    card = parse_card(json.dumps({**LEAST, "decoding": written}))
    assert (card.decoding, card.threshold) == ("threshold", 0.4)
    assert parse_card(card_json(card)) == card


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"tracks": []}, "tracks"),
        ({"tracks": ["Bass"]}, "tracks"),
        ({"tracks": [{"name": "A"}, {"name": "A"}]}, "same name"),
        ({"tracks": [{"name": "A", "program": 128}]}, "program"),
        ({"tracks": [{"name": "A", "pitch_low": 60, "pitch_high": 50}]}, "range"),
        ({"step_multiple": 0}, "step_multiple"),
        ({"step_multiple": 10**9}, "step_multiple"),
        ({"noise_size": 10**12}, "noise_size"),
        ({"pitches": 10**9}, "pitches"),
        ({"passes": 10**9}, "passes"),
        ({"max_steps": 10**30}, "max_steps"),
        ({"tracks": [{"name": str(each)} for each in range(10_000)]}, "1 to 64 tracks"),
        ({"step_multiple": "16"}, "step_multiple"),
        ({"noise_size": True}, "noise_size"),
        ({"max_steps": 8}, "max_steps"),
        ({"pitch_low": 60}, "127"),
        ({"decoding": 7}, "decoding"),
        ({"meters": [4]}, "meters"),
        ({"meters": "4/4"}, "meters"),
        ({"training": []}, "training"),
        ({"tags": [1]}, "tags"),
    ],
)
def test_a_card_that_cannot_be_used_names_the_field(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(ModelError, match=word):
        parse_card(json.dumps({**LEAST, **changes}))


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '"card"', "[" * 100_000])
def test_a_card_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="JSON"):
        parse_card(text)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"with_card": False}, "no Tutti card"),
        ({"card_text": "{"}, "not JSON"),
        ({"card_changes": {"noise_size": 5}}, "noise.* has 8 noise_size where the card says 5"),
        ({"graph_noise": 3}, "disagree"),
        ({"graph_tracks": 2}, "accompaniment.* has 4 track planes where the card says 6"),
        ({"card_changes": {"pitches": 88}}, "melody.* has 128 pitches where the card says 88"),
        ({"pitches": 88, "pitch_low": 21, "card_changes": {"pitches": 87}}, "88 pitches"),
        ({"graph_tracks": 4, "velocity": True}, "disagree"),
        ({"fixed_steps": 32}, "fixes its steps at 32"),
        ({"extra_input": "lyrics"}, "lyrics"),
        ({"operator_domain": "com.example"}, "com.example.Identity"),
        ({"card_changes": {"decoding": "telepathy"}}, "telepathy"),
        ({"card_changes": {"passes": 3}}, "3 passes"),
    ],
)
def test_a_file_that_breaks_the_contract_is_refused_with_what_is_wrong(
    tmp_path: Path, options: dict[str, Any], words: str
) -> None:
    path = write_tiny_model(tmp_path / "bad.onnx", **options)
    with pytest.raises(ModelError, match=words) as refused:
        Generator.load(path, "cpu")
    assert "bad.onnx" in str(refused.value)


def test_known_without_keep_is_refused(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "a.onnx", known=True)
    model = onnx.load(str(path))
    kept = [each for each in model.graph.input if each.name != "keep"]
    del model.graph.input[:]
    model.graph.input.extend(kept)
    onnx.save(model, str(path))
    with pytest.raises(ModelError, match="go together"):
        Generator.load(path, "cpu")


def test_a_graph_without_melody_or_with_other_types_is_refused(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "a.onnx")
    model = onnx.load(str(path))
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.DOUBLE
    onnx.save(model, str(path))
    with pytest.raises(ModelError, match="32-bit"):
        Generator.load(path, "cpu")
    model.graph.input[0].name = "tune"
    onnx.save(model, str(path))
    with pytest.raises(ModelError, match=r"melody.* missing"):
        Generator.load(path, "cpu")


def test_a_graph_that_hides_another_is_refused(tmp_path: Path) -> None:
    clean = write_tiny_model(tmp_path / "clean.onnx").read_bytes()
    foreign = write_tiny_model(tmp_path / "a.onnx", operator_domain="com.example").read_bytes()
    # Readers of protocol buffers merge what stands one after the other.
    path = tmp_path / "both.onnx"
    path.write_bytes(foreign + clean)
    with pytest.raises(ModelError, match="not an ONNX model"):
        Generator.load(path, "cpu")


@pytest.mark.parametrize("meter", ["abc/def", "0/4", "4/0", "4/3", "-3/4", "4/4/4", "100/4", "4"])
def test_a_meter_that_there_is_not_is_refused(tmp_path: Path, meter: str) -> None:
    path = write_tiny_model(tmp_path / "a.onnx", meters=[meter])
    with pytest.raises(ModelError, match='"meters" must be a list'):
        read_card(path)


@pytest.mark.parametrize("depth", [40, 900, 100_000])
def test_a_card_nested_too_deeply_is_refused(tmp_path: Path, depth: int) -> None:
    whole = card_json(read_card(write_tiny_model(tmp_path / "a.onnx")))
    nested = f'"measures": {{"a": {"[" * depth}{"]" * depth}}}'
    text = whole.replace('"measures": {}', nested)
    assert text != whole
    with pytest.raises(ModelError, match=r"nested too deeply|is not JSON"):
        read_card(write_tiny_model(tmp_path / "b.onnx", card_text=text))


def test_numbers_that_json_does_not_have_are_read_as_nothing(tmp_path: Path) -> None:
    changes = {"measures": {"fit": float("nan"), "loss": float("inf")}}
    card = read_card(write_tiny_model(tmp_path / "a.onnx", card_changes=changes))
    assert card.measures == {"fit": None, "loss": None}


@pytest.mark.parametrize("nested", [False, True])
def test_a_model_in_several_files_is_refused(tmp_path: Path, nested: bool) -> None:
    path = write_tiny_model(tmp_path / "a.onnx")
    model = onnx.load(str(path))
    tensor = helper.make_tensor("outside", TensorProto.FLOAT, [1], [0.0])
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    if nested:
        constant = helper.make_node("Constant", [], ["outside"])
        constant.attribute.add(name="value", type=onnx.AttributeProto.TENSOR).t.CopyFrom(tensor)
        body = helper.make_graph([constant], "body", [], [])
        holder = helper.make_node("If", ["melody"], [], then_branch=body, else_branch=body)
        model.graph.node.append(holder)
    else:
        model.graph.initializer.append(tensor)
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError, match="other files"):
        Generator.load(path, "cpu")


@pytest.mark.parametrize("content", [b"", b"MThd", b"\x00" * 64, b"\xff" * 64, b"\x3a\xff\xff\x7f"])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "text.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"text\.onnx"):
        Generator.load(path, "cpu")


def test_a_truncated_model_is_refused(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "cut.onnx")
    content = path.read_bytes()
    for size in range(0, len(content), len(content) // 40):
        path.write_bytes(content[:size])
        with pytest.raises(ModelError):
            Generator.load(path, "cpu")


def test_names_that_are_no_text_are_refused_and_leave_stdout_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_tiny_model(tmp_path / "a.onnx")
    path.write_bytes(path.read_bytes().replace(b"\x05noise", b"\x05nois\xae", 1))
    with pytest.raises(ModelError, match=r"a\.onnx is not a model that can be run here"):
        Generator.load(path, "cpu")
    assert capfd.readouterr().out == ""


def test_files_that_are_missing_or_too_large_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match="could not be read"):
        read_onnx_file(tmp_path / "none.onnx")
    with pytest.raises(ModelError, match="could not be read"):
        read_onnx_file(tmp_path)
    path = write_tiny_model(tmp_path / "a.onnx")
    monkeypatch.setattr(onnx_file, "MAX_FILE_BYTES", 100)
    with pytest.raises(ModelError, match="larger"):
        read_onnx_file(path)


def test_functions_inside_the_file_are_no_foreign_operators(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "a.onnx", operator_domain="com.example")
    model = onnx.load(str(path))
    body = helper.make_node("Abs", ["x"], ["y"])
    function = helper.make_function(
        "com.example", "Identity", ["x"], ["y"], [body], [helper.make_opsetid("", 17)]
    )
    model.functions.append(function)
    onnx.save(model, str(path))
    assert read_onnx_file(path).foreign_operators == ()
    Generator.load(path, "cpu").warm()


def test_the_reader_sees_what_the_onnx_library_sees(tmp_path: Path) -> None:
    path = write_tiny_model(tmp_path / "a.onnx", known=True, velocity=True)
    file, model = read_onnx_file(path), onnx.load(str(path))
    assert [port.name for port in file.inputs] == [each.name for each in model.graph.input]
    assert [port.name for port in file.outputs] == [each.name for each in model.graph.output]
    assert file.metadata == {each.key: each.value for each in model.metadata_props}
    assert file.inputs[0].shape == (None, 2, None, 128)
    check_contract(read_card(path), file, path.name)
