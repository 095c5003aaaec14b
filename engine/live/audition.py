"""Some notes of one track heard by themselves, with its instrument and its place in the mix."""

from collections.abc import Iterable

from engine.live.channels import playback_channel
from engine.live.scheduler import NoteIndex, TrackSchedule
from engine.live.sequencer import Sequencer
from engine.music.phrase import PhraseNote
from engine.music.track import Track

SOON_SECONDS = 0.03
_SOURCE = 32_000  # beyond those of the player
_ALL_NOTES_OFF = 123


class Audition:
    """Hands a phrase to the sequencer that the music is played by; the next one ends it."""

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._channel: int | None = None

    def play(self, number: int, track: Track, phrase: Iterable[PhraseNote]) -> None:
        """Let the notes be heard as track ``number`` would play them."""
        self.stop()
        self._channel = channel = playback_channel(number)
        begin = self._sequencer.seconds + SOON_SECONDS
        state = TrackSchedule(track, True, NoteIndex(())).state_at(0)
        for (kind, control), value in state.items():
            self._sequencer.send(begin, _SOURCE, channel, kind, control, value)
        for note in phrase:
            start, end = begin + note.start, begin + note.end
            send = self._sequencer.send
            send(start, _SOURCE, channel, "note_on", note.pitch, note.velocity)
            send(end, _SOURCE, channel, "note_off", note.pitch, 0)

    def stop(self) -> None:
        """Let it die away."""
        channel, self._channel = self._channel, None
        if channel is not None:
            self._sequencer.take_back(_SOURCE)
            now = self._sequencer.seconds
            self._sequencer.send(now, _SOURCE, channel, "control", _ALL_NOTES_OFF, 0)
