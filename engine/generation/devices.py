"""What a model can run on here, and why not on the graphics card.

The driver is asked before the runtime is: onnxruntime-gpu lists CUDA as available on machines
without an NVIDIA card too, and then complains in red on loading.
"""

import contextlib
import ctypes
import functools
import io
import logging
import platform
import sys
from dataclasses import dataclass

import onnxruntime

log = logging.getLogger(__name__)

CUDA_PROVIDER = "CUDAExecutionProvider"
CPU_PROVIDER = "CPUExecutionProvider"
DRIVER_LIBRARIES = {"win32": "nvcuda.dll", "linux": "libcuda.so.1"}
NAME_BYTES = 256
LOAD_PROBLEM = (
    "The CUDA libraries that onnxruntime needs could not be loaded; set Tutti up again on this "
    "machine to get them."
)


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """One device: ``problem`` is empty where models run on it, else the reason in a sentence."""

    kind: str
    description: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CudaCard:
    """The first graphics card: its ``name``, or the ``problem`` in a sentence."""

    name: str = ""
    problem: str = ""


@functools.cache
def cuda_card() -> CudaCard:
    """The NVIDIA card that the driver offers. Asked once in a process."""
    library = DRIVER_LIBRARIES.get(sys.platform)
    if library is None:
        return CudaCard(problem="CUDA needs an NVIDIA graphics card, which this system cannot use.")
    try:
        driver = ctypes.CDLL(library)
    except OSError:
        return CudaCard(problem="No NVIDIA driver is installed.")
    code = int(driver.cuInit(0))
    count = ctypes.c_int()
    if code != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0 or count.value == 0:
        return CudaCard(problem=f"The NVIDIA driver offers no graphics card (code {code}).")
    name = ctypes.create_string_buffer(NAME_BYTES)
    driver.cuDeviceGetName(name, NAME_BYTES, 0)
    return CudaCard(name=name.value.decode("utf-8", "replace"))


@functools.cache
def cuda_problem() -> str:
    """Why CUDA cannot even be tried, empty if it can; makes its libraries loadable."""
    card = cuda_card()
    if card.problem:
        return card.problem
    if CUDA_PROVIDER not in onnxruntime.get_available_providers():
        return "The installed onnxruntime was made without CUDA; set Tutti up again to get it."
    # preload_dlls prints what it cannot find on stdout, where a program may be reading JSON.
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        onnxruntime.preload_dlls()
    if said.getvalue():
        log.info("onnxruntime.preload_dlls: %s", said.getvalue().strip())
    return ""


def processor_name() -> str:
    """The processor, as far as the system tells."""
    return platform.processor() or platform.machine() or "unknown"
