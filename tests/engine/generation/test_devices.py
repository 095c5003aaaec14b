"""What a model runs on is said as it is, and why not the graphics card."""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

import onnxruntime
import pytest

from engine.errors import DeviceError
from engine.generation import devices, session
from engine.generation.devices import cuda_card, cuda_problem
from engine.generation.generator import Generator
from engine.generation.probe import device_reports
from engine.generation.session import Session, session_options
from tests.tiny_models import write_tiny_model


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    cuda_card.cache_clear()
    cuda_problem.cache_clear()
    yield
    cuda_card.cache_clear()
    cuda_problem.cache_clear()


@pytest.fixture
def no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)


class Driver:
    """Stands for libcuda with so many cards."""

    def __init__(self, code: int, cards: int) -> None:
        self._code, self._cards = code, cards

    def cuInit(self, _flags: int) -> int:
        return self._code

    def cuDeviceGetCount(self, count: object) -> int:
        count._obj.value = self._cards  # type: ignore[attr-defined]
        return 0

    def cuDeviceGetName(self, name: ctypes.Array[ctypes.c_char], _size: int, _card: int) -> int:
        name.value = b"RTX 4070"
        return 0


def test_without_a_driver_the_processor_is_used_and_the_reason_said(
    tmp_path: Path, no_driver: None
) -> None:
    path = write_tiny_model(tmp_path / "a.onnx")
    generator = Generator.load(path)
    assert generator.provider == "CPU"
    assert "driver" in generator.device_note
    assert Generator.load(path, "cpu").device_note == ""


def test_a_card_that_was_asked_for_and_is_not_there_is_an_error(
    tmp_path: Path, no_driver: None
) -> None:
    with pytest.raises(DeviceError, match="No NVIDIA driver"):
        Generator.load(write_tiny_model(tmp_path / "a.onnx"), "cuda")


@pytest.mark.parametrize(("code", "cards"), [(100, 0), (0, 0), (999, 1)])
def test_a_driver_without_a_card_is_said(
    monkeypatch: pytest.MonkeyPatch, code: int, cards: int
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(code, cards))
    monkeypatch.setattr(sys, "platform", "linux")
    assert f"no graphics card (code {code})" in cuda_card().problem


def test_a_card_is_known_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(0, 1))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cuda_card().name == "RTX 4070"


def test_a_runtime_without_cuda_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(0, 1))
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    assert "without CUDA" in cuda_problem()


def test_what_the_runtime_prints_while_loading_stays_off_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Driver(0, 1))
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider"])
    monkeypatch.setattr(
        onnxruntime, "preload_dlls", lambda: print("Failed to load libcudnn"), raising=False
    )
    assert cuda_problem() == ""
    assert capsys.readouterr().out == ""


def test_a_card_whose_libraries_do_not_load_is_said_and_not_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As on a machine whose driver is there and whose CUDA libraries are not."""
    monkeypatch.setattr(session, "cuda_problem", lambda: "")
    monkeypatch.setattr(session, "CUDA_OPTIONS", {"device_id": "99"})
    path = write_tiny_model(tmp_path / "a.onnx")
    generator = Generator.load(path)
    assert generator.provider == "CPU"
    assert generator.device_note == devices.LOAD_PROBLEM
    with pytest.raises(DeviceError, match="could not be loaded"):
        Generator.load(path, "cuda")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


def test_the_report_names_every_device_and_tries_the_card(no_driver: None) -> None:
    card, processor = device_reports()
    assert (card.kind, processor.kind) == ("cuda", "cpu")
    assert "No NVIDIA driver" in card.problem
    assert processor.problem == ""
    assert processor.description


def test_the_probe_is_a_graph_that_runs() -> None:
    from engine.generation.probe import IDENTITY_MODEL

    assert Session(IDENTITY_MODEL, "probe", "cpu").provider == "CPU"


def test_threads_are_few_and_sleep_between_runs() -> None:
    options = session_options()
    assert 1 <= options.intra_op_num_threads <= 8
    assert options.inter_op_num_threads == 1
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"
