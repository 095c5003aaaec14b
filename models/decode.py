"""From a request to music, as tensor arithmetic: it runs in torch and, unchanged, inside the graph.

An arrangement is filled in some passes: first the chord line, bar starts before the rest, then it
is settled where parts rest, then the tracks. Each pass draws some cells, given all that stand
already, and puts them down. What is drawn depends on ``noise`` alone (`models.noise_field`).
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.axes import split_axis
from models.beat_unet import BeatUNet
from models.chord_filler import ChordFiller, ChordLine, ChordTask, RestTask
from models.closing import Close, Closing
from models.habits import DecodeSettings, Habits, even_habits
from models.key_frame import KeyFrame, changes
from models.layout import PLANES, STEPS_PER_BEAT
from models.melody_pull import MelodyPull
from models.noise_field import CHORD_PASSES, Draws, NoiseField
from models.note_filler import Given, NoteFiller, Notes, NoteTask, Settled
from models.parted_network import PartedNetwork
from models.patterns import leaning
from models.voice_leading import lines_of

# A bar beyond the last bar line is imagined: so the end is heard as an end, not as a cut.
AFTER = 16


@dataclass(frozen=True, slots=True)
class Heard:
    """A request in C, with the imagined bar: ``melody`` (batch, plane, step, pitch), ``known``
    (batch, track, plane, step, pitch), zero where not kept, ``keep`` (batch, track, step),
    ``chords`` (batch, beat, 24), ``density`` (batch, track), ``position`` (batch, 2, step);
    ``changes`` (batch, step): 1 where the melody changes its key, so that C is another pitch.
    """

    melody: Tensor
    known: Tensor
    keep: Tensor
    chords: Tensor
    density: Tensor
    position: Tensor
    changes: Tensor


class Accompanist(nn.Module):
    """The whole request: contract tensors in, contract tensors out."""

    ending: Tensor

    def __init__(
        self,
        network: BeatUNet,
        settings: DecodeSettings,
        ranges: tuple[tuple[int, int], ...],
        habits: Habits | None = None,
    ) -> None:
        """``ranges`` are MIDI pitches per track, lowest and highest that may be played (in C).

        Without ``habits`` densities only reach the network.
        """
        super().__init__()
        self.network, self.settings = network, settings
        self.layout = layout = network.layout
        habits = habits or even_habits(layout.tracks)
        self.frame = KeyFrame(layout.pitch_low, layout.pitches, layout.drums)
        self.field = NoiseField(layout, settings)
        self.parted = PartedNetwork(network)
        self.pull = MelodyPull(layout, settings)
        self.closing = (
            Closing(layout, settings, ranges, self.frame.profiles) if settings.close else None
        )
        self.chords = ChordFiller(self.parted, settings, habits)
        self.notes = NoteFiller(self.parted, settings, ranges, habits)
        ending = torch.zeros(1, 2, AFTER)
        ending[:, 0, 0] = 1  # the last bar line; beyond it no beat is counted
        self.register_buffer("ending", ending, persistent=False)

    @property
    def passes(self) -> int:
        """How often the network is asked."""
        return CHORD_PASSES + self.settings.rounds

    def hear(
        self,
        melody: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> tuple[Heard, Tensor]:
        """The request in C, and the shift to C of each beat (batch, beat) in semitones."""
        shift = self.frame.shifts_to_c(melody, position)
        shift = torch.cat([shift, shift[:, -1:].expand(-1, AFTER // STEPS_PER_BEAT)], 1)
        melody, known = (functional.pad(x, (0, 0, 0, AFTER)) for x in (melody, known))
        keep, chords = (functional.pad(x, (0, AFTER)) for x in (keep, chords))
        tracks = split_axis(known, 1, (self.layout.tracks, PLANES)) * keep[:, :, None, :, None]
        line = chords[:, :, ::STEPS_PER_BEAT].transpose(1, 2)
        ending = self.ending.expand(melody.shape[0], -1, -1)
        heard = Heard(
            melody=self.frame.moved(melody, shift),
            known=self.frame.moved_tracks(tracks, shift),
            keep=keep,
            chords=self.frame.moved_chords(line, shift),
            density=density,
            position=torch.cat([position, ending], 2),
            changes=changes(shift),
        )
        return heard, shift

    def begin_chords(
        self, heard: Heard, draws: Draws, close: Close | None
    ) -> tuple[ChordLine, ChordTask, Tensor, Tensor]:
        """The chord line before the first pass, its task, what is heard of melody and meter, and
        what of the melody draws chords and notes (`MelodyPull.sung`).
        """
        told = (heard.chords.amax(-1) > 0).to(heard.chords.dtype)
        rest = torch.zeros_like(heard.keep[:, :, ::STEPS_PER_BEAT])
        lasting = self.parted.hear_request(heard.melody, heard.position, heard.density)
        known = heard.known
        tracks = self.parted.hear_tracks(known[:, :, 0], known[:, :, 1], heard.keep)
        sung = self.pull.sung(heard.melody, heard.chords, heard.keep)
        gain = self.pull.of_chords(sung, heard.position)
        if close is not None:
            gain = gain + close.chords
        task = self.chords.task(lasting + tracks, draws, gain, heard.position)
        return ChordLine(heard.chords, told, rest), task, lasting, sung

    def close(self, heard: Heard) -> Close | None:
        """What chords and onsets gain at the close; nothing where harmony was given."""
        if self.closing is None:
            return None
        untold = self.pull.untold(heard.chords, heard.keep)
        line = lines_of(heard.melody[:, 1:])[:, 0]
        return self.closing(line, heard.position, untold)

    def begin_notes(
        self, heard: Heard, draws: Draws, close: Close | None
    ) -> tuple[Notes, NoteTask, Given]:
        """What stands before the first pass over the parts, their task, and what was given."""
        notes, given = self.notes.begin(heard.melody, heard.known, heard.keep, heard.changes)
        task = self.notes.task(draws, given, heard.density, heard.position)
        if close is not None:
            # In units of the draw: one note more is heard, none gives way to it.
            gain = close.onsets / task.temperature[:, :, None]
            task = replace(task, onset=task.onset + gain)
        return notes, task, given

    def settle(
        self, line: ChordLine, rests: RestTask, given: Given, lasting: Tensor, sung: Tensor
    ) -> Settled:
        """Once the chords stand: where parts rest, what is heard of all else, what notes gain."""
        keep = given.keep + self.chords.resting(line, rests)
        heard = lasting + self.parted.hear_chords(line.chords, line.known)
        gain = self.pull.of_notes(sung, line.chords)
        together = leaning(rests.bars, line.chords, self.notes.by_key)
        return Settled(keep, heard, gain, line.chords, rests.bars, together)

    def end(self, notes: Notes, given: Given, shift: Tensor) -> tuple[Tensor, Tensor]:
        """``accompaniment`` (batch, tracks·2, step, pitch) and ``velocity`` in the melody's key."""
        notes = self.notes.finished(notes, given)
        planes = torch.stack([notes.onset, self.notes.sounding(notes, given)], 2)
        back = self.frame.moved_tracks(planes, -shift).flatten(1, 2)
        velocity = self.frame.moved_tracks(self.notes.velocities(notes), -shift)
        return back[:, :, :-AFTER], velocity[:, :, :-AFTER]

    def forward(
        self,
        melody: Tensor,
        noise: Tensor,
        known: Tensor,
        keep: Tensor,
        chords: Tensor,
        density: Tensor,
        position: Tensor,
    ) -> tuple[Tensor, Tensor]:
        """All passes, one after the other."""
        heard, shift = self.hear(melody, known, keep, chords, density, position)
        draws = self.field(noise, heard.melody, heard.position)
        biases = self.network.biases(heard.chords.shape[1])
        close = self.close(heard)
        line, chord_task, lasting, sung = self.begin_chords(heard, draws, close)
        for turn in range(CHORD_PASSES):
            line = self.chords(torch.tensor(float(turn)), line, chord_task, biases)
        notes, task, given = self.begin_notes(heard, draws, close)
        rests = self.chords.rest_task(draws, heard.keep, heard.density, heard.position)
        settled = self.settle(line, rests, given, lasting, sung)
        notes = replace(notes, keep=settled.keep)
        for turn in range(self.settings.rounds):
            notes = self.notes(torch.tensor(float(turn)), notes, task, given, settled, biases)
        return self.end(notes, given, shift)
