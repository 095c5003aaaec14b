"""The words of a file stay with its music and go out again."""

from pathlib import Path

import mido

from engine.files.midi import read_midi, write_midi
from engine.music.lyrics import Lyric
from tests.midi_bytes import END, meta, midi_file, name

NOTES = "00 90 3C 40 60 80 3C 00 00 90 3E 40 60 80 3E 00 "
LYRIC, TEXT = 0x05, 0x01


def written(folder: Path, *tracks: str) -> Path:
    path = folder / "song.kar"
    path.write_bytes(midi_file(1, 96, *tracks))
    return path


def test_lyrics_are_read_with_their_spaces_and_written_again(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        meta(LYRIC, b"Fr\xc3\xa8-") + NOTES.replace("60 80", "60 FF 05 05 72 65 0D 00 07 00 80", 1)
        + meta(LYRIC, b"Jac\xe9 ") + END,
    )  # fmt: skip
    words = (Lyric(0, "Frè-"), Lyric(96, "re\r"), Lyric(192, "Jacé "))
    song = read_midi(path).composition
    assert song.lyrics == words
    again = tmp_path / "again.mid"
    write_midi(song, again)
    assert read_midi(again).composition.lyrics == words
    told = [m.text for m in mido.MidiFile(again, charset="utf-8").tracks[0] if m.type == "lyrics"]
    assert told == ["Frè-", "re\r", "Jacé "]


def test_a_karaoke_file_s_words_are_its_texts_without_its_marks(tmp_path: Path) -> None:
    words = name("Words") + meta(TEXT, b"@LENGL") + meta(TEXT, b"\\Are ") + meta(TEXT, b"you") + END
    plain = name("Melody") + meta(TEXT, b"a remark") + NOTES + END
    song = read_midi(written(tmp_path, plain, words)).composition
    assert [lyric.text for lyric in song.lyrics] == ["\\Are ", "you"]
    assert read_midi(written(tmp_path, plain)).composition.lyrics == ()
