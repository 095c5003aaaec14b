"""What Tutti needs of the system itself: found by trying, installed by apt or Homebrew.

Windows has neither; there everything but FluidSynth comes with the Python packages.
"""

import ctypes
import ctypes.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from speech import SetUpError, head, say


class Need(NamedTuple):
    """One thing of the system. ``apt`` are its names from the newest release to the oldest."""

    what: str  # as a person calls it
    name: str  # as the system does
    is_there: Callable[[], bool]
    apt: tuple[str, ...]
    brew: str | None = None
    # Without the others the window still opens, and says what is missing.
    essential: bool = True


def provide(occasion: str) -> bool:
    """Installs what an occasion (``studio``, ``test``) lacks; True when everything is there.

    Raises SetUpError where something that it cannot do without is missing and stays so.
    """
    needs = needs_of(occasion)
    missing = [need for need in needs if not need.is_there()]
    if not missing:
        return True
    head(f"Tutti needs from the system: {_spoken(missing)}.")
    problem = _install(missing)
    left = [need for need in missing if not need.is_there()]
    if not left:
        return True
    names = " ".join(need.name for need in left)
    if any(need.essential for need in left) or occasion == "test":
        raise SetUpError(f"{_spoken(left)} ({names}) could not be had; {problem}.")
    say(f"Going on without {_spoken(left)} ({names}); {problem}.")
    return False


def provide_venv() -> None:
    """Debian and Ubuntu ship Python without the part that makes environments."""
    if _has_ensurepip():
        return
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    need = Need("Python's venv", name, _has_ensurepip, (name, "python3-venv"))
    problem = _install([need])
    if not need.is_there():
        raise SetUpError(f"Python's venv module could not be had; {problem}.")


def needs_of(occasion: str) -> tuple[Need, ...]:
    """The needs of an occasion on this system."""
    system = platform.system()
    if system == "Linux":
        return (*STUDIO, *TEST) if occasion == "test" else STUDIO
    if system == "Darwin":
        return (MAC_FLUIDSYNTH,)
    return (WINDOWS_FLUIDSYNTH,)


def _spoken(needs: Sequence[Need]) -> str:
    return ", ".join(dict.fromkeys(need.what for need in needs))


def _library(
    soname: str, *apt: str, what: str = "Qt's system libraries", essential: bool = True
) -> Need:
    def is_there() -> bool:
        try:
            ctypes.CDLL(soname)
        except OSError:
            return False
        return True

    return Need(what, soname, is_there, apt, essential=essential)


def _program(name: str, *apt: str) -> Need:
    return Need(name, name, lambda: shutil.which(name) is not None, apt)


def _has_fonts() -> bool:
    folders = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
    return any(
        name.lower().endswith((".ttf", ".otf", ".ttc"))
        for folder in folders
        for _, _, names in os.walk(Path(folder).expanduser())
        for name in names
    )


def _has_ensurepip() -> bool:
    # A new process: an import that failed once is remembered in this one.
    tried = subprocess.run(
        [getattr(sys, "_base_executable", None) or sys.executable, "-c", "import ensurepip, venv"],
        capture_output=True,
    )
    return tried.returncode == 0


def _has_mac_fluidsynth() -> bool:
    places = (os.environ.get("HOMEBREW_PREFIX", "/opt/homebrew"), "/usr/local", "/opt/local")
    return any(Path(place, "lib", "libfluidsynth.dylib").exists() for place in places)


def _has_windows_fluidsynth() -> bool:
    chocolatey = Path("C:/tools/fluidsynth/bin")
    names = ("fluidsynth", "libfluidsynth", "libfluidsynth-3", "libfluidsynth-2")
    return chocolatey.exists() or any(ctypes.util.find_library(name) for name in names)


STUDIO = (
    _library("libfluidsynth.so.3", "libfluidsynth3", what="FluidSynth", essential=False),
    _library("libasound.so.2", "libasound2t64", "libasound2", what="ALSA"),
    _library("libjack.so.0", "libjack-jackd2-0", "libjack0", what="JACK", essential=False),
    # What Qt's window plug-ins for X11 and Wayland are linked with.
    _library("libEGL.so.1", "libegl1"),
    _library("libGL.so.1", "libgl1"),
    _library("libglib-2.0.so.0", "libglib2.0-0t64", "libglib2.0-0"),
    _library("libdbus-1.so.3", "libdbus-1-3"),
    _library("libfontconfig.so.1", "libfontconfig1"),
    _library("libX11-xcb.so.1", "libx11-xcb1"),
    _library("libxkbcommon.so.0", "libxkbcommon0"),
    _library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    _library("libwayland-client.so.0", "libwayland-client0"),
    _library("libwayland-cursor.so.0", "libwayland-cursor0"),
    _library("libxcb-cursor.so.0", "libxcb-cursor0"),
    _library("libxcb-icccm.so.4", "libxcb-icccm4"),
    _library("libxcb-image.so.0", "libxcb-image0"),
    _library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    _library("libxcb-randr.so.0", "libxcb-randr0"),
    _library("libxcb-render.so.0", "libxcb-render0"),
    _library("libxcb-render-util.so.0", "libxcb-render-util0"),
    _library("libxcb-shape.so.0", "libxcb-shape0"),
    _library("libxcb-shm.so.0", "libxcb-shm0"),
    _library("libxcb-sync.so.1", "libxcb-sync1"),
    _library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    _library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Need("a font", "fonts", _has_fonts, ("fonts-dejavu-core",)),
)
MAC_FLUIDSYNTH = Need(
    "FluidSynth", "libfluidsynth.dylib", _has_mac_fluidsynth, (), "fluid-synth", essential=False
)
WINDOWS_FLUIDSYNTH = Need(
    "FluidSynth", "fluidsynth.dll", _has_windows_fluidsynth, (), essential=False
)
TEST = (
    # A sound server without a sound card, a screen without a monitor, a hand for the mouse.
    _program("jackd", "jackd2"),
    _program("Xvfb", "xvfb"),
    _program("xdotool", "xdotool"),
)


def _install(missing: Sequence[Need]) -> str:
    """Tries to; the sentence part that says what to do where that fails."""
    if shutil.which("apt-get"):
        return _install_by_apt(missing)
    if platform.system() == "Darwin":
        return _install_by_brew([need.brew for need in missing if need.brew])
    if platform.system() == "Windows":
        return (
            "FluidSynth for Windows is a folder to unpack; put its bin folder on the PATH, or "
            r"unpack it as C:\tools\fluidsynth"
        )
    return "please install it with this system's own package program"


def _install_by_apt(missing: Sequence[Need]) -> str:
    names = [_known_to_apt(need.apt) for need in missing]
    if None in names:  # lists that are old, or were never fetched
        _as_root(["apt-get", "update", "-q"], "fetching the list of packages")
        names = [_known_to_apt(need.apt) for need in missing]
    packages = sorted({name for name in names if name})
    if not packages:
        return "apt knows none of it"
    install = [
        *("apt-get", "install", "-y", "-q", "--no-install-recommends"),
        *("-o", "DPkg::Lock::Timeout=120", *packages),
    ]
    if _as_root(install, f"installing {' '.join(packages)}"):
        return "it is still not found after apt-get install " + " ".join(packages)
    if _as_root(["apt-get", "update", "-q"], "fetching a new list of packages") and _as_root(
        install, "installing again"
    ):
        return "it is still not found after apt-get install " + " ".join(packages)
    return "please run: sudo apt-get install " + " ".join(packages)


def _known_to_apt(names: Sequence[str]) -> str | None:
    """The first name that apt could install; libasound2 is libasound2t64 in newer releases."""
    for name in names:
        shown = subprocess.run(
            ["apt-cache", "policy", name],
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
        )
        if "Candidate:" in shown.stdout and "Candidate: (none)" not in shown.stdout:
            return name
    return None


def _as_root(command: list[str], what: str) -> bool:
    """Runs a command as root, by sudo where we are not; True when it worked.

    No package may ask a question (jackd2 would), so debconf is told to take its defaults.
    """
    command = ["env", "DEBIAN_FRONTEND=noninteractive", *command]
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return False
        patient = [] if sys.stdin and sys.stdin.isatty() else ["-n"]
        command = ["sudo", *patient, *command]
    say(f"{what}{' (sudo may ask for your password)' if command[0] == 'sudo' else ''} …")
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        for line in done.stderr.strip().splitlines()[-2:]:
            say(line)
    return done.returncode == 0


def _install_by_brew(names: Sequence[str]) -> str:
    command = f"brew install {' '.join(names)}"
    if not shutil.which("brew"):
        return f"please install Homebrew, then run: {command}"
    say(f"{command} …")
    if subprocess.run(["brew", "install", *names], stdout=subprocess.DEVNULL).returncode:
        return f"please run: {command}"
    return f"it is still not found after {command}"
