"""Tutti's own Python environment: `.venv` in the checkout, with what pyproject.toml pins.

A stamp in it says what it was made from and is written last: while nothing changed, a start
costs reading two files. A set-up that was cut short leaves no stamp and goes on the next time.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pip_run
import system_needs
from speech import SetUpError, head, say

FORMAT = 1
# The first pip that tells its progress in lines a program can read is 24.1.
PIP = "pip==26.3"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the environment holds: made from which files, with which extras, checked for what."""

    fingerprint: str = ""
    extras: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()


def python_of(root: Path) -> Path:
    """The environment's Python, whether it is there or not."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def read_stamp(root: Path) -> Stamp:
    """The stamp as it stands; an empty one where there is none, or none that fits."""
    try:
        fields = json.loads(_stamp_path(root).read_text("utf-8"))
        stamp = Stamp(fields["fingerprint"], tuple(fields["extras"]), tuple(fields["occasions"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Stamp()
    return stamp if python_of(root).exists() else Stamp()


def provide(root: Path, stamp: Stamp, extras: Iterable[str]) -> Stamp:
    """Sets up what is missing of the environment; raises SetUpError with what to do."""
    wanted = fingerprint(root)
    if stamp.fingerprint == wanted and set(extras) <= set(stamp.extras):
        return stamp
    with _alone(root):
        every = tuple(sorted({*extras, *stamp.extras}))
        _make_environment(root)
        _install(root, every)
        # The flat layout needs no build: the checkout is on the environment's path.
        (_site_packages(root) / "tutti.pth").write_text(f"{root}\n", "utf-8")
        return _write_stamp(root, Stamp(wanted, every, stamp.occasions))


def note_occasion(root: Path, stamp: Stamp, occasion: str) -> None:
    """Remembers that the system has all that an occasion needs, so that it is not asked again."""
    _write_stamp(root, replace(stamp, occasions=(*stamp.occasions, occasion)))


def fingerprint(root: Path) -> str:
    """What an environment depends on, as one hash."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "packaging/constraints.txt"):
        digest.update((root / name).read_bytes())
    machine = (FORMAT, str(root), sys.version_info[:2], sys.platform, platform.machine())
    digest.update(repr((*machine, has_nvidia_gpu())).encode())
    return digest.hexdigest()


def has_nvidia_gpu() -> bool:
    """Whether NVIDIA's driver is there; its library comes with no other package."""
    if platform.system() == "Darwin":
        return False
    try:
        ctypes.CDLL("nvcuda.dll" if os.name == "nt" else "libcuda.so.1")
    except OSError:
        return False
    return True


def extras_here() -> tuple[str, ...]:
    """What this very machine needs besides."""
    return ("cuda",) if has_nvidia_gpu() else ()


def requirements(root: Path, extras: Iterable[str]) -> list[str]:
    """The pinned requirements of pyproject.toml, with those of the extras."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    optional: dict[str, list[str]] = project["optional-dependencies"]
    return [*project["dependencies"], *(line for extra in extras for line in optional[extra])]


def _stamp_path(root: Path) -> Path:
    return root / ".venv" / "tutti.json"


def _write_stamp(root: Path, stamp: Stamp) -> Stamp:
    path = _stamp_path(root)
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(asdict(stamp)), "utf-8")
    beside.replace(path)
    return stamp


def _site_packages(root: Path) -> Path:
    if os.name == "nt":
        return root / ".venv" / "Lib" / "site-packages"
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return root / ".venv" / "lib" / name / "site-packages"


def _make_environment(root: Path) -> None:
    """A `.venv` with a pip that works; one that does not is made anew."""
    if _works(root):
        head(f"Bringing Tutti's packages in {root / '.venv'} up to date.")
        return
    system_needs.provide_venv()
    head(
        f"Setting up Tutti with Python {platform.python_version()} in {root / '.venv'}: once, "
        "about 0.4 GB to fetch."
    )
    base = getattr(sys, "_base_executable", None) or sys.executable
    made = subprocess.run(
        [base, "-m", "venv", "--clear", str(root / ".venv")], capture_output=True, text=True
    )
    if made.returncode:
        reason = (made.stderr or made.stdout).strip().splitlines()[-1:] or ["no reason given"]
        raise SetUpError(f"the Python environment could not be made in {root}: {reason[0]}")


def _works(root: Path) -> bool:
    """Whether the environment is of this very Python version and has a pip that starts."""
    ask = "import pip, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python_of(root), "-I", "-c", ask], capture_output=True, text=True)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.split() == [
        str(part) for part in sys.version_info[:2]
    ]


def _install(root: Path, extras: tuple[str, ...]) -> None:
    site = _site_packages(root)
    pip_run.forget_half_installed(site)
    install = pip_run.Pip(python_of(root), root / ".venv" / "set-up.log")
    with contextlib.suppress(SetUpError):  # an older pip does all the same, with fewer words
        install.run([PIP], "pip itself", quietly=True)
    if has_nvidia_gpu():
        say("An NVIDIA GPU is here: its libraries for generation come too (about 1 GB).")
    extras = (*extras, *extras_here())
    if "train" in extras and not (site / "torch").exists():
        say("Training needs PyTorch: 0.2 GB as the build for CPUs, about 3 GB with CUDA.")
    constraints = ["--constraint", str(root / "packaging" / "constraints.txt")]
    wanted = requirements(root, extras)
    if wanted:  # pip refuses to install nothing
        install.run([*constraints, *wanted], "the Python packages")
    say("Everything is in place.")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Waits while another set-up of this checkout is running."""
    try:
        lock = (root / ".venv.lock").open("w")
    except OSError as error:
        raise SetUpError(
            f"its folder {root} cannot be written to ({error.strerror}); put Tutti where you may "
            "write and start it again."
        ) from error
    with lock:
        if os.name != "nt":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another set-up is running here; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield
