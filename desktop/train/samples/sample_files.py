"""The samples that a training run leaves in its folder: one small composition per sampled epoch."""

import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreError
from engine.music.composition import Composition
from engine.store.codec import composition_from_json

FOLDER, SNAPSHOTS = "samples", "snapshots"
PEOPLE_FILE = "people.json"
MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_SAMPLES = 10_000
_NAME = re.compile(r"epoch-(\d{1,9})\.json", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: what the network played after ``epoch``; None where people play instead.

    ``stamp`` tells a file from an older one of the same name; ``kept`` says whether the weights of
    that epoch are there too, so that it can become a model.
    """

    epoch: int | None
    path: Path
    stamp: int
    kept: bool = False

    @property
    def name(self) -> str:
        """How it is called under its picture."""
        return "people" if self.epoch is None else f"epoch {self.epoch}"


def samples_in(run: Path) -> tuple[Sample, ...]:
    """The samples of a run's folder by epoch, people's own music last. Called on any thread."""
    found = []
    for path in _files(run / FOLDER):
        matched = _NAME.fullmatch(path.name)
        if matched is not None:
            epoch = int(matched[1])
            found.append(Sample(epoch, path, _stamp(path), _snapshot(run, path).is_file()))
        elif path.name == PEOPLE_FILE:
            found.append(Sample(None, path, _stamp(path)))
    return tuple(sorted(found, key=_place))


def read_sample(sample: Sample) -> Composition:
    """The music of a sample. Raises `StoreError` with a sentence. Called on any thread."""
    try:
        if sample.path.stat().st_size > MAX_FILE_BYTES:
            raise StoreError(f"The sample of {sample.name} is larger than a sample can be.")
        return composition_from_json(sample.path.read_text("utf-8"))
    except (OSError, UnicodeError) as error:
        raise StoreError(f"The sample of {sample.name} could not be read.") from error


def _files(folder: Path) -> list[Path]:
    """The files of a folder; none where it cannot be read, as before the first sample."""
    try:
        names = sorted(folder.iterdir())[-MAX_SAMPLES:]
    except OSError:
        return []
    return [path for path in names if path.is_file()]


def _snapshot(run: Path, sample: Path) -> Path:
    return run / SNAPSHOTS / f"{sample.stem}.safetensors"


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # deleted since it was listed: reading it will say so
        return 0


def _place(sample: Sample) -> tuple[bool, int]:
    return sample.epoch is None, sample.epoch or 0
