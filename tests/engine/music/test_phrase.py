from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.phrase import KICK, LOW_C, phrase_of
from engine.music.track import Track, make_track


def test_a_phrase_is_two_seconds_from_the_next_note_on() -> None:
    notes = [Note(480 * index, 60 + index, 4_000 if index == 4 else 440, 70) for index in range(12)]
    song = Composition(tracks=(make_track("Melody", notes),))
    phrase = phrase_of(song, 0, tick=900)
    assert [note.pitch for note in phrase] == [62, 63, 64, 65]
    assert (phrase[0].start, phrase[1].start) == (0.0, 0.5)
    assert max(note.end for note in phrase) == 2.0
    assert phrase_of(song, 0, tick=99_999) == phrase_of(song, 0)  # behind the music: its beginning


def test_an_empty_track_sounds_as_suits_it() -> None:
    song = Composition(tracks=(Track("Bass", program=33), Track("Drums", is_drum=True)))
    assert [note.pitch for note in phrase_of(song, 0)] == [LOW_C]
    assert phrase_of(song, 1)[0].pitch == KICK
