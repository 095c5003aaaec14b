"""pip, told in lines that a person understands."""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from speech import SetUpError, say, tell

QUIET_SECONDS = 15.0
_FETCH = re.compile(r"\s*(?:Downloading|Using cached|Processing) (\S+)(?: \(([\d.]+ [kMG]B)\))?")
_PROGRESS = re.compile(r"\s*Progress (\d+) of (\d+)")
_INSTALLING = "Installing collected packages: "
# What urllib3 says, through pip, of a name or a host that does not answer.
_OFFLINE = re.compile(r"NameResolutionError|NewConnectionError|ConnectTimeoutError|ProxyError")


class Pip:
    """Installs into one environment; everything that pip says is kept in a log beside it."""

    def __init__(self, python: Path, log: Path) -> None:
        self._python = python
        self._log = log
        self._fetched = ""
        self._quarters = 0

    def run(self, arguments: list[str], what: str, quietly: bool = False) -> None:
        """Installs; raises SetUpError with pip's own reason where that fails."""
        command = [str(self._python), "-I", "-m", "pip", "install", "--no-input", "--use-pep517"]
        version = self._bar()
        error, offline = "", False
        with (
            self._log.open("a", encoding="utf-8") as log,
            subprocess.Popen(
                [*command, *version, "--disable-pip-version-check", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # A user's own choice of --user would be refused inside an environment.
                env={**os.environ, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"},
                encoding="utf-8",
                errors="replace",
            ) as process,
        ):
            for line in _lines(process):
                log.write(line)
                if not quietly:
                    self._tell(line)
                offline = offline or bool(_OFFLINE.search(line))
                if line.startswith("ERROR:"):
                    error = error or line.removeprefix("ERROR:").strip()
        if process.returncode:
            reason = "there is no network" if offline else error or "pip gave no reason"
            raise SetUpError(
                f"{what} could not be installed ({reason}); once that is mended (a network, disk "
                f"space?), ./tutti goes on from here. pip's own words are in {self._log}.",
                reason,
            )

    def _bar(self) -> list[str]:
        """Progress in plain lines, as far as this pip has it."""
        asked = subprocess.run(
            [str(self._python), "-I", "-c", "import pip; print(pip.__version__)"],
            capture_output=True,
            text=True,
        )
        new = tuple(int(part) for part in re.findall(r"\d+", asked.stdout)[:2]) >= (24, 1)
        return ["--progress-bar", "raw" if new else "off"]

    def _tell(self, line: str) -> None:
        if fetch := _FETCH.match(line):
            self._fetched, self._quarters = _package(fetch[1]), 0
            tell("fetch", name=self._fetched, done=0, bytes=_bytes(fetch[2]))
            if fetch[2]:
                say(f"{self._fetched}, {fetch[2]}")
            elif line.lstrip().startswith("Processing"):
                say(f"{self._fetched}, from this computer")
        elif progress := _PROGRESS.match(line):
            tell("fetch", name=self._fetched, done=int(progress[1]), bytes=int(progress[2]))
            self._tell_progress(int(progress[1]), int(progress[2]))
        elif line.startswith(_INSTALLING):
            tell("place", packages=len(line.split(",")))
            say(f"Putting the packages in place ({len(line.split(','))}).")

    def _tell_progress(self, done: int, size: int) -> None:
        """Large packages only, at each tenth."""
        tenth = done * 10 // max(size, 1)
        if size > 50_000_000 and self._quarters < tenth < 10:
            self._quarters = tenth
            say(f"    {self._fetched}: {done / 1e6:.0f} of {size / 1e6:.0f} MB")


def reason_in(words: str) -> str:
    """Why pip failed, out of all that it said; empty where it gave no reason."""
    if _OFFLINE.search(words):
        return "There is no network, or the place that packages come from does not answer."
    errors = [line for line in words.splitlines() if line.startswith("ERROR:")]
    return errors[0].removeprefix("ERROR:").strip() if errors else ""


def _bytes(told: str | None) -> int:
    """``532.2 MB`` as a number; 0 where nothing was told."""
    if not told:
        return 0
    number, unit = told.split()
    return round(float(number) * {"kB": 1e3, "MB": 1e6, "GB": 1e9}[unit])


def forget_half_installed(site_packages: Path) -> None:
    """Makes pip install again what it was copying when it was killed.

    pip writes INSTALLER after a package's files: a package that lacks it is not whole.
    """
    for described in site_packages.glob("*.dist-info"):
        if not (described / "INSTALLER").exists():
            shutil.rmtree(described)


def _package(address: str) -> str:
    """``numpy 2.4.6`` out of an address or a file name."""
    name, version = [*address.replace("\\", "/").rsplit("/", 1)[-1].split("-"), ""][:2]
    return f"{name} {version.removesuffix('.tar.gz')}".strip()


def _lines(process: "subprocess.Popen[str]") -> Iterator[str]:
    """The lines of a process as they come; says that it is still at work where none comes."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    began = time.monotonic()
    while True:
        try:
            line = lines.get(timeout=QUIET_SECONDS)
        except queue.Empty:
            say(f"… still at it ({time.monotonic() - began:.0f} s)")
            continue
        if line is None:
            return
        yield line


def _read(process: "subprocess.Popen[str]", lines: "queue.SimpleQueue[str | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
    sys.stderr.flush()
