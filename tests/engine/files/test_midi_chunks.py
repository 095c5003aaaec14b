"""Our reader of bytes finds what mido finds."""

import io

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileError
from engine.files.midi_chunks import MAX_MESSAGES, read_chunks

bytes7 = st.integers(0, 127)
channels = st.integers(0, 15)
times = st.integers(0, 300_000)


def _message(kind: str, **parts: st.SearchStrategy[int]) -> st.SearchStrategy[mido.Message]:
    return st.builds(mido.Message, st.just(kind), channel=channels, time=times, **parts)


messages = st.one_of(
    _message("note_on", note=bytes7, velocity=bytes7),
    _message("note_off", note=bytes7, velocity=bytes7),
    _message("control_change", control=bytes7, value=bytes7),
    _message("polytouch", note=bytes7, value=bytes7),
    _message("program_change", program=bytes7),
    _message("aftertouch", value=bytes7),
    _message("pitchwheel", pitch=st.integers(-8192, 8191)),
    st.builds(mido.MetaMessage, st.just("set_tempo"), tempo=st.integers(1, 2**24 - 1), time=times),
    st.builds(mido.MetaMessage, st.just("lyrics"), text=st.sampled_from(("", "la")), time=times),
    st.builds(mido.Message, st.just("sysex"), data=st.lists(bytes7, max_size=200), time=times),
)
many = st.lists(messages, max_size=40)


@given(st.lists(many, min_size=1, max_size=3), st.integers(1, 32_767))
def test_every_message_is_found_at_its_tick(
    tracks: list[list[mido.Message]], division: int
) -> None:
    file = mido.MidiFile(type=1, ticks_per_beat=division)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    content = io.BytesIO()
    file.save(file=content)
    chunks = read_chunks(content.getvalue(), "x.mid")
    assert (chunks.kind, chunks.division) == (1, division)
    for chunk, track in zip(chunks.tracks, tracks, strict=True):
        assert chunk.ended and not chunk.cut
        tick = 0
        found, tempos = iter(chunk.messages), iter(chunk.tempos)
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                assert next(tempos) == (tick, message.tempo)
            elif not message.is_meta and message.type != "sysex":
                data = message.bytes()
                assert next(found) == (tick, *data, *[0] * (3 - len(data)))
        assert next(found, None) is None
        assert next(tempos, None) is None
        assert chunk.end == tick


def test_events_that_are_not_kept_count_against_the_limit() -> None:
    empty_text = b"\x00\xff\x01\x00"
    body = empty_text * (MAX_MESSAGES + 1)
    content = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk" + len(body).to_bytes(4) + body
    with pytest.raises(FileError, match="larger than Tutti opens"):
        read_chunks(content, "texts.mid")
