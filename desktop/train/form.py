"""The form of a new generator: what it learns from, and how."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from desktop.settings.form import Choice
from desktop.theme import body_font
from desktop.train.data_choice import DataChoice, SetLine
from desktop.train.fields import ValueField, caption, show_acting
from desktop.train.forecast import Advice
from desktop.train.offers import OfferedPreset, Offers
from desktop.train.start_choice import Start, StartChoice
from desktop.training_words import free_name
from desktop.widgets.icons import icon
from engine.store.runs import NAME, NAME_RULE, data_name

FIRST_NAME = "My band"
FORM_GAP = 12
NO_DATA = "Choose music to learn from first."
NO_PRESETS = "Asking the trainer what can be set …"
OWN = frozenset({"name", "data", "tags", "preset", "start_from"})
"""Settings with a control of their own."""


class Form(QWidget):
    """All that a run is started with."""

    changed = Signal()
    get_data_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers = Offers()
        self._taken: set[str] = set()
        self._named = False
        self._waiting: Mapping[str, Any] | None = None
        self.fields: dict[str, ValueField] = {}
        self.name = QLineEdit(FIRST_NAME)
        self.name.setAccessibleName("Name")
        self.name.setMaxLength(64)
        self.start = StartChoice()
        self.data = DataChoice()
        self.preset = Choice([])
        self.preset.setMaximumWidth(16_777_215)
        self.preset.setAccessibleName("Preset")
        self._start_hint, self._preset_hint = caption(), caption()
        self._build()
        self._connect()

    def _build(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        naming = self._add("Name", self.name)
        self._add("Start from", self.start, self._start_hint)
        music = self._add("Music to learn from", self.data)
        self._of_new = (*naming, *music)
        self._add("Preset", self.preset, self._preset_hint)
        _, usual = _stack(self._column)
        self.more = QToolButton()
        self.more.setText("Advanced")
        self.more.setProperty("kind", "flat")
        self.more.setCheckable(True)
        self.more.setFont(body_font(bold=True))
        self.more.setIcon(icon("chevron-right", "quiet"))
        self.more.setToolButtonStyle(self.more.toolButtonStyle().ToolButtonTextBesideIcon)
        self._column.addWidget(self.more)
        self._advanced, advanced = _stack(self._column)
        self._rows = {False: usual, True: advanced}
        self._advanced.setVisible(False)
        self._column.addStretch(1)

    def _add(self, title: str, *widgets: QWidget) -> tuple[QWidget, ...]:
        label = caption(title)
        label.setBuddy(widgets[0])
        self._column.addWidget(label)
        for widget in widgets:
            self._column.addWidget(widget)
        self._column.addSpacing(FORM_GAP - 4)
        return label, *widgets

    def _connect(self) -> None:
        self.name.textEdited.connect(self._on_name)
        self.name.textChanged.connect(self.changed)
        self.start.currentIndexChanged.connect(self._on_start)
        self.data.changed.connect(self.changed)
        self.data.get_asked.connect(self.get_data_asked)
        self.preset.currentIndexChanged.connect(self._on_preset)
        self.more.toggled.connect(self._show_more)

    # What is offered

    def show_offers(self, offers: Offers) -> None:
        """Offer presets and make a field for each setting."""
        self._offers = offers
        blocked = self.preset.blockSignals(True)
        self.preset.offer((each.title, each.name) for each in offers.presets)
        self.preset.blockSignals(blocked)
        for offered in offers.settings:
            if offered.name not in OWN and offered.name not in self.fields:
                field = ValueField(offered)
                field.changed.connect(self._on_field)
                self.fields[offered.name] = field
                self._rows[offered.advanced].addWidget(field)
        self._on_start()
        if self._waiting is not None:
            self.show_settings(self._waiting)

    def show_sets(self, lines: Sequence[SetLine]) -> None:
        """Offer data sets."""
        self.data.show_lines(lines)

    def show_starts(self, offered: Sequence[Start], taken: set[str]) -> None:
        """Offer beginnings; ``taken`` are the names that runs have already."""
        self._taken = taken
        before = self.start.start
        self.start.show_starts(offered)
        if self.start.start.kind != before.kind:
            self._on_start()  # a run that goes on is at work now, and no beginning any more
        if not self._named:
            self.name.setText(free_name(self.name.text() or FIRST_NAME, taken))

    # What is chosen

    @property
    def goes_on(self) -> Path | None:
        """The run that is to go on, where no new one is begun."""
        start = self.start.start
        return start.path if start.kind == "go on" else None

    def settings(self) -> dict[str, Any]:
        """The settings by name, those left out that stand at the preset's own values."""
        if self.goes_on is not None:
            return {"epochs": self.fields["epochs"].value} if "epochs" in self.fields else {}
        start = self.start.start
        changed = {
            name: field.value
            for name, field in self.fields.items()
            if not field.isHidden() and not field.is_usual
        }
        return {
            "name": self.name.text().strip(),
            "preset": self.preset.value,
            "data": list(self.data.folders),
            "tags": list(self.data.tags),
            **({"start_from": str(start.path)} if start.kind == "fine-tune" else {}),
            **changed,
        }

    def problem(self) -> str:
        """Why it cannot be trained as it stands; empty where it can."""
        if not self._offers.presets:
            return NO_PRESETS
        if self.goes_on is not None:
            return self.start.start.problem(self._epochs)
        name = self.name.text().strip()
        if not NAME.fullmatch(name):
            return NAME_RULE
        if name in self._taken:
            return f"There is a run named {name} already; choose another name."
        return "" if self.data.chosen else NO_DATA

    def fitting_preset(self) -> Advice | None:
        """The preset with the most parts that the music has; None where the chosen one fits too."""
        have = {role for line in self.data.chosen for role in line.roles}
        chosen = self._offers.preset(str(self.preset.value))
        if not have or chosen is None or have.issuperset(chosen.roles):
            return None
        fitting = [each for each in self._offers.presets if have.issuperset(each.roles)]
        best = max(fitting, key=lambda each: len(each.roles), default=None)
        return Advice("parts", "", "preset", best.name) if best is not None else None

    def show_settings(self, values: Mapping[str, Any]) -> None:
        """Fill in settings by name, those of another run say; what is unknown is passed over.

        While the trainer has not said what can be set, they wait for that.
        """
        self._waiting = None if self._offers.presets else values
        if values.get("preset"):
            self.start.choose("new", None)
            self.preset.show_value(values["preset"])
        if "name" in values:
            self.name.setText(free_name(str(values["name"]), self._taken))
        if values.get("start_from"):
            self.start.choose("fine-tune", Path(str(values["start_from"])))
        if "data" in values:
            names = [data_name(each) for each in values["data"]]
            self.data.choose(names, [str(tag) for tag in values.get("tags", ())])
        for name, field in self.fields.items():
            if values.get(name) is not None:
                field.show_value(values[name])
        self._on_field()

    def go_on_with(self, run: Path) -> None:
        """Choose a run to go on with."""
        self.start.choose("go on", run)

    def fine_tune(self, model: Path | None) -> bool:
        """Choose a model to fine-tune, None being the first; whether it is offered."""
        return self.start.choose("fine-tune", model)

    def take_free_name(self) -> None:
        """After a run began under this name: the next one."""
        self._named = False

    # What follows from what

    @Slot()
    def _on_name(self) -> None:
        self._named = True

    @Slot()
    def _on_field(self) -> None:
        self._show_fields()
        self.changed.emit()

    @Slot()
    def _on_start(self) -> None:
        start = self.start.start
        if start.preset and self._offers.preset(start.preset) is not None:
            blocked = self.preset.blockSignals(True)
            self.preset.show_value(start.preset)
            self.preset.blockSignals(blocked)
        if start.kind == "fine-tune":
            self.data.forget_missing()
        self._suggest_name(start)
        self._on_preset()

    def _suggest_name(self, start: Start) -> None:
        """A name that says where it comes from, unless the user gave one."""
        wanted = f"{start.path.stem} fine-tuned" if start.path is not None else ""
        if start.kind == "fine-tune" and not self._named and NAME.fullmatch(wanted):
            self.name.setText(free_name(wanted[:1].upper() + wanted[1:], self._taken))

    @Slot()
    def _on_preset(self) -> None:
        preset = self._offers.preset(str(self.preset.value))
        if preset is not None:
            usual = {**preset.defaults, **self._brought()}
            for name, field in self.fields.items():
                if name in preset.defaults:
                    field.set_default(usual[name])
            self._tell_preset(preset)
        self._show_fields()
        self.changed.emit()

    def _brought(self) -> dict[str, Any]:
        """The settings that come with what it starts from, as the trainer takes them."""
        start = self.start.start
        if start.kind == "go on" and start.epochs_offered:
            return {"epochs": start.epochs_offered}
        brought = {n: v for n, v in start.brings.items() if n in self.fields and v is not None}
        rate = brought.get("learning_rate")
        if isinstance(rate, float):
            brought["learning_rate"] = float(f"{rate * self._offers.gentler:.6g}")
        return brought

    @property
    def _epochs(self) -> int:
        return int(self.fields["epochs"].value) if "epochs" in self.fields else 0

    def _tell_preset(self, preset: OfferedPreset) -> None:
        self._preset_hint.setText(preset.description)

    def _show_fields(self) -> None:
        """Only what the preset has; of a run that goes on, only the epochs."""
        start = self.start.start
        going_on = start.kind == "go on"
        self._start_hint.setText(start.hint(self._epochs))
        if going_on:
            for name, field in self.fields.items():
                field.setVisible(name == "epochs")
        else:
            show_acting(self.fields, str(self.preset.value))
        self.preset.setEnabled(start.kind == "new")
        for widget in self._of_new:
            widget.setVisible(not going_on)
        self.more.setVisible(not going_on)

    @Slot(bool)
    def _show_more(self, on: bool) -> None:
        self._advanced.setVisible(on)
        self.more.setIcon(icon("chevron-down" if on else "chevron-right", "quiet"))


def _stack(column: QVBoxLayout) -> tuple[QWidget, QVBoxLayout]:
    """A place for fields under one another."""
    place = QWidget()
    rows = QVBoxLayout(place)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(FORM_GAP)
    column.addWidget(place)
    return place, rows


def title_label(text: str) -> QLabel:
    """The title of a column."""
    label = QLabel(text)
    label.setProperty("kind", "title")
    return label
