"""Every melody is heard as if in C: a quarter of the work, and every key is played alike.

The key is read off the melody (Krumhansl and Schmuckler, as `engine.music.harmony.estimate_key`),
music is moved to C major or A minor by the nearest way (−6 to +5 semitones), and what the network
plays is moved back. A melody that changes its key is moved bar by bar (`models.key_changes`). The
same code runs in training, in torch and inside the exported graph.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.music.harmony import MAJOR_PROFILE, MINOR_PROFILE, PITCH_CLASSES
from models.axes import split_axis
from models.key_changes import around, keys_by_bar
from models.layout import STEPS_PER_BEAT

FARTHEST_DOWN, FARTHEST_UP = -6, 5
RELATIVE = 3  # semitones from a minor tonic up to that of its major scale
# From the first key to C and from another to the first; in so many bits, either way.
FARTHEST, BITS = 12, 5
UNSUNG = 1e-6


class KeyFrame(nn.Module):
    """Reads the key of a melody and moves music between its own key and C."""

    profiles: Tensor

    def __init__(self, pitch_low: int, pitches: int, drums: tuple[int, ...] = ()) -> None:
        """``drums`` numbers the tracks whose pitches are drum keys: those are never moved."""
        super().__init__()
        self.pitch_low, self.pitches, self.drums = pitch_low, pitches, drums
        rows = []
        for profile in (MAJOR_PROFILE, MINOR_PROFILE):
            centred = torch.tensor(profile) - torch.tensor(profile).mean()
            for tonic in range(PITCH_CLASSES):
                rows.append(torch.roll(centred / centred.norm(), tonic))
        self.register_buffer("profiles", torch.stack(rows), persistent=False)

    def shift_to_c(self, melody: Tensor) -> Tensor:
        """Semitones (batch,) from a melody (batch, plane, step, pitch) to C major or A minor."""
        return _nearest(self._scales(melody[:, 1].sum(1) @ self._fold(melody)).argmax(1))

    def shifts_to_c(self, melody: Tensor, position: Tensor) -> Tensor:
        """As `shift_to_c` for every beat (batch, beat), in the key of its bar.

        Later keys are moved to where they lie nearest to the first.
        ``position`` (batch, 2, step).
        """
        begins = position[:, 0, ::STEPS_PER_BEAT]
        cells = split_axis(melody[:, 1], 1, (begins.shape[1], STEPS_PER_BEAT)).sum(2)
        sung = cells @ self._fold(melody)
        whole = self._scales(sung.sum(1))
        keys = keys_by_bar(whole, self._scales(around(begins) @ sung), begins)
        home = keys[:, :1]
        return _nearest(home) + _nearest(torch.remainder(keys - home, PITCH_CLASSES))

    def _fold(self, melody: Tensor) -> Tensor:
        """From pitches to pitch classes (pitch, class)."""
        fold = torch.zeros(self.pitches, PITCH_CLASSES, device=melody.device, dtype=melody.dtype)
        place = (torch.arange(self.pitches, device=melody.device) + self.pitch_low) % PITCH_CLASSES
        return fold.scatter(1, place[:, None], 1.0)

    def _correlations(self, sung: Tensor) -> Tensor:
        """How well each of the 24 keys fits steps of each pitch class (…, 12): −1 to 1."""
        centred = sung - sung.mean(-1, keepdim=True)
        size = centred.square().sum(-1, keepdim=True).sqrt()
        return (centred / size.clamp(min=UNSUNG)) @ self.profiles.T

    def _scales(self, sung: Tensor) -> Tensor:
        """How well each scale (…, 12), by its major tonic, fits: as its major or minor key does."""
        fits = self._correlations(sung)
        major, minor = fits[..., :PITCH_CLASSES], fits[..., PITCH_CLASSES:]
        return torch.maximum(major, minor.roll(RELATIVE, -1))

    def moved(self, rolls: Tensor, shift: Tensor) -> Tensor:
        """Rolls (batch, …, step, pitch) moved up by ``shift`` (batch,), or (batch, beat) that.

        What leaves the range is lost.
        """
        if shift.ndim == 2:
            return self._moved_by_beat(rolls, shift)
        place = torch.arange(self.pitches, device=rolls.device)
        matrix = place[None, None, :] - place[None, :, None] == shift[:, None, None]
        flat = rolls.reshape(rolls.shape[0], -1, self.pitches)
        return (flat @ matrix.to(rolls.dtype)).reshape(rolls.shape)

    def _moved_by_beat(self, rolls: Tensor, shift: Tensor) -> Tensor:
        """As `moved` by ``shift`` (batch, beat): by 1, 2, 4 … semitones wherever it is due.

        A matrix for each beat would take more memory than all else that a request does.
        """
        up = (shift + FARTHEST).repeat_interleave(STEPS_PER_BEAT, 1)
        up = up.reshape(up.shape[0], *(1,) * (rolls.ndim - 3), -1, 1)
        moved = functional.pad(rolls, (0, 2 * FARTHEST))
        for bit in range(BITS):
            by = 2**bit
            due = torch.remainder(torch.div(up, by, rounding_mode="floor"), 2) > 0
            moved = torch.where(due, functional.pad(moved, (by, -by)), moved)
        return moved[..., FARTHEST : FARTHEST + self.pitches]

    def moved_tracks(self, rolls: Tensor, shift: Tensor) -> Tensor:
        """As `moved` for rolls (batch, track, …, pitch); drums stay where they are."""
        moved = self.moved(rolls, shift)
        if not self.drums:
            return moved
        stay = torch.zeros(rolls.shape[1], device=rolls.device, dtype=rolls.dtype)
        stay[list(self.drums)] = 1
        stay = stay.reshape(-1, *(1,) * (rolls.ndim - 2))
        return stay * rolls + (1 - stay) * moved

    def moved_chords(self, chords: Tensor, shift: Tensor) -> Tensor:
        """Chord features (batch, beat, 24) moved up by ``shift`` (batch,), or (batch, beat)."""
        place = torch.arange(PITCH_CLASSES, device=chords.device)
        each = shift.reshape(shift.shape[0], -1, 1, 1)
        distance = place[None, :] - place[:, None] - each
        matrix = (torch.remainder(distance, PITCH_CLASSES) == 0).to(chords.dtype)
        return (split_axis(chords, 2, (2, PITCH_CLASSES)) @ matrix).flatten(2, 3)


def _nearest(tonic: Tensor) -> Tensor:
    """Semitones from a tonic, 0 to 11, to C by the nearest way."""
    return torch.where(tonic <= -FARTHEST_DOWN, -tonic, PITCH_CLASSES - tonic)


def changes(shift: Tensor) -> Tensor:
    """1 at the steps (batch, step) with which beats of another ``shift`` (batch, beat) begin."""
    other = (shift[:, 1:] != shift[:, :-1]).to(torch.float32)
    beats = functional.pad(other, (1, 0))[..., None]
    return functional.pad(beats, (0, STEPS_PER_BEAT - 1)).flatten(1)
