"""The real program in a process of its own, worked by keys and mouse as a user works it."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parents[2]
EYES = Path(__file__).with_name("eyes")
PICTURES = ROOT / "build" / "flows"
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.05
SETTLED_SECONDS = 0.7
TOLD = "Told the user: "

Value = TypeVar("Value")


@dataclass(frozen=True)
class Seen:
    """One widget that is visible: its middle on the screen, size, words, what it lies within."""

    kind: str
    name: str
    says: str
    tip: str
    within: tuple[str, ...]
    x: int
    y: int
    wide: int
    high: int
    seen: bool
    checked: bool
    enabled: bool
    focus: bool
    window: str
    window_id: int
    modal: bool
    active: bool


def until(
    look: Callable[[], Value],
    what: str,
    otherwise: Callable[[], object] = lambda: "",
    patience_seconds: float = PATIENCE_SECONDS,
) -> Value:
    """Wait until ``look`` finds something true, and answer it.

    ``what`` names it in a failure, where ``otherwise`` tells what there was instead.
    """
    deadline = time.monotonic() + patience_seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"Waited in vain for {what}. {otherwise()}"
        time.sleep(LOOK_SECONDS)
    return found


class Studio:
    """One start of ``python -m desktop``. What it tells is read from outside: eyes, log, files."""

    def __init__(
        self,
        home: Path,
        folder: Path,
        environment: Mapping[str, str],
        arguments: Sequence[str] = (),
    ) -> None:
        """``home`` is where Tutti keeps everything, ``folder`` stands for the user's own."""
        assert shutil.which("xdotool"), "xdotool is missing: ./tutti test installs it."
        self.home = home
        self._eyes = folder / f"eyes-{time.monotonic_ns()}"
        self._environment = {
            **environment,
            "TUTTI_HOME": str(home),
            "HOME": str(folder),
            "FLOW_EYES": str(self._eyes),
            "PYTHONPATH": str(EYES),
        }
        self._told_before = len(self.told())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "desktop", *arguments],
            cwd=ROOT,
            env=self._environment,
        )
        try:
            until(self._are_open, "the program's eyes")
            self.find("", kind="MainWindow")
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    # Looking

    def log(self) -> str:
        """The program's log, of earlier starts too."""
        path = self.home / "tutti.log"
        return path.read_text() if path.exists() else ""

    def told(self) -> list[str]:
        """What every start told the user, sentence by sentence."""
        return [line.split(TOLD, 1)[1] for line in self.log().splitlines() if TOLD in line]

    def wait_told(self, *words: str) -> str:
        """A sentence of this start that holds these words, once it is said."""

        def find() -> str:
            said = self.told()[self._told_before :]
            return next((each for each in said if all(word in each for word in words)), "")

        return until(find, f"a sentence with {words}", self.told)

    def look(self) -> list[Seen]:
        """All that is visible."""
        assert self.process.poll() is None, f"The studio ended: {self.process.returncode}"
        return [Seen(**{**each, "within": tuple(each["within"])}) for each in self._ask("look")]

    def picture(self, name: str) -> None:
        """Keep a picture of the screen under build/flows."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self._ask(str(PICTURES / f"{name}.png"))

    def _are_open(self) -> bool:
        """Whether the eyes answer; their socket is there a moment before they listen."""
        try:
            self._ask("look")
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def _ask(self, question: str) -> Any:
        with socket.socket(socket.AF_UNIX) as eyes:
            eyes.settimeout(PATIENCE_SECONDS)
            eyes.connect(str(self._eyes))
            with eyes.makefile("rw") as line:
                line.write(question + "\n")
                line.flush()
                return json.loads(line.readline())

    def find(self, says: str, **wanted: Any) -> Seen:
        """The widget that begins with these words, once it is there."""

        def find() -> list[Seen]:
            return [
                each
                for each in self.look()
                if each.seen
                and each.says.startswith(says)
                and all(getattr(each, name) == value for name, value in wanted.items())
            ]

        return until(find, f"“{says}” {wanted or ''} in the window")[0]

    def find_chip(self, says: str) -> Seen:
        """The chip at the top that says exactly this, once it does."""

        def find() -> list[Seen]:
            return [each for each in self.look() if each.kind == "StatusChip" and each.says == says]

        return until(find, f"the chip “{says}”")[0]

    def wait_opened(self, title: str) -> None:
        """Wait until the window is called after this composition."""
        self.find("", kind="MainWindow", window=f"{title} – Tutti")

    def in_take(self, take: str, says: str) -> Seen:
        """A button of a take's card."""

        def find() -> list[Seen]:
            return [e for e in self.look() if e.says == says and take in e.within and e.seen]

        return until(find, f"“{says}” of {take}")[0]

    def wait_until_playing(self) -> None:
        """Wait until the playhead has left the first beat."""

        def moved() -> bool:
            bar_and_beat = re.findall(r"\d+", self.find("", kind="PositionLabel").says)[:2]
            return bar_and_beat != ["1", "1"]

        until(moved, "a playhead that moves")

    # Doing

    def press(self, *keys: str) -> None:
        """Keys as xdotool calls them ("ctrl+g"), to the window on top."""
        self._focus()
        self._xdotool("key", "--clearmodifiers", *keys)

    def click(self, widget: Seen) -> None:
        """Click into the middle of a widget."""
        self._xdotool("mousemove", str(widget.x), str(widget.y), "click", "1")

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the left button at a point of the screen, let go at another."""
        (x, y), (to_x, to_y) = start, end
        self._xdotool("mousemove", str(x), str(y), "mousedown", "1")
        self._xdotool("mousemove", str((x + to_x) // 2), str((y + to_y) // 2))
        self._xdotool("mousemove", str(to_x), str(to_y), "mouseup", "1")

    def click_settled(self, says: str) -> None:
        """Click what begins with these words, once it stands still: others may join its row."""

        def still() -> Seen | None:
            before = self.find(says)
            time.sleep(SETTLED_SECONDS)
            return before if self.find(says) == before else None

        found = until(still, f"“{says}” that stands still")
        assert found is not None
        self.click(found)

    def open(self, path: Path) -> None:
        """Open a MIDI file by its dialog."""
        self.press("ctrl+o")
        self.answer_path("Open a MIDI file", path)

    def answer_path(self, title: str, path: Path) -> None:
        """Type a path into the file dialog of this title, and press Return."""
        until(lambda: self._field(title), f"the dialog “{title}”")
        self._focus()

        def typed() -> bool:
            self._xdotool("key", "ctrl+a")
            self._xdotool("type", "--delay", "4", str(path))
            return bool(until(lambda: self._field(title), title).says == str(path))

        until(typed, f"{path} in the dialog's field")
        self._xdotool("key", "Return")

    def _field(self, title: str) -> Seen | None:
        fields = [e for e in self.look() if e.window == title and e.name == "fileNameEdit"]
        return fields[0] if fields else None

    def _focus(self) -> None:
        """What a window manager does: the window on top has the keys."""

        def focused() -> bool:
            windows = self.look()
            top = next((each for each in windows if each.modal), None) or next(
                each for each in windows if each.kind == "MainWindow"
            )
            if not top.active:
                self._xdotool("windowfocus", str(top.window_id))
            return top.active

        until(focused, "the keys' focus")

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, timeout=60)

    # Ending

    def quit(self) -> None:
        """Quit by its key; it must end cleanly, without a fault in its log."""
        self.press("ctrl+q")
        assert self.process.wait(PATIENCE_SECONDS) == 0
        log = self.log()
        assert "CRITICAL" not in log and "Traceback" not in log, log

    def kill(self) -> None:
        """End at once, as when the power fails."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
