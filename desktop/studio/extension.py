"""How far a band plays on beyond the melody."""

from engine.generation.request import MAX_EXTENSION
from engine.music.composition import Composition
from engine.music.ticks import meter_map


def melody_end(composition: Composition) -> int:
    """The tick where the melody's last bar ends."""
    return meter_map(composition).bar_end(max(1, composition.melody.end))


def band_end(composition: Composition) -> int:
    """The tick where the last bar ends that a model has played, never before the melody's."""
    end = melody_end(composition)
    if composition.origin is None:
        return end
    played = max((track.end for track in composition.accompaniment), default=0)
    return max(end, meter_map(composition).bar_end(played))


def bars_added(composition: Composition) -> int:
    """How many bars that is beyond the melody's last."""
    meters = meter_map(composition)
    first = meters.position_at(melody_end(composition)).bar
    return min(MAX_EXTENSION, meters.position_at(band_end(composition)).bar - first)
