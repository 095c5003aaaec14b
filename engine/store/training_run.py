"""A training run on disk: its settings, and one JSON line per event.

A run is a folder:

- ``settings.json``: what it was started with;
- ``events.jsonl``: one JSON object a line, the same as the trainer says on stdout;
- ``checkpoint.safetensors`` and ``checkpoint-before.safetensors``: all that is needed to go on
  exactly, the last two of them;
- ``samples/epoch-0005.json``: a held-out melody with what the network answers (`store.codec`);
- ``snapshots/epoch-0005.safetensors``: the generator's weights alone, as they are exported;
- ``tensorboard/``: the same curves as TensorBoard reads them;
- ``trainer.lock`` and ``trainer.pid``: held while a trainer works on it (`store.run_lock`);
- ``request``: ``pause`` or ``stop``, read by the trainer before every step, removed when obeyed.

The same lines go to whoever listens, so a live run and an old one are read by the same code. Each
has ``event`` and ``step``, the updates of the generator so far, and by its kind:

- ``started``: name, preset, from_step, steps, steps_per_epoch, windows, songs, held_out,
  batch_size, precision, device, device_name, device_reason ("" or why not the GPU), parameters,
  similarity_ceiling (two halves of the data against each other; null where there is too little),
  curves [{name, label, wanted}] in the order to draw, references {row: {measure: value}};
- ``step``: one number for each curve;
- ``epoch``: epoch, of, seconds (trained so far);
- ``measures``: epoch, model {measure: value}, score (0 to 1: how an epoch is chosen), best;
- ``sample``: epoch, file, snapshot (paths inside the folder);
- ``plateau``: epoch, since_epoch, reason, stops;
- ``checkpoint``: seconds; ``warning``: reason; ``paused``: seconds;
- ``stopped``, ``finished``: seconds, model (path), epoch (the one kept), reason (``epochs``,
  ``time``, ``plateau``, ``asked``);
- ``failed``: reason, offer (null, or {setting, value} to try instead).

The trainer writes steps together, at most five times a second; every other event takes all before
it to the file at once, so nothing is missing that a checkpoint counts on. A run that is resumed
puts a shorter file in the place of this one: what came after its checkpoint is told again.
"""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.errors import TrainingError
from engine.files.atomic import write_atomically, writing_failed
from engine.store.curve_values import whole_of
from engine.store.event_tail import Event, EventTail

# What a run, and its model, may be called: what every system takes for a file's name.
NAME = re.compile(r"\w([\w .\-]{0,62}[\w\-])?")
NAME_RULE = "A name is made of letters, digits, spaces, dots and dashes, 64 at most."
MOST_SETTINGS_BYTES = 1 << 20
LINKED = (
    "“{}” in the run {} is a link to another place, so the run is left alone. Put the files "
    "themselves there."
)
# What a kill leaves of a file that was being written; the last is how safetensors names its own.
HALF_WRITTEN = (".*.part", "*.partial", ".tmp??????")
WRITE_SECONDS = 0.2  # how long a trainer's steps may wait to be written


class TrainingRun:
    """The folder of one run; steps may wait up to ``write_seconds`` to be written.

    Raises `TrainingError` where it cannot be written.
    """

    def __init__(self, folder: Path, write_seconds: float = 0.0) -> None:
        self.folder = folder
        self._write_seconds = write_seconds
        self._mended = False
        self._waiting: list[str] = []
        self._written = 0.0
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

    @property
    def earlier_checkpoint_path(self) -> Path:
        """The checkpoint before the last one."""
        return self.folder / "checkpoint-before.safetensors"

    @property
    def tensorboard_folder(self) -> Path:
        """TensorBoard's event files."""
        return self.folder / "tensorboard"

    @property
    def request_path(self) -> Path:
        """Where another program may ask for ``pause`` or ``stop``."""
        return self.folder / "request"

    def sample_path(self, epoch: int) -> Path:
        """The composition that shows what the network played after an epoch."""
        return self.folder / "samples" / f"epoch-{epoch:04d}.json"

    @property
    def people_path(self) -> Path:
        """The same melody with what people played to it, to be compared with."""
        return self.folder / "samples" / "people.json"

    def snapshot_path(self, epoch: int) -> Path:
        """The generator's weights after an epoch."""
        return self.folder / "snapshots" / f"epoch-{epoch:04d}.safetensors"

    def check_links(self) -> None:
        """Raises `TrainingError` where a part of the run lies elsewhere, by a link.

        The folder itself may be one, to another disk say; a link in it would have the trainer
        write, or delete, where it has no business.
        """
        for path in self.folder.iterdir():
            if path.is_symlink():
                raise TrainingError(LINKED.format(path.name, self.folder))

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is anything to go on from."""
        return self.checkpoint_path.exists() or self.earlier_checkpoint_path.exists()

    def save_settings(self, settings: Mapping[str, Any]) -> None:
        """Write the settings whole or not at all. Raises `TrainingError`."""
        with write_atomically(self.settings_path, TrainingError) as beside:
            beside.write_text(json.dumps(settings, indent=1), "utf-8")

    def settings(self) -> dict[str, Any]:
        """The settings. Raises `TrainingError` where there are none."""
        try:
            with self.settings_path.open("rb") as settings:
                found = json.loads(settings.read(MOST_SETTINGS_BYTES))
        except (OSError, ValueError, RecursionError) as error:
            raise TrainingError(f"There is no training run in {self.folder}.") from error
        if not isinstance(found, dict):
            raise TrainingError(f"The settings of the run in {self.folder} are damaged.")
        return found

    def append(self, event: Mapping[str, Any]) -> None:
        """Add one event; a step may wait a moment for others. Raises `TrainingError`."""
        self._waiting.append(json.dumps(event) + "\n")
        waited = time.monotonic() - self._written
        if event.get("event") != "step" or waited >= self._write_seconds:
            self.flush()

    def settle(self) -> None:
        """Write what waits, down to the disk itself: not even a power cut takes it back.

        Raises `TrainingError`.
        """
        self.flush()
        try:
            with self.events_path.open("rb+") as stream:
                os.fsync(stream.fileno())
        except OSError as error:
            raise TrainingError(writing_failed(self.events_path, error)) from error

    def flush(self) -> None:
        """Write what waits. Raises `TrainingError`, for a full disk say; the lines then wait on."""
        if not self._waiting:
            return
        try:
            mend = "" if self._mended else self._end_of_cut_line()
            _add(self.events_path, (mend + "".join(self._waiting)).encode())
        except OSError as error:
            raise TrainingError(writing_failed(self.events_path, error)) from error
        self._mended = True
        self._waiting.clear()
        self._written = time.monotonic()

    def _end_of_cut_line(self) -> str:
        """A line end where a kill left a line without one, or the next event would be lost too."""
        if not self.events_path.exists() or not self.events_path.stat().st_size:
            return ""
        with self.events_path.open("rb") as stream:
            stream.seek(-1, os.SEEK_END)
            return "" if stream.read() == b"\n" else "\n"

    def events(self) -> Iterator[Event]:
        """All whole lines so far that are events; a line that a kill cut short is left out."""
        self.flush()
        for events in EventTail(self.events_path).pieces():
            yield from (event for event in events if isinstance(event.get("event"), str))

    def cut_after(self, step: int) -> None:
        """Drop what came after ``step``: a resumed run tells it again. Raises `TrainingError`.

        Samples and snapshots that no event tells of any more go with it, and what a kill left
        half-written. For the trainer that holds the run alone.
        """
        told: set[str] = set()
        with (
            write_atomically(self.events_path, TrainingError) as beside,
            beside.open("w", encoding="utf-8") as stream,
        ):
            for event in self.events():
                if (whole_of(event, "step") or 0) <= step:
                    told |= {str(event[key]) for key in ("file", "snapshot") if key in event}
                    stream.write(json.dumps(event) + "\n")
        for path in (*self.folder.glob("samples/*"), *self.folder.glob("snapshots/*")):
            if path == self.people_path or path.relative_to(self.folder).as_posix() in told:
                continue
            with contextlib.suppress(OSError):
                path.unlink()
        self._drop_half_written()

    def _drop_half_written(self) -> None:
        for pattern in HALF_WRITTEN:
            for path in self.folder.rglob(pattern):
                with contextlib.suppress(OSError):
                    path.unlink()

    def begin_anew(self) -> None:
        """Forget all but the folder: for a run that never came to a checkpoint."""
        self._waiting.clear()
        self._mended = False
        for path in (self.settings_path, self.events_path, self.request_path):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        for name in ("samples", "snapshots", "tensorboard"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        self._drop_half_written()


def _add(path: Path, lines: bytes) -> None:
    """Append all or nothing: what a full disk took of the lines is cut off again."""
    with path.open("ab", buffering=0) as stream:
        size = stream.seek(0, os.SEEK_END)
        try:
            rest = memoryview(lines)
            while rest:
                rest = rest[stream.write(rest) :]
        except OSError:
            with contextlib.suppress(OSError):
                stream.truncate(size)
            raise
