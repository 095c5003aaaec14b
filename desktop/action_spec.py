"""What is known of an action before it exists."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One row: ``keys`` are shortcuts in Qt's portable spelling, the first is shown in tooltips.

    Single letters stay clear of the computer keys that play notes (A W S E D F T G Y H U J K) and
    of those that shift their octave (Z and X).
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
