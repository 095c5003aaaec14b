"""Which MIDI channel a track speaks on, in the player and in exported files alike."""

from engine.music.composition import Composition

DRUM_CHANNEL = 9
MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

# Beyond MIDI's sixteen the synthesizer has channels of its own: what is played live, and the
# click, stay apart from what is played back, so neither's pedal or stop touches the other.
LIVE_CHANNEL = 16
CLICK_CHANNEL = 17
SYNTH_CHANNELS = 32
_PLAYBACK_CHANNELS = tuple(
    channel for channel in range(SYNTH_CHANNELS) if channel not in (LIVE_CHANNEL, CLICK_CHANNEL)
)


def playback_channel(track: int) -> int:
    """The synthesizer's channel of a track that is played back: its own, the melody's is 0."""
    return _PLAYBACK_CHANNELS[track % len(_PLAYBACK_CHANNELS)]


def assign_channels(composition: Composition) -> tuple[int, ...]:
    """The channel of each track: drums on 9, else the file's own if no track before has it.

    The melody's is 0 unless its file gave another, and its own alone. More than fifteen instruments
    share the others, those of one program first.
    """
    channels: dict[int, int] = {}
    for index, track in enumerate(composition.tracks):
        if track.is_drum:
            channels[index] = DRUM_CHANNEL
        elif track.channel in MELODIC_CHANNELS and track.channel not in channels.values():
            channels[index] = track.channel
        elif index == 0:
            channels[index] = MELODIC_CHANNELS[0]
    for index, track in enumerate(composition.tracks):
        if index not in channels:
            channels[index] = _free_channel(composition, channels, track.program)
    return tuple(channels[index] for index in range(len(composition.tracks)))


def _free_channel(composition: Composition, taken: dict[int, int], program: int) -> int:
    used = set(taken.values())
    for channel in MELODIC_CHANNELS:
        if channel not in used:
            return channel
    shared = [channel for channel in MELODIC_CHANNELS if channel != taken[0]]
    for index, channel in taken.items():
        if composition.tracks[index].program == program and channel in shared:
            return channel
    return shared[len(taken) % len(shared)]
