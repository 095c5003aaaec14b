"""What the measures are called, what they say to a learner, and when one is near people's own."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["near", "above", "below", "far above", "far below"]
FAR = 3.0  # times what still is near


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """A measure as it is shown.

    ``near`` is how far from people's value, in its own unit, still counts as near. ``flipped`` ones
    are shown as the share that is missing to 1, in per cent.
    """

    name: str
    label: str
    explained: str
    near: float
    unit: str = ""
    digits: int = 1
    flipped: bool = False

    def shown(self, value: float) -> float:
        """A told value as it is shown."""
        return 100 * (1 - value) if self.flipped else value

    def in_words(self, value: float) -> str:
        """Such as "1.9 %", with as many digits as always."""
        return f"{value:.{self.digits}f}{self.unit}".replace("-", "−")

    def verdict(self, value: float, people: float) -> Verdict:
        """How a value lies to people's own, both as shown."""
        gap = value - people
        if abs(gap) <= self.near:
            return "near"
        if abs(gap) > FAR * self.near:
            return "far above" if gap > 0 else "far below"
        return "above" if gap > 0 else "below"


PERCENT = " %"
MEASURES: tuple[MeasureKind, ...] = (
    MeasureKind(
        "out_of_key",
        "Out of key",
        "Share of notes outside the key of the song. People use a few on purpose; many sound like "
        "wrong notes.",
        3.0,
        PERCENT,
    ),
    MeasureKind(
        "dissonant_steps",
        "Dissonant steps",
        "Share of moments at which a note grates against the melody: a minor second, a tritone or "
        "a major seventh from it. Some of it is the salt of music.",
        5.0,
        PERCENT,
    ),
    MeasureKind(
        "harmonic_clarity",
        "Harmonic clarity",
        "Share of the sound that belongs to one clear chord in each half bar. Low means mush; it "
        "does not punish another harmony that is good too.",
        4.0,
        PERCENT,
    ),
    MeasureKind(
        "notes_per_bar",
        "Notes a bar",
        "How many notes the band plays in a bar: busier or calmer than people.",
        4.0,
    ),
    MeasureKind(
        "long_notes",
        "Long notes",
        "Share of notes at least an eighth long. Far below people means that the music falls to "
        "fragments, the usual fault of a network that is not done.",
        10.0,
        PERCENT,
        0,
    ),
    MeasureKind(
        "takes_jaccard",
        "Takes differ",
        "Share of notes that a second take of the same melody does not have. Near 0 the network "
        "plays the same each time; people were not asked twice.",
        100.0,
        PERCENT,
        0,
        flipped=True,
    ),
    MeasureKind(
        "chord_tones",
        "Chord tones",
        "Share of notes that belong to the chord which people noted down. Other good chords count "
        "as wrong here, so a network need not reach people.",
        8.0,
        PERCENT,
        0,
    ),
    MeasureKind(
        "tonal_distance",
        "Tonal distance",
        "How far the band's notes lie from the melody's in the space of keys, beat by beat. "
        "Smaller is closer; 0 would be the melody itself.",
        0.12,
        "",
        2,
    ),
    MeasureKind(
        "polyphony",
        "Notes at once",
        "How many notes sound together on average, where any sounds.",
        0.7,
    ),
    MeasureKind(
        "empty_bars",
        "Empty bars",
        "Share of bars in which the band is silent.",
        6.0,
        PERCENT,
        0,
    ),
    MeasureKind(
        "inputs_jaccard",
        "Melody matters",
        "Share of notes that change when another melody is played. Near 100 % the network listens; "
        "near 0 it plays the same to everything.",
        100.0,
        PERCENT,
        0,
        flipped=True,
    ),
)
SIGNS: dict[Verdict, str] = {
    "near": "",
    "above": "▲",
    "below": "▼",
    "far above": "▲▲",
    "far below": "▼▼",
}
VERDICT_WORDS: dict[Verdict, str] = {
    "near": "Near people.",
    "above": "Above people.",
    "below": "Below people.",
    "far above": "Far above people.",
    "far below": "Far below people.",
}
