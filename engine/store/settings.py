"""What a user has chosen, kept as JSON that a person can read and mend.

Nothing in the file can keep Tutti from starting: a value that cannot be used is left at its
default, and said; a key from another version stays in the file untouched.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from engine.errors import StoreError
from engine.files.atomic import write_atomically
from engine.files.audio_kinds import AUDIO_KINDS, LEVELS, AudioKind, Level
from engine.music.note_grid import GridStep
from engine.music.scales import scale_of_words
from engine.store.set_aside import set_aside

log = logging.getLogger(__name__)

Theme = Literal["system", "dark", "light"]
RecordWithin = Literal["on", "punch", "loop"]
GenerationDevice = Literal["auto", "cuda", "cpu"]
LiveKeys = Literal["tutti", "port", "off"]
MAX_FILE_BYTES = 1_000_000
MUSICS_KEY, NO_SCALE = "key", "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is remembered between two starts.

    ``midi_inputs`` None listens to all ports, ``midi_direct`` lets the synthesizer hear them itself
    where the system allows it, ``live_keys`` says where keyboards sound: in Tutti, at the melody's
    MIDI output, or only in themselves. ``audio_driver`` None takes the system's best,
    ``sound_font`` None the best one found. ``recorded_late_ms`` is taken off what is recorded,
    beyond what Tutti knows of the sound's latency. ``last_composition`` is an id of the library.
    ``shortcuts`` are the keys that the user chose, as ``generate=Alt+J``; ``recent_commands`` are
    the ids of actions, the last one first. ``roll_grid`` and ``roll_scale`` are what an open track
    is drawn to and marked with: a `GridStep`, and `MUSICS_KEY`, `NO_SCALE` or a scale's words.
    """

    theme: Theme = "system"
    midi_inputs: tuple[str, ...] | None = None
    midi_direct: bool = True
    live_keys: LiveKeys = "tutti"
    audio_driver: str | None = None
    period_size: int = 128
    period_count: int = 3
    sample_rate: int = 48_000
    gain: float = 0.7
    sound_font: str | None = None
    device: GenerationDevice = "auto"
    model: str = "pop"
    takes: int = 3
    click: bool = True
    count_in_bars: int = 1
    snap: bool = False
    record_overdub: bool = False
    record_within: RecordWithin = "on"
    recorded_late_ms: int = 0
    reduced_motion: bool = False
    last_composition: str | None = None
    last_folder: str | None = None
    window_geometry: str | None = None
    recent_files: tuple[str, ...] = ()
    shortcuts: tuple[str, ...] = ()
    recent_commands: tuple[str, ...] = ()
    roll_grid: str = GridStep.SIXTEENTH.value
    roll_scale: str = MUSICS_KEY
    roll_ghosts: bool = True
    export_kind: AudioKind = "wav16"
    export_rate: int = 48_000
    export_level: Level = "played"
    export_stems: bool = False
    export_rings_out: bool = True
    export_count_in: bool = False
    export_click: bool = False


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings from a file, and sentences about what in it could not be used."""

    settings: Settings
    remarks: tuple[str, ...] = ()


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda value: value in words


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_names(value: Any) -> bool:
    listed = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return value is None or listed


def _is_words(value: Any) -> bool:
    return value is not None and _is_names(value)


def _is_scale(value: Any) -> bool:
    known = value in (MUSICS_KEY, NO_SCALE)
    return known or (isinstance(value, str) and scale_of_words(value) is not None)


def _is_gain(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10


ALLOWED: Mapping[str, Callable[[Any], bool]] = {
    "theme": _one_of("system", "dark", "light"),
    "midi_inputs": _is_names,
    "midi_direct": _is_bool,
    "live_keys": _one_of("tutti", "port", "off"),
    "audio_driver": _is_text,
    "period_size": _whole(64, 8192),
    "period_count": _whole(2, 64),
    "sample_rate": _whole(8_000, 96_000),
    "gain": _is_gain,
    "sound_font": _is_text,
    "device": _one_of("auto", "cuda", "cpu"),
    "model": lambda value: isinstance(value, str) and value != "",
    "takes": _whole(1, 64),
    "click": _is_bool,
    "count_in_bars": _whole(0, 8),
    "snap": _is_bool,
    "record_overdub": _is_bool,
    "record_within": _one_of("on", "punch", "loop"),
    "recorded_late_ms": _whole(-500, 500),
    "reduced_motion": _is_bool,
    "last_composition": _is_text,
    "last_folder": _is_text,
    "window_geometry": _is_text,
    "recent_files": _is_words,
    "shortcuts": _is_words,
    "recent_commands": _is_words,
    "roll_grid": _one_of(*(step.value for step in GridStep)),
    "roll_scale": _is_scale,
    "roll_ghosts": _is_bool,
    "export_kind": _one_of(*AUDIO_KINDS),
    "export_rate": _whole(8_000, 96_000),
    "export_level": _one_of(*LEVELS),
    "export_stems": _is_bool,
    "export_rings_out": _is_bool,
    "export_count_in": _is_bool,
    "export_click": _is_bool,
}


def load_settings(path: Path) -> LoadedSettings:
    """The settings of a file; a missing one is the defaults, a broken one is set aside."""
    try:
        values = _read(path)
    except FileNotFoundError:
        return LoadedSettings(Settings())
    except OSError as error:
        reason = error.strerror or str(error)
        remark = f"The settings in {path} could not be read ({reason}), so the defaults are used."
        return LoadedSettings(Settings(), (remark,))
    except ValueError:
        kept = set_aside(path)
        where = f"kept as {kept.name}" if kept else "left as they are"
        remark = f"The settings in {path} were damaged and are {where}; the defaults are used."
        return LoadedSettings(Settings(), (remark,))
    return _chosen(values)


def save_settings(settings: Settings, path: Path) -> None:
    """Write the settings, whole or not at all. Raises `StoreError`.

    Keys of the file that this version does not know stay in it.
    """
    try:
        values = _read(path)
    except (OSError, ValueError):
        values = {}
    text = _written({**values, **asdict(settings)})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"The settings could not be kept in {path.parent}: {reason}.") from error
    with write_atomically(path, StoreError) as beside:
        beside.write_bytes(text)


def _written(values: Mapping[str, Any]) -> bytes:
    try:
        text = json.dumps(values, indent=2, ensure_ascii=False)
        return f"{text}\n".encode()
    except UnicodeEncodeError:  # a path may hold bytes that are no text
        return f"{json.dumps(values, indent=2)}\n".encode()


def _read(path: Path) -> dict[str, Any]:
    """Raises `OSError`, or `ValueError` for what is not a JSON object."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError("too large")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("not an object")
    return values


def _chosen(values: Mapping[str, Any]) -> LoadedSettings:
    chosen: dict[str, Any] = {}
    remarks = []
    for field in fields(Settings):
        if field.name not in values:
            continue
        value = values[field.name]
        if not ALLOWED[field.name](value):
            remarks.append(
                f"The setting {field.name} could not be used ({value!r:.60}), so it is "
                f"{field.default!r} again."
            )
            continue
        chosen[field.name] = tuple(value) if isinstance(value, list) else value
    unknown = sorted(set(values) - set(ALLOWED))
    if unknown:
        log.info("settings unknown to this version: %s", ", ".join(unknown))
        remarks.append(f"Settings that this version does not know: {', '.join(unknown)}.")
    return LoadedSettings(Settings(**chosen), tuple(remarks))
