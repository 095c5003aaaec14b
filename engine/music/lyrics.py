"""Words under a melody, as a file gave them."""

from dataclasses import dataclass

from engine.errors import MusicError

LONGEST = 500


@dataclass(frozen=True, slots=True, order=True)
class Lyric:
    """A syllable that is sung at ``tick``; its spaces and line ends are the file's own."""

    tick: int
    text: str

    def __post_init__(self) -> None:
        if self.tick < 0 or len(self.text) > LONGEST:
            raise MusicError("A syllable stands at a tick from 0 on, and is no book.")
