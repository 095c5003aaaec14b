"""Titles and names from files as one line of text that a window can show."""


def one_line(text: str, longest: int) -> str:
    """Without what cannot be printed, white space as single blanks, ``longest`` characters."""
    printable = "".join(each if each.isprintable() else " " for each in text[: 4 * longest])
    return " ".join(printable.split())[:longest]
