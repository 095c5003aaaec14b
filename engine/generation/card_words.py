"""A model's card as lines that stand beside its music: what whoever hears it has to know."""

from collections.abc import Mapping
from typing import Any

from engine.generation.model_card import ModelCard


def card_lines(card: ModelCard) -> tuple[tuple[str, str], ...]:
    """Label and words: name first, then what it plays, rights, licence and what it learned from."""
    rows = [
        ("Model", f"{card.name} (version {card.version})"),
        ("About it", card.description),
        ("It plays", ", ".join(card.track_names)),
        ("Music", card.rights),
        ("Licence", card.licence),
        *(("Learned from", _source(each)) for each in card.trained_on),
    ]
    return tuple((label, words) for label, words in rows if words)


def _source(source: Any) -> str:
    if not isinstance(source, Mapping):
        return str(source)
    name = " ".join(str(source[key]) for key in ("name", "version") if source.get(key))
    songs = f"{source['songs']:,} songs" if isinstance(source.get("songs"), int) else ""
    return " · ".join(filter(None, (name, songs, str(source.get("licence") or ""))))
