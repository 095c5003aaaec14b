"""What a fine-tuned model's forebears learned from: their music is in its weights as well."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.data.corpus import Corpus
from engine.data.segments import held_out
from engine.errors import TuttiError
from models.fine_tune import parent_named
from models.settings import RunSettings, settings_from

MOST_FOREBEARS = 20
UNKNOWN = "unknown: the model that this one began with is gone"


def inherited_sources(settings: RunSettings) -> tuple[dict[str, Any], ...]:
    """The data of all forebears as a card lists it, each set once, with ``by`` naming who used it.

    A forebear that cannot be read any more is told as what it is.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for source in _sources(settings):
        found.setdefault((str(source.get("name")), str(source.get("version"))), source)
    return tuple(found.values())


def _sources(settings: RunSettings) -> Iterator[dict[str, Any]]:
    for _ in range(MOST_FOREBEARS):
        if settings.start_from is None:
            return
        try:
            parent = parent_named(settings.start_from)
            if parent.run is None:
                yield from _of_model(parent.card, parent.name)
                return
            settings = settings_from(parent.run.settings())
            yield from _of_run(settings)
        except TuttiError:
            yield {"name": settings.start_from, "version": "", "licence": UNKNOWN}
            return


def _of_model(card: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    for source in card.get("trained_on", ()):
        if isinstance(source, dict):
            yield {**source, "by": source.get("by", name)}


def _of_run(settings: RunSettings) -> Iterator[dict[str, Any]]:
    for folder in settings.folders():
        corpus = Corpus(folder)
        trained, kept_back = held_out(corpus.songs, settings.held_out)
        yield {
            "name": corpus.card.name,
            "version": corpus.card.version,
            "licence": corpus.card.licence,
            "songs": len(trained),
            "held_out": len(kept_back),
            "by": settings.name,
        }
