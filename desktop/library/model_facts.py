"""A model's card in words."""

from collections.abc import Mapping
from typing import Any

from desktop.library.facts import FactGroup, duration_words, number_words, size_words, told
from desktop.library.measure_facts import measure_group
from desktop.roll.names import pitch_name
from engine.generation.model_card import CardTrack, ModelCard
from engine.music.general_midi import instrument_name


def card_facts(card: ModelCard, size: int) -> tuple[FactGroup, ...]:
    """Everything on a card that a musician asks for; ``size`` is the file's, bytes."""
    references = {name: row for name, row in card.measures.items() if isinstance(row, Mapping)}
    return (
        told("", (card.description,)),
        FactGroup("It plays", tuple(_track(track) for track in card.tracks)),
        told(
            "It may be used",
            ("Music", card.rights),
            ("Licence", card.licence),
        ),
        told("It learned from", *(_source(each) for each in card.trained_on)),
        measure_group(references.get("model", {}), references, card.measures.get("segments")),
        training_facts(card.training),
        told(
            "The file",
            ("Version", card.version),
            ("Made from", card.parent or ""),
            ("Tags", ", ".join(card.tags)),
            ("Meters", ", ".join(card.meters)),
            ("Size", size_words(size)),
        ),
    )


def training_facts(training: Mapping[str, Any]) -> FactGroup:
    """How a network was trained, as its card or its run's settings say."""
    preset = training.get("preset")
    values = {**preset, **training} if isinstance(preset, Mapping) else dict(training)
    name = preset.get("name") if isinstance(preset, Mapping) else preset
    rows = [("Preset", str(name or ""))]
    for key, label in (
        ("epochs_trained", "Epochs"),
        ("epochs", "Epochs"),
        ("learning_rate", "Learning rate"),
        ("update_ratio", "Update ratio"),
        ("batch_size", "Batch"),
        ("seed", "Seed"),
        ("device", "Device"),
        ("precision", "Precision"),
    ):
        known = any(label == row[0] for row in rows)
        if values.get(key) is not None and not known:
            rows.append((label, number_words(values[key])))
    seconds = values.get("seconds")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool):
        rows.append(("Took", duration_words(seconds)))
    return told("How it was trained", *rows)


def _track(track: CardTrack) -> tuple[str, str]:
    sound = instrument_name(track.program, track.is_drum)
    if track.is_drum:
        return track.name, sound
    return track.name, f"{sound}, {pitch_name(track.pitch_low)} to {pitch_name(track.pitch_high)}"


def _source(source: Any) -> tuple[str, str]:
    """A data set of the card's list, whatever it says of it."""
    if not isinstance(source, Mapping):
        return "", str(source)
    counts = [
        f"{source[key]:,} {word}"
        for key, word in (("songs", "songs"), ("files", "files"), ("held_out", "held out"))
        if isinstance(source.get(key), int)
    ]
    words = [*counts, str(source.get("licence") or "")]
    version = f" ({source['version']})" if source.get("version") else ""
    return f"{source.get('name', '')}{version}", " · ".join(word for word in words if word)
