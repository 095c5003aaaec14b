"""The close of a song: its last melody note draws the tonic under it, and the dominant before it.

Only a melody that ends on a tonic says so plainly: a note whose key fits the whole melody nearly as
well as the best one does, for the key that was read off a short tune may be its neighbour's. What
ends on another note is left to the network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.music.harmony import NO_CHORD, PITCH_CLASSES
from models.axes import split_axis
from models.habits import DecodeSettings
from models.layout import STEPS_PER_BEAT, Layout
from models.melody_pull import pulled_parts
from models.voice_leading import SILENT
from models.windows import chord_table

TRIADS = ((0, 4, 7), (0, 3, 7))  # of major and of minor
# By so much of a correlation (`models.key_frame`) may another key fit better. Of the training tunes
# and chorales whose last melody note lies within it, 71 to 97 % end on that note's root.
NEARLY = 0.25
FIFTH = 7  # semitones
# Beats by which chords may be ahead of the last note, and the share of the dominant's gain there.
NEAR, NEAR_SHARE, FARTHER = 1.6, 0.5, 2.6
SURELY = 3.0  # times the gain of an onset
ROOM = 0.25  # of the melody over a beat
NOWHERE = -1.0
UNSUNG = 1e-6


@dataclass(frozen=True, slots=True)
class Close:
    """What is added to the logits of ``chords`` (batch, beat, chord) and of ``onsets`` (batch,
    track, step, pitch); zero where a melody does not close.
    """

    chords: Tensor
    onsets: Tensor


class Closing(nn.Module):
    """From a melody to its close."""

    lowest: Tensor
    chordal: Tensor
    fold: Tensor
    triads: Tensor
    profiles: Tensor
    roots: Tensor
    leading: Tensor
    members: Tensor

    def __init__(
        self,
        layout: Layout,
        settings: DecodeSettings,
        ranges: tuple[tuple[int, int], ...],
        profiles: Tensor,
    ) -> None:
        """``profiles`` (24, class) as of `KeyFrame`; ``ranges`` are MIDI pitches per track, by
        which the lowest voice is known, and where the middle of the others is: one chord is struck
        there, not one in every octave.
        """
        super().__init__()
        self.layout, self.settings = layout, settings
        table = chord_table()[:NO_CHORD]
        triads = torch.zeros(2, PITCH_CLASSES, PITCH_CLASSES)
        for tonic in range(PITCH_CLASSES):
            for mode, triad in enumerate(TRIADS):
                triads[mode, tonic, [(tonic + each) % PITCH_CLASSES for each in triad]] = 1
        voices = [track for track, single in enumerate(layout.one_voice) if single]
        lowest = min(voices, key=lambda track: ranges[track], default=None)
        chordal = [track for track in pulled_parts(layout) if track != lowest]
        middle = torch.stack([_middle_octave(layout, each) for each in ranges])
        classes = (torch.arange(layout.pitches) + layout.pitch_low) % PITCH_CLASSES
        fold = functional.one_hot(classes, PITCH_CLASSES).float()
        self.register_buffer("lowest", _marked(layout, [lowest]), persistent=False)
        struck = _marked(layout, chordal) * middle[None, :, None]
        if settings.rules is not None:
            # A voice of a choir lasts until it moves: one that stayed would leave its leading note
            # in the last chord.
            inner = [track for track in voices if track != lowest]
            struck = struck + SURELY * _marked(layout, inner)
        self.register_buffer("chordal", struck, persistent=False)
        self.register_buffer("fold", fold, persistent=False)
        self.register_buffer("triads", triads, persistent=False)
        self.register_buffer("profiles", profiles.clone(), persistent=False)
        roots, members = table[:, :PITCH_CLASSES].T.clone(), table[:, PITCH_CLASSES:].T.clone()
        thirds = members * (roots.roll(3, 0) + roots.roll(4, 0))
        self.register_buffer("roots", roots, persistent=False)
        self.register_buffer("leading", roots * (thirds.sum(0) > 0), persistent=False)
        self.register_buffer("members", members, persistent=False)

    def forward(self, melody: Tensor, position: Tensor, untold: Tensor) -> Close:
        """The close of ``melody`` (batch, step), the pitch, as of `lines_of`.

        ``position`` (batch, 2, step); ``untold`` (batch, beat, 1): 1 where no harmony was given.
        """
        place = torch.arange(melody.shape[1], device=melody.device).to(melody.dtype)
        begins = (melody > SILENT) & (melody != functional.pad(melody, (1, -1), value=SILENT))
        classes = self._classes(melody)
        last = _latest(begins, place)
        final = (classes * (place == last).to(melody.dtype)[..., None]).sum(1)  # (batch, class)
        triad = self._triad(classes.sum(1), final)
        tonic = final * triad
        # What begins between felt beats is reached by the chord of the beat before it.
        felt = position[:, 1] > 0
        last = _latest(felt & (place <= last), place)
        at_last = (place == last).to(melody.dtype)[..., None]
        at_end, by_fifth = self._chords(classes, tonic, last)
        before = (place == _latest(felt & (place < last), place)).to(melody.dtype)
        # Where the melody leaves no room for the dominant, the lowest voice does not play it.
        room = by_fifth.amax(2).repeat_interleave(STEPS_PER_BEAT, 1)
        before = before * (room >= ROOM).to(melody.dtype)
        after = place > last
        astray = (tonic.sum(1, keepdim=True) - tonic)[:, None]
        bass = at_last * tonic[:, None] + before[..., None] * tonic.roll(FIFTH, 1)[:, None]
        bass = bass - after.to(melody.dtype)[..., None] * astray
        onsets = self.lowest * (bass @ self.fold.T)[:, None]
        onsets = onsets + self.chordal * (at_last * triad[:, None] @ self.fold.T)[:, None]
        steps = untold.repeat_interleave(STEPS_PER_BEAT, 1)[:, None]
        chords = self.settings.close * untold * (at_end + by_fifth)
        return Close(chords, self.settings.close_notes * steps * onsets)

    def _triad(self, weights: Tensor, final: Tensor) -> Tensor:
        """The tonic triad (batch, class) on the ``final`` class; zero where that is no tonic.

        ``weights`` (batch, class): steps that each class sounds.
        """
        weights = weights - weights.mean(1, keepdim=True)
        weights = weights / weights.square().sum(1, keepdim=True).sqrt().clamp(min=UNSUNG)
        fits = split_axis(weights @ self.profiles.T, 1, (2, PITCH_CLASSES))
        own = (fits * final[:, None]).sum(2)  # (batch, mode)
        is_tonic = own.amax(1, keepdim=True) >= fits.amax((1, 2))[:, None] - NEARLY
        minor = (own[:, 1:] > own[:, :1]).to(final.dtype)
        major, dark = final @ self.triads[0], final @ self.triads[1]
        return is_tonic.to(final.dtype) * ((1 - minor) * major + minor * dark)

    def _chords(self, classes: Tensor, tonic: Tensor, last: Tensor) -> tuple[Tensor, Tensor]:
        """Shares (batch, beat, chord) of the tonic from the last note on, of the dominant before.

        The dominant's is how much of the melody over its beat it holds; one without a third does
        not lead.
        """
        beats = classes.shape[1] // STEPS_PER_BEAT
        beat = torch.arange(beats, device=classes.device).to(classes.dtype)
        ahead = last / STEPS_PER_BEAT - beat
        near = _between(ahead, 0, NEAR) + NEAR_SHARE * _between(ahead, NEAR, FARTHER)
        sung = split_axis(classes, 1, (beats, STEPS_PER_BEAT)).sum(2)
        held = (sung @ self.members) / sung.sum(2, keepdim=True).clamp(min=1)
        by_fifth = near[..., None] * held * (tonic.roll(FIFTH, 1) @ self.leading)[:, None]
        at_end = (ahead <= 0).to(classes.dtype)[..., None]
        return at_end * (tonic @ self.roots)[:, None], by_fifth

    def _classes(self, melody: Tensor) -> Tensor:
        """The melody's pitch class at each step (batch, step, class), zero where it is silent."""
        number = torch.remainder(melody + self.layout.pitch_low, PITCH_CLASSES)
        each = torch.arange(PITCH_CLASSES, device=melody.device).to(melody.dtype)
        same = (number[..., None] == each).to(melody.dtype)
        return same * (melody > SILENT).to(melody.dtype)[..., None]


def _latest(marked: Tensor, place: Tensor) -> Tensor:
    """The last step (batch, 1) that is marked (batch, step), `NOWHERE` without one."""
    return torch.where(marked, place, NOWHERE).amax(1, keepdim=True)


def _between(ahead: Tensor, low: float, high: float) -> Tensor:
    return ((ahead > low) & (ahead <= high)).to(ahead.dtype)


def _marked(layout: Layout, tracks: Sequence[int | None]) -> Tensor:
    """1 for some tracks (1, track, 1, 1)."""
    marks = [float(track in tracks) for track in range(layout.tracks)]
    return torch.tensor(marks)[None, :, None, None]


def _middle_octave(layout: Layout, heard: tuple[int, int]) -> Tensor:
    """1 for the twelve pitches in the middle of a range (pitch,)."""
    first = (heard[0] + heard[1]) // 2 - PITCH_CLASSES // 2 - layout.pitch_low
    place = torch.arange(layout.pitches)
    return ((place >= first) & (place < first + PITCH_CLASSES)).float()
