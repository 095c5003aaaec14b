"""Every melody is heard as if in C: a quarter of the work, and every key is played alike.

The key is read off the melody (Krumhansl and Schmuckler, as `engine.music.harmony.estimate_key`),
music is moved to C major or A minor by the nearest way (−6 to +5 semitones), and what the network
plays is moved back. The same code runs in training, in torch and inside the exported graph.
"""

import torch
from torch import Tensor, nn

from engine.music.harmony import MAJOR_PROFILE, MINOR_PROFILE, PITCH_CLASSES
from models.axes import split_axis

FARTHEST_DOWN, FARTHEST_UP = -6, 5


class KeyFrame(nn.Module):
    """Reads the key of a melody and moves music between its own key and C."""

    profiles: Tensor
    tonics: Tensor

    def __init__(self, pitch_low: int, pitches: int, drums: tuple[int, ...] = ()) -> None:
        """``drums`` numbers the tracks whose pitches are drum keys: those are never moved."""
        super().__init__()
        self.pitch_low, self.pitches, self.drums = pitch_low, pitches, drums
        rows, tonics = [], []
        for profile, relative in ((MAJOR_PROFILE, 0), (MINOR_PROFILE, 3)):
            centred = torch.tensor(profile) - torch.tensor(profile).mean()
            for tonic in range(PITCH_CLASSES):
                rows.append(torch.roll(centred / centred.norm(), tonic))
                tonics.append((tonic + relative) % PITCH_CLASSES)
        self.register_buffer("profiles", torch.stack(rows), persistent=False)
        self.register_buffer("tonics", torch.tensor(tonics), persistent=False)

    def shift_to_c(self, melody: Tensor) -> Tensor:
        """Semitones (batch,) from a melody (batch, plane, step, pitch) to C major or A minor."""
        per_pitch = melody[:, 1].sum(1)  # (batch, pitch): steps that each sounds
        fold = torch.zeros(self.pitches, PITCH_CLASSES, device=melody.device, dtype=melody.dtype)
        place = (torch.arange(self.pitches, device=melody.device) + self.pitch_low) % PITCH_CLASSES
        fold = fold.scatter(1, place[:, None], 1.0)
        weights = per_pitch @ fold
        weights = weights - weights.mean(1, keepdim=True)
        tonic = self.tonics[(weights @ self.profiles.T).argmax(1)]
        return torch.where(tonic <= -FARTHEST_DOWN, -tonic, PITCH_CLASSES - tonic)

    def moved(self, rolls: Tensor, shift: Tensor) -> Tensor:
        """Rolls (batch, …, pitch) moved up by ``shift`` (batch,); what leaves the range is lost."""
        place = torch.arange(self.pitches, device=rolls.device)
        matrix = place[None, None, :] - place[None, :, None] == shift[:, None, None]
        flat = rolls.reshape(rolls.shape[0], -1, self.pitches)
        return (flat @ matrix.to(rolls.dtype)).reshape(rolls.shape)

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
        """Chord features (batch, beat, 24) moved up by ``shift`` semitones."""
        place = torch.arange(PITCH_CLASSES, device=chords.device)
        distance = place[None, None, :] - place[None, :, None] - shift[:, None, None]
        matrix = (torch.remainder(distance, PITCH_CLASSES) == 0).to(chords.dtype)
        halves = split_axis(chords, 2, (2, PITCH_CLASSES)).flatten(1, 2)
        return split_axis(halves @ matrix, 1, (-1, 2)).flatten(2, 3)
