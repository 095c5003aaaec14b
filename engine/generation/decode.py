"""Planes to tracks: notes on ticks, in range, in time, with a velocity."""

from collections.abc import Mapping
from dataclasses import replace

from engine.generation.balance import balanced
from engine.generation.frame import Frame
from engine.generation.layout import Layout
from engine.generation.model_card import CardTrack, ModelCard
from engine.generation.sampling import TakePlanes, VelocityArray
from engine.music.note import Note
from engine.music.piano_roll import BoolArray, PianoRoll, StepNote, decode
from engine.music.track import Track, make_track, without_overlaps

# A model that says nothing of loudness gets the accents of its meter.
BAR_VELOCITY, BEAT_VELOCITY, STEP_VELOCITY = 84, 76, 68


def tracks_of(take: TakePlanes, frame: Frame, layout: Layout, card: ModelCard) -> tuple[Track, ...]:
    """The tracks of one take, in the card's order.

    A note that began before the composition (under a pick-up) is left out, one that would sound
    beyond the melody's last bar ends there.
    """
    planes = take.planes[:, :, layout.columns]
    velocities = None if take.velocities is None else take.velocities[:, layout.columns]
    for plane, part in zip(planes, card.tracks, strict=True):
        _silence_outside(plane, part, card.pitch_low)
    accents = _accents(frame)
    played = decode(PianoRoll(planes, card.pitch_low))
    return tuple(
        balanced(
            _track(part, notes, frame, accents, _force(velocities, index), card.pitch_low)
            for index, (part, notes) in enumerate(zip(card.tracks, played, strict=True))
        )
    )


def _silence_outside(plane: BoolArray, part: CardTrack, pitch_low: int) -> None:
    plane[:, :, : max(0, part.pitch_low - pitch_low)] = False
    plane[:, :, max(0, part.pitch_high + 1 - pitch_low) :] = False


def _accents(frame: Frame) -> Mapping[int, int]:
    """Velocities at the steps of beats and bars."""
    beats = dict.fromkeys(frame.beats, BEAT_VELOCITY)
    return beats | dict.fromkeys(frame.bars, BAR_VELOCITY)


def _force(velocities: VelocityArray | None, track: int) -> VelocityArray | None:
    return None if velocities is None else velocities[track]


def _track(
    part: CardTrack,
    step_notes: tuple[StepNote, ...],
    frame: Frame,
    accents: Mapping[int, int],
    force: VelocityArray | None,
    pitch_low: int,
) -> Track:
    notes = []
    for each in step_notes:
        start = frame.grid.tick_at(each.step)
        if not 0 <= start < frame.end:
            continue
        end = min(frame.end, max(start + 1, frame.grid.tick_at(each.step + each.length)))
        velocity = accents.get(each.step, STEP_VELOCITY)
        if force is not None:
            velocity = int(force[each.step, each.pitch - pitch_low])
        notes.append(Note(start, each.pitch, end - start, velocity))
    clear, _changed = without_overlaps(notes)
    return make_track(part.name, clear, program=part.program, is_drum=part.is_drum)


def with_mix_of(track: Track, like: Track | None) -> Track:
    """The new notes with the instrument and the place in the mix that the old track had."""
    return track if like is None else replace(like, notes=track.notes, controls=track.controls)


def spliced(track: Track, old: Track | None, start: int, end: int) -> Track:
    """New notes from tick ``start`` until ``end``; the old ones around them as they were.

    A new note gives way to an old one of its pitch that still rings.
    """
    notes = () if old is None else old.notes
    around = [note for note in notes if not start <= note.start < end]
    ringing: dict[int, int] = {}
    for note in around:
        if note.start < start < note.end:
            ringing[note.pitch] = max(note.end, ringing.get(note.pitch, 0))
    inside = [
        replace(note, duration=min(note.end, end) - note.start)
        for note in track.notes
        if start <= note.start < end and note.start >= ringing.get(note.pitch, start)
    ]
    return track.with_notes((*around, *inside))
