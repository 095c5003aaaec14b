"""What a user corrects in the finding of roles, and how that is kept beside the pack."""

import json
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from engine.errors import DataError

FILE = "rules.json"
FORMAT = 1
MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """What a correction can ask about a track; ``channel`` counts from 1, 0 for unknown."""

    index: int
    name: str
    program: int
    channel: int
    median_pitch: float


@dataclass(frozen=True, slots=True)
class Correction:
    """Gives ``role`` to every track that all its conditions hold for; an empty role leaves it out.

    ``file`` is a path relative to the set's folder, empty for all files; ``name`` may hold ``*``
    and is compared without its case; ``programs`` and ``channels`` are the ones that are meant;
    ``lowest`` and ``highest`` bound the track's median pitch. ``whole_file`` leaves out the file.
    """

    role: str = ""
    file: str = ""
    track: int | None = None
    name: str | None = None
    programs: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    lowest: int = 0
    highest: int = 127
    whole_file: bool = False

    def holds(self, file: str, track: TrackFacts) -> bool:
        """Whether the correction means this track."""
        return (
            not self.whole_file
            and self.file in ("", file)
            and self.track in (None, track.index)
            and (self.name is None or fnmatchcase(track.name.casefold(), self.name.casefold()))
            and (not self.programs or track.program in self.programs)
            and (not self.channels or track.channel in self.channels)
            and self.lowest <= track.median_pitch <= self.highest
        )


@dataclass(frozen=True, slots=True)
class RoleRule:
    """All corrections of a data set; of several that hold, the one for the file, then the last.

    What none of them names is found as ever (`engine.data.roles`).
    """

    corrections: tuple[Correction, ...] = ()

    def role_of(self, file: str, track: TrackFacts) -> str | None:
        """The role that the user gave the track, None where nothing was said."""
        held = [each for each in self.corrections if each.holds(file, track)]
        held.sort(key=lambda each: bool(each.file))
        return held[-1].role if held else None

    def leaves_out(self, file: str) -> bool:
        """Whether the user left the whole file out."""
        return any(each.whole_file and each.file == file for each in self.corrections)

    def with_correction(self, correction: Correction) -> "RoleRule":
        """The rule with one more correction; one that asked the same before is replaced."""
        asked = replace(correction, role="")
        others = (each for each in self.corrections if replace(each, role="") != asked)
        return RoleRule((*others, correction))

    def without(self, correction: Correction) -> "RoleRule":
        """The rule without a correction."""
        return RoleRule(tuple(each for each in self.corrections if each != correction))

    def for_file(self, file: str) -> "RoleRule":
        """Only what can concern one file: what is sent with it to its reader."""
        return RoleRule(tuple(each for each in self.corrections if each.file in ("", file)))


NO_RULE = RoleRule()


def rule_json(rule: RoleRule) -> dict[str, Any]:
    """Plain values."""
    return {"format": FORMAT, "corrections": [asdict(each) for each in rule.corrections]}


def rule_from(values: Any) -> RoleRule:
    """A rule from `rule_json`'s values. Raises `DataError` for others."""
    try:
        if values["format"] != FORMAT:
            raise DataError("The corrections of this data set are of another version.")
        return RoleRule(tuple(_correction(each) for each in values["corrections"]))
    except (KeyError, TypeError, ValueError) as error:
        raise DataError("The corrections of this data set are damaged.") from error


def _correction(values: dict[str, Any]) -> Correction:
    kinds = {each.name: type(each.default) for each in fields(Correction)}
    made: dict[str, Any] = {
        key: tuple(value) if kinds[key] is tuple else value for key, value in values.items()
    }
    found = Correction(**made)
    texts = (found.role, found.file, found.name or "")
    numbers = (found.track or 0, found.lowest, found.highest, *found.programs, *found.channels)
    if not all(isinstance(each, str) for each in texts):
        raise ValueError("A text was expected.")
    if not all(isinstance(each, int) for each in numbers):
        raise ValueError("A number was expected.")
    return found


def read_rule(folder: Path) -> RoleRule:
    """The corrections kept in a packed folder, none where it has none. Raises `DataError`."""
    path = folder / FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(f"The corrections in {path} are too large to be read.")
        return rule_from(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return NO_RULE
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"The corrections in {path} cannot be read.") from error


def write_rule(folder: Path, rule: RoleRule) -> None:
    """Keep the corrections beside the pack, whole or not at all. Raises `DataError`."""
    # Those who read songs read rules too, and start the quicker without what only writes.
    from engine.files.atomic import write_atomically

    with write_atomically(folder / FILE, DataError) as beside:
        beside.write_text(json.dumps(rule_json(rule), indent=1), "utf-8")
