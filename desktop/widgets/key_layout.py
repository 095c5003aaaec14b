"""Where the keys of a keyboard lie, and which computer keys play them: pure arithmetic."""

from dataclasses import dataclass

WHITE_STEPS = (0, 2, 4, 5, 7, 9, 11)
"""Semitones above C of the seven white keys."""
COMPUTER_KEYS = "AWSEDFTGYHUJK"
"""The letters that play a chromatic octave from C to C."""
PITCHES = 128
_MIDDLE_OCTAVE = 4
_WANTED_WIDTH = 31
_LEAST_OCTAVES, _MOST_OCTAVES = 2, 9
_BLACK_WIDTH, _BLACK_HEIGHT = 0.58, 0.6
# Black keys lean away from the middle of their group, as on a piano.
_LEAN = {1: -0.08, 3: 0.08, 6: -0.1, 8: 0.0, 10: 0.1}
_SOFTEST, _LOUDEST = 35, 120


@dataclass(frozen=True, slots=True)
class KeyBox:
    """A key's place in pixels."""

    pitch: int
    black: bool
    left: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies on the key (a white one's part under black keys included)."""
        return self.left <= x < self.left + self.width and 0 <= y < self.height


@dataclass(frozen=True, slots=True)
class KeyLayout:
    """A keyboard of whole octaves from C, as many as suit its width."""

    first_octave: int
    octaves: int
    width: float
    height: float

    @property
    def whites(self) -> tuple[KeyBox, ...]:
        """White keys from left to right."""
        pitches = [
            12 * (self.first_octave + 1 + octave) + step
            for octave in range(self.octaves)
            for step in WHITE_STEPS
        ]
        each = self.width / len(pitches)
        return tuple(
            KeyBox(pitch, False, index * each, each, self.height)
            for index, pitch in enumerate(pitches)
            if pitch < PITCHES
        )

    @property
    def blacks(self) -> tuple[KeyBox, ...]:
        """Black keys from left to right."""
        boxes = []
        for white in self.whites:
            pitch = white.pitch + 1
            if pitch % 12 in _LEAN and pitch < PITCHES:
                wide = white.width * _BLACK_WIDTH
                middle = white.left + white.width * (1.0 + _LEAN[pitch % 12])
                boxes.append(
                    KeyBox(pitch, True, middle - wide / 2, wide, self.height * _BLACK_HEIGHT)
                )
        return tuple(boxes)

    def key_at(self, x: float, y: float) -> KeyBox | None:
        """The key at a point; black ones lie on top."""
        return next((key for key in (*self.blacks, *self.whites) if key.holds(x, y)), None)

    def shows(self, pitch: int) -> bool:
        """Whether a pitch has a key here."""
        first = 12 * (self.first_octave + 1)
        return first <= pitch < min(PITCHES, first + 12 * self.octaves)


def layout_for(width: float, height: float, octave: int) -> KeyLayout:
    """The layout for a size, middle C in the middle, moved so that ``octave`` can be seen."""
    octaves = round(width / (7 * _WANTED_WIDTH))
    octaves = min(max(octaves, _LEAST_OCTAVES), _MOST_OCTAVES)
    first = _MIDDLE_OCTAVE - octaves // 2
    first = min(first, octave)
    first = max(first, octave - octaves + 1)
    return KeyLayout(max(-1, first), octaves, width, height)


def velocity_at(y: float, height: float) -> int:
    """Velocity of a press: soft at a key's top, loud at its lower end."""
    share = min(max(y / max(1.0, height), 0.0), 1.0)
    return round(_SOFTEST + (_LOUDEST - _SOFTEST) * share)


def pitch_of_letter(letter: str, octave: int) -> int | None:
    """The pitch that a computer key plays when its A stands for the C of ``octave``."""
    place = COMPUTER_KEYS.find(letter) if len(letter) == 1 else -1
    pitch = 12 * (octave + 1) + place
    return pitch if place >= 0 and pitch < PITCHES else None
