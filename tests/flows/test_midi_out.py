"""A second program receives tracks on the studio's own port: all of it, in order, and let go."""

from collections import Counter
from pathlib import Path

import pytest

from engine.live.jack_graph import MIDI_TYPE, PORT_IS_OUTPUT, JackGraph
from engine.live.midi_outputs import VIRTUAL
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from engine.store.song_file import Song, write_song
from tests.flows.conftest import Start
from tests.flows.studio import Seen, Studio, until
from tests.jack_server import JackProbe, JackServer

QUARTER = 480
TRIES = 4
LOST_SECONDS = 25.0
BASS, DRUMS = 1, 9
"""Channels."""
Received = list[tuple[int, int, int]]
"""Status nibble, channel, pitch of notes, in the order in which they came."""


@pytest.mark.timeout(600)
def test_a_second_program_receives_the_tracks_whole_and_in_order(
    jack: JackServer, graph: JackGraph, start: Start, tmp_path: Path
) -> None:
    song = song_on_ports()
    path = tmp_path / "ports.tutti"
    write_song(Song("ports", song), path)
    with JackProbe(jack, "Synth") as synth:
        studio = start(path)
        studio.wait_opened("ports")
        studio.find("Audio 48 kHz", kind="StatusChip")
        listen_to_the_studio(synth, graph)
        everything = [each for number in (1, 2) for each in notes_of(song, number)]
        the_music_comes(studio, synth, everything)
        studio.click(mute_of(studio, 1))
        the_music_comes(studio, synth, notes_of(song, 2))  # muted: none of the bass
        panic_lets_go_of_all(studio, synth)
        studio.quit()


def song_on_ports() -> Composition:
    """A melody of Tutti's own, and two tracks at its port: repeated notes, chords and hits."""
    melody = make_track("Melody", [Note(0, 72, QUARTER)])
    bass = [Note(QUARTER * n, 36 + n % 5, QUARTER - 20, 60 + n) for n in range(8)]
    bass += [Note(QUARTER * n, 48 + n % 5, QUARTER, 90) for n in range(8)]
    drums = [Note(QUARTER // 2 * n, 36 if n % 2 else 42, 30, 100) for n in range(16)]
    tracks = (make_track("Bass", bass, program=33), make_track("Drums", drums, is_drum=True))
    return Composition("ports", tracks=(melody, *(at_port(track) for track in tracks)))


def at_port(track: Track) -> Track:
    return Track(track.name, track.program, track.notes, is_drum=track.is_drum, output=VIRTUAL)


def notes_of(song: Composition, number: int) -> list[tuple[int, int, int]]:
    """Start, channel and pitch of a track's notes."""
    channel = DRUMS if song.tracks[number].is_drum else BASS
    return [(note.start, channel, note.pitch) for note in song.tracks[number].notes]


def listen_to_the_studio(synth: JackProbe, graph: JackGraph) -> None:
    def own() -> list[str]:
        ports = graph.ports(MIDI_TYPE, PORT_IS_OUTPUT)
        return [port for port in ports if port.startswith("Tutti")]

    synth.hear_midi(until(own, "the studio's port")[0])


def the_music_comes(studio: Studio, synth: JackProbe, notes: list[tuple[int, int, int]]) -> None:
    """Play it; again where the sound server lost a message, as a busy machine makes it."""
    for number in range(TRIES):
        before = len(synth.midi_heard())
        studio.press("Home", "space")
        try:
            until(
                lambda before=before: len(struck(synth, before)) >= len(notes),  # type: ignore[misc]
                "all notes",
                patience_seconds=LOST_SECONDS,
            )
            until(lambda before=before: ended(synth, before), "their ends")  # type: ignore[misc]
            in_order(struck(synth, before), notes)
        except AssertionError:
            studio.press("Escape")
            if number == TRIES - 1:
                raise
        else:
            studio.press("Escape")
            return


def received(synth: JackProbe, first: int) -> Received:
    messages = [message for _, message in synth.midi_heard()[first:]]
    return [(m[0] & 0xF0, m[0] & 0x0F, m[1]) for m in messages if m[0] & 0xE0 == 0x80]


def struck(synth: JackProbe, first: int) -> list[tuple[int, int]]:
    return [(channel, pitch) for kind, channel, pitch in received(synth, first) if kind == 0x90]


def ended(synth: JackProbe, first: int) -> bool:
    """Whether every key that went down is up again."""
    down: Counter[tuple[int, int]] = Counter()
    for kind, channel, pitch in received(synth, first):
        down[channel, pitch] += 1 if kind == 0x90 else -1
    return not +down


def in_order(came: list[tuple[int, int]], notes: list[tuple[int, int, int]]) -> None:
    """All notes once, none before one that begins earlier."""
    assert Counter(came) == Counter((channel, pitch) for _, channel, pitch in notes)
    starts = {start for start, *_ in notes}
    for start in sorted(starts):
        together = [(channel, pitch) for at, channel, pitch in notes if at == start]
        assert Counter(came[: len(together)]) == Counter(together), start
        came = came[len(together) :]


def mute_of(studio: Studio, number: int) -> Seen:
    """The mute button of a track, the melody's being the first."""
    buttons = [each for each in studio.look() if each.says == "M" and each.kind == "QToolButton"]
    return sorted(buttons, key=lambda each: each.y)[number]


def panic_lets_go_of_all(studio: Studio, synth: JackProbe) -> None:
    """All sound off and all notes off on each channel, though nothing is known to sound there."""
    before = len(synth.midi_heard())
    studio.press("ctrl+period")
    wanted = {bytes((0xB0 | channel, what, 0)) for channel in range(16) for what in (120, 123)}

    def came() -> set[bytes]:
        return {message for _, message in synth.midi_heard()[before:]}

    until(lambda: wanted <= came(), "silence on all channels", lambda: wanted - came())
