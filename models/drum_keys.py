"""How drums are drawn: each key for itself, those that carry the pattern more surely."""

import torch
from torch import Tensor

from models.habits import DecodeSettings
from models.layout import Layout

# General MIDI's kick and snare drums, and its hi-hats.
CORE, HATS = (35, 36, 37, 38, 39, 40), (42, 44, 46)


def onset_temperatures(layout: Layout, settings: DecodeSettings) -> Tensor:
    """Temperatures of onsets at noise size 1: (track, pitch), or (track, 1) where no drums play."""
    if not layout.drums:
        return torch.full((layout.tracks, 1), settings.onset_temperature)
    found = torch.full((layout.tracks, layout.pitches), settings.onset_temperature)
    pitches = torch.arange(layout.pitches) + layout.pitch_low
    keys = torch.full((layout.pitches,), settings.drum_temperature)
    keys[torch.isin(pitches, torch.tensor(HATS))] = settings.hat_temperature
    keys[torch.isin(pitches, torch.tensor(CORE))] = settings.core_temperature
    found[list(layout.drums)] = keys
    return found


def drums_alone(layout: Layout) -> Tensor:
    """1 for each track that plays drum keys (track,)."""
    tracks = torch.zeros(layout.tracks)
    tracks[list(layout.drums)] = 1
    return tracks


def pattern_pulls(layout: Layout, settings: DecodeSettings) -> Tensor:
    """What onsets of each part gain at most by what other bars strike (track,)."""
    drums = drums_alone(layout)
    return settings.pattern_pull * drums + settings.pitched_pull * (1 - drums)
