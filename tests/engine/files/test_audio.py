"""A composition rendered to a file sounds as it should, measured in its samples."""

import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
import soundfile

from engine.errors import AudioError, FileError
from engine.files.audio import RenderedAudio, render_wav
from engine.music.composition import Composition, tempo_from_bpm
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track

RATE = 24_000
SOUND_FONT = Path(str(files("pretty_midi") / "TimGM6mb.sf2"))
ORGAN = 16  # sounds as long as the key is down
HIGH = make_track("High", [Note(480, 81, 960, 100)], program=ORGAN)  # 880 Hz, 0.5 to 1.5 s
LOW = make_track("Low", [Note(480, 46, 960, 100)], program=ORGAN)  # no overtone at 880 Hz

Samples = np.ndarray
Render = Callable[..., Samples]


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """The samples (frame, side) of these tracks as rendered at 120 beats a minute."""

    def render(*tracks: Track, composition: Composition | None = None) -> Samples:
        path = tmp_path / "song.wav"
        music = composition or Composition(tracks=tracks)
        assert render_wav(music, path, SOUND_FONT, sample_rate=RATE) is not None
        samples, rate = soundfile.read(path)
        assert rate == RATE
        return samples

    return render


def _names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


def _loudness(samples: Samples, start: float = 0.7, end: float = 1.4) -> float:
    part = samples[int(start * RATE) : int(end * RATE)]
    return float(np.sqrt((part**2).mean()))


def _strength(samples: Samples, hertz: float) -> float:
    """How strong a frequency is while the notes sound."""
    part = samples[int(0.7 * RATE) : int(1.4 * RATE)].mean(axis=1)
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    place = round(hertz * len(part) / RATE)
    return float(spectrum[place - 3 : place + 4].max() / len(part))


def test_a_note_sounds_when_it_should_and_rings_out(render: Render) -> None:
    samples = render(HIGH)
    assert _loudness(samples, 0.0, 0.48) < 1e-4
    assert _loudness(samples) > 0.01
    assert 1.5 < len(samples) / RATE < 12
    assert _loudness(samples[-RATE // 20 :], 0, 1) < 1e-3


def test_the_tempo_map_is_followed(render: Render) -> None:
    slow = Composition(tempos=(tempo_from_bpm(60),), tracks=(HIGH,))
    samples = render(composition=slow)
    assert _loudness(samples, 0.0, 0.98) < 1e-4
    assert _loudness(samples, 1.2, 2.9) > 0.01


def test_mute_and_solo_are_obeyed(render: Render) -> None:
    both = render(HIGH, LOW)
    muted = render(HIGH, replace(LOW, muted=True))
    soloed = render(HIGH, replace(LOW, soloed=True))
    assert _strength(both, 880) > 1e-3 and _strength(both, 116.54) > 1e-4
    assert _strength(muted, 116.54) < _strength(both, 116.54) / 20
    assert _strength(soloed, 880) < _strength(both, 880) / 20


def test_volume_is_obeyed(render: Render) -> None:
    loud = _loudness(render(replace(HIGH, volume=120)))
    soft = _loudness(render(replace(HIGH, volume=40)))
    assert soft < loud / 4
    assert _loudness(render(replace(HIGH, volume=0))) < loud / 1000


def test_reverb_and_the_masters_volume_are_obeyed(render: Render) -> None:
    dry = Track("Melody", notes=(Note(0, 60, 480),))
    wet = replace(dry, reverb=127)
    ringing = _loudness(render(wet), 1.4, 2.0)
    assert ringing > 1.5 * _loudness(render(dry), 1.4, 2.0)
    loud, soft = (render(composition=Composition(tracks=(dry,), volume=v)) for v in (100, 50))
    assert _loudness(soft, 0, 0.4) == pytest.approx(_loudness(loud, 0, 0.4) / 4, rel=0.01)


def test_pan_is_obeyed(render: Render) -> None:
    left = render(replace(HIGH, pan=0))
    right = render(replace(HIGH, pan=127))
    assert _loudness(left[:, :1]) > 4 * _loudness(left[:, 1:])
    assert _loudness(right[:, 1:]) > 4 * _loudness(right[:, :1])


def test_each_track_keeps_its_own_instrument_and_volume(render: Render) -> None:
    """More tracks than MIDI has channels do not disturb each other."""
    silent = [replace(LOW, name=str(n), volume=0, program=n) for n in range(20)]
    assert _loudness(render(HIGH, *silent)) == pytest.approx(_loudness(render(HIGH)), rel=0.05)


def test_a_pedal_holds_the_note_and_is_released_at_the_end(render: Render) -> None:
    pedal = ControlEvent(0, "control", 64, 127)
    held = render(
        make_track("", [Note(0, 81, 240), Note(1920, 45, 240)], program=ORGAN, controls=[pedal])
    )
    dry = render(make_track("", [Note(0, 81, 240), Note(1920, 45, 240)], program=ORGAN))
    assert _loudness(held, 1.0, 1.5) > 20 * _loudness(dry, 1.0, 1.5)
    assert len(held) / RATE < 12


def test_drums_are_drums_on_any_track(render: Render) -> None:
    kick = make_track("Drums", [Note(480, 36, 240, 120)], is_drum=True)
    piano = make_track("Piano", [Note(480, 36, 240, 120)])
    drums = render(kick)
    assert _loudness(drums, 0.5, 0.7) > 0.01
    assert not np.allclose(drums[:RATE], render(piano)[:RATE], atol=1e-3)


def test_nothing_clips_and_the_lowering_is_said(tmp_path: Path) -> None:
    chord = [Note(0, pitch, 960, 127) for pitch in range(36, 96)]
    loud = replace(make_track("All", chord, program=ORGAN), volume=127)
    path = tmp_path / "loud.wav"
    made = render_wav(Composition(tracks=(loud,)), path, SOUND_FONT, sample_rate=RATE)
    assert made is not None
    assert made.peak > 1
    assert f"{made.lowered_db:.1f} dB softer" in made.remark
    samples, _ = soundfile.read(path)
    assert 0.99 < np.abs(samples).max() <= 1.0
    assert (np.abs(samples) > 0.999).sum() < 10


def test_soft_music_is_left_as_it_is() -> None:
    assert RenderedAudio(seconds=1.0, peak=0.25).remark == ""
    assert RenderedAudio(seconds=1.0, peak=0.0).lowered_db == 0


@pytest.mark.parametrize(("bits", "subtype"), [(16, "PCM_16"), (24, "PCM_24")])
def test_both_sample_sizes_are_written(tmp_path: Path, bits: Literal[16, 24], subtype: str) -> None:
    path = tmp_path / "song.wav"
    made = render_wav(Composition(tracks=(HIGH,)), path, SOUND_FONT, sample_rate=RATE, bits=bits)
    info = soundfile.info(path)
    assert made is not None
    assert (info.format, info.subtype, info.channels, info.samplerate) == ("WAV", subtype, 2, RATE)
    assert info.duration == pytest.approx(made.seconds)
    samples, _ = soundfile.read(path)
    assert np.abs(samples).max() == pytest.approx(made.peak, abs=1e-4)


def test_the_same_music_is_the_same_file(tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in paths:
        render_wav(Composition(tracks=(HIGH, LOW)), path, SOUND_FONT, sample_rate=RATE)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    heard: list[float] = []
    render_wav(Composition(tracks=(HIGH,)), tmp_path / "a.wav", SOUND_FONT, progress=heard.append)
    assert heard == sorted(heard)
    assert heard[0] < 0.1
    assert heard[-1] == 1.0
    assert len(heard) < 110


def test_a_cancelled_rendering_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(b"old")
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 5

    made = render_wav(Composition(tracks=(HIGH,)), path, SOUND_FONT, cancelled=cancelled)
    assert made is None
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["song.wav"]


def test_nothing_to_hear_is_refused(tmp_path: Path) -> None:
    for tracks in ((Track("Melody"),), (replace(HIGH, muted=True),)):
        with pytest.raises(FileError, match="nothing to hear"):
            render_wav(Composition(tracks=tracks), tmp_path / "a.wav", SOUND_FONT)


def test_a_missing_sound_font_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="could not be loaded"):
        render_wav(Composition(tracks=(HIGH,)), tmp_path / "a.wav", tmp_path / "none.sf2")
    assert _names(tmp_path) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="the folder does not exist"):
        render_wav(Composition(tracks=(HIGH,)), tmp_path / "none" / "a.wav", SOUND_FONT)


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        with pytest.raises(FileError, match="could not be written"):
            render_wav(Composition(tracks=(HIGH,)), tmp_path / "a.wav", SOUND_FONT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert _names(tmp_path) == []


def test_a_sample_rate_beyond_the_synthesizers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="frames a second"):
        render_wav(Composition(tracks=(HIGH,)), tmp_path / "a.wav", SOUND_FONT, sample_rate=192_000)


def test_what_no_wav_file_can_hold_is_refused(tmp_path: Path) -> None:
    endless = make_track("", [Note(480 * 60_000, 60, 480)])
    with pytest.raises(FileError, match="longer than a WAV file"):
        render_wav(Composition(tracks=(endless,)), tmp_path / "a.wav", SOUND_FONT)
