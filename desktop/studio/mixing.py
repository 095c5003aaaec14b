"""The mix, instruments, outputs, names, locks: heard at once, one edit for each gesture."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from desktop.document import Document
from desktop.studio.edits import with_mix
from desktop.studio.playback import Playback
from engine.music.composition import Composition
from engine.music.general_midi import instrument_name

NAMES = {
    "volume": "Volume",
    "pan": "Pan",
    "reverb": "Reverb",
    "chorus": "Chorus",
    "muted": "Mute",
    "soloed": "Solo",
    "locked": "Lock",
}


class Mixing(QObject):
    """Turns what the track heads ask for into edits of the document."""

    def __init__(
        self,
        playback: Playback,
        shown: Callable[[], Composition],
        mix: Callable[..., None],
        document: Document,
        parent: QObject | None = None,
    ) -> None:
        """``shown`` gives what is seen and heard, ``mix`` changes a track of it (`Desk.mix`)."""
        super().__init__(parent)
        self._playback = playback
        self._shown = shown
        self._mix = mix
        self._document = document

    @Slot(int, str, int)
    def move(self, index: int, name: str, value: int) -> None:
        """In the middle of a drag: heard, not yet an edit."""
        if index < len(self._shown().tracks):
            self._playback.show(with_mix(self._shown(), index, **{name: value}))

    @Slot(int, str, int)
    def settle(self, index: int, name: str, value: int) -> None:
        """A drag has ended."""
        self._change(index, NAMES[name], **{name: value})

    @Slot(int, str, bool)
    def switch(self, index: int, name: str, on: bool) -> None:
        """Mute, solo or lock was pressed."""
        self._change(index, NAMES[name] if on else f"{NAMES[name]} off", **{name: on})

    @Slot(int, int)
    def choose_instrument(self, index: int, program: int) -> None:
        """Another instrument."""
        track = self._shown().tracks[index]
        self._change(index, instrument_name(program, track.is_drum), program=program)

    def choose_output(self, index: int, output: str | None) -> None:
        """Another MIDI output; None for Tutti's own sound."""
        self._change(index, "Output", output=output)

    @Slot(int)
    def move_master(self, volume: int) -> None:
        """The master is being dragged: heard, not yet an edit."""
        self._playback.show(replace(self._shown(), volume=volume))

    @Slot(int)
    def settle_master(self, volume: int) -> None:
        """The master was dragged. It is the composition's own, whichever take is auditioned."""
        self._document.edit(replace(self._document.composition, volume=volume), "Master volume")

    def rename(self, index: int, name: str) -> None:
        """Another name for a track; an empty one is not taken."""
        if name.strip():
            self._change(index, "Rename track", name=name.strip())

    def _change(self, index: int, title: str, **values: object) -> None:
        if index < len(self._shown().tracks):
            self._mix(index, title, **values)
