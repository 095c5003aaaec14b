"""Finding a command by some letters of its name, in order; the likeliest first."""

from collections.abc import Iterable
from dataclasses import dataclass

WORD_START, ADJACENT, WHOLE_START = 8, 5, 12
GAP = 1  # what each letter costs that is passed over


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as it is searched: its id, its name, and further words that may be meant."""

    id: str
    text: str
    more: str = ""


def ranked(entries: Iterable[Entry], wanted: str, recent: tuple[str, ...] = ()) -> list[Entry]:
    """The commands that hold the letters of ``wanted``, best first; of equals the recent ones.

    Without a word all of them: the recent ones, then the rest in their own order.
    """
    place = {action_id: number for number, action_id in enumerate(recent)}
    scored = [(score(each, wanted), place.get(each.id, len(recent)), each) for each in entries]
    found = [each for each in scored if each[0] is not None]
    found.sort(key=lambda each: (-(each[0] or 0), each[1]))
    return [entry for _, _, entry in found]


def score(entry: Entry, wanted: str) -> int | None:
    """How well a command fits; None where a letter is missing. What is in ``more`` counts less."""
    letters = "".join(wanted.casefold().split())
    if not letters:
        return 0
    inside = _score(entry.text.casefold(), letters)
    if inside is not None:
        return inside + len(letters) * ADJACENT
    return _score(f"{entry.text} {entry.more}".casefold(), letters)


def _score(text: str, letters: str) -> int | None:
    """The best of the ways in which the letters stand in the text, one behind the other."""
    starts = [place for place, letter in enumerate(text) if letter == letters[0]]
    tries = [_from(text, letters, start) for start in starts]
    return max((each for each in tries if each is not None), default=None)


def _from(text: str, letters: str, start: int) -> int | None:
    """Beginning there, each letter at the next start of a word where one fits, else the next."""
    total, before = WHOLE_START if start == 0 else 0, start - 1
    for letter in letters:
        place = _next(text, letter, before + 1)
        if place < 0:
            return None
        total += WORD_START if _begins(text, place) else 0
        total += ADJACENT if place == before + 1 else -GAP * min(place - before, 8)
        before = place
    return total


def _next(text: str, letter: str, first: int) -> int:
    """Where the letter comes next: right here, or at the beginning of a word, or anywhere."""
    if text[first : first + 1] == letter:
        return first
    word = text.find(f" {letter}", first)
    return word + 1 if word >= 0 else text.find(letter, first)


def _begins(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
