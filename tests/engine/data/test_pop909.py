"""POP909's layout with a song made by hand, whose beats lie off the tick grid."""

import shutil
from pathlib import Path

import pytest

from engine.data import pop909
from engine.data.arrangement import Reading
from engine.data.corpus import Corpus, RoleNote, Song
from engine.data.importing import import_folder
from engine.data.roles import BASS, CHORDS, COUNTER, MELODY
from engine.data.rules import NO_RULE, Correction, RoleRule
from engine.data.song_report import CORRECTED, METER, UNREADABLE
from engine.files.midi import write_midi
from engine.music.composition import Composition
from engine.music.harmony import NO_CHORD, chord_index
from engine.music.note import Note
from engine.music.track import make_track

BEATS = [0.3 + 0.5 * number for number in range(12)]  # 120 beats a minute, 0.3 s after the start


def at(beat: float, pitch: int, beats: float, velocity: int = 80) -> Note:
    """A note at 120 beats a minute and 480 ticks a beat, 0.3 s late as the annotated beats are."""
    return Note(288 + round(480 * beat), pitch, round(480 * beats), velocity)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("midi", "beat", "chord"):
        (tmp_path / "POP909" / name).mkdir(parents=True)
    folder = tmp_path / "POP909"
    melody = [at(1, 72, 1, 100), at(2.26, 74, 0.5, 90), at(11, 76, 4, 70)]
    bridge = [at(4, 67, 2, 60)]
    piano = [at(0, 36, 4), at(0, 60, 2), at(0, 64, 2), at(4, 65, 4), at(4, 69, 4)]
    tracks = (
        make_track("MELODY", melody),
        make_track("BRIDGE", bridge),
        make_track("PIANO", piano),
        make_track("OTHER", [at(0, 50, 9)]),
    )
    write_midi(Composition(tracks=tracks), folder / "midi" / "001.mid")
    lines = [f"{second:.3f} {number % 4 + 1}" for number, second in enumerate(BEATS)]
    (folder / "beat" / "001.txt").write_text("\n".join(lines) + "\n")
    chords = ["0.0 0.3 N", "0.3 2.3 C:maj/5", "2.3\t4.3\tF:maj6", "4.3 6.3 Bb:min7"]
    (folder / "chord" / "001.txt").write_text("\n".join(chords))
    (folder / "midi" / "002.mid").write_bytes(b"no song")
    return folder


def test_the_layout_is_recognised(folder: Path) -> None:
    assert pop909.is_pop909(folder)
    assert not pop909.is_pop909(folder / "midi")


def read(folder: Path, number: str = "001") -> Reading:
    return pop909.read(folder, f"midi/{number}.mid", NO_RULE)


def song_in(folder: Path) -> Song:
    (song,) = read(folder).songs
    return song


def notes_of(song: Song, role: int) -> list[RoleNote]:
    notes = (RoleNote(*(int(field) for field in note)) for note in song.notes)
    return [note for note in notes if note.role == role]


def test_every_song_of_the_folder_is_listed(folder: Path) -> None:
    assert list(pop909.files(folder)) == ["midi/001.mid", "midi/002.mid"]
    song = song_in(folder)
    assert song.name == "pop909/001"
    assert (song.beats_per_bar, song.first_bar_beat) == (4, 0)


def test_notes_lie_on_the_annotated_beats(folder: Path) -> None:
    song = song_in(folder)
    assert notes_of(song, MELODY) == [
        RoleNote(0, 4, 72, 4, 100),
        RoleNote(0, 9, 74, 2, 90),
        RoleNote(0, 44, 76, 16, 70),
    ]
    assert notes_of(song, COUNTER) == [RoleNote(3, 16, 67, 8, 60)]


def test_the_pianos_lowest_line_is_the_bass(folder: Path) -> None:
    song = song_in(folder)
    assert [(n.step, n.pitch) for n in notes_of(song, BASS)] == [(0, 36)]
    chords = [(n.step, n.pitch) for n in notes_of(song, CHORDS)]
    assert chords == [(0, 60), (0, 64), (16, 65), (16, 69)]


def test_a_rule_can_leave_out_a_song(folder: Path) -> None:
    rule = RoleRule((Correction(file="midi/001.mid", whole_file=True),))
    assert pop909.read(folder, "midi/001.mid", rule).report.reason == CORRECTED


def test_what_was_found_is_reported(folder: Path) -> None:
    report = read(folder).report
    assert report.kept
    assert report.meter == "4/4"
    roles = [(track.name, track.role) for track in report.tracks]
    assert roles == [
        ("MELODY", "Melody"),
        ("BRIDGE", "Counter"),
        ("PIANO", "Chords"),
        ("OTHER", ""),
    ]


def test_a_last_note_rings_out_beyond_the_beats(folder: Path) -> None:
    song = song_in(folder)
    assert song.beats == 16
    assert len(song.chords) == 16


def test_chords_stand_on_their_beats(folder: Path) -> None:
    wanted = [chord_index(0, "maj")] * 4 + [chord_index(5, "maj")] * 4
    found = list(song_in(folder).chords)
    assert found == [*wanted, *[chord_index(10, "min7")] * 4, *[NO_CHORD] * 4]


@pytest.fixture
def in_three(folder: Path) -> Path:
    """The song with annotated bars of three, from the second beat on."""
    seconds = [0.3 + 0.5 * number for number in range(30)]
    lines = [f"{second:.3f} {int(number % 3 == 1)}.0 0.0" for number, second in enumerate(seconds)]
    (folder / "beat" / "001.txt").write_text("\n".join(lines))
    chords = [
        f"{seconds[beat]} {seconds[beat + 3]} {'CFG'[beat % 9 // 3]}:maj"
        for beat in range(1, 27, 3)
    ]
    (folder / "chord" / "001.txt").write_text("\n".join(chords))
    return folder


def test_a_song_in_three_is_annotated_so_and_changes_so(in_three: Path) -> None:
    song = song_in(in_three)
    assert (song.beats_per_bar, song.first_bar_beat) == (3, 1)
    assert read(in_three).report.meter == "3/4"


def test_a_song_whose_bars_are_not_known_is_left_out(in_three: Path) -> None:
    lines = (in_three / "beat" / "001.txt").read_text().replace("1.0 0.0", "0.0 0.0", 3)
    (in_three / "beat" / "001.txt").write_text(lines)
    reading = read(in_three)
    assert not reading.songs
    assert reading.report.reason == METER


@pytest.mark.parametrize(
    ("label", "chord"),
    [
        ("C:maj", (0, "maj")),
        ("Cb:min", (11, "min")),
        ("F#:sus4(b7)/4", (6, "sus4")),
        ("A:dim7", (9, "dim")),
        ("Bb:hdim7/b3", (10, "hdim7")),
        ("E:minmaj7", (4, "min")),
    ],
)
def test_labels_become_chord_classes(label: str, chord: tuple[int, str]) -> None:
    assert pop909.chord_class(label) == chord_index(*chord)


@pytest.mark.parametrize("label", ["N", "X", "C:13(foo)", "C:"])
def test_labels_outside_the_table_are_no_chord(label: str) -> None:
    assert pop909.chord_class(label) == NO_CHORD


def test_importing_packs_the_set(folder: Path, tmp_path: Path) -> None:
    report = import_folder(folder, "pop909", (), tmp_path / "sets")
    assert (report.files, report.kept, report.dropped) == (2, 1, {UNREADABLE: 1})
    corpus = Corpus(tmp_path / "sets" / "pop909")
    assert corpus.card == pop909.CARD
    assert [song.beats for song in corpus.songs] == [16]


@pytest.mark.parametrize("name", ["midi/001.mid", "beat/001.txt", "chord/001.txt"])
def test_a_song_without_one_of_its_files_is_unreadable(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert read(folder).report.reason == UNREADABLE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("midi/001.mid", "no midi"),
        ("beat/001.txt", ""),
        ("beat/001.txt", "0.5 1\n0.5 2\n"),
        ("beat/001.txt", "one two\n"),
        ("chord/001.txt", "0.3 1.3 H:maj\n"),
        ("chord/001.txt", "now then C:maj\n"),
    ],
)
def test_a_damaged_file_is_unreadable(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)
    assert read(folder).report.reason == UNREADABLE


def test_songs_read_together_are_as_each_alone(folder: Path) -> None:
    tracks = (
        make_track("PIANO", [at(3, 40, 9), at(3, 70, 1), at(5, 41, 2), at(5, 75, 30)]),
        make_track("MELODY", [at(number / 2, 60 + number, 0.5) for number in range(20)]),
    )
    write_midi(Composition(tracks=tracks), folder / "midi" / "000.mid")
    for name in ("beat", "chord"):
        shutil.copy(folder / name / "001.txt", folder / name / "000.txt")
    shutil.copy(folder / "beat" / "001.txt", folder / "beat" / "003.txt")
    paths = [f"midi/{number:03d}.mid" for number in (1, 2, 0, 3, 1)]
    together = pop909.read_all(folder, paths, NO_RULE)
    for path, reading in zip(paths, together, strict=True):
        alone = pop909.read(folder, path, NO_RULE)
        assert reading.report == alone.report
        assert reading.content == alone.content
        for song, other in zip(reading.songs, alone.songs, strict=True):
            assert list(map(tuple, song.notes)) == list(map(tuple, other.notes))
            assert list(song.chords) == list(other.chords)
            assert song.beats == other.beats
    assert [reading.report.kept for reading in together] == [True, False, True, False, True]


def test_a_song_of_days_is_unreadable(folder: Path) -> None:
    long = make_track("MELODY", [at(0, 60, 1), at(40_000, 62, 1)])
    write_midi(Composition(tracks=(long,)), folder / "midi" / "001.mid")
    assert read(folder).report.reason == UNREADABLE


def test_a_link_cannot_lead_out_of_the_folder(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "midi" / "001.mid", tmp_path / "secret.mid")
    (folder / "midi" / "001.mid").symlink_to(tmp_path / "secret.mid")
    assert list(pop909.files(folder)) == ["midi/002.mid"]
