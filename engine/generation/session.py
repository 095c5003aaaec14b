"""The adapter of onnxruntime: a graph, what it truly runs on, and runs that can be stopped."""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime_errors

from engine.errors import DeviceError, ModelError
from engine.generation.devices import (
    CPU_PROVIDER,
    CUDA_PROVIDER,
    LOAD_PROBLEM,
    cuda_problem,
)

log = logging.getLogger(__name__)

Device = Literal["auto", "cuda", "cpu"]
FloatArray = npt.NDArray[np.float32]

FATAL_ONLY = 4
MAX_THREADS = 8
CANCEL_POLL_SECONDS = 0.05
# HEURISTIC: the default search costs up to 1.3 s per new shape. TF32 would round differently from
# the processor, so that the two would not agree on the notes.
CUDA_OPTIONS = {"cudnn_conv_algo_search": "HEURISTIC", "use_tf32": "0"}
# Besides its own errors: what C++ throws, and words of its that are no text.
RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    ValueError,
    RuntimeError,
    MemoryError,
    *(
        error
        for error in vars(runtime_errors).values()
        if isinstance(error, type) and issubclass(error, Exception)
    ),
)
# After 64 bars it would keep 80 MB for good. To have it again costs nothing that could be measured.
# Where the processor has no such store, asking for it is an error: so only where it was tried.
GIVE_BACK = {"memory.enable_memory_arena_shrinkage": "cpu:0"} if sys.platform == "linux" else {}
# Its own way back to the processor would be told on stdout, where a program may read JSON.
NO_FALLBACK = {"enable_fallback": 0}


class RunCancelled(Exception):
    """A run was stopped because it was no longer wanted."""


class Session:
    """A graph in memory. ``provider`` is what it really runs on, "CUDA" or "CPU".

    ``device_note`` says why not the graphics card, empty where it is used or was not asked for.
    """

    def __init__(
        self, content: bytes, file_name: str, device: Device = "auto", threads: int | None = None
    ) -> None:
        self._file_name = file_name
        self.device_note = cuda_problem() if device != "cpu" else ""
        if device == "cuda" and self.device_note:
            raise DeviceError(f"The graphics card cannot be used. {self.device_note}")
        with_cuda = device != "cpu" and not self.device_note
        options = session_options(threads)
        on_card = self._on_card(content, options) if with_cuda else None
        self._session = on_card or self._on_processor(content, options)
        self.provider = "CUDA" if CUDA_PROVIDER in self._session.get_providers() else "CPU"
        if with_cuda and self.provider == "CPU":
            self.device_note = LOAD_PROBLEM
            if device == "cuda":
                raise DeviceError(f"The graphics card cannot be used. {LOAD_PROBLEM}")
        self.inputs = frozenset(each.name for each in self._session.get_inputs())
        self.outputs = tuple(each.name for each in self._session.get_outputs())

    def _on_card(
        self, content: bytes, options: onnxruntime.SessionOptions
    ) -> onnxruntime.InferenceSession | None:
        """A session on the graphics card; None, or one without it, where it does not load."""
        # What it would say in red is told by `device_note`.
        onnxruntime.set_default_logger_severity(FATAL_ONLY)
        providers = [(CUDA_PROVIDER, CUDA_OPTIONS), CPU_PROVIDER]
        try:
            return onnxruntime.InferenceSession(
                content, options, providers=providers, **NO_FALLBACK
            )
        except RUNTIME_ERRORS as error:
            log.warning("no session on the graphics card: %s", error)
            return None

    def _on_processor(
        self, content: bytes, options: onnxruntime.SessionOptions
    ) -> onnxruntime.InferenceSession:
        try:
            return onnxruntime.InferenceSession(
                content, options, providers=[CPU_PROVIDER], **NO_FALLBACK
            )
        except RUNTIME_ERRORS as error:
            log.info("onnxruntime refused %s: %s", self._file_name, error)
            raise ModelError(
                f"{self._file_name} is not a model that can be run here: {_first_line(error)}"
            ) from error

    def run(
        self, inputs: Mapping[str, FloatArray], cancelled: Callable[[], bool] | None = None
    ) -> dict[str, FloatArray]:
        """All outputs by name. Raises `RunCancelled`, `ModelError`; lets other threads run."""
        options = onnxruntime.RunOptions()
        for key, value in GIVE_BACK.items():
            options.add_run_config_entry(key, value)
        stopped = threading.Event()
        try:
            with _stopping(options, cancelled, stopped):
                values = self._session.run(list(self.outputs), dict(inputs), options)
        except RUNTIME_ERRORS as error:
            if stopped.is_set():
                raise RunCancelled from error
            log.info("onnxruntime failed in %s: %s", self._file_name, error)
            raise ModelError(
                f"{self._file_name} failed while it ran: {_first_line(error)}"
            ) from error
        return dict(zip(self.outputs, values, strict=True))


def session_options(threads: int | None = None) -> onnxruntime.SessionOptions:
    """Options for a desktop: a few threads that sleep between runs, and no chatter on stderr."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or max(1, min(MAX_THREADS, os.cpu_count() or 1))
    options.inter_op_num_threads = 1
    options.log_severity_level = FATAL_ONLY
    # Threads that spin while they wait would take the processor from the sound.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Weights that are kept in bytes are widened once, at load, and not again in every run.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    return options


@contextlib.contextmanager
def _stopping(
    options: onnxruntime.RunOptions,
    cancelled: Callable[[], bool] | None,
    stopped: threading.Event,
) -> Iterator[None]:
    """Ask ``cancelled`` beside the run, and stop the run in its middle when it says so."""
    if cancelled is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(CANCEL_POLL_SECONDS):
            if cancelled():
                stopped.set()
                options.terminate = True
                return

    watcher = threading.Thread(target=watch, name="cancel watcher")
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def _first_line(error: Exception) -> str:
    """The runtime's own words, without its source paths and codes."""
    line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    text = line.rsplit("] : ", 1)[-1].split(" : ", 2)[-1]
    return text[:200].rstrip(". ") + "."
