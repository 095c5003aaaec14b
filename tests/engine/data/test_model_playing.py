"""How a model is asked, and how what it plays is put back on steps."""

import numpy as np

from engine.data.measures import Segment
from engine.data.model_playing import chord_hints, composition_of, heard
from engine.data.played import Played
from engine.generation.generator import Accompaniment
from engine.music.composition import Origin
from engine.music.harmony import NO_CHORD, chord_index
from engine.music.note import Note
from engine.music.piano_roll import StepNote
from engine.music.track import make_track

N = StepNote


def test_a_segments_melody_is_a_composition_in_its_meter() -> None:
    made = composition_of(Segment((N(0, 60, 4), N(12, 62, 2)), (), 24, 12))
    assert [(n.start, n.pitch, n.duration) for n in made.melody.notes] == [
        (0, 60, 480),
        (1440, 62, 240),
    ]
    assert (made.meters[0].numerator, made.ticks_per_quarter) == (3, 480)
    eighths = composition_of(Segment((N(0, 60, 4),), (), 24, 12, None, "6/8")).meters[0]
    assert (eighths.numerator, eighths.denominator) == (6, 8)


def test_hints_stand_where_the_chord_changes() -> None:
    chords = (chord_index(0, "maj"), chord_index(0, "maj"), chord_index(9, "min7"), NO_CHORD)
    hints = chord_hints(Segment((), (), 16, 16, chords))
    assert [(hint.tick, hint.root, hint.pitch_classes) for hint in hints] == [
        (0, 0, {0, 4, 7}),
        (960, 9, {9, 0, 4, 7}),
        (1440, None, set()),
    ]
    assert chord_hints(Segment((), (), 16)) == ()


def test_a_take_lies_on_steps_with_its_velocities_and_its_drums_apart() -> None:
    velocity = np.zeros((3, 32), np.uint8)
    velocity[0, 0] = 99
    asked = Played(Segment((N(0, 60, 16),), ((),), 32, 16, (0,) * 8), (), velocity)
    bass = [Note(0, 40, 480, 60), Note(0, 47, 100, 80), Note(10 * 120 + 20, 41, 60, 90)]
    late = Note(16 * 120, 43, 480, 70)
    drums = make_track("Drums", [Note(480, 36, 60, 100)], is_drum=True)
    take = Accompaniment((make_track("Bass", [*bass, late]), drums), Origin("Tiny", "", 0, 0))
    found = heard(asked, take)
    assert found.segment.tracks == ((N(0, 40, 4), N(0, 47, 1), N(10, 41, 1)),)
    assert found.drums == (N(4, 36, 1),)
    assert (found.segment.steps, len(found.segment.chords or ())) == (16, 4)
    rows = [np.flatnonzero(row).tolist() for row in found.velocity]
    assert rows == [[0], [0, 10], [4]]
    assert found.velocity[1, [0, 10]].tolist() == [70, 90]
