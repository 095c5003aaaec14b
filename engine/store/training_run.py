"""A training run on disk: its settings, and one JSON line per event.

The same lines go to whoever listens, so a live run and an old one are read by the same code. Events
are ``started``, ``step``, ``epoch``, ``measures``, ``sample``, ``checkpoint``, ``warning``,
``paused``, ``stopped``, ``finished`` and ``failed``; each is an object with ``event`` and, but for
the first, ``step``.
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.files.atomic import write_atomically

Event = dict[str, Any]


class TrainingRun:
    """The folder of one run. Raises `TrainingError` where it cannot be written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mended = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError(
                f"The run's folder {folder} cannot be made: {error.strerror}."
            ) from error

    @property
    def settings_path(self) -> Path:
        """What the run was started with."""
        return self.folder / "settings.json"

    @property
    def events_path(self) -> Path:
        """The JSON lines."""
        return self.folder / "events.jsonl"

    @property
    def checkpoint_path(self) -> Path:
        """Weights and optimiser state, safetensors."""
        return self.folder / "checkpoint.safetensors"

    def save_settings(self, settings: Mapping[str, Any]) -> None:
        """Write the settings whole or not at all. Raises `TrainingError`."""
        with write_atomically(self.settings_path, TrainingError) as beside:
            beside.write_text(json.dumps(settings, indent=1), "utf-8")

    def settings(self) -> dict[str, Any]:
        """The settings. Raises `TrainingError` where there are none."""
        try:
            found = json.loads(self.settings_path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise TrainingError(f"There is no training run in {self.folder}.") from error
        if not isinstance(found, dict):
            raise TrainingError(f"The settings of the run in {self.folder} are damaged.")
        return found

    def append(self, event: Mapping[str, Any]) -> None:
        """Add one event. Raises `TrainingError`, for a full disk say."""
        line = json.dumps(event) + "\n"
        try:
            if not self._mended:
                line = self._end_of_cut_line() + line
            with self.events_path.open("a", encoding="utf-8") as stream:
                stream.write(line)
            self._mended = True
        except OSError as error:
            raise TrainingError(f"The run cannot be written: {error.strerror}.") from error

    def _end_of_cut_line(self) -> str:
        """A line end where a kill left a line without one, or the next event would be lost too."""
        if not self.events_path.exists() or not self.events_path.stat().st_size:
            return ""
        with self.events_path.open("rb") as stream:
            stream.seek(-1, os.SEEK_END)
            return "" if stream.read() == b"\n" else "\n"

    def events(self) -> Iterator[Event]:
        """All whole lines so far; a line that a kill cut short is left out."""
        if not self.events_path.exists():
            return
        with self.events_path.open(encoding="utf-8", errors="replace") as stream:
            for line in stream:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                if isinstance(event, dict):
                    yield event

    def cut_after(self, step: int) -> None:
        """Drop what came after ``step``: a resumed run tells it again. Raises `TrainingError`."""
        with write_atomically(self.events_path, TrainingError) as beside:
            kept = [event for event in self.events() if event.get("step", 0) <= step]
            beside.write_text("".join(json.dumps(event) + "\n" for event in kept), "utf-8")
