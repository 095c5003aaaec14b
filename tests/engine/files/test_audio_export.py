"""Audio files in every format, measured: length, peak, loudness; stems, count-in, click, tail."""

from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engine.errors import FileError
from engine.files import audio
from engine.files.audio import AudioPlan, RenderedAudio, export_audio
from engine.files.audio_kinds import AudioKind
from engine.files.loudness import LoudnessMeter
from engine.files.sound_file import FORMATS, AudioFormat
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import make_track

RATE = 24_000
SOUND_FONT = Path(str(files("pretty_midi") / "TimGM6mb.sf2"))
ORGAN = 16
HIGH = make_track("High / low", [Note(480, 81, 480, 100)], program=ORGAN)  # 0.5 to 1.0 s
LOW = replace(make_track("Bass", [Note(480, 46, 240, 100)], program=ORGAN), pan=20)
SONG = Composition(tracks=(HIGH, LOW))
PLAN = AudioPlan(sample_rate=RATE)
CUT = replace(PLAN, rings_out=False)

Export = Callable[..., RenderedAudio]


@pytest.fixture
def export(tmp_path: Path) -> Export:
    def export(plan: AudioPlan, music: Composition = SONG, name: str = "song.x") -> RenderedAudio:
        made = export_audio(music, tmp_path / name, SOUND_FONT, plan)
        assert made is not None
        return made

    return export


def heard(made: RenderedAudio, number: int = 0) -> np.ndarray:
    samples, rate = soundfile.read(made.files[number], always_2d=True)
    assert rate == RATE
    return samples


def rms(samples: np.ndarray, start: float = 0.6, end: float = 0.95) -> float:
    part = samples[int(start * RATE) : int(end * RATE)]
    return float(np.sqrt((part**2).mean()))


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.kind)
def test_every_format_holds_the_same_music(export: Export, form: AudioFormat) -> None:
    made = export(replace(PLAN, kind=form.kind), name=f"song{form.suffix}")
    info = soundfile.info(made.files[0])
    assert (info.format, info.subtype, info.channels) == (form.container, form.subtype, 2)
    samples = heard(made)
    assert len(samples) == round(made.seconds * RATE)
    assert rms(samples, 0, 0.45) < 1e-3
    assert np.abs(samples).max() == pytest.approx(made.peak * made.scale, rel=0.08)
    meter = LoudnessMeter(RATE)
    meter.add(samples)
    assert meter.integrated() == pytest.approx(made.loudness, abs=0.3)


@pytest.mark.parametrize("kind", ["wav16", "mp3", "ogg"])
def test_what_would_clip_is_turned_down_and_said(export: Export, kind: AudioKind) -> None:
    chord = make_track("All", [Note(0, pitch, 480, 127) for pitch in range(36, 96)], program=ORGAN)
    made = export(replace(PLAN, kind=kind), Composition(tracks=(replace(chord, volume=127),)))
    assert made.peak > 1
    assert f"{made.lowered_db:.1f} dB softer" in made.remark
    samples = heard(made)
    assert 0.8 < np.abs(samples).max() <= 1.0
    assert (np.abs(samples) > 0.999).sum() < 10


def test_a_lossy_file_that_goes_beyond_full_scale_is_written_again_softer(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "FULL", 1.2)  # as a coder that exaggerates would have it
    made = export(replace(PLAN, kind="ogg", level="full"))
    assert np.abs(heard(made)).max() <= 1.0
    assert made.peak * made.scale == pytest.approx(1.0, rel=0.06)


def test_music_is_made_as_loud_as_was_asked_for(export: Export) -> None:
    soft = replace(SONG, volume=30)
    full = export(replace(PLAN, level="full"), soft)
    assert np.abs(heard(full)).max() == pytest.approx(10 ** (-1 / 20), abs=1e-3)
    assert "dB louder" in full.remark and "LUFS" in full.remark
    streaming = export(replace(PLAN, level="streaming"), soft)
    meter = LoudnessMeter(RATE)
    meter.add(heard(streaming))
    assert meter.integrated() == pytest.approx(streaming.loudness, abs=0.1)
    assert streaming.loudness == pytest.approx(-14, abs=0.1) or (
        "More would have clipped" in streaming.remark
    )


def test_stems_are_one_file_a_track_and_together_the_mix(export: Export, tmp_path: Path) -> None:
    mix = heard(export(replace(CUT, click=True), name="song.wav"))
    stems = export(replace(CUT, stems=True, click=True), name="song.wav")
    assert [file.name for file in stems.files] == [
        "song - 1 High - low.wav",
        "song - 2 Bass.wav",
        "song - 3 Click.wav",
    ]
    assert {file.parent for file in stems.files} == {tmp_path / "song stems"}
    parts = [heard(stems, number) for number in range(3)]
    assert len({len(part) for part in parts}) == 1
    mixed = np.sum(parts, axis=0)
    shorter = min(len(mix), len(mixed))
    assert np.abs(mixed[:shorter] - mix[:shorter]).max() < 2e-3
    assert rms(parts[0]) > 0.01 and rms(parts[1]) > 0.001
    again = export(replace(CUT, stems=True), replace(SONG, tracks=(HIGH,)), "song.wav")
    assert again.files[0].parent == tmp_path / "song stems 2"
    assert {each.name for each in tmp_path.iterdir()} == {"song.wav", "song stems", "song stems 2"}


def test_a_count_in_is_heard_before_the_music_and_the_click_beside_it(export: Export) -> None:
    plain = heard(export(PLAN))
    counted = heard(export(replace(PLAN, count_in_bars=1)))
    bar = 2 * RATE
    for beat in range(4):
        assert rms(counted, beat / 2, beat / 2 + 0.05) > 1e-3
    assert np.abs(counted[bar : bar + RATE] - plain[:RATE]).max() < 0.05
    clicked = heard(export(replace(PLAN, click=True)))
    assert rms(plain, 0, 0.05) < 1e-4 < rms(clicked, 0, 0.05)


def test_without_its_tail_the_sound_ends_with_the_bar(export: Export) -> None:
    made = export(replace(PLAN, rings_out=False))
    assert made.seconds == 2.0
    assert len(heard(made)) == 2 * RATE
    assert abs(heard(made)[-1]).max() < 1e-3
    long = Composition(tracks=(make_track("", [Note(0, 60, 1920)], program=ORGAN),))
    cut = heard(export(replace(PLAN, rings_out=False), long))
    assert len(cut) == 2 * RATE and abs(cut[-1]).max() < 1e-3 < rms(cut, 1.9, 1.99)


def test_a_cancelled_export_of_stems_leaves_nothing(tmp_path: Path) -> None:
    looks = iter(range(100))
    made = export_audio(
        SONG, tmp_path / "a.wav", SOUND_FONT, replace(PLAN, stems=True),
        cancelled=lambda: next(looks) > 30,
    )  # fmt: skip
    assert made is None
    assert list(tmp_path.iterdir()) == []


def test_a_rate_that_a_format_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="MP3 has at most 48,000"):
        export_audio(SONG, tmp_path / "a.mp3", SOUND_FONT, AudioPlan("mp3", sample_rate=96_000))
