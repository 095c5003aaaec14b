from engine.live.channels import (
    CLICK_CHANNEL,
    LIVE_CHANNEL,
    SYNTH_CHANNELS,
    assign_channels,
    playback_channel,
)
from engine.music.composition import Composition
from engine.music.track import Track


def test_the_melody_is_on_the_first_channel_and_drums_on_the_tenth() -> None:
    tracks = (Track("Melody"), Track("Drums", is_drum=True), *(Track(f"{n}") for n in range(10)))
    channels = assign_channels(Composition(tracks=tracks))
    assert channels == (0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11)


def test_a_file_keeps_the_channels_it_gave() -> None:
    tracks = (Track("Melody", channel=3), Track("Bass", channel=0), Track("Strings"))
    assert assign_channels(Composition(tracks=tracks)) == (3, 0, 1)


def test_more_instruments_than_channels_share_those_of_their_program() -> None:
    tracks = (Track("Melody"), *(Track(f"{n}", program=n) for n in range(1, 15)))
    more = (*tracks, Track("Again", program=7), Track("Other", program=99))
    channels = assign_channels(Composition(tracks=more))
    assert len(set(channels[:15])) == 15
    assert channels[15] == channels[7]
    assert 9 not in channels


def test_nothing_shares_the_melody_s_channel() -> None:
    tracks = (Track("Melody", program=5), *(Track(f"{n}", program=n) for n in range(100)))
    channels = assign_channels(Composition(tracks=tracks))
    assert channels.count(channels[0]) == 1
    assert set(channels) == set(range(16)) - {9}


def test_playback_leaves_live_keys_and_click_alone() -> None:
    used = {playback_channel(track) for track in range(100)}
    assert playback_channel(0) == 0
    assert used == set(range(SYNTH_CHANNELS)) - {LIVE_CHANNEL, CLICK_CHANNEL}
