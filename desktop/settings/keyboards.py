"""Which keyboards are listened to, and how they sound."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QSpinBox, QVBoxLayout, QWidget

from desktop.chips import NO_KEYBOARD
from desktop.settings.form import Choice, Section, quiet_label, say
from desktop.theme import TEXT_MARGIN
from engine.live.midi_ports import PortState

if TYPE_CHECKING:
    from desktop.app import App

LATEST_MS = 500

LIVE_KEYS = (
    ("In Tutti", "tutti"),
    ("At the melody's MIDI output", "port"),
    ("By themselves", "off"),
)
LIVE_HINT = (
    "A keyboard with a sound of its own would be heard twice: let it sound by itself, or switch "
    "its local control off and play it through the melody's output. Everything is recorded."
)


class KeyboardsSection(Section):
    """A checkbox for every keyboard that is there or awaited; hot-plug changes the list."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Keyboards", parent)
        self._app = app
        self._boxes: dict[str, QCheckBox] = {}
        self._state = quiet_label()
        self.add_wide(self._state)
        self._all = QCheckBox("Listen to every keyboard that is plugged in")
        self._all.clicked.connect(self._on_all)
        self.add_wide(self._all)
        self._list = QWidget()
        self._ports = QVBoxLayout(self._list)
        self._ports.setContentsMargins(24, 0, 0, 8)
        self._ports.setSpacing(8)
        self.add_wide(self._list)
        self._direct = QCheckBox("Let the synthesizer hear the keyboards directly")
        self._direct.clicked.connect(self._on_direct)
        self.add_wide(self._direct)
        self.add_wide(
            quiet_label(
                "The quickest way from key to sound, where the system allows two listeners. "
                "Turn it off if every note sounds twice."
            )
        )
        self._add_lateness()
        self._sound = Choice(LIVE_KEYS)
        self._sound.activated.connect(self._on_sound)
        self.add_row("Keyboards sound", self._sound, LIVE_HINT)
        app.ports_changed.connect(self._show)
        app.settings_changed.connect(self._show)
        self._show()

    def _add_lateness(self) -> None:
        self._late = QSpinBox()
        self._late.lineEdit().setTextMargins(TEXT_MARGIN, 0, 0, 0)
        self._late.setRange(-LATEST_MS, LATEST_MS)
        self._late.setSuffix(" ms")
        self._late.setKeyboardTracking(False)
        self._late.setMaximumWidth(120)
        self._late.valueChanged.connect(self._on_late)
        self.add_row(
            "Recordings come late by",
            self._late,
            "Taken off every note that is recorded. What Tutti knows of the sound's latency is "
            "taken off already; wireless headphones and some interfaces add more.",
        )

    @property
    def boxes(self) -> dict[str, QCheckBox]:
        """The checkbox of each keyboard, by its name."""
        return dict(self._boxes)

    @Slot()
    def _show(self) -> None:
        settings, ports = self._app.settings, self._app.inputs.states()
        everything = settings.midi_inputs is None
        self._all.setChecked(everything)
        self._direct.setChecked(settings.midi_direct)
        self._direct.setEnabled(settings.live_keys == "tutti")
        self._sound.show_value(settings.live_keys)
        self._late.blockSignals(True)
        self._late.setValue(settings.recorded_late_ms)
        self._late.blockSignals(False)
        self._offer(ports)
        self._list.setVisible(bool(ports))
        for port in ports:
            box = self._boxes[port.name]
            box.setText(_port_text(port))
            box.setChecked(everything or port.name in (settings.midi_inputs or ()))
            box.setEnabled(not everything)
        say(self._state, self._app.inputs.problem or ("" if ports else NO_KEYBOARD))

    def _offer(self, ports: tuple[PortState, ...]) -> None:
        names = [port.name for port in ports]
        for name in [name for name in self._boxes if name not in names]:
            self._boxes.pop(name).deleteLater()
        for name in [name for name in names if name not in self._boxes]:
            box = QCheckBox()
            box.setAccessibleName(name)
            box.clicked.connect(self._on_ports)
            self._boxes[name] = box
            self._ports.addWidget(box)

    @Slot(bool)
    def _on_all(self, on: bool) -> None:
        connected = tuple(port.name for port in self._app.inputs.states())
        self._app.change_settings(midi_inputs=None if on else connected)

    @Slot()
    def _on_ports(self) -> None:
        # A chosen keyboard that is away now stays chosen.
        away = [name for name in self._app.settings.midi_inputs or () if name not in self._boxes]
        chosen = [name for name, box in self._boxes.items() if box.isChecked()]
        self._app.change_settings(midi_inputs=(*away, *chosen))

    @Slot()
    def _on_sound(self) -> None:
        self._app.change_settings(live_keys=self._sound.value)

    @Slot(bool)
    def _on_direct(self, on: bool) -> None:
        self._app.change_settings(midi_direct=on)

    @Slot(int)
    def _on_late(self, milliseconds: int) -> None:
        self._app.change_settings(recorded_late_ms=milliseconds)


def _port_text(port: PortState) -> str:
    if port.unheard:
        return f"{port.name} · plugged in"
    if not port.connected:
        return f"{port.name} · not plugged in"
    return f"{port.name} · heard directly" if port.direct else f"{port.name} · connected"
