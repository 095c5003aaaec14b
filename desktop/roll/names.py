"""What notes are called on the screen."""

from fractions import Fraction

from engine.music.note import Note
from engine.music.ticks import MeterMap

PITCH_CLASSES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})
# General MIDI percussion, level 1: key 35 to 81.
_DRUMS = (
    *("Low kick", "Kick", "Side stick", "Snare", "Clap", "Electric snare", "Low floor tom"),
    *("Closed hi-hat", "High floor tom", "Pedal hi-hat", "Low tom", "Open hi-hat"),
    *("Low mid tom", "High mid tom", "Crash", "High tom", "Ride", "China", "Ride bell"),
    *("Tambourine", "Splash", "Cowbell", "Second crash", "Vibraslap", "Second ride"),
    *("High bongo", "Low bongo", "Mute high conga", "Open high conga", "Low conga"),
    *("High timbale", "Low timbale", "High agogo", "Low agogo", "Cabasa", "Maracas"),
    *("Short whistle", "Long whistle", "Short guiro", "Long guiro", "Claves"),
    *("High wood block", "Low wood block", "Mute cuica", "Open cuica"),
    *("Mute triangle", "Open triangle"),
)
_FIRST_DRUM = 35
_PARTS = (
    (Fraction(4), "whole"),
    (Fraction(3), "dotted half"),
    (Fraction(2), "half"),
    (Fraction(3, 2), "dotted quarter"),
    (Fraction(1), "quarter"),
    (Fraction(3, 4), "dotted eighth"),
    (Fraction(1, 2), "eighth"),
    (Fraction(1, 4), "sixteenth"),
    (Fraction(1, 8), "thirty-second"),
)


def is_black(pitch: int) -> bool:
    """Whether a pitch is a black key."""
    return pitch % 12 in BLACK_KEYS


def pitch_name(pitch: int) -> str:
    """Such as “F♯4”; middle C (60) is C4."""
    return f"{PITCH_CLASSES[pitch % 12]}{pitch // 12 - 1}"


def drum_name(pitch: int) -> str:
    """The General MIDI percussion name of a key, else its pitch."""
    index = pitch - _FIRST_DRUM
    return _DRUMS[index] if 0 <= index < len(_DRUMS) else pitch_name(pitch)


def length_name(ticks: int, ticks_per_quarter: int) -> str:
    """Such as “dotted quarter”, else the length in quarters."""
    quarters = Fraction(ticks, ticks_per_quarter)
    for length, name in _PARTS:
        if quarters == length:
            return name
    number = f"{float(quarters):.2f}".rstrip("0").rstrip(".")
    return f"{number} quarters" if quarters >= Fraction(1, 100) else f"{ticks} ticks"


def describe(note: Note, meters: MeterMap, ticks_per_quarter: int, *, is_drum: bool) -> str:
    """The hover tip of a note: pitch, bar.beat, length, velocity."""
    place = meters.position_at(note.start)
    name = drum_name(note.pitch) if is_drum else pitch_name(note.pitch)
    length = length_name(note.duration, ticks_per_quarter)
    return f"{name} · bar {place.bar}.{place.beat} · {length} · velocity {note.velocity}"
