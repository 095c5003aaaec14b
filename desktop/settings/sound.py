"""How sound is made: driver, buffer, rate, sound font, gain, and the latency that comes of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from desktop.settings.form import CONTROL_WIDTH, Choice, Section, StillSlider, in_a_row, say
from engine.live.audio import Synth
from engine.live.channels import LIVE_CHANNEL
from engine.live.sound_font_facts import sound_font_facts
from engine.live.synth import audio_drivers, sound_fonts
from engine.music.phrase import PhraseNote
from engine.music.track import Track

if TYPE_CHECKING:
    from desktop.app import App

PERIOD_SIZES = (64, 128, 256, 512, 1024)
PERIOD_COUNTS = (2, 3, 4, 6, 8)
SAMPLE_RATES = (44_100, 48_000, 88_200, 96_000)
GAIN_STEPS = 100
"""Steps of the slider for a gain of 1."""
MOST_GAIN = 2.0
FONT_WIDTH = 270
SETTLE_MS = 300
"""How long the loudness must stand still before the sound is opened with it."""
TEST_CHORD = (48, 55, 60, 64, 67)
TEST_VELOCITY = 80
TEST_MS = 1_200
BUFFER_HINT = "Fewer and smaller buffers sound sooner. Take more if the sound crackles."
FONT_HINT = "A larger font mostly sounds better and takes longer to open."
SERVER_DECIDES = "The JACK server runs at {} frames: it decides, whatever is chosen here."
SIDE_PITCH = 69


class SoundSection(Section):
    """Every change but loudness opens the sound anew; the true latency stands beside the buffer."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Sound", parent)
        self._app = app
        drivers = ((name, name) for name in audio_drivers())
        self._driver = Choice([("Best for this system", None), *drivers])
        self._period = Choice((f"{size} frames", size) for size in PERIOD_SIZES)
        self._count = Choice((str(count), count) for count in PERIOD_COUNTS)
        self._rate = Choice((f"{rate / 1000:g} kHz", rate) for rate in SAMPLE_RATES)
        self._font = Choice([])
        self._font.setMinimumWidth(FONT_WIDTH)
        self._gain = StillSlider(Qt.Orientation.Horizontal)
        self._gain.setRange(1, round(MOST_GAIN * GAIN_STEPS))
        self._gain.setMaximumWidth(CONTROL_WIDTH)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(self._on_gain)
        self._test_end = QTimer(self)
        self._test_end.setSingleShot(True)
        self._test_end.setInterval(TEST_MS)
        self._test_end.timeout.connect(self._end_test)
        self._add_rows()
        self._connect()
        self._show()

    def _add_rows(self) -> None:
        self._state = self.add_row("Driver", self._driver)
        self._latency = self.add_row("Buffer size", self._period)
        self.add_row("Buffers", self._count, BUFFER_HINT)
        self.add_row("Sample rate", self._rate)
        self._in_use = self.add_row("Sound font", self._font_row())
        self.add_row("Loudness", self._gain)
        self.add_row("Try it", self._buttons())

    def _font_row(self) -> QWidget:
        choose = QPushButton("Choose…")
        choose.setToolTip("Choose a sound font file (.sf2 or .sf3)")
        choose.clicked.connect(self._choose_font)
        self._font.setAccessibleName("Sound font")
        return in_a_row(self._font, choose)

    def _buttons(self) -> QWidget:
        self._test = QPushButton("Play a chord")
        self._test.clicked.connect(self._begin_test)
        self._again = QPushButton("Open the sound again")
        self._again.setToolTip("After a change outside Tutti, such as another sound card")
        self._again.clicked.connect(self._app.restart_sound)
        self._sides = [self._side_button("Left", 0), self._side_button("Right", 127)]
        return in_a_row(self._test, *self._sides, self._again)

    def _side_button(self, side: str, pan: int) -> QPushButton:
        button = QPushButton(side)
        button.setToolTip(f"A tone from the {side.lower()} loudspeaker alone")
        button.setAccessibleName(f"Play a tone on the {side.lower()}")
        button.clicked.connect(lambda: self._play_side(pan))
        return button

    def _play_side(self, pan: int) -> None:
        """The music's own channels are set anew when it plays."""
        track = Track("Test", pan=pan)
        tone = PhraseNote(0.0, TEST_MS / 1000, SIDE_PITCH, TEST_VELOCITY)
        self._app.player.audition.play(0, track, (tone,))

    def _connect(self) -> None:
        # `activated` comes from the user alone, so showing a value echoes nothing.
        self._driver.activated.connect(self._on_driver)
        self._period.activated.connect(self._on_period)
        self._count.activated.connect(self._on_count)
        self._rate.activated.connect(self._on_rate)
        self._font.activated.connect(self._on_font)
        self._gain.valueChanged.connect(self._settled.start)
        self._app.settings_changed.connect(self._show)
        self._app.synth_changed.connect(self._show_state)
        self._app.sound.problem_changed.connect(self._show_state)

    @Slot()
    def _show(self) -> None:
        settings = self._app.settings
        self._driver.show_value(settings.audio_driver)
        self._period.show_value(settings.period_size)
        self._count.show_value(settings.period_count)
        self._rate.show_value(settings.sample_rate)
        self._font.offer(font_options(sound_fonts(), settings.sound_font))
        self._font.show_value(settings.sound_font)
        self._gain.setValue(round(settings.gain * GAIN_STEPS))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        synth = self._app.synth
        say(self._state, synth.problem or synth.description)
        for button in (self._test, *self._sides):
            button.setEnabled(synth.problem is None)
        say(self._latency, latency_words(synth))
        say(self._in_use, font_words(synth.sound_font))

    @Slot()
    def _on_driver(self) -> None:
        self._app.change_settings(audio_driver=self._driver.value)

    @Slot()
    def _on_period(self) -> None:
        self._app.change_settings(period_size=self._period.value)

    @Slot()
    def _on_count(self) -> None:
        self._app.change_settings(period_count=self._count.value)

    @Slot()
    def _on_rate(self) -> None:
        self._app.change_settings(sample_rate=self._rate.value)

    @Slot()
    def _on_font(self) -> None:
        self._app.change_settings(sound_font=self._font.value)

    @Slot()
    def _on_gain(self) -> None:
        if self._gain.isSliderDown():
            self._settled.start()
        elif self._gain.value() != round(self._app.settings.gain * GAIN_STEPS):
            self._app.change_settings(gain=self._gain.value() / GAIN_STEPS)

    @Slot()
    def _choose_font(self) -> None:
        before = self._app.settings.sound_font
        folder = str(Path(before).parent) if before else ""
        name, _ = QFileDialog.getOpenFileName(
            self, "Choose a sound font", folder, "Sound fonts (*.sf2 *.sf3)"
        )
        if name:
            self._app.change_settings(sound_font=name)

    @Slot()
    def _begin_test(self) -> None:
        for pitch in TEST_CHORD:
            self._app.synth.note_on(LIVE_CHANNEL, pitch, TEST_VELOCITY)
        self._test_end.start()

    @Slot()
    def _end_test(self) -> None:
        for pitch in TEST_CHORD:
            self._app.synth.note_off(LIVE_CHANNEL, pitch)


def latency_words(synth: Synth) -> str:
    """How late a computed frame sounds, as it was read back; and who decided that."""
    if synth.latency_ms is None:
        return ""
    told = f"True latency: {synth.latency_ms:.1f} ms."
    return f"{told} {SERVER_DECIDES.format(synth.period_size)}" if synth.driver == "jack" else told


def font_words(font: Path | None) -> str:
    """Which font sounds, and what it says of itself."""
    facts = sound_font_facts(font) if font is not None else None
    return FONT_HINT if facts is None else f"In use: {facts.sentence}. {FONT_HINT}"


def font_options(fonts: tuple[Path, ...], chosen: str | None) -> list[tuple[str, str | None]]:
    """What the list of sound fonts offers: the best there is, each found, and the chosen one."""
    best = f"Best there is ({fonts[0].stem})" if fonts else "Best there is"
    paths = list(dict.fromkeys([*map(str, fonts), *([chosen] if chosen else [])]))
    return [(best, None), *((Path(path).stem, path) for path in paths)]
